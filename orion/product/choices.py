"""A vendor's own choices: what its team does without, of what the installation and its platforms give it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from orion.contracts.audit import Subject, action, record
from orion.contracts.errors import Conflict, Invalid
from orion.contracts.permissions import Place
from orion.contracts.scope import Scope, VendorRef
from orion.data.choices import Choices, Names, names_of
from orion.data.database import session
from orion.manifest.model import Manifest
from orion.product.why import INSTALLATION, Decision, decisions, verdict
from orion.registry import AtVendor, Registry
from orion.web.formats import joined
from orion.web.labels import label

CHANGED = action("orion.vendor_choices", _l("What a vendor uses was changed"))


@dataclass(frozen=True, slots=True)
class Switch:
    """Something that the vendor may switch off: a module by its code, or a feature by its full id.
    `needed_by` are the names of the modules that can't do without it, `off_on` the codes of the vendor's
    platforms on which it is off in any case."""

    name: str
    label: str
    description: str
    needed_by: tuple[str, ...] = ()
    off_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """A module's switches; the module's own comes first, unless it is a core module."""

    label: str
    switches: tuple[Switch, ...]


@dataclass(frozen=True, slots=True)
class Withheld:
    """Something that is off above the vendor, and where that was decided, in words."""

    label: str
    where: str


@dataclass(frozen=True, slots=True)
class Offer:
    """What a vendor may have and what it can't. `on` are the names of what it has; `version` counts its
    changes, 0 where it has never made one."""

    groups: tuple[Group, ...]
    withheld: tuple[Withheld, ...]
    on: tuple[str, ...]
    version: int


def offer(scope: Scope) -> Offer:
    """What the scope's vendor may choose from."""
    registry, vendor, platforms = _place(scope)
    allowed = registry.features(platforms, AtVendor(vendor.code))
    groups = tuple(_groups(registry, allowed, _off_on(registry, platforms, vendor)))
    row = _row(vendor)
    off, version = (row.names, row.version) if row else (names_of(""), 0)
    names = [switch.name for group in groups for switch in group.switches]
    withheld = tuple(_withheld(registry, platforms, vendor))
    return Offer(groups, withheld, tuple(name for name in names if name not in off), version)


def choose(scope: Scope, on: Collection[str], cascade: bool = False) -> Names:
    """Let the scope's vendor have of what it is offered only what is named; the names that are off now.

    What was chosen of things that aren't offered at present stays. Raises Conflict where a module that stays
    needs one that goes, and `cascade` doesn't take it along.
    """
    registry, vendor, platforms = _place(scope)
    allowed = registry.features(platforms, AtVendor(vendor.code))
    offered = {switch.name for group in _groups(registry, allowed) for switch in group.switches}
    unknown = set(on) - offered
    if unknown:
        raise Invalid(_("This vendor can't have %(name)s.", name=sorted(unknown)[0]))
    row = _row(vendor)
    before = row.names if row else names_of("")
    off = frozenset((before - offered) | (offered - set(on)))
    bereft = _bereft(registry, allowed, off)
    if bereft and not cascade:
        raise Conflict(" ".join(_needs(registry, code, missing) for code, missing in bereft.items()))
    off |= bereft.keys()
    if off != before:
        _keep(row, vendor, off)
        sides = ({"off": before}, {"off": off})
        record(scope, CHANGED, Subject("vendor", vendor.code, vendor.name), *sides, vendor_id=vendor.id)
    return off


def chosen_off(scope: Scope) -> Names:
    """What the scope's vendor has switched off."""
    assert scope.vendor is not None
    row = _row(scope.vendor)
    return row.names if row else names_of("")


def put_back(scope: Scope, off: Collection[str]) -> None:
    """Let exactly these names be off again."""
    assert scope.vendor is not None
    row = _row(scope.vendor)
    before = row.names if row else names_of("")
    _keep(row, scope.vendor, frozenset(off))
    subject = Subject("vendor", scope.vendor.code, scope.vendor.name)
    sides = ({"off": before}, {"off": frozenset(off)})
    record(scope, CHANGED, subject, *sides, vendor_id=scope.vendor.id)


