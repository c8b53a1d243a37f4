"""The order list: which columns, filters and orders it offers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, or_

from modules.customers.api import Word
from modules.orders import bulk, queries
from modules.orders.models import Order
from modules.orders.sheets import sheet
from modules.orders.states import STATES
from orion.contracts.addresses import country_name
from orion.contracts.data import remembered
from orion.contracts.lists import Asked, Choice, Column, Dates, ListPage, Search, Total, entity
from orion.contracts.models import normalise
from orion.contracts.money import Money, known_currencies
from orion.contracts.scope import Scope
from orion.contracts.words import found_by, terms

#: Customers are searched for by words of so many characters.
LEAST = 3
KINDS = {"sale": _l("Sales"), "refund": _l("Refunds")}


def label(order: Order) -> object:
    """Who a document is for, where there may be no name."""
    # TRANSLATORS: Who ordered, where no name is known.
    return order.customer_name or _l("Guest")


@dataclass(frozen=True, slots=True)
class NumberOrCustomer(Search):
    """Orders whose number or customer's name begins with what is typed, and those of customers who are found
    by it, where a word of some length is typed: shorter ones begin the words of too many."""

    def narrow(self, statement: Select[Any], text: str) -> Select[Any]:
        typed, own = terms(text), self.begin_with(normalise(text))
        if any(len(term) >= LEAST for term in typed):
            return statement.where(or_(own, found_by(Word, Order.customer_id, typed)))
        return Search.narrow(self, statement, text)


def _status(statement: Select[Any], value: str) -> Select[Any]:
    return statement.where(queries.has_status(Order, value))


def _dates(statement: Select[Any], start: date | None, end: date | None, _asked: Asked) -> Select[Any]:
    return statement.where(*queries.placed_between(start, end))


def _summary(asked: Asked) -> Select[Any] | None:
    """Everything but a search can be summed up from the daily figures."""
    if asked.q:
        return None
    start, end = asked.get("dates") or (None, None)
    return queries.totals(start, end, asked.get("kind"), asked.get("status"), asked.get("currency"))


def _order(row: Any) -> Order:
    return entity(row, Order)


COLUMNS = (
    Column("number", _l("Number"), sort=Order.number_norm, value=lambda r: _order(r).number),
    Column(
        "customer",
        _l("Customer"),
        sort=Order.customer_norm,
        value=lambda r: label(_order(r)),
        sub=lambda r: country_name(_order(r).country),
    ),
    Column("date", _l("Date"), kind="date", sort=Order.placed_at, value=lambda r: _order(r).business_date),
    Column(
        "status",
        _l("Status"),
        kind="badge",
        value=lambda r: STATES[_order(r).status][0],
        tone=lambda r: STATES[_order(r).status][1],
    ),
    Column(
        "total",
        _l("Total"),
        kind="money",
        sort=Order.total,
        value=lambda r: Money(_order(r).total, _order(r).currency),
    ),
)
PLACES = (
    Column("vendor", _l("Vendor"), kind="muted", value=lambda r: r.Vendor.name if r.Vendor else "–"),
    Column("platform", _l("Platform"), kind="muted", value=lambda r: r.Platform.name if r.Platform else "–"),
)


def _currencies(scope: Scope) -> list[tuple[str, object]]:
    own = [scope.currency] if scope.vendor else _traded(scope)
    return [(code, code) for code in own]


def _traded(scope: Scope) -> Sequence[str]:
    return remembered(scope, "tenancy", "orders.currencies", lambda: queries.currencies(scope))


FILTERS = (
    Choice("kind", _l("Kind"), options=list(KINDS.items()), column=Order.kind),
    Choice(
        "status",
        _l("Status"),
        options=[
            (queries.OPEN, _l("To fulfil")),
            (queries.NOT_CANCELLED, _l("All but drafts and cancelled")),
            *((key, text) for key, (text, _tone) in STATES.items()),
        ],
        apply=_status,
    ),
    Dates(_l("Date"), column=Order.business_date, apply=_dates),
    Choice(
        "currency",
        _l("Currency"),
        options=_currencies,
        column=Order.currency,
        accepts=lambda value: value in known_currencies(),
    ),
)


def orders(frontend: str) -> ListPage:
    """The list as a frontend shows it: the administration also names vendor and platform."""
    everywhere = frontend == "admin"
    return ListPage(
        id=f"orders.{frontend}",
        title=_l("Orders"),
        statement=queries.orders_and_places if everywhere else queries.orders,
        counted=queries.orders,
        key=Order.id,
        columns=[*COLUMNS[:3], *(PLACES if everywhere else ()), *COLUMNS[3:]],
        filters=FILTERS,
        search=NumberOrCustomer(
            _l("Search by number or customer"), columns=[Order.number_norm, Order.customer_norm]
        ),
        default_sort="-date",
        row_url=lambda r: url_for(f"orders_{frontend}.order", **_address(r)),
        totals=[Total("total", _l("Total"), Order.total, Order.currency)],
        summary=_summary,
        actions=() if everywhere else bulk.ACTIONS,
        export="orders.export",
        sheet=sheet(everywhere),
        pick=Order.public_id,
        empty=(_l("No orders yet"), _l("Orders appear here as soon as the first one is placed or imported.")),
    )


def _address(row: Any) -> dict[str, str]:
    return {"public_id": _order(row).public_id}


PAGES = {frontend: orders(frontend) for frontend in ("admin", "vendor")}
