"""Moving pieces: every change of a level is a line of the ledger, in one transaction and in one order.

Whoever changes stock takes hold of the items first, in the order of their variants, and of levels after that:
so no two wait for each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from modules.inventory.models import Item, Level, Movement
from orion.contracts.data import insert_rows, session, upsert_add
from orion.contracts.errors import Invalid
from orion.contracts.models import public_id
from orion.contracts.scope import Scope


@dataclass(frozen=True, slots=True)
class Move:
    """Pieces that come to a location, or below zero leave it. `reason` is one of REASONS."""

    variant_id: int
    location_id: int
    quantity: int
    reason: str = ""
    note: str = ""


def vendor_of(scope: Scope) -> int:
    """The row id of the scope's one vendor."""
    if scope.vendor is None:
        raise ValueError("stock is moved for one vendor at a time")
    return scope.vendor.id


def hold(scope: Scope, variant_ids: Iterable[int]) -> dict[int, Item]:
    """Items for this transaction alone, made where they aren't there yet; by variant."""
    wanted = sorted(set(variant_ids))
    rows = [
        {"vendor_id": vendor_of(scope), "variant_id": id_, "on_hand": 0, "available": 0} for id_ in wanted
    ]
    keys = ("vendor_id", "variant_id")
    upsert_add(scope, Item, rows, keys=keys, add=("on_hand", "available"))
    held = select(Item).where(Item.vendor_id == vendor_of(scope), Item.variant_id.in_(wanted))
    found = session().scalars(
        held.order_by(Item.variant_id).with_for_update(of=Item).execution_options(populate_existing=True)
    )
    return {item.variant_id: item for item in found}


def write(
    scope: Scope,
    moves: Sequence[Move],
    kind: str,
    *,
    now: datetime,
    reference: str = "",
    batch: str = "",
    below_zero: bool = False,
) -> str:
    """Move pieces, and give the batch of the ledger's lines.

    Raises Invalid where more would leave a location than lies there, unless `below_zero` says that the
    world has moved on without us.
    """
    moves = [move for move in moves if move.quantity]
    batch = batch or public_id()
    hold(scope, [move.variant_id for move in moves])
    if below_zero:
        _change_levels(scope, moves)
    else:
        for move in sorted(moves, key=lambda move: (move.variant_id, move.location_id)):
            _change_level(scope, move)
    _change_items(scope, moves)
    insert_rows(scope, Movement, [_line(scope, move, kind, now, reference, batch) for move in moves])
    return batch


_LEVEL = ("vendor_id", "location_id", "variant_id")


def _change_levels(scope: Scope, moves: Sequence[Move]) -> None:
    """Levels of all moves at once, wherever they lead."""
    sums: dict[tuple[int, int], int] = {}
    for move in moves:
        key = move.variant_id, move.location_id
        sums[key] = sums.get(key, 0) + move.quantity
    rows = [
        {"vendor_id": vendor_of(scope), "location_id": place, "variant_id": variant, "on_hand": quantity}
        for (variant, place), quantity in sorted(sums.items())
    ]
    upsert_add(scope, Level, rows, keys=_LEVEL, add=("on_hand",))


def _change_level(scope: Scope, move: Move) -> None:
    """One guarded statement for what leaves: of several who take the last piece, one gets it."""
    if move.quantity > 0:
        _change_levels(scope, [move])
        return
    key = dict(zip(_LEVEL, (vendor_of(scope), move.location_id, move.variant_id), strict=True))
    there = update(Level).where(*(getattr(Level, name) == value for name, value in key.items()))
    taken: Any = session().execute(
        there.where(Level.on_hand >= -move.quantity).values(on_hand=Level.on_hand + move.quantity)
    )
    if taken.rowcount != 1:
        raise Invalid(
            _("There are not so many pieces at this location."),
            {"quantity": [_("There are not so many pieces at this location.")]},
        )


def _change_items(scope: Scope, moves: Sequence[Move]) -> None:
    """What there is of each variant, which is held already."""
    sums: dict[int, int] = {}
    for move in moves:
        sums[move.variant_id] = sums.get(move.variant_id, 0) + move.quantity
    rows = [
        {"vendor_id": vendor_of(scope), "variant_id": id_, "on_hand": quantity, "available": quantity}
        for id_, quantity in sorted(sums.items())
    ]
    upsert_add(scope, Item, rows, keys=("vendor_id", "variant_id"), add=("on_hand", "available"))


def _line(scope: Scope, move: Move, kind: str, now: datetime, reference: str, batch: str) -> dict[str, Any]:
    return {
        "vendor_id": vendor_of(scope),
        "variant_id": move.variant_id,
        "location_id": move.location_id,
        "at": now,
        "kind": kind,
        "quantity": move.quantity,
        "reason": move.reason,
        "note": move.note,
        "reference": reference[:64],
        "batch": batch,
        "user_id": scope.user_id,
    }
