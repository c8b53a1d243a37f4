"""From the rows of a table to the ledger: how much lies where, and a movement for each change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from modules.catalog.api import locate, reference_of
from modules.inventory.ledger import Move, hold, vendor_of, write
from modules.inventory.models import Level, Location
from modules.inventory.services import add_location, first_location
from modules.inventory.warnings import warn
from orion.contracts.data import session
from orion.contracts.models import normalise, public_id
from orion.contracts.scope import Scope
from orion.contracts.tabular import Import, Report, Row

#: Rows in one transaction, and more pieces than anybody has.
CHUNK = 500
MOST = 10**12


@dataclass(slots=True)
class Taken:
    """What became of the rows that could be taken: levels that changed, that were so already, rows that name
    no number, and the pieces that lie there now of all that were named."""

    changed: int = 0
    unchanged: int = 0
    unnamed: int = 0
    pieces: int = 0


@dataclass(slots=True)
class Stocktaking:
    """A table of stock on its way into the ledger.

    Rows that can't be taken go into the report. `place` is where goods lie of which the table doesn't say it.
    """

    found: Import
    report: Report
    place: str = ""
    batch: str = field(default_factory=public_id)
    _told: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def chunks(self) -> Iterator[list[Row]]:
        """Rows in file order, as many as go into one transaction."""
        rows = iter(self.report.taken(self.found.rows()))
        while part := list(islice(rows, CHUNK)):
            yield part

    def take(self, scope: Scope, rows: Sequence[Row], *, now: datetime, taken: Taken) -> None:
        """Make levels what rows say, in the frame that is entered."""
        told = [row for row in rows if row.values["stock"] is not None]
        taken.unnamed += len(rows) - len(told)
        meant = locate(scope, [reference_of(row) for row in told])
        places: dict[str, Location] = {}
        wanted: dict[tuple[int, int], int] = {}
        for row, variant in zip(told, meant, strict=True):
            fault = self._fault(row, variant)
            if fault is not None:
                self.report.withdraw([row], *fault)
                continue
            key = int(variant), place_of(scope, row.values["location"] or self.place, places).id
            pieces, (line, before) = row.values["stock"], self._told.get(key, (0, 0))
            if line and before != pieces:
                said = _l("line %(line)s says another number of the same variant there", line=line)
                self.report.withdraw([row], "doubled", said)
                continue
            if not line:
                taken.pieces += pieces
                self._told[key] = (row.line, pieces)
                wanted[key] = pieces
        changed = self._write(scope, wanted, now)
        taken.changed += changed
        taken.unchanged += len(wanted) - changed

    def _fault(self, row: Row, variant: int | str) -> tuple[str, Any] | None:
        if abs(row.values["stock"]) > MOST:
            return "too_large", _l("the number is too large")
        if variant == "several":
            return "several", _l("several variants could be meant")
        if isinstance(variant, str):
            return "unknown", _l("there is no variant that is meant: import the products first")
        return None

    def _write(self, scope: Scope, wanted: dict[tuple[int, int], int], now: datetime) -> int:
        """Write what differs from what is there; how many levels that are."""
        if not wanted:
            return 0
        variants = {variant for variant, _place in wanted}
        hold(scope, variants)
        asked = select(Level).where(Level.vendor_id == vendor_of(scope), Level.variant_id.in_(variants))
        levels = session().scalars(asked.execution_options(populate_existing=True))
        there = {(level.variant_id, level.location_id): level.on_hand for level in levels}
        note = _("From %(file)s", file=self.found.table.name)[:300]
        moves = [
            Move(variant, place, pieces - there.get((variant, place), 0), note=note)
            for (variant, place), pieces in wanted.items()
            if pieces != there.get((variant, place), 0)
        ]
        write(scope, moves, "count", now=now, batch=self.batch, below_zero=True)
        if moves:
            warn(scope, {move.variant_id: -move.quantity for move in moves})
        return len(moves)


def place_of(scope: Scope, name: str, known: dict[str, Location]) -> Location:
    """The location of a name, made where there is none; without a name where goods come in."""
    key = normalise(name)
    if key not in known:
        mine = select(Location).where(Location.vendor_id == vendor_of(scope), Location.name_norm == key)
        there = session().scalar(mine) if key else first_location(scope)
        known[key] = there or add_location(scope, name)
    return known[key]
