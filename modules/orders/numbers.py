"""Numbers that run on: a vendor's own series, raised in the transaction that uses the number."""

from sqlalchemy import select

from modules.orders.models import Order, Series
from orion.contracts.data import session, upsert_add
from orion.contracts.scope import Scope


def next_number(scope: Scope, vendor_id: int, kind: str, year: int = 0) -> int:
    """The next number of a series. Whoever else wants one waits until this transaction ends, so that a
    number that was taken and not used comes again."""
    key = {"vendor_id": vendor_id, "kind": kind, "year": year}
    upsert_add(scope, Series, [{**key, "last": 1}], keys=tuple(key), add=("last",))
    return session().scalars(select(Series.last).filter_by(**key)).one()


def order_number(scope: Scope, vendor_id: int) -> str:
    """A number for an order that is entered here; imports may have brought numbers of the same form."""
    while True:
        number = f"M-{next_number(scope, vendor_id, 'order'):05}"
        taken = select(Order.id).where(Order.vendor_id == vendor_id, Order.number == number).limit(1)
        if session().scalar(taken) is None:
            return number
