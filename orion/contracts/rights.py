"""The permissions that are declared now, for whoever gives them to people."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app, g, has_request_context
from flask_babel import gettext as _

from orion.contracts.permissions import MANAGE_MODULES, VIEW_TRANSLATIONS
from orion.registry import Registry
from orion.web.labels import label


@dataclass(frozen=True, slots=True)
class PermissionView:
    """A permission in the reader's words."""

    id: str
    label: str
    description: str


@dataclass(frozen=True, slots=True)
class PermissionGroup:
    """Permissions of one category."""

    label: str
    permissions: tuple[PermissionView, ...]


def every_permission() -> frozenset[str]:
    """Every permission of the engine and of the modules that are on."""
    return _registry().permissions


def permission_groups(*frontends: str) -> Sequence[PermissionGroup]:
    """The permissions that mean something on these frontends, by category, modules in order.

    Those that only pages of other frontends ask for are left out.
    """
    registry = _registry()
    here = {spec.permission for spec in registry.pages.values() if spec.frontend in frontends}
    elsewhere = {spec.permission for spec in registry.pages.values()} - here
    groups: dict[str, list[PermissionView]] = {}
    for code in registry.on:
        for one in registry.manifests[code].permissions:
            if one.id not in elsewhere:
                name = label(f"{code}.category.{one.category}", one.category.replace("_", " ").capitalize())
                view = PermissionView(
                    one.id, label(one.label_key, one.label), label(one.description_key, one.description)
                )
                groups.setdefault(name, []).append(view)
    found = [PermissionGroup(name, tuple(views)) for name, views in groups.items()]
    return [*found, _of_the_engine()] if "admin" in frontends else found


def _of_the_engine() -> PermissionGroup:
    modules = PermissionView(
        MANAGE_MODULES,
        _("Manage modules"),
        _("See which modules and features are on and why, and switch them"),
    )
    translations = PermissionView(
        VIEW_TRANSLATIONS,
        _("View translations"),
        _("See what is translated, what is missing, and where the words of a page come from"),
    )
    return PermissionGroup(_("Portal"), (modules, translations))


def _registry() -> Registry:
    if has_request_context() and "registry" in g:
        found: Registry = g.registry
        return found
    return current_app.extensions["orion"].registry
