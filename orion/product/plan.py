"""What an edit of manifests would change: for whom, in which jobs and rows, after which restart."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select

from orion.contracts.permissions import Holders, PermissionSource
from orion.contracts.scope import system_scope
from orion.data.database import entered
from orion.data.tables import metadata
from orion.i18n.catalogs import CatalogDomain
from orion.installation import Installation
from orion.jobs.models import OPEN, Job
from orion.manifest.checks import as_route
from orion.manifest.model import Manifest
from orion.manifest.saying import in_words, sentence
from orion.manifest.texts import texts_of
from orion.product.vendors import Vendors
from orion.registry import AtVendor, Registry

ADMIN, VENDOR = "admin", "vendor"


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """Something that a person meets. `kind` is menu, page, tile, panel, feature or permission."""

    kind: str
    name: str
    frontend: str = ""
    label: str = field(default="", compare=False)
    permission: str = field(default="", compare=False)


#: What there is, by registry, platforms and vendor.
Known = dict[tuple[int, frozenset[str], AtVendor | None], frozenset[Thing]]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that would be other than now; each field's entries are ready for JSON."""

    edited: list[dict[str, Any]]
    modules: list[dict[str, Any]]
    things: list[dict[str, Any]]
    roles: list[dict[str, Any]]
    people: int
    vendors: int
    jobs: dict[str, int]
    rows: dict[str, int]
    labels: list[dict[str, Any]]
    restart: list[str]

    @property
    def changes(self) -> bool:
        """Whether anything is said differently than now."""
        return bool(self.edited or self.modules or self.things)


def plan(here: Installation, before: Registry, after: Registry) -> Plan:
    """What `after` would change, with what the database says of people, jobs and rows."""
    sources = (here.modules[code].permission_source for code in before.on)
    source = next((one for one in sources if one is not None), None)
    special = Vendors(source, (before, after))
    roles, people = _roles(source.holders() if source else (), before, after, special)
    off = [code for code in before.on if code not in after.on]
    return Plan(
        edited=list(_edited(before, after)),
        modules=list(_modules(before, after)),
        things=list(_differences(before, after, special)),
        roles=roles,
        people=people,
        vendors=_vendors(source, before, after, special) if source else 0,
        jobs=_jobs(off),
        rows=_rows(off),
        labels=list(_labels(here.app.extensions["orion_catalogs"], before, after)),
        restart=list(_restart(here, before, after)),
    )


# -- files and modules ----------------------------------------------------------------------------


def _edited(before: Registry, after: Registry) -> Iterator[dict[str, Any]]:
    """Files that say something else, with the top keys that differ."""
    for old, new in ((before.manifests, after.manifests), (before.platforms, after.platforms)):
        for code in sorted({*old, *new}):
            one, two = old.get(code), new.get(code)
            was, now = (found.document.data if found else {} for found in (one, two))
            file = next(found.file for found in (two, one) if found)
            keys = [key for key in {**was, **now} if was.get(key) != now.get(key)]
            if keys:
                yield {"file": file, "new": one is None, "gone": two is None, "keys": keys}


def _modules(before: Registry, after: Registry) -> Iterator[dict[str, Any]]:
    for code in sorted({*before.states, *after.states}):
        was, now = before.state(code), after.state(code)
        if was != now:
            because = [one for one in after.states if one != code and code in _needs(before, one)]
            falls = [one for one in because if before.state(one) == "on" and after.state(one) != "on"]
            yield {
                "code": code,
                "before": was,
                "after": now,
                "reason": in_words(after.reason(code)),
                "dependants": sorted(falls),
            }


def _needs(registry: Registry, code: str) -> Collection[str]:
    manifest = registry.manifests.get(code)
    return manifest.requires if manifest else ()


# -- what people meet -----------------------------------------------------------------------------


def things(
    registry: Registry, platforms: Collection[str], vendor: AtVendor | None = None
) -> frozenset[Thing]:
    """All that there is for somebody on these platforms (none: in the installation), or at a vendor on them,
    rights aside."""
    on = registry.features(platforms or None, vendor)
    found: set[Thing] = {Thing("feature", name) for name in on if "." in name}
    for spec in registry.pages.values():
        if "GET" in spec.methods and _is_there(on, spec.module, spec.feature):
            frontend, route = spec.frontend or "", as_route(spec.rule)
            found.add(Thing("page", route, frontend, permission=spec.permission or ""))
    for code in on & set(registry.manifests):
        found.update(_of_manifest(registry, registry.manifests[code], on))
    return frozenset(found)


