"""The product list: which columns, filters and orders it offers."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import ColumnElement, Select

from modules.catalog import queries
from modules.catalog.actions import ACTIONS
from modules.catalog.models import Product, Word
from modules.catalog.sheets import sheet
from modules.catalog.views import STATES, plain_range, price_range, thumbnail
from orion.contracts.data import once
from orion.contracts.lists import Choice, Column, Flag, ListPage, Search, entity
from orion.contracts.scope import Scope
from orion.contracts.texts import language_here, translated_into

#: More vendors than these are no choice that anybody wants to scroll through.
MOST_VENDORS = 100
_CODE = re.compile(r"[A-Z0-9_-]{1,32}")


@dataclass(frozen=True, slots=True)
class Status(Choice):
    """A status; archived products show only where they are asked for."""

    def narrow(self, statement: Select[Any], value: Any, asked: Any) -> Select[Any]:
        return statement.where(queries.current() if value is None else Product.status == value)


def _offered(name: str) -> Callable[[Scope], Sequence[tuple[str, object]]]:
    return lambda scope: once("catalog.offered", lambda: queries.offered(scope))[name]


def _vendors(scope: Scope) -> Sequence[tuple[str, object]]:
    found = once("catalog.vendors", lambda: queries.vendors(scope, MOST_VENDORS + 1))
    return [(vendor.code, vendor.name) for vendor in found] if len(found) <= MOST_VENDORS else []


def _translations(scope: Scope) -> Sequence[tuple[str, object]]:
    """`missing-fr` and `outdated-fr` for each language that is translated into."""
    said = {"missing": _("something is missing"), "outdated": _("something is out of date")}
    return [
        (f"{what}-{tag}", _("%(language)s: %(state)s", language=language_here(tag), state=state))
        for tag in translated_into(scope)
        for what, state in said.items()
    ]


def _translated(value: str) -> ColumnElement[bool]:
    what, _dash, language = value.partition("-")
    return (queries.untranslated if what == "missing" else queries.outdated)(language)


def _product(row: Any) -> Product:
    return entity(row, Product)


def _variants(row: Any) -> str:
    number = _product(row).variants
    return ngettext("%(num)s variant", "%(num)s variants", number) if number > 1 else ""


def _columns(frontend: str) -> list[Column]:
    return [
        Column(
            "title",
            _l("Product"),
            sort=Product.title_norm,
            value=lambda r: _product(r).title,
            sub=_variants,
            picture=lambda r: thumbnail(_product(r), frontend),
        ),
        Column(
            "status",
            _l("Status"),
            kind="badge",
            value=lambda r: STATES[_product(r).status][0],
            tone=lambda r: STATES[_product(r).status][1],
        ),
        Column("type", _l("Type"), kind="muted", value=lambda r: _product(r).type),
        Column(
            "changed",
            _l("Changed"),
            kind="lately",
            sort=Product.updated_at,
            value=lambda r: _product(r).updated_at,
        ),
        Column(
            "price",
            _l("Price"),
            kind="money",
            sort=Product.lowest,
            value=lambda r: price_range(_product(r)),
            file=lambda r: plain_range(_product(r)),
        ),
    ]


VENDOR = Column("vendor", _l("Vendor"), kind="muted", value=lambda r: r.Vendor.name)
STATUS = Status("status", _l("Status"), options=[(key, label) for key, (label, _tone) in STATES.items()])
INCOMPLETE = Flag("incomplete", _l("Incomplete"), apply=lambda s: s.where(queries.incomplete()))
FILTERS: tuple[Any, ...] = (
    STATUS,
    Choice(
        "category",
        _l("Category"),
        options=_offered("category"),
        apply=lambda s, value: s.where(queries.under(value)),
    ),
    Choice(
        "type",
        _l("Type"),
        options=_offered("type"),
        apply=lambda s, value: s.where(Product.type_norm == value),
        folded=True,
    ),
    Choice(
        "tag",
        _l("Tag"),
        options=_offered("tag"),
        apply=lambda s, value: s.where(queries.tagged(value)),
        folded=True,
    ),
    Choice(
        "published_on",
        _l("Shown on"),
        options=_offered("platform"),
        apply=lambda s, value: s.where(queries.published_on(value)),
    ),
    Choice(
        "translation",
        _l("Translation"),
        options=_translations,
        apply=lambda s, value: s.where(_translated(value)),
    ),
    INCOMPLETE,
    Flag("repeated", _l("Repeated SKU"), apply=lambda s: s.where(queries.with_repeated_sku())),
)
BY_VENDOR = Choice(
    "vendor",
    _l("Vendor"),
    options=_vendors,
    apply=lambda s, code: s.where(queries.of_vendor(code)),
    accepts=lambda code: bool(_CODE.fullmatch(code)),
)


def _page(frontend: str) -> ListPage:
    """The list as a frontend shows it: the administration names the vendor, whose words it does not offer."""
    everywhere, columns = frontend == "admin", _columns(frontend)
    return ListPage(
        id=f"catalog.{frontend}",
        title=_l("Products"),
        statement=queries.products_and_vendors if everywhere else queries.products,
        counted=queries.products,
        key=Product.id,
        columns=[columns[0], *((VENDOR,) if everywhere else ()), *columns[1:]],
        filters=[BY_VENDOR, STATUS, INCOMPLETE] if everywhere else FILTERS,
        search=Search(
            _l("Search by title, SKU or barcode"), columns=[Product.title_norm], words=(Product.id, Word)
        ),
        default_sort="-changed" if everywhere else "title",
        row_url=lambda r: url_for(f"catalog_{frontend}.product", public_id=_product(r).public_id),
        actions=() if everywhere else ACTIONS,
        export="catalog.export",
        sheet=sheet(everywhere),
        pick=Product.public_id,
        empty=(_l("No products yet"), _l("Products appear here as soon as the first one is created.")),
    )


PAGES = {frontend: _page(frontend) for frontend in ("admin", "vendor")}
