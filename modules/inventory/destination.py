"""Stock as a place that tables go to (see Destination). A thing is a variant, with where it lies."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext
from sqlalchemy import and_, select

from modules.catalog.api import Reference, locate, reference_of
from modules.inventory.imports import TARGET
from modules.inventory.ledger import Move, hold, vendor_of, write
from modules.inventory.models import Item, Level, Location
from modules.inventory.stocktaking import MOST, place_of
from modules.inventory.warnings import warn
from orion.contracts.data import session
from orion.contracts.formats import number
from orion.contracts.models import normalise
from orion.contracts.scope import Scope
from orion.contracts.tabular import (
    CHANGED,
    NEW,
    UNCHANGED,
    Change,
    Destination,
    Note,
    Published,
    Rejected,
    Row,
    Rules,
    Shown,
    Thing,
    Verdict,
)

WORDS = {"pieces": _l("Pieces")}
#: Why no variant is meant, by what locating says.
PROBLEMS = {
    "unknown": _l("there is no variant that is meant: import the products first"),
    "several": _l("several variants could be meant"),
}
Levels = dict[int, dict[str, int]]


class Stock(Destination):
    """See Destination."""

    target = TARGET
    label = _l("Stock")
    permission = "inventory.move"
    names = ("title", "sku", "handle")
    words = WORDS

    def key(self, row: Row) -> str:
        """See Destination."""
        meant = reference_of(row)
        if meant.sku:
            return f"sku:{meant.sku}"
        own = "|".join((*meant.handles[:1], *meant.values)) if meant.handles else ""
        return own or meant.barcode or meant.title

    def thing(self, rows: Sequence[Row], rules: Rules) -> tuple[Thing | None, list[Rejected]]:
        """See Destination."""
        levels: dict[str, tuple[str, int, int]] = {}
        rejected: list[Rejected] = []
        notes: list[Note] = []
        lines: list[int] = []
        for row in rows:
            pieces, place = row.values["stock"], str(row.values["location"] or "").strip()
            known = levels.get(normalise(place))
            if pieces is not None and abs(pieces) > MOST:
                rejected.append(_rejected(row, "too_large", _l("the number is too large")))
            elif pieces is not None and known is not None and known[1] != pieces:
                said = _l("line %(line)s says another number of the same variant there", line=known[2])
                rejected.append(_rejected(row, "doubled", said))
            else:
                lines.append(row.line)
                if pieces is None:
                    notes.append(Note(row.line, _l("names no number of pieces")))
                elif known is None:
                    levels[normalise(place)] = (place, pieces, row.line)
        if not lines:
            return None, rejected
        meant = reference_of(rows[0])
        title = next((t for name in self.names if (t := str(rows[0].values[name] or "").strip())), "")
        values = " / ".join(value for value in meant.values if value)
        data = {"reference": asdict(meant), "levels": [(place, n) for place, n, _line in levels.values()]}
        title = (f"{title} – {values}" if values else title or meant.sku)[:300]
        return Thing(self.key(rows[0]), title, tuple(lines), data, len(levels), tuple(notes)), rejected

    def compare(
        self, scope: Scope, things: Sequence[Thing], *, platform_id: int | None = None
    ) -> list[Verdict]:
        """See Destination."""
        meant = locate(scope, [_reference(thing) for thing in things])
        there, counted = _there(scope, meant), _counted(scope, meant)
        usual = _usual(scope)
        return [
            _verdict(thing, variant, there, counted, usual)
            for thing, variant in zip(things, meant, strict=True)
        ]

    def publish(
        self, scope: Scope, things: Sequence[Thing], *, platform_id: int | None, now: datetime
    ) -> list[Published | str]:
        """See Destination."""
        meant = locate(scope, [_reference(thing) for thing in things])
        verdicts = self.compare(scope, things)
        variants = {variant for variant in meant if isinstance(variant, int)}
        hold(scope, variants)
        levels, places = _levels(scope, variants), dict[str, Location]()
        moves: list[Move] = []
        results: list[Published | str] = []
        for thing, variant, verdict in zip(things, meant, verdicts, strict=True):
            if not isinstance(variant, int):
                results.append(str(PROBLEMS[variant]))
                continue
            before: list[tuple[int, int, int]] = []
            for name, pieces in thing.data["levels"]:
                place = place_of(scope, name, places).id
                was = levels.get((variant, place), 0)
                if was != pieces:
                    before.append((place, was, pieces))
                    moves.append(Move(variant, place, pieces - was, note=_("From a file")))
                    levels[variant, place] = pieces
            state = verdict.state if before or verdict.state == NEW else UNCHANGED
            results.append(Published(variant, {"levels": before}, state))
        _move(scope, moves, now)
        return results

    def take_back(
        self, scope: Scope, published: Mapping[int, dict[str, Any] | None], *, at: datetime
    ) -> list[int]:
        """See Destination. A variant whose pieces have moved since is left alone."""
        hold(scope, published)
        levels = _levels(scope, published)
        left: list[int] = []
        moves: list[Move] = []
        for variant, before in published.items():
            made = (before or {}).get("levels", [])
            if any(levels.get((variant, place), 0) != pieces for place, _was, pieces in made):
                left.append(variant)
                continue
            moves += [
                Move(variant, place, was - n, note=pgettext("stock movement", "Taken back"))
                for place, was, n in made
            ]
        _move(scope, moves, at)
        return left

    def shown(self, thing: Thing, currency: str) -> Shown:
        """See Destination."""
        meant = _reference(thing)
        facts = [(_("SKU"), meant.sku), (_("Barcode"), meant.barcode)]
        rows = [(place or _("Where goods come in"), number(pieces)) for place, pieces in thing.data["levels"]]
        return Shown(facts, (_("Location"), _("Pieces")), rows, frozenset({1}))

    def said(self, scope: Scope, change: Change, currency: str) -> tuple[str, str, str]:
        """See Destination."""
        what = f"{change.part}: {WORDS['pieces']}" if change.part else str(WORDS["pieces"])
        return what, "" if change.before is None else number(change.before), number(change.after)


STOCK = Stock()
destinations = (STOCK,)


def _rejected(row: Row, code: str, reason: Any) -> Rejected:
    return Rejected(row.line, "stock", str(row.values["stock"]), code, reason, row.values, row.texts)


def _reference(thing: Thing) -> Reference:
    data = thing.data["reference"]
    return Reference(**{**data, "handles": tuple(data["handles"]), "values": tuple(data["values"])})


def _verdict(thing: Thing, variant: int | str, there: Levels, counted: set[int], usual: str) -> Verdict:
    if not isinstance(variant, int):
        return Verdict(NEW, problem=variant, reason=PROBLEMS[variant])
    levels, is_new = there.get(variant, {}), variant not in counted
    changes = tuple(
        Change("pieces", name, None if is_new else levels.get(normalise(name or usual), 0), pieces)
        for name, pieces in thing.data["levels"]
        if levels.get(normalise(name or usual), 0) != pieces
    )
    if is_new and thing.data["levels"]:
        return Verdict(NEW, changes)
    return Verdict(CHANGED if changes else UNCHANGED, changes)


def _usual(scope: Scope) -> str:
    """The name of where goods come in."""
    mine = select(Location.name).where(Location.vendor_id == vendor_of(scope), Location.active.is_(True))
    return session().scalar(mine.order_by(Location.position, Location.id).limit(1)) or ""


def _there(scope: Scope, meant: Sequence[int | str]) -> Levels:
    """Variant → place (normalised name) → pieces."""
    ids = {one for one in meant if isinstance(one, int)}
    place = and_(Location.vendor_id == Level.vendor_id, Location.id == Level.location_id)
    asked = select(Level.variant_id, Location.name_norm, Level.on_hand).join(Location, place)
    found: Levels = {}
    for variant, name, pieces in session().execute(asked.where(Level.variant_id.in_(ids))):
        found.setdefault(variant, {})[name] = pieces
    return found


def _counted(scope: Scope, meant: Sequence[int | str]) -> set[int]:
    ids = {one for one in meant if isinstance(one, int)}
    return set(session().scalars(select(Item.variant_id).where(Item.variant_id.in_(ids))))


def _levels(scope: Scope, variants: Mapping[int, Any] | set[int]) -> dict[tuple[int, int], int]:
    """(variant, location) → pieces, as they are now."""
    asked = select(Level).where(Level.vendor_id == vendor_of(scope), Level.variant_id.in_(set(variants)))
    levels = session().scalars(asked.execution_options(populate_existing=True))
    return {(level.variant_id, level.location_id): level.on_hand for level in levels}


def _move(scope: Scope, moves: Sequence[Move], now: datetime) -> None:
    if moves:
        write(scope, moves, "count", now=now, below_zero=True)
        warn(scope, {move.variant_id: -move.quantity for move in moves})