def _of_manifest(registry: Registry, manifest: Manifest, on: Collection[str]) -> Iterator[Thing]:
    for frontend, sections in manifest.menus.items():
        for item in (item for section in sections for item in section.items):
            spec = registry.page_behind(item.route)
            if spec and _is_there(on, spec.module, spec.feature):
                yield Thing("menu", item.route, frontend, item.label, spec.permission or "")
    for metric in manifest.metrics:
        if _is_there(on, manifest.code, _full(manifest.code, metric.feature)):
            for frontend in metric.frontends:
                yield Thing("tile", metric.query, frontend, metric.label, metric.permission or "")
    for panel in manifest.panels:
        if _is_there(on, manifest.code, _full(manifest.code, panel.feature)):
            yield Thing("panel", panel.id, "", panel.label, panel.permission or "")


def _full(code: str, feature: str | None) -> str | None:
    return feature if not feature or "." in feature else f"{code}.{feature}"


def _is_there(on: Collection[str], module: str | None, feature: str | None) -> bool:
    return (module is None or module in on) and (not feature or feature in on)


def _differences(before: Registry, after: Registry, special: Vendors) -> Iterator[dict[str, Any]]:
    """Things that come and go, with the places where they do: "" is the installation. What does so at some
    vendors alone has no place, and either those vendors or the ones to which it doesn't happen."""
    places = ["", *sorted({*before.platforms, *after.platforms})]
    changed: dict[tuple[Thing, str], list[str]] = {}
    for place in places:
        was, now = (things(registry, [place] if place else []) for registry in (before, after))
        for thing in was ^ now:
            changed.setdefault((thing, "comes" if thing in now else "goes"), []).append(place)
    for name in before.permissions ^ after.permissions:
        change = "comes" if name in after.permissions else "goes"
        changed[Thing("permission", name), change] = places
    for (thing, change), where in sorted(changed.items()):
        yield {
            "change": change,
            **_said(thing),
            "everywhere": where == places,
            "platforms": [] if where == places else [place for place in where if place],
            "installation": "" in where,
            "vendors": [],
            "vendors_but": [],
        }
    for (thing, change), codes in sorted(_at_vendors(before, after, special).items()):
        if (thing, change) not in changed:
            yield {
                "change": change,
                **_said(thing),
                "everywhere": False,
                "platforms": [],
                "installation": False,
                "vendors": [] if "" in codes else codes,
                "vendors_but": [code for code in special.named if code not in codes] if "" in codes else [],
            }


def _at_vendors(before: Registry, after: Registry, special: Vendors) -> dict[tuple[Thing, str], list[str]]:
    """What comes and goes at vendors that features name, and at all others (the code "")."""
    found: dict[tuple[Thing, str], list[str]] = {}
    for vendor in special.kinds():
        was, now = (things(registry, [], vendor) for registry in (before, after))
        for thing in was ^ now:
            found.setdefault((thing, "comes" if thing in now else "goes"), []).append(vendor.code)
    return found


def _said(thing: Thing) -> dict[str, str]:
    return {"kind": thing.kind, "name": thing.name, "frontend": thing.frontend, "label": thing.label}


# -- whom it touches ------------------------------------------------------------------------------


def _roles(
    holders: Sequence[Holders], before: Registry, after: Registry, special: Vendors
) -> tuple[list[dict[str, Any]], int]:
    """What each role loses and gains, and how many people that is in all."""
    known: Known = {}
    touched: set[int] = set()
    found: list[dict[str, Any]] = []
    for role in holders:
        loses: set[Thing] = set()
        gains: set[Thing] = set()
        people: set[int] = set()
        for user, platforms in role.people.items():
            at: list[AtVendor | None] = [special.at(vendor) for vendor in role.vendors.get(user, ())]
            was, now = (_met(registry, role, platforms, at or [None], known) for registry in (before, after))
            if was != now:
                loses |= was - now
                gains |= now - was
                people.add(user)
        if people:
            touched |= people
            named = {
                "loses": [_said(one) for one in sorted(loses)],
                "gains": [_said(one) for one in sorted(gains)],
            }
            found.append({"role": role.name, "level": role.level, "people": len(people), **named})
    return found, len(touched)


def _met(
    registry: Registry,
    role: Holders,
    platforms: frozenset[str],
    vendors: Iterable[AtVendor | None],
    known: Known,
) -> set[Thing]:
    """What somebody with the role meets; `known` keeps what there is, by registry, platforms and vendor."""
    there: set[Thing] = set()
    for vendor in vendors:
        key = (id(registry), platforms, vendor)
        if key not in known:
            known[key] = things(registry, platforms, vendor)
        there |= known[key]
    frontend = VENDOR if role.level == "vendor" else ADMIN
    may = registry.permissions if role.permissions is None else role.permissions
    return {
        one
        for one in there
        if one.kind != "feature"
        and one.frontend in ("", frontend)
        and (not one.permission or one.permission in may)
    }


