"""The life of a sale: every action in every state, and the drawing of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from modules.orders import services
from modules.orders.models import Event, Line, Order
from modules.orders.services import RefundLine
from modules.orders.states import ACTIONS, ON_THE_WAY, SALE, as_mermaid, ways
from modules.orders.tests.conftest import NOW, Shop, document
from orion.contracts.data import entered
from orion.contracts.errors import Invalid
from orion.settings import ROOT

LATER = NOW + timedelta(hours=1)
Doing = Callable[..., Any]


def _step(action: str) -> Doing:
    return lambda scope, id_: services.advance(scope, [id_], action, now=LATER)


#: Every action, done in a way that is right wherever the action is.
DOING: dict[str, Doing] = {
    **{action: _step(action) for action in ("place", "confirm", "pack", "deliver")},
    "ship": lambda scope, id_: services.ship(scope, id_, now=LATER),
    "cancel": lambda scope, id_: services.cancel(scope, id_, now=LATER),
    "refund": lambda scope, id_: services.refund(scope, id_, [RefundLine(1, amount=1)], now=LATER),
}


@pytest.fixture
def sale(shop: Shop) -> Callable[[str], str]:
    """`sale("packed")` → the public id of a sale in that state."""

    def in_state(status: str) -> str:
        shop.take(document(status=status if status in ON_THE_WAY else "placed"))
        with shop.app.app_context(), entered(shop.scope, write=True) as writing:
            writing.execute(update(Order).where(Order.number == "A-1").values(status=status))
            if status == "part_shipped":
                ids = select(Order.id).where(Order.number == "A-1")
                writing.execute(
                    update(Line).where(Line.order_id.in_(ids), Line.position == 2).values(shipped=1)
                )
            writing.commit()
        [(public_id,)] = shop.rows(select(Order.public_id).where(Order.number == "A-1"))
        return public_id

    return in_state


def _do(shop: Shop, doing: Doing, public_id: str) -> None:
    with shop.app.test_request_context(), entered(shop.scope, write=True) as writing:
        doing(shop.scope, public_id)
        writing.commit()


def _status(shop: Shop, public_id: str) -> str:
    [(status,)] = shop.rows(select(Order.status).where(Order.public_id == public_id))
    return status


@pytest.mark.parametrize("status", SALE)
def test_in_each_state_just_the_actions_of_the_table_can_be_done(
    shop: Shop, sale: Callable[[str], str], status: str
) -> None:
    public_id = sale(status)
    done = set()
    for action, doing in DOING.items():
        with shop.app.test_request_context(), entered(shop.scope, write=True) as writing:
            try:
                doing(shop.scope, public_id)
                writing.flush()
                done.add(
                    (status, action, writing.scalar(select(Order.status).where(Order.public_id == public_id)))
                )
            except Invalid:
                pass
    assert {(source, action) for source, action, _target in done} == {
        (status, action.id) for action in ACTIONS.values() if status in action.sources
    }
    assert done <= set(ways())


def test_the_drawing_in_the_manual_is_the_one_of_the_table() -> None:
    assert as_mermaid() in (ROOT / "docs" / "orders.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("action", [action.id for action in ACTIONS.values() if action.undoable])
def test_a_step_is_undone_to_where_the_sale_was(shop: Shop, sale: Callable[[str], str], action: str) -> None:
    source = ACTIONS[action].sources[0]
    public_id = sale(source)
    _do(shop, DOING[action], public_id)
    assert _status(shop, public_id) == ACTIONS[action].targets[0]
    _do(shop, lambda scope, id_: services.undo(scope, {id_: source}, action, now=LATER), public_id)
    assert _status(shop, public_id) == source


def test_what_has_gone_on_is_not_undone(shop: Shop, sale: Callable[[str], str]) -> None:
    public_id = sale("placed")
    _do(shop, DOING["confirm"], public_id)
    _do(shop, DOING["ship"], public_id)
    with pytest.raises(Invalid):
        _do(shop, lambda scope, id_: services.undo(scope, {id_: "placed"}, "confirm", now=LATER), public_id)
    assert _status(shop, public_id) == "shipped"


def test_a_bulk_step_takes_those_that_are_ready_and_leaves_the_others(shop: Shop) -> None:
    shop.take(document(status="placed"), document("A-2"), document("A-3", status="placed"))
    ids = [
        row[0] for row in shop.rows(select(Order.public_id).where(Order.number.in_(["A-1", "A-2", "A-3"])))
    ]
    with shop.app.test_request_context(), entered(shop.scope, write=True) as writing:
        before = services.advance(shop.scope, ids, "confirm", now=LATER)
        writing.commit()
    assert sorted(before.values()) == ["placed", "placed"]
    found = shop.rows(select(Order.number, Order.status).where(Order.number.in_(["A-1", "A-2", "A-3"])))
    assert dict(map(tuple, found)) == {"A-1": "confirmed", "A-2": "delivered", "A-3": "confirmed"}


def test_every_action_is_noted_with_who_did_it(shop: Shop, sale: Callable[[str], str]) -> None:
    public_id = sale("placed")
    _do(shop, DOING["confirm"], public_id)
    _do(shop, lambda scope, id_: services.note(scope, id_, " Call first ", now=LATER), public_id)
    noted = (
        select(Event.kind, Event.text)
        .join(Order, Order.id == Event.order_id)
        .where(Order.public_id == public_id)
        .order_by(Event.id)
    )
    assert shop.rows(noted) == [("confirmed", ""), ("note", "Call first")]
