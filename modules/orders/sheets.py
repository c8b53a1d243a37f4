"""Orders as a table: a row for each line, written so that an import reads it back exactly."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from modules.customers.api import Customer
from modules.orders.models import Line, Order
from orion.contracts.data import session
from orion.contracts.lists import Sheet, entity
from orion.contracts.money import Money
from orion.contracts.scope import Scope

ORDER = ("Order number", "Kind", "Status", "Order date", "Customer ID", "Customer name", "Country")
LINE = ("SKU", "Title", "Quantity", "Unit price", "Line total", "Currency")
PLACE = ("Vendor", "Platform")


def sheet(everywhere: bool) -> Sheet:
    """The sheet of the list of orders, which names vendor and platform where there are several."""
    return Sheet(
        (*(PLACE if everywhere else ()), *ORDER, *LINE), lambda scope, rows: _rows(scope, rows, everywhere)
    )


def _rows(scope: Scope, rows: Sequence[Any], everywhere: bool) -> Iterator[Sequence[Any]]:
    orders = [entity(row, Order) for row in rows]
    mine = select(Line).where(Line.order_id.in_([order.id for order in orders])).order_by(Line.position)
    lines: dict[int, list[Line]] = defaultdict(list)
    for line in session().scalars(mine):
        lines[line.order_id].append(line)
    wanted = {order.customer_id for order in orders if order.customer_id}
    known = session().execute(select(Customer.id, Customer.reference).where(Customer.id.in_(wanted)))
    references = {id_: reference for id_, reference in known}
    for row, order in zip(rows, orders, strict=True):
        reference = references.get(order.customer_id or 0, "")
        name = "" if order.customer_name == reference else order.customer_name
        facts = (order.number, order.kind, order.status, order.placed_at, reference, name, order.country)
        place = tuple(one.code if one else "" for one in (row.Vendor, row.Platform)) if everywhere else ()
        for line in lines[order.id]:
            total = Money(line.total, line.currency).amount
            own = (line.sku, line.title, line.quantity, line.unit_price, total, line.currency)
            yield (*place, *facts, *own)
