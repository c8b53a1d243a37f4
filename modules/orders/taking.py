"""Taking documents in bulk: what is new is stored, what has changed is replaced, the rest is left alone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from modules.customers.api import ensure
from modules.orders.changing import lines_of, told
from modules.orders.daily import Deltas, facts
from modules.orders.documents import Document, Taken
from modules.orders.models import KINDS, Event, Line, Order
from orion.contracts.data import insert_rows, session
from orion.contracts.events import emit
from orion.contracts.models import normalise, public_id
from orion.contracts.scope import Everything, Scope, ScopeKind

#: Values in one IN list: below SQLite's and psycopg's limits with room to spare.
CHUNK = 500
Place = tuple[int, int]


def take(
    scope: Scope,
    documents: Iterable[Document],
    *,
    platform_id: int | None = None,
    source: str = "import",
    now: datetime | None = None,
) -> Taken:
    """Store documents of the scope's one vendor and one platform, the scope's or the one that is named; the
    caller commits.

    The scope is the vendor's, not the vendor's on a platform: that one would not see, and so make
    again, customers who were only on other platforms.
    A document is known by its number. One that is known with the same contents changes nothing; one
    with other contents replaces lines and amounts and keeps its status and id. Raises ValueError for
    a place that isn't one vendor on one platform, and for documents that contradict themselves.
    """
    place, wanted = _place(scope, platform_id), _by_number(documents)
    known = known_at(place, list(wanted))
    new = [d for d in wanted.values() if d.number not in known]
    changed = [(o, wanted[n]) for n, o in known.items() if o.content_hash != wanted[n].digest]
    customers = _customers(scope, [*new, *(document for _order, document in changed)])
    deltas = Deltas()
    ids = _insert(scope, place, new, customers, source, deltas)
    _replace(place, scope, changed, customers, deltas, now or datetime.now(UTC))
    deltas.write(scope)
    _announce(scope, [id_ for id_, d in zip(ids, new, strict=True) if d.first_status == "placed"])
    return Taken(len(new), len(changed), len(known) - len(changed))


def _announce(scope: Scope, ids: Sequence[int]) -> None:
    """Tell of sales that came in as placed. They are facts: nobody can refuse them."""
    for start in range(0, len(ids), CHUNK):
        part = select(Order).where(Order.id.in_(ids[start : start + CHUNK])).order_by(Order.id)
        orders = session().scalars(part).all()
        lines = lines_of(orders)
        emit(
            scope,
            "orders.placed",
            settled=True,
            orders=[told(order, [(line, line.to_ship) for line in lines[order.id]]) for order in orders],
        )


def _place(scope: Scope, platform_id: int | None) -> Place:
    if scope.vendor is None or scope.kind is not ScopeKind.VENDOR:
        raise ValueError("documents are taken in a vendor's scope")
    if platform_id is not None:
        return scope.vendor.id, platform_id
    if isinstance(scope.platforms, Everything) or len(scope.platforms) != 1:
        raise ValueError("documents are taken in a vendor's scope with one platform")
    return scope.vendor.id, next(iter(scope.platforms))  # type: ignore[arg-type]


def _by_number(documents: Iterable[Document]) -> dict[str, Document]:
    """The documents by their numbers, each sound: its date is that of its moment somewhere on earth."""
    wanted: dict[str, Document] = {}
    for document in documents:
        apart = abs(document.placed_at.date() - document.business_date)
        if apart > timedelta(days=1) or document.kind not in KINDS or not document.number:
            raise ValueError(f"document {document.number!r} contradicts itself")
        if document.number in wanted:
            raise ValueError(f"document {document.number!r} comes twice")
        wanted[document.number] = document
    return wanted


def known_at(place: Place, numbers: Sequence[str]) -> dict[str, Order]:
    """Number → order, locked until the transaction ends."""
    vendor_id, platform_id = place
    found: dict[str, Order] = {}
    for start in range(0, len(numbers), CHUNK):
        statement = select(Order).where(
            Order.vendor_id == vendor_id,
            Order.platform_id == platform_id,
            Order.number.in_(numbers[start : start + CHUNK]),
        )
        rows = session().scalars(statement.order_by(Order.id).with_for_update(of=Order))
        found |= {order.number: order for order in rows}
    return found


def _customers(scope: Scope, documents: Iterable[Document]) -> dict[str, int]:
    """Reference → row id of everyone named in the documents, made where there was nobody."""
    rows = [
        {"reference": d.customer, "joined_on": d.business_date, "name": d.customer_name, "country": d.country}
        for d in documents
        if d.customer
    ]
    return ensure(scope, rows) if rows else {}


def _contents(document: Document, customers: Mapping[str, int]) -> dict[str, Any]:
    """What an order has of a document and takes again when the document comes with other contents."""
    name = (document.customer_name or document.customer or "")[:200]
    return {
        "kind": document.kind,
        "placed_at": document.placed_at,
        "business_date": document.business_date,
        "customer_id": customers[document.customer] if document.customer else None,
        "customer_name": name,
        "customer_norm": normalise(name),
        "country": document.country[:80],
        "currency": document.currency,
        "total": document.total,
        "units": document.units,
        "origin_number": document.origin_number,
        "content_hash": document.digest,
    }


def _insert(
    scope: Scope,
    place: Place,
    documents: Sequence[Document],
    customers: Mapping[str, int],
    source: str,
    deltas: Deltas,
) -> list[int]:
    rows = [
        {
            "vendor_id": place[0],
            "platform_id": place[1],
            "public_id": public_id(),
            "number": document.number,
            "number_norm": normalise(document.number),
            "status": document.first_status,
            "source": source,
            **_contents(document, customers),
        }
        for document in documents
    ]
    for row in rows:
        deltas.add(row)
    ids = insert_rows(scope, Order, rows)
    new = dict(zip(ids, documents, strict=True))
    _insert_lines(scope, place, new)
    owner = {"vendor_id": place[0], "platform_id": place[1], "text": ""}
    steps = [(order_id, kind, at) for order_id, d in new.items() for kind, at in d.history]
    insert_rows(scope, Event, [{**owner, "order_id": o, "kind": kind, "at": at} for o, kind, at in steps])
    return ids


def _insert_lines(scope: Scope, place: Place, documents: Mapping[int, Document]) -> None:
    rows = [
        {
            "vendor_id": place[0],
            "platform_id": place[1],
            "order_id": order_id,
            "position": position,
            "business_date": document.business_date,
            "currency": document.currency,
            "sku": line.sku[:120],
            "title": line.title[:300],
            "quantity": line.quantity,
            "unit_price": line.unit_price,
            "total": line.total,
            "tax": line.tax,
            "shipped": line.quantity if document.has_left else 0,
        }
        for order_id, document in documents.items()
        for position, line in enumerate(document.lines, 1)
    ]
    insert_rows(scope, Line, rows)


def _replace(
    place: Place,
    scope: Scope,
    changed: Sequence[tuple[Order, Document]],
    customers: Mapping[str, int],
    deltas: Deltas,
    now: datetime,
) -> None:
    for order, document in changed:
        deltas.add(facts(order), -1)
        if order.kind != document.kind:
            order.status = document.first_status
        for name, value in _contents(document, customers).items():
            setattr(order, name, value)
        deltas.add(facts(order))
        session().add(
            Event(order_id=order.id, vendor_id=place[0], platform_id=place[1], at=now, kind="replaced")
        )
    ids = [order.id for order, _document in changed]
    for start in range(0, len(ids), CHUNK):
        session().execute(delete(Line).where(Line.order_id.in_(ids[start : start + CHUNK])))
    _insert_lines(scope, place, {order.id: document for order, document in changed})
