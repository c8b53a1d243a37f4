"""Who may do what, where: the questions the engine asks of whoever keeps memberships."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from sqlalchemy import ColumnElement, ScalarSelect

from orion.contracts.scope import NO_IDS, Ids, PlatformRef, ScopeKind, VendorRef

#: The engine's own permission: seeing why modules are on or off, and switching them.
MANAGE_MODULES = "orion.modules_manage"
#: Another: seeing what is translated and what isn't, and where the words of a page come from.
VIEW_TRANSLATIONS = "translations.view"
ENGINE_PERMISSIONS = frozenset({MANAGE_MODULES, VIEW_TRANSLATIONS})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request wants to act, as its URL says: nothing here has been checked yet."""

    frontend: str | None = None
    vendor_code: str | None = None
    platform_code: str | None = None


@dataclass(frozen=True, slots=True)
class Door:
    """Another place this person may go to. `frontend` and `code` make the URL."""

    frontend: str
    code: str | None
    name: str


@dataclass(frozen=True, slots=True)
class Access:
    """What a person may see and do at a place."""

    kind: ScopeKind
    vendors: Ids = NO_IDS
    platforms: Ids = NO_IDS
    permissions: frozenset[str] = frozenset()
    vendor: VendorRef | None = None
    platform: PlatformRef | None = None
    #: Platforms this person can switch between here.
    platforms_here: tuple[PlatformRef, ...] = ()
    doors: tuple[Door, ...] = field(default=())
    #: Empty: the installation's own.
    zone: str = ""
    #: Why somebody acts here for a vendor that they don't belong to.
    acting: str = ""
    currency: str = "EUR"
    #: Whether a role that this person holds here asks for a second factor; at no place, whether any does.
    second_factor: bool = False


@dataclass(frozen=True, slots=True)
class Holders:
    """A role and who has it.

    `permissions` are ids, None for all that are declared; `people` are the codes of the platforms that
    each user id has it for, none where it is for the installation; `vendors` the row ids of the vendors for
    which they have a vendor's role.
    """

    name: str
    level: str
    permissions: frozenset[str] | None
    people: Mapping[int, frozenset[str]]
    vendors: Mapping[int, frozenset[int]] = field(default_factory=dict)


@runtime_checkable
class PermissionSource(Protocol):
    """Answered by the module that keeps memberships: `permission_source` in its api.py.

    `rights` is an SQL expression that the engine puts beside the session's and the user's columns,
    so that one statement says everything. It yields JSON text; `access` reads it.
    """

    def __hash__(self) -> int:
        """Statements are kept by whose they are."""
        ...

    def rights(self, user_id: ColumnElement[int], place: Place) -> ColumnElement[Any]:
        """A scalar subquery with the person's rights as JSON text (any shape of the source's own).

        It is kept for the place and asked again and again: a moment in it is a parameter with a callable.
        """
        ...

    def vendor_id(self, place: Place) -> ScalarSelect[int] | None:
        """A scalar subquery with the row id of the place's vendor, or None where there is no vendor."""
        ...

    def access(self, rights: Any, place: Place, every_permission: frozenset[str]) -> Access:
        """What the decoded JSON gives at the place. `every_permission` are the ids declared now.

        Raises NotFound when the place doesn't exist for this person, in the same words as for a
        place that never existed.
        """
        ...

    def everything_at(self, place: Place) -> Access:
        """The whole place, for commands: its vendors and platforms, and no person's limits. In a shop it is
        what a visitor may meet: the platforms on which the vendor sells now.

        Raises NotFound for an unknown vendor or platform, and Invalid where a vendor is on several
        platforms and the place names none but must (never for reading).
        """
        ...

    def vendors_named(self, codes: Collection[str]) -> Mapping[str, int]:
        """Code → row id of the vendors that there are among these codes."""
        ...

    def sellers(self) -> Mapping[str, frozenset[int]]:
        """Code of each platform → row ids of the vendors that sell there now."""
        ...

    def grants(self, module: str) -> Mapping[str, Sequence[str]]:
        """Role's key → the permissions of a module that the role holds by name, whether the module is on or
        off; roles without any are left out."""
        ...

    def set_grants(self, module: str, grants: Mapping[str, Sequence[str]]) -> None:
        """Let roles hold exactly these permissions of a module, in the caller's frame. Keys of roles that are
        gone are passed over."""
        ...

    def people_with(self, permission: str) -> Sequence[int]:
        """User ids that hold a permission anywhere."""
        ...

    def holders(self) -> Sequence[Holders]:
        """Every role that somebody has, for commands that tell whom a change touches."""
        ...
