"""What people do with stock: receiving, adjusting, transferring and counting it, and where it lies."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import pgettext
from sqlalchemy import func, select

from modules.catalog.api import Variant
from modules.inventory import queries
from modules.inventory.ledger import Move, hold, vendor_of, write
from modules.inventory.models import REASONS, Level, Location, Movement
from modules.inventory.warnings import warn
from orion.contracts.audit import Subject, action, record
from orion.contracts.data import session
from orion.contracts.errors import Conflict, Invalid, NotFound
from orion.contracts.models import normalise
from orion.contracts.scope import Scope

ADJUSTED = action("inventory.adjusted", _l("Stock was adjusted"))
COUNTED = action("inventory.counted", _l("Stock was counted"))
TAKEN_BACK = action("inventory.taken_back", _l("A change of stock was taken back"))
LONGEST_NAME, LONGEST_NOTE = 80, 300
#: More pieces are moved by nobody in one go.
MOST = 10**9


def receive(
    scope: Scope, variant_id: int, location: str, quantity: int, *, now: datetime, note: str = ""
) -> str:
    """Pieces have come in; gives the batch. Raises NotFound, and Invalid for no pieces."""
    _check(quantity)
    place = location_of(location)
    return write(scope, [_move(variant_id, place, quantity, note=note)], "receive", now=now)


def adjust(
    scope: Scope,
    variant_id: int,
    location: str,
    quantity: int,
    reason: str,
    *,
    now: datetime,
    note: str = "",
) -> str:
    """Change a level by so many pieces, below zero too, for one of REASONS; gives the batch.

    Raises NotFound, and Invalid for another reason and for more pieces than there are.
    """
    if reason not in REASONS:
        raise Invalid(errors={"reason": [_("Choose why.")]})
    _check(abs(quantity))
    place = location_of(location)
    move = _move(variant_id, place, quantity, reason, note)
    batch = write(scope, [move], "adjust", now=now)
    lies = select(Level.on_hand).where(Level.location_id == place.id, Level.variant_id == variant_id)
    left = session().scalars(lies).one()
    before, after = {place.name: left - quantity}, {place.name: left, "reason": reason}
    name, key = queries.named(scope, [variant_id])[variant_id]
    record(scope, ADJUSTED, Subject("variant", key, name), before, after | ({"note": note} if note else {}))
    warn(scope, {variant_id: -quantity})
    return batch


def transfer(
    scope: Scope,
    variant_id: int,
    source: str,
    target: str,
    quantity: int,
    *,
    now: datetime,
    note: str = "",
) -> str:
    """Pieces went from one location to another; gives the batch.

    Raises NotFound, and Invalid for the same location twice and for more pieces than there are.
    """
    _check(quantity)
    here, there = location_of(source), location_of(target)
    if here.id == there.id:
        raise Invalid(errors={"target": [_("Choose another location than the one they come from.")]})
    moves = [_move(variant_id, here, -quantity, note=note), _move(variant_id, there, quantity, note=note)]
    return write(scope, moves, "transfer", now=now)


def count(scope: Scope, location: str, counted: Mapping[int, int], *, now: datetime, note: str = "") -> str:
    """Somebody has counted: variant row id → pieces that lie at the location. Gives the batch, "" where all
    was as it should be.

    Only what differs is a line of the ledger; a variant that was never counted is from now on. Raises
    NotFound, and Invalid for numbers below zero.
    """
    errors = {
        f"counted-{id_}": [_("Enter how many there are.")] for id_, n in counted.items() if not 0 <= n <= MOST
    }
    if errors:
        raise Invalid(errors=errors)
    place = location_of(location)
    hold(scope, counted)
    levels = select(Level).where(Level.location_id == place.id, Level.variant_id.in_(counted))
    found = session().scalars(levels.execution_options(populate_existing=True))
    there = {level.variant_id: level.on_hand for level in found}
    moves = [
        _move(variant_id, place, n - there.get(variant_id, 0), note=note) for variant_id, n in counted.items()
    ]
    batch = write(scope, moves, "count", now=now, below_zero=True)
    differ = [move.variant_id for move in moves if move.quantity]
    if differ:
        names = queries.named(scope, differ)
        before, after = ({names[id_][0]: side.get(id_, 0) for id_ in differ} for side in (there, counted))
        record(scope, COUNTED, Subject("location", place.public_id, place.name), before, after)
        warn(scope, {move.variant_id: -move.quantity for move in moves if move.quantity})
    return batch if differ else ""


def warn_at(scope: Scope, variant_id: int, threshold: int | None) -> None:
    """Call a variant's stock low at so many available pieces; None for no warning."""
    if threshold is not None and not 0 <= threshold <= MOST:
        raise Invalid(errors={"threshold": [_("Enter a number of pieces.")]})
    hold(scope, [variant_id])[variant_id].threshold = threshold