def _vendors(source: PermissionSource, before: Registry, after: Registry, special: Vendors) -> int:
    """How many vendors have something else than before on the platforms where they sell."""
    there: dict[int, set[str]] = {}
    for platform, vendors in source.sellers().items():
        for vendor in vendors:
            there.setdefault(vendor, set()).add(platform)
    differs: dict[tuple[frozenset[str], AtVendor], bool] = {}
    alike = [(frozenset(codes), special.at(vendor)) for vendor, codes in there.items()]
    for where in alike:
        if where not in differs:
            differs[where] = things(before, *where) != things(after, *where)
    return sum(differs[where] for where in alike)


# -- what goes on, and what stays -----------------------------------------------------------------


def _jobs(codes: Collection[str]) -> dict[str, int]:
    """Jobs of these modules that wait or run, by module."""
    if not codes:
        return {}
    statement = (
        select(Job.module_code, func.count())
        .where(Job.module_code.in_(codes), Job.state.in_(OPEN))
        .group_by(Job.module_code)
    )
    with entered(system_scope("command")) as reading:
        return {code: int(number) for code, number in reading.execute(statement)}


def _rows(codes: Sequence[str]) -> dict[str, int]:
    """Rows in the tables of these modules, by module."""
    tables = [
        (code, t) for code in codes for name, t in metadata.tables.items() if name.startswith(f"{code}_")
    ]
    found = dict.fromkeys(codes, 0)
    if not tables:
        return found
    counts = [select(func.count()).select_from(table).scalar_subquery() for _code, table in tables]
    with entered(system_scope("command")) as reading:
        for (code, _table), number in zip(tables, reading.execute(select(*counts)).one(), strict=True):
            found[code] += number
    return found


def _labels(catalogs: CatalogDomain, before: Registry, after: Registry) -> Iterator[dict[str, Any]]:
    """Texts that are worded anew, with the languages that had translated the old words."""
    was, now = ({context: text for context, text in _texts(one)} for one in (before, after))
    for context in sorted(set(was) & set(now)):
        if was[context] != now[context]:
            yield {
                "context": context,
                "before": was[context],
                "after": now[context],
                "languages": catalogs.locales_with(context, was[context]),
            }


def _texts(registry: Registry) -> Iterator[tuple[str, str]]:
    return ((t.context, t.text) for manifest in registry.manifests.values() for t in texts_of(manifest))


def _restart(here: Installation, before: Registry, after: Registry) -> Iterator[str]:
    """What a new manifest alone doesn't bring."""
    for code in sorted(set(after.manifests) - set(before.manifests)):
        if code not in here.modules:
            yield sentence(
                "%(module)s needs its Python package, and then a restart of every process", module=code
            )
        elif code in here.behind:
            yield sentence(
                "%(module)s needs orion db upgrade, and a restart of processes older than its Python package",
                module=code,
            )
        else:
            yield sentence(
                "%(module)s needs a restart of processes that are older than its Python package", module=code
            )


def as_text(found: Plan) -> Iterator[str]:
    """Lines for people."""
    for one in found.edited:
        state = " (new)" if one["new"] else " (deleted)" if one["gone"] else ""
        yield f"{one['file']}{state}: {', '.join(one['keys'])}"
    for one in found.modules:
        reason = f": {one['reason']}" if one["reason"] else ""
        yield f"module {one['code']}: {one['before']} → {one['after']}{reason}"
        if one["dependants"]:
            yield f"  with it: {', '.join(one['dependants'])}"
    for one in found.things:
        where = "" if one["everywhere"] else f"  [{_where(one)}]"
        yield f"{'+' if one['change'] == 'comes' else '-'} {one['kind']:<10} {_named(one)}{where}"
    for one in found.roles:
        counts = f"loses {len(one['loses'])}, gains {len(one['gains'])}"
        yield f"role {one['role']} ({one['level']}): {counts}; people: {one['people']}"
    if found.things:
        yield f"touches people: {found.people}, vendors: {found.vendors}"
    yield from (f"jobs that wait or run in {code}: {number}" for code, number in found.jobs.items())
    yield from (f"rows of {code} that stay: {number}" for code, number in found.rows.items())
    for one in found.labels:
        review = f"  (to be reviewed: {', '.join(one['languages'])})" if one["languages"] else ""
        yield f"label {one['context']}: {one['before']} → {one['after']}{review}"
    yield from (f"restart: {line}" for line in found.restart)


def _named(one: Mapping[str, Any]) -> str:
    label = f"  {one['label']}" if one["label"] else ""
    return f"{one['frontend'] + ' ' if one['frontend'] else ''}{one['name']}{label}"


def _where(one: Mapping[str, Any]) -> str:
    if one["vendors_but"]:
        return f"every vendor but {', '.join(one['vendors_but'])}"
    places = [*(["installation"] if one["installation"] else []), *one["platforms"]]
    return ", ".join([*places, *(f"vendor {code}" for code in one["vendors"])])
