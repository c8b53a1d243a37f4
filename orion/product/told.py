"""A plan as a page tells it: what comes and goes, for whom, and what stays."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from orion.installation import Installation
from orion.manifest.load import read_texts
from orion.manifest.saying import in_words
from orion.product.plan import Plan, plan
from orion.product.switching import Change, Switches
from orion.web.formats import joined, listed

KINDS = ("menu", "page", "tile", "panel", "feature", "permission")


@dataclass(frozen=True, slots=True)
class Told:
    """`things` are (comes or goes, heading, lines); `roles` lines of a table; `notes` sentences."""

    modules: list[dict[str, Any]]
    things: list[tuple[str, str, list[str]]]
    roles: list[dict[str, Any]]
    people: int
    vendors: int
    notes: list[str]


def planned(here: Installation, switches: Switches, changes: Iterable[Change]) -> Plan:
    """What the changes do to the files as they are now: what is broken elsewhere is so before and after."""
    before = switches.reading
    texts = {**before.texts, **{f"platforms/{code}": t for code, t in before.platform_texts.items()}}
    for change in changes:
        texts.pop(change.name, None)
        if change.after is not None:
            texts[change.name] = change.after
    after = read_texts(texts, here.settings.manifests.name)
    return plan(here, here.would_be(before), here.would_be(after))


def told(found: Plan, platform: str | None = None) -> Told:
    """The same in the reader's words; with `platform`, for somebody who looks at that one alone."""
    return Told(
        modules=found.modules,
        things=list(_things(found.things, platform)),
        roles=found.roles,
        people=found.people,
        vendors=found.vendors,
        notes=list(_notes(found)),
    )


def _things(things: list[dict[str, Any]], platform: str | None) -> Iterator[tuple[str, str, list[str]]]:
    headings = {
        "menu": _("Menu entries"),
        "page": _("Pages"),
        "tile": _("Tiles"),
        "panel": _("Panels"),
        "feature": _("Features"),
        "permission": _("Permissions"),
    }
    for change in ("goes", "comes"):
        for kind in KINDS:
            lines = [_line(one, platform) for one in things if (one["change"], one["kind"]) == (change, kind)]
            if lines:
                yield change, headings[kind], list(dict.fromkeys(lines))


def _line(one: Mapping[str, Any], platform: str | None) -> str:
    """`Orders: /vendor/{vendor_code}/orders (letz)`"""
    text = f"{one['label']}: {one['name']}" if one["label"] else str(one["name"])
    where = [] if one["everywhere"] or one["platforms"] == [platform] else list(one["platforms"])
    where += one["vendors"]
    if one["vendors_but"]:
        where.append(_("every vendor but %(vendors)s", vendors=joined(one["vendors_but"])))
    return f"{text} ({', '.join(where)})" if where else text


def _notes(found: Plan) -> Iterator[str]:
    for code, number in found.jobs.items():
        yield ngettext(
            "One job of %(module)s waits or runs: it is done once the module is back.",
            "%(num)s jobs of %(module)s wait or run: they are done once the module is back.",
            number,
            module=code,
        )
    for code, number in found.rows.items():
        yield ngettext(
            "One row of %(module)s stays as it is.",
            "%(num)s rows of %(module)s stay as they are.",
            number,
            module=code,
        )
    for one in found.labels:
        yield _("“%(before)s” is called “%(after)s” then.", before=one["before"], after=one["after"])
        if one["languages"]:
            yield _("Its translations want review: %(languages)s", languages=listed(one["languages"]))
    yield from map(in_words, found.restart)
