"""From the lines of a table to documents: amounts, totals, refunds, moments."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _l

from modules.orders.documents import Document, DocumentLine
from orion.contracts.money import Money, allocate, exponent
from orion.contracts.periods import local_date
from orion.contracts.tabular import Import, Rejected, Report, Row, grouped

#: Numbers of documents with rejected lines that are remembered.
KNOWN = 10_000
#: Amounts of a line and of a document (absolute, major units) that there is no room for.
LIMIT = Decimal(10) ** 13


@dataclass(frozen=True, slots=True)
class Rules:
    """How lines become documents: the currency where a line names none, the vendor's time zone, and
    the letters that number a refund ("" where numbers don't tell)."""

    currency: str
    zone: str
    refund_prefix: str = ""

    @classmethod
    def of(cls, found: Import, zone: str) -> "Rules":
        """The rules of a file whose currency is settled."""
        return cls(found.mapping.currency or "", zone, found.mapping.options.get("refund_prefix", ""))

    def is_refund(self, number: str, total: int) -> bool:
        """A number of the prefix and digits, or an amount below zero."""
        marked = self.refund_prefix and re.fullmatch(rf"{re.escape(self.refund_prefix)}[0-9]+", number, re.I)
        return bool(marked) or total < 0


@dataclass(slots=True)
class History:
    """A table of lines on its way to documents.

    Rows that can't be taken go into the report. `incomplete` gathers the numbers (the first KNOWN) of
    documents that are given although the report has rejected lines of theirs.
    """

    found: Import
    rules: Rules
    report: Report
    incomplete: list[str] = field(default_factory=list)
    _lost: set[str] = field(default_factory=set)

    def documents(self) -> Iterator[Document]:
        """The documents in the order of their first lines, wherever their lines stand."""
        for number, rows in grouped(self.report.taken(self._lines()), lambda row: row.values["document"]):
            fault = _fault(rows, self.rules, whole=number not in self._lost)
            if fault is not None:
                self.report.withdraw(rows, *fault)
                continue
            if number in self._lost:
                self.incomplete.append(number)
            yield from _documents(number, rows, self.rules)

    def _lines(self) -> Iterator[Row | Rejected]:
        columns = self.found.mapping.columns
        alone = self.found.mapping.options.get("each_line")
        for row in self.found.rows():
            if alone and isinstance(row, Row):
                row.values["document"] = f"{row.values['document'] or ''}{row.line}"
            read = _amount(row, columns) if isinstance(row, Row) else row
            if isinstance(read, Rejected) and read.values.get("document") and len(self._lost) < KNOWN:
                self._lost.add(read.values["document"])
            yield read


def documents_of(rows: list[Row], rules: Rules) -> tuple[list[Document], list[Row], list[Rejected]]:
    """The documents that rows of one order number are, the rows that they are made of, and the others."""
    read = [_amount(row, {key: key for key in row.values}) for row in rows]
    taken = [row for row in read if isinstance(row, Row)]
    rejected = [row for row in read if isinstance(row, Rejected)]
    if not taken:
        return [], [], rejected
    fault = _fault(taken, rules, whole=not rejected)
    if fault is not None:
        code, reason = fault
        return (
            [],
            [],
            [*rejected, *(Rejected(r.line, "", "", code, reason, r.values, r.texts) for r in taken)],
        )
    return list(_documents(taken[0].values["document"], taken, rules)), taken, rejected


def _amount(row: Row, columns: Mapping[str, str | None]) -> Row | Rejected:
    """The row with its exact `amount`: as it is stated, else quantity × unit price × (1 − discount)."""
    values = row.values
    if values["amount"] is not None:
        return row
    if values["unit_price"] is None:
        reason = _l("the row has neither a unit price nor a line amount")
        return Rejected(row.line, columns.get("unit_price") or "", "", "no_amount", reason, values, row.texts)
    discount = values["discount"] or Decimal(0)
    if not 0 <= discount <= 1:
        # TRANSLATORS: Follows what stands in the cell: “abc” …
        reason = _l("is not a discount; write it like %(example)s", example="0.2, 20%")
        column = columns.get("discount") or ""
        return Rejected(row.line, column, str(discount), "discount", reason, values, row.texts)
    off = values["line_discount"] or Decimal(0)
    values["amount"] = values["quantity"] * values["unit_price"] * (1 - discount) - off
    return row


#: What orders have beside the price of their lines, where a table says it.
BESIDE = ("shipping", "taxes", "reduction")


def _fault(rows: list[Row], rules: Rules, whole: bool) -> tuple[str, Any] | None:
    """Why lines can't be one document: (code, reason), or None. Unless `whole`, lines of it are away."""
    if len({row.values["currency"] for row in rows} - {None}) > 1:
        return "currencies", _l("the lines of this order are in several currencies")
    if sum(abs(row.values["amount"]) for row in rows) >= LIMIT:
        return "too_large", _l("the amount of this order is too large")
    rest = _rest(rows)
    if rest and whole and all(_said(rows, name) is None for name in BESIDE):
        lines, total = sum(row.values["amount"] for row in rows), _said(rows, "total")
        reason = _l(
            "the lines of this order add up to %(lines)s, and it says %(total)s", lines=lines, total=total
        )
        return "does_not_add_up", reason
    return None


def _said(rows: list[Row], key: str) -> Any:
    """What the first line that says it says of the whole order; None where none does."""
    return next((row.values[key] for row in rows if row.values[key] is not None), None)


def _rest(rows: list[Row]) -> Decimal:
    """What an order's total has beyond its lines: shipping, taxes, less what was given off."""
    total = _said(rows, "total")
    return Decimal(0) if total is None else total - sum(row.values["amount"] for row in rows)


def _documents(number: str, rows: list[Row], rules: Rules) -> Iterator[Document]:
    """The order, and a refund of its own for what the table says was given back of it."""
    made = _document(number, rows, rules)
    yield made
    back = _said(rows, "refunded")
    if back and back > 0 and made.kind == "sale" and made.status != "cancelled":
        minor = -Money.of(back, made.currency).minor
        title = str(_l("Refunded"))
        yield replace(
            made,
            number=f"{number}-R",
            kind="refund",
            lines=(DocumentLine(sku="", title=title, quantity=0, total=minor),),
            origin_number=number,
        )


def _document(number: str, rows: list[Row], rules: Rules) -> Document:
    """One document: its total is rounded once, and the lines share it so that they add up to it."""
    currency = _said(rows, "currency") or rules.currency
    amounts = [row.values["amount"] for row in rows]
    total = Money.of(sum(amounts, Decimal(0)), currency).minor
    parts = allocate(total, [amount.scaleb(exponent(currency)) for amount in amounts])
    placed_at, business_date = _moment(rows[0].values["date"], rules.zone)
    lines = [_line(row.values, part) for row, part in zip(rows, parts, strict=True)]
    if rest := Money.of(_rest(rows), currency).minor:
        title = str(_l("Shipping, taxes and discounts"))
        lines.append(DocumentLine(sku="", title=title, quantity=0, total=rest))
        total += rest
    return Document(
        number=number,
        kind="refund" if rules.is_refund(number, total) else "sale",
        placed_at=placed_at,
        business_date=business_date,
        currency=currency,
        lines=tuple(lines),
        customer=_first(rows, "customer") or None,
        customer_name=_first(rows, "customer_name")[:200],
        country=_first(rows, "country")[:80],
        status="cancelled" if _first(rows, "cancelled") else "delivered",
    )


def _line(values: dict[str, Any], total: int) -> DocumentLine:
    price = values["unit_price"]
    return DocumentLine(
        sku=values["sku"] or "",
        title=(values["title"] or "")[:300],
        quantity=values["quantity"],
        total=total,
        unit_price="" if price is None else format(price, "f"),
    )


def _first(rows: list[Row], key: str) -> str:
    """What the first line that says it says."""
    return next((row.values[key] for row in rows if row.values[key]), "")


def _moment(written: datetime, zone: str) -> tuple[datetime, date]:
    """The moment in UTC and the vendor's date; what names no zone is the vendor's local time."""
    if written.tzinfo is None:
        return written.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC), written.date()
    moment = written.astimezone(UTC)
    return moment, local_date(moment, zone)