def take_back(scope: Scope, batch: str, *, now: datetime) -> str:
    """Undo what people did by hand, with the opposite movements; gives their batch.

    Raises NotFound, Conflict where it was taken back before, and Invalid where the pieces are gone.
    """
    lines = session().scalars(select(Movement).where(Movement.batch == batch).order_by(Movement.id)).all()
    if not lines or lines[0].kind in ("sale", "return"):
        raise NotFound()
    hold(scope, [line.variant_id for line in lines])
    if session().scalar(select(Movement.id).where(Movement.reference == batch).limit(1)):
        raise Conflict(_("This was taken back already."))
    moves = [
        Move(
            line.variant_id,
            line.location_id,
            -line.quantity,
            line.reason,
            pgettext("stock movement", "Taken back"),
        )
        for line in lines
    ]
    written = write(scope, moves, lines[0].kind, now=now, reference=batch)
    _record_back(scope, batch, moves)
    return written


def _record_back(scope: Scope, batch: str, moves: Sequence[Move]) -> None:
    """One entry of what was on hand before and after, of all locations together."""
    sums: dict[int, int] = {}
    for move in moves:
        sums[move.variant_id] = sums.get(move.variant_id, 0) + move.quantity
    names, held = queries.named(scope, sums), hold(scope, sums)
    after = {names[id_][0]: held[id_].on_hand for id_ in sums}
    before = {names[id_][0]: held[id_].on_hand - moved for id_, moved in sums.items()}
    record(scope, TAKEN_BACK, Subject("movement", batch, ", ".join(after)), before, after)


# -- locations ------------------------------------------------------------------------------------


def location_of(key: str) -> Location:
    """A location by its public id. Raises NotFound."""
    found = session().scalar(select(Location).where(Location.public_id == key))
    if found is None:
        raise NotFound()
    return found


def first_location(scope: Scope) -> Location:
    """Where goods come in and go out unless somebody says otherwise; made where there is none."""
    mine = select(Location).where(Location.vendor_id == vendor_of(scope), Location.active.is_(True))
    found = session().scalar(mine.order_by(Location.position, Location.id).limit(1))
    return found or add_location(scope, _("Main store"))


def add_location(scope: Scope, name: str) -> Location:
    """A new location, the last to be sold from. Raises Invalid for a name that is taken."""
    _check_name(scope, name, None)
    last = session().scalar(select(func.max(Location.position)).where(Location.vendor_id == vendor_of(scope)))
    made = Location(vendor_id=vendor_of(scope), name=" ".join(name.split()), position=(last or 0) + 1)
    session().add(made)
    session().flush()
    return made


def change_location(scope: Scope, key: str, name: str, active: bool) -> Location:
    """Rename a location, close it or open it again. Raises NotFound, and Invalid where goods lie in it."""
    place = location_of(key)
    _check_name(scope, name, place)
    lies = select(Level.id).where(Level.location_id == place.id, Level.on_hand != 0).limit(1)
    if place.active and not active and session().scalar(lies):
        raise Invalid(errors={"active": [_("Goods lie here: move them to another location first.")]})
    place.name, place.active = " ".join(name.split()), active
    return place


def _check_name(scope: Scope, name: str, own: Location | None) -> None:
    if not normalise(name) or len(name) > LONGEST_NAME:
        raise Invalid(errors={"name": [_("Give a name of at most %(num)s characters.", num=LONGEST_NAME)]})
    same = select(Location.id).where(
        Location.vendor_id == vendor_of(scope), Location.name_norm == normalise(name)
    )
    if session().scalar(same) not in (None, own.id if own else None):
        raise Invalid(errors={"name": [_("There is a location of this name already.")]})


def _check(quantity: int) -> None:
    if not 0 < quantity <= MOST:
        raise Invalid(errors={"quantity": [_("Enter how many pieces.")]})


def _move(variant_id: int, place: Location, quantity: int, reason: str = "", note: str = "") -> Move:
    if session().scalar(select(Variant.id).where(Variant.id == variant_id)) is None:
        raise NotFound()
    return Move(variant_id, place.id, quantity, reason, note[:LONGEST_NOTE])
