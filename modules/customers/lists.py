"""The customer list: which columns, filters and orders it offers."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select

from modules.customers import bulk, queries
from modules.customers.models import Customer, Word
from modules.customers.sheets import sheet
from orion.contracts.addresses import country_name
from orion.contracts.data import once
from orion.contracts.lists import Asked, Choice, Column, Dates, Flag, ListPage, Search, entity
from orion.contracts.models import normalise
from orion.contracts.scope import Scope

#: More vendors than these are no choice that anybody wants to scroll through.
MOST_VENDORS = 100
_CODE = re.compile(r"[A-Z0-9_-]{1,32}")


def label(customer: Customer) -> str:
    """What a customer is called where there may be no name."""
    return customer.name or customer.email or customer.reference or customer.public_id


def _joined_or_returning(
    statement: Select[Any], start: date | None, end: date | None, asked: Asked
) -> Select[Any]:
    """`from` and `to` mean the joining date, and with `returning` the days of the later purchases."""
    if asked.get("returning"):
        return statement.where(queries.bought_again(start, end))
    if start:
        statement = statement.where(Customer.joined_on >= start)
    return statement.where(Customer.joined_on <= end) if end else statement


def _known(scope: Scope) -> tuple[Sequence[str], Sequence[str]]:
    """Countries and tags."""
    return once("customers.known", lambda: queries.countries_and_tags(scope))


def _countries(scope: Scope) -> Sequence[tuple[str, object]]:
    named = [(text, country_name(text)) for text in _known(scope)[0]]
    return sorted(named, key=lambda pair: normalise(pair[1]))


def _vendors(scope: Scope) -> Sequence[tuple[str, object]]:
    found = once("customers.vendors", lambda: queries.vendors(scope, MOST_VENDORS + 1))
    return [(vendor.code, vendor.name) for vendor in found] if len(found) <= MOST_VENDORS else []


def _tags(scope: Scope) -> Sequence[tuple[str, object]]:
    return [(name, name) for name in _known(scope)[1]]


def _customer(row: Any) -> Customer:
    return entity(row, Customer)


def _email(row: Any) -> str:
    """The second line: what isn't the name already."""
    customer = _customer(row)
    return customer.email if customer.name else ""


COLUMNS = (
    Column("name", _l("Customer"), sort=Customer.name_norm, value=lambda r: label(_customer(r)), sub=_email),
    Column(
        "reference",
        _l("Reference"),
        kind="muted",
        sort=Customer.reference_norm,
        value=lambda r: _customer(r).reference,
    ),
    Column(
        "country", _l("Country"), sort=Customer.country, value=lambda r: country_name(_customer(r).country)
    ),
    Column(
        "joined",
        _l("Customer since"),
        kind="date",
        sort=Customer.joined_on,
        value=lambda r: _customer(r).joined_on,
    ),
)
VENDOR = Column("vendor", _l("Vendor"), value=lambda r: r.Vendor.name)
FILTERS: tuple[Any, ...] = (
    Dates(_l("Period"), column=Customer.joined_on, apply=_joined_or_returning),
    Flag("returning", _l("Bought again")),
)
#: A vendor asks for countries. The administration asks for vendors: listing the countries of everybody's
#: customers would cost it too much.
BY_COUNTRY = Choice("country", _l("Country"), options=_countries, column=Customer.country)
BY_VENDOR = Choice(
    "vendor",
    _l("Vendor"),
    options=_vendors,
    apply=lambda statement, code: statement.where(queries.of_vendor(code)),
    accepts=lambda code: bool(_CODE.fullmatch(code)),
)


BY_TAG = Choice(
    "tag",
    _l("Tag"),
    options=_tags,
    apply=lambda statement, name: statement.where(queries.has_tag(name)),
    folded=True,
)


def _page(frontend: str) -> ListPage:
    """The list as a frontend shows it: the administration also names the vendor."""
    everywhere = frontend == "admin"
    return ListPage(
        id=f"customers.{frontend}",
        title=_l("Customers"),
        statement=queries.customers_and_vendors if everywhere else queries.customers,
        key=Customer.id,
        columns=[*COLUMNS[:2], *((VENDOR,) if everywhere else ()), *COLUMNS[2:]],
        filters=[BY_VENDOR if everywhere else BY_COUNTRY, *FILTERS],
        search=Search(
            _l("Search by name, e-mail or reference"),
            columns=[Customer.name_norm, Customer.email_norm, Customer.reference_norm],
            words=(Customer.id, Word),
        ),
        default_sort="-joined",
        row_url=lambda r: url_for(f"customers_{frontend}.customer", public_id=_customer(r).public_id),
        export="customers.export",
        sheet=sheet(everywhere),
        pick=Customer.public_id,
        empty=(_l("No customers yet"), _l("Customers appear here with their first order.")),
    )


_PAGES = {frontend: _page(frontend) for frontend in ("admin", "vendor")}


def customers(scope: Scope, frontend: str) -> ListPage:
    """The list of a frontend, with what its features allow: profiles, segments, export."""
    page = _PAGES[frontend]
    if not scope.has("customers.customer_profiles"):
        page = replace(page, row_url=None)
    if not scope.has("customers.customer_export"):
        page = replace(page, export="")
    if frontend == "vendor" and scope.has("customers.customer_segmentation"):
        page = replace(page, filters=[*page.filters, BY_TAG], actions=bulk.ACTIONS)
    return page
