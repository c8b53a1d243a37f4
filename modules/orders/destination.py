"""Order histories as a place that tables go to: see Destination."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from modules.customers.api import Customer
from modules.orders.changing import lines_of
from modules.orders.daily import Deltas, facts
from modules.orders.documents import Document, DocumentLine
from modules.orders.histories import Rules as Reading
from modules.orders.histories import documents_of
from modules.orders.imports import TARGET
from modules.orders.models import Event, Order
from modules.orders.taking import known_at, take
from orion.contracts.addresses import country_name
from orion.contracts.data import session
from orion.contracts.formats import day, money
from orion.contracts.money import Money
from orion.contracts.scope import Scope
from orion.contracts.tabular import (
    CHANGED,
    NEW,
    UNCHANGED,
    Change,
    Destination,
    Published,
    Rejected,
    Row,
    Rules,
    Shown,
    Thing,
    Verdict,
)

WORDS = {
    "total": _l("Total"),
    "date": _l("Date"),
    "customer": _l("Customer"),
    "country": _l("Country"),
    "lines": _l("Lines"),
    "kind": _l("Kind"),
}
KINDS = {"sale": _l("Sale"), "refund": _l("Refund")}


class Orders(Destination):
    """See Destination. A thing is an order with its lines, and the refund that the table tells of."""

    target = TARGET
    label = _l("Orders")
    permission = "orders.import"
    feature = "orders.order_import"
    names = ("document", "customer_name", "title")
    on_platform = True
    words = WORDS

    def key(self, row: Row) -> str:
        """See Destination."""
        return str(row.values["document"] or "")

    def thing(self, rows: Sequence[Row], rules: Rules) -> tuple[Thing | None, list[Rejected]]:
        """See Destination."""
        if rules.options.get("each_line"):
            said = _l("each line of such a table is an order: import it with the command")
            lines = [(row, "each_line", said) for row in rows]
            return None, [
                Rejected(r.line, "document", "", code, why, r.values, r.texts) for r, code, why in lines
            ]
        reading = Reading(rules.currency, rules.zone, rules.options.get("refund_prefix", ""))
        documents, taken, rejected = documents_of(list(rows), reading)
        if not documents:
            return None, rejected
        first = documents[0]
        name = first.customer_name or first.customer or ""
        title = f"{first.number} · {name}" if name else first.number
        data = {"documents": [_as_json(document) for document in documents]}
        lines = tuple(row.line for row in taken)
        return Thing(first.number, title[:300], lines, data, len(first.lines)), rejected

    def compare(
        self, scope: Scope, things: Sequence[Thing], *, platform_id: int | None = None
    ) -> list[Verdict]:
        """See Destination."""
        there = _there(scope, platform_id, things)
        return [_verdict(there, _documents(thing)) for thing in things]

    def publish(
        self, scope: Scope, things: Sequence[Thing], *, platform_id: int | None, now: datetime
    ) -> list[Published | str]:
        """See Destination."""
        if platform_id is None:
            return [str(_("It isn't said on which platform this was.")) for _thing in things]
        there = _there(scope, platform_id, things)
        verdicts = [_verdict(there, _documents(thing)) for thing in things]
        befores = [_before(there, _documents(thing)) for thing in things]
        wanted = [d for thing, v in zip(things, verdicts, strict=True) for d in _wanted(thing, v)]
        take(scope, wanted, platform_id=platform_id, now=now)
        made = _there(scope, platform_id, things)
        return [
            Published(made[_documents(thing)[0].number].id, before, verdict.state)
            for thing, verdict, before in zip(things, verdicts, befores, strict=True)
        ]

    def take_back(
        self, scope: Scope, published: Mapping[int, dict[str, Any] | None], *, at: datetime
    ) -> list[int]:
        """See Destination. An order with which somebody has done something since is left alone."""
        asked = select(Order).where(Order.id.in_(published)).order_by(Order.id)
        orders = session().scalars(asked.with_for_update(of=Order)).all()
        left: list[int] = []
        for platform_id in sorted({order.platform_id for order in orders}):
            here = [order for order in orders if order.platform_id == platform_id]
            left += _taken_back(scope, here, published, at)
        return left

    def shown(self, thing: Thing, currency: str) -> Shown:
        """See Destination."""
        first, *others = _documents(thing)
        facts_ = [
            (_("Number"), first.number),
            (_("Kind"), str(KINDS[first.kind])),
            (_("Date"), day(first.business_date)),
            (_("Customer"), first.customer_name or first.customer or ""),
            (_("Country"), country_name(first.country)),
            (_("Total"), money(Money(first.total, first.currency))),
            *((_("Refund"), f"{one.number}: {money(Money(one.total, one.currency))}") for one in others),
        ]
        rows = [
            (line.sku, line.title, str(line.quantity), money(Money(line.total, first.currency)))
            for line in first.lines
        ]
        return Shown(facts_, (_("SKU"), _("Title"), _("Quantity"), _("Amount")), rows, frozenset({2, 3}))

    def said(self, scope: Scope, change: Change, currency: str) -> tuple[str, str, str]:
        """See Destination."""
        return str(WORDS[change.what]), _shown(change.what, change.before), _shown(change.what, change.after)


ORDERS = Orders()
destinations = (ORDERS,)


def _there(scope: Scope, platform_id: int | None, things: Sequence[Thing]) -> Mapping[str, Order]:
    """Number → order, of those that things tell of."""
    if scope.vendor is None or platform_id is None:
        return {}
    numbers = [document.number for thing in things for document in _documents(thing)]
    return known_at((scope.vendor.id, platform_id), numbers)


def _verdict(there: Mapping[str, Order], documents: Sequence[Document]) -> Verdict:
    if not any(document.number in there for document in documents):
        return Verdict(NEW)
    first = there.get(documents[0].number)
    changes = tuple(_changes(first, documents[0])) if first else ()
    same = all(d.number in there and there[d.number].content_hash == d.digest for d in documents)
    return Verdict(UNCHANGED) if same else Verdict(CHANGED, changes)


def _changes(order: Order, document: Document) -> Sequence[Change]:
    now = {
        "total": [document.total, document.currency],
        "date": document.business_date.isoformat(),
        "customer": document.customer_name or document.customer or "",
        "country": document.country,
        "kind": document.kind,
    }
    then = {
        "total": [order.total, order.currency],
        "date": order.business_date.isoformat(),
        "customer": order.customer_name,
        "country": order.country,
        "kind": order.kind,
    }
    found = [Change(what, "", then[what], now[what]) for what in now if then[what] != now[what]]
    return found or [Change("lines", "", order.units, document.units)]


def _wanted(thing: Thing, verdict: Verdict) -> Sequence[Document]:
    return [] if verdict.state == UNCHANGED else _documents(thing)


def _before(there: Mapping[str, Order], documents: Sequence[Document]) -> dict[str, Any]:
    """What each of the documents was: None for one that there was not."""
    known_ = [there[document.number] for document in documents if document.number in there]
    lines = lines_of(known_) if known_ else {}
    ids = {order.customer_id for order in known_ if order.customer_id}
    asked = select(Customer.id, Customer.reference).where(Customer.id.in_(ids))
    references = {id_: reference for id_, reference in session().execute(asked)} if ids else {}
    was: dict[str, Any] = {document.number: None for document in documents}
    for order in known_:
        was[order.number] = _as_json(
            Document(
                number=order.number,
                kind=order.kind,
                placed_at=order.placed_at,
                business_date=order.business_date,
                currency=order.currency,
                lines=tuple(
                    DocumentLine(one.sku, one.title, one.quantity, one.total, one.unit_price, one.tax)
                    for one in lines[order.id]
                ),
                customer=references.get(order.customer_id or 0) or None,
                customer_name=order.customer_name,
                country=order.country,
                origin_number=order.origin_number,
                status=order.status,
                content_hash=order.content_hash,
            )
        )
    return {"documents": was}


def _taken_back(
    scope: Scope, orders: Sequence[Order], published: Mapping[int, dict[str, Any] | None], at: datetime
) -> list[int]:
    """Make orders of one platform what they were before a moment; those that are left alone."""
    befores = {order.id: (published[order.id] or {}).get("documents", {}) for order in orders}
    numbers = [number for before in befores.values() for number in before]
    there = known_at((orders[0].vendor_id, orders[0].platform_id), numbers)
    touched = _touched(list(there.values()), at)
    left: list[int] = []
    made: list[Order] = []
    kept: list[Document] = []
    for order in orders:
        mine = {number: there[number] for number in befores[order.id] if number in there}
        if any(one.id in touched for one in mine.values()):
            left.append(order.id)
            continue
        before = befores[order.id]
        made += [one for number, one in mine.items() if before[number] is None]
        kept += [_from_json(document) for document in before.values() if document is not None]
    _delete(scope, made)
    take(scope, kept, platform_id=orders[0].platform_id, now=at)
    return left


def _touched(orders: Sequence[Order], at: datetime) -> set[int]:
    """Those to which something happened after a moment, or of which money went back (row ids)."""
    ids = [order.id for order in orders]
    later = select(Event.order_id).where(Event.order_id.in_(ids), Event.at > at)
    return {*session().scalars(later), *(order.id for order in orders if order.refunded)}


def _delete(scope: Scope, orders: Sequence[Order]) -> None:
    """Take orders out, and out of the daily figures."""
    deltas = Deltas()
    for order in orders:
        deltas.add(facts(order), -1)
    deltas.write(scope)
    session().execute(delete(Order).where(Order.id.in_([order.id for order in orders])))


def _documents(thing: Thing) -> list[Document]:
    return [_from_json(document) for document in thing.data["documents"]]


def _as_json(document: Document) -> dict[str, Any]:
    moments = {
        "placed_at": document.placed_at.isoformat(),
        "business_date": document.business_date.isoformat(),
    }
    return {**asdict(document), **moments, "history": []}


def _from_json(data: Mapping[str, Any]) -> Document:
    own = {
        "placed_at": datetime.fromisoformat(data["placed_at"]),
        "business_date": date.fromisoformat(data["business_date"]),
        "lines": tuple(DocumentLine(**line) for line in data["lines"]),
        "history": (),
    }
    return Document(**{**data, **own})


def _shown(what: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if what == "total":
        return money(Money(int(value[0]), str(value[1])))
    if what == "date":
        return day(date.fromisoformat(value))
    if what == "country":
        return country_name(value)
    return str(KINDS[value]) if what == "kind" else str(value)
