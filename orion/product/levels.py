"""At which level somebody sees and switches modules: the whole installation, or one platform."""

from flask import g

from orion.contracts.permissions import MANAGE_MODULES
from orion.contracts.scope import PlatformRef, Scope, ScopeKind

_LEVELS = (ScopeKind.INSTALLATION, ScopeKind.PLATFORM)


def may_manage(scope: Scope) -> bool:
    """Whether somebody may see and switch modules here: nobody at a vendor, whatever their role allows."""
    return scope.kind in _LEVELS and scope.allows(MANAGE_MODULES)


def at_the_top(scope: Scope) -> bool:
    """Whether the whole installation is looked at, and not a platform."""
    return scope.kind is ScopeKind.INSTALLATION


def platforms_here(scope: Scope) -> list[PlatformRef]:
    """The platforms whose files somebody sees: in the installation all, else those that are looked at."""
    return [one for one in g.access.platforms_here if one.id in scope.platforms]


def codes_here(scope: Scope) -> list[str]:
    """Their codes."""
    return [one.code for one in platforms_here(scope)]


def platform_here(scope: Scope) -> str | None:
    """The code of the one platform that is looked at; None in the installation and on several of them."""
    return scope.platform.code if scope.platform else None


def is_undecided(scope: Scope) -> bool:
    """Whether several platforms are looked at, so that it isn't clear which one is to be changed."""
    return scope.kind is ScopeKind.PLATFORM and scope.platform is None
