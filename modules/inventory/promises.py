"""What orders do to stock: they are promised pieces, get them, give them back, or let go of them.

An order is known by its public id, a variant by its row id. Variants that are not counted are left alone.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from modules.inventory.ledger import Move, vendor_of, write
from modules.inventory.models import Item, Level, Location, Reservation
from modules.inventory.services import first_location
from orion.contracts.data import session, upsert_add
from orion.contracts.errors import Invalid
from orion.contracts.formats import listed
from orion.contracts.scope import Scope

_KEY = ("vendor_id", "order_key", "variant_id")


def reserve(
    scope: Scope, order: str, wanted: Mapping[int, int], *, settled: bool = False, names: Mapping[int, str]
) -> None:
    """Promise pieces to an order: variant → how many.

    Raises Invalid, with the `names` of variants, where fewer are available; an order that is `settled`
    (it came from elsewhere) gets its promise all the same.
    """
    counted = _counted(scope, wanted)
    short = []
    for variant_id in sorted(counted):
        if not _promise(scope, variant_id, wanted[variant_id], settled):
            short.append(names.get(variant_id, str(variant_id)))
    if short:
        raise Invalid(_("There are not enough pieces available of: %(names)s", names=listed(short)))
    rows = [
        {"vendor_id": vendor_of(scope), "order_key": order, "variant_id": id_, "quantity": wanted[id_]}
        for id_ in counted
    ]
    upsert_add(scope, Reservation, rows, keys=_KEY, add=("quantity",))


def ship(scope: Scope, order: str, sent: Mapping[int, int], *, reference: str, now: datetime) -> None:
    """Pieces of an order have left. They are taken from the locations in their order, as far as they are
    there: what isn't on the books can't be taken from them, and the ledger's line says so."""
    counted = _counted(scope, sent)
    _let_go(scope, order, {id_: sent[id_] for id_ in counted})
    moves: list[Move] = []
    for variant_id in sorted(counted):
        moves += _picked(scope, variant_id, sent[variant_id])
    write(scope, moves, "sale", now=now, reference=reference)


def release(scope: Scope, order: str, dropped: Mapping[int, int]) -> None:
    """An order does without pieces that it was promised."""
    _let_go(scope, order, {id_: dropped[id_] for id_ in _counted(scope, dropped)})


def put_back(scope: Scope, returned: Mapping[int, int], *, reference: str, now: datetime) -> None:
    """Pieces that came back stand on the shelf again, at the first location."""
    counted = _counted(scope, returned)
    if counted:
        place = first_location(scope).id
        moves = [Move(variant_id, place, returned[variant_id]) for variant_id in sorted(counted)]
        write(scope, moves, "return", now=now, reference=reference)


def counted(scope: Scope, variant_ids: Iterable[int]) -> set[int]:
    """Those of the variants whose stock is counted."""
    wanted = set(variant_ids)
    if not wanted:
        return set()
    some = select(Item.variant_id).where(Item.variant_id.in_(wanted))
    return set(session().scalars(some.where(Item.vendor_id == vendor_of(scope))))


def _counted(scope: Scope, wanted: Mapping[int, int]) -> list[int]:
    """The variants whose stock is counted, each held for this transaction, in order."""
    some = sorted(id_ for id_, quantity in wanted.items() if quantity > 0)
    if not some:
        return []
    held = select(Item.variant_id).where(Item.vendor_id == vendor_of(scope), Item.variant_id.in_(some))
    return list(session().scalars(held.order_by(Item.variant_id).with_for_update(of=Item)))


def _promise(scope: Scope, variant_id: int, quantity: int, settled: bool) -> bool:
    """One guarded statement: of several who want the last piece, one gets it."""
    mine = update(Item).where(Item.vendor_id == vendor_of(scope), Item.variant_id == variant_id)
    if not settled:
        mine = mine.where(Item.available >= quantity)
    done: Any = session().execute(mine.values(available=Item.available - quantity))
    return bool(done.rowcount == 1)


def _let_go(scope: Scope, order: str, wanted: Mapping[int, int]) -> None:
    """End promises, at most as much of each as there is."""
    mine = (Reservation.vendor_id == vendor_of(scope), Reservation.order_key == order)
    there = select(Reservation).where(*mine, Reservation.variant_id.in_(wanted))
    for promise in session().scalars(there.with_for_update(of=Reservation)).all():
        quantity = min(promise.quantity, wanted[promise.variant_id])
        promise.quantity -= quantity
        item = update(Item).where(Item.vendor_id == promise.vendor_id, Item.variant_id == promise.variant_id)
        session().execute(item.values(available=Item.available + quantity))
    session().flush()
    session().execute(delete(Reservation).where(*mine, Reservation.quantity == 0))


def _picked(scope: Scope, variant_id: int, quantity: int) -> Iterable[Move]:
    """From which locations so many pieces are taken."""
    levels = (
        select(Level)
        .join(Location, (Location.vendor_id == Level.vendor_id) & (Location.id == Level.location_id))
        .where(Level.vendor_id == vendor_of(scope), Level.variant_id == variant_id, Level.on_hand > 0)
        .order_by(Location.position, Location.id)
    )
    found: list[tuple[int, int]] = []
    rest = quantity
    for level in session().scalars(levels.execution_options(populate_existing=True)):
        part = min(level.on_hand, rest)
        if part:
            found.append((level.location_id, part))
            rest -= part
    note = _("%(num)s more were sent than were on the books", num=rest) if rest else ""
    return [Move(variant_id, place, -part, note=note) for place, part in found]