def _place(scope: Scope) -> tuple[Registry, VendorRef, list[str]]:
    """The registry, the vendor, and the codes of all its platforms: a choice is for all of them."""
    assert scope.vendor is not None
    orion = current_app.extensions["orion"]
    access = orion.permission_source.everything_at(Place("vendor", scope.vendor.code))
    return orion.registry, scope.vendor, [platform.code for platform in access.platforms_here]


def _row(vendor: VendorRef) -> Choices | None:
    return session().scalar(select(Choices).where(Choices.vendor_id == vendor.id))


def _keep(row: Choices | None, vendor: VendorRef, off: Names) -> None:
    text = " ".join(sorted(off))
    if row is None:
        session().add(Choices(vendor_id=vendor.id, off=text))
    else:
        row.off = text
    session().flush()


# -- what is offered ------------------------------------------------------------------------------


def _off_on(registry: Registry, platforms: Sequence[str], vendor: VendorRef) -> Mapping[str, tuple[str, ...]]:
    """Name → the platforms on which it is off."""
    found: dict[str, tuple[str, ...]] = {}
    for code in registry.on:
        for name, decided in decisions(registry, code, platforms, AtVendor(vendor.code)).items():
            found[name] = tuple(one for one, said in zip(platforms, decided, strict=False) if not said.on)
    return found


def _groups(
    registry: Registry, allowed: Collection[str], off_on: Mapping[str, tuple[str, ...]] | None = None
) -> Iterator[Group]:
    for code in registry.on:
        manifest = registry.manifests[code]
        known = off_on or {}
        switches = tuple(
            replace(one, off_on=known.get(one.name, ())) for one in _switches(registry, manifest, allowed)
        )
        if code in allowed and switches:
            yield Group(_name(manifest), switches)


def _switches(registry: Registry, manifest: Manifest, allowed: Collection[str]) -> Iterator[Switch]:
    if not manifest.core:
        needed = [registry.manifests[one] for one in _dependants(registry, manifest.code) if one in allowed]
        said = label(manifest.description_key, manifest.description)
        yield Switch(manifest.code, _("The whole module"), said, tuple(_name(one) for one in needed))
    for feature in manifest.features:
        if feature.full_id in allowed:
            yield Switch(feature.full_id, label(feature.label_key, feature.description), "")


def _dependants(registry: Registry, code: str) -> list[str]:
    return [one for one in registry.on if code in _all_needs(registry, one)]


def _all_needs(registry: Registry, code: str) -> set[str]:
    found: set[str] = set()
    for need in registry.manifests[code].requires:
        found |= {need} | _all_needs(registry, need)
    return found


def _bereft(registry: Registry, allowed: Collection[str], off: Names) -> Mapping[str, Sequence[str]]:
    """Modules that would stay on and can't, with what they need of what goes."""
    found = {}
    for code in registry.on:
        missing = sorted(_all_needs(registry, code) & off)
        if code in allowed and code not in off and missing and not registry.manifests[code].core:
            found[code] = missing
    return found


def _needs(registry: Registry, code: str, missing: Sequence[str]) -> str:
    return _(
        "%(module)s needs %(missing)s: switch it off too, or leave what it needs on.",
        module=_name(registry.manifests[code]),
        missing=joined(_name(registry.manifests[one]) for one in missing),
    )


def _name(manifest: Manifest) -> str:
    return label(manifest.name_key, manifest.name)


# -- what is off above ----------------------------------------------------------------------------


def _withheld(registry: Registry, platforms: Sequence[str], vendor: VendorRef) -> Iterator[Withheld]:
    """What the vendor can't have and others may know of: what is for other vendors is nobody's business."""
    for code, manifest in registry.manifests.items():
        decided = decisions(registry, code, platforms, AtVendor(vendor.code))
        if not verdict(decided[code]).on:
            yield Withheld(_name(manifest), _where(decided[code]))
            continue
        for feature in manifest.features:
            said = decided[feature.full_id]
            if not verdict(said).on and (not feature.vendors or vendor.code in feature.vendors):
                text = label(feature.label_key, feature.description)
                yield Withheld(f"{_name(manifest)}: {text}", _where(said))


def _where(decided: Sequence[Decision]) -> str:
    levels = list(dict.fromkeys(one.level for one in decided))
    if INSTALLATION in levels:
        return _("Off in the whole installation")
    return _("Off on %(platforms)s", platforms=joined(one.removeprefix("platform ") for one in levels))
