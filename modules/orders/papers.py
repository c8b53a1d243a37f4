"""Papers: the packing slip and the invoice, as pages for the printer."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from modules.orders import queries
from modules.orders.invoicing import seller
from modules.orders.models import Invoice, Order
from orion.contracts.addresses import address_lines, country_name
from orion.contracts.errors import NotFound
from orion.contracts.formats import day, moment
from orion.contracts.locales import direction, language_tag, speaking
from orion.contracts.money import Money
from orion.contracts.naming import called, names
from orion.contracts.pages import render
from orion.contracts.scope import Scope
from orion.contracts.texts import fallbacks, spoken


class Paper(NamedTuple):
    """What is printed: title and day, its language and direction, and the rest as HTML."""

    title: str
    on: str
    lang: str
    dir: str
    html: Markup


def packing_slip(scope: Scope, public_id: str) -> ResponseReturnValue:
    """The lines of an order with the units that are not dropped."""
    whole = queries.whole(scope, public_id)
    order, vendor = whole.order, whole.vendor
    lines = [(line, line.quantity - line.dropped) for line in queries.lines(scope, order)]
    with speaking(*_languages(whole)):
        known = names(scope, {line.sku for line, _units in lines if line.sku}, _goods_in(whole))
        paper = _paper(
            "orders/_packing_slip.html",
            title=_slip_title(order),
            on=moment(order.placed_at),
            order=order,
            country=country_name(order.country),
            sender=_address(seller(vendor)) if vendor else [],
            lines=[
                (line, _called(whole, *called(known, line.sku, line.title)), units)
                for line, units in lines
                if units > 0
            ],
        )
    return _page(order, _slip_title(order), paper)


def invoice(scope: Scope, public_id: str) -> ResponseReturnValue:
    """The invoice as it was written. Raises NotFound where none was."""
    whole = queries.whole(scope, public_id)
    order, found = whole.order, whole.invoice
    if found is None:
        raise NotFound()
    said = found.content
    with speaking(*_languages(whole)):
        paper = _paper(
            "orders/_invoice.html",
            title=_invoice_title(order, found),
            on=day(found.issued_on),
            invoice=found,
            paper=said,
            placed_on=date.fromisoformat(said["placed_on"]),
            seller=_address(said["seller"]),
            tax_number=said["seller"].get("tax_number", ""),
            country=country_name(said["buyer"]["country"]),
            lines=[_line(whole, line, said["currency"]) for line in said["lines"]],
            total=Money(said["total"], said["currency"]),
            tax=Money(said["tax"], said["currency"]) if said["tax_known"] else None,
        )
    return _page(order, _invoice_title(order, found), paper)


def _page(order: Order, title: str, paper: Paper) -> ResponseReturnValue:
    """The reader's page around a paper; `title` is in the reader's language."""
    back = url_for(".order", public_id=order.public_id)
    return render("orders/paper.html", order=order, title=title, paper=paper, back=back)


def _slip_title(order: Order) -> str:
    return _("Packing slip %(number)s", number=order.number)


def _invoice_title(order: Order, found: Invoice) -> str:
    if order.kind == "refund":
        return _("Credit note %(number)s", number=found.code)
    return _("Invoice %(number)s", number=found.code)


def _languages(whole: queries.Whole) -> tuple[str, str]:
    """The customer's language, and the vendor's for where there are no words of it; "" is not known."""
    customer, vendor = whole.customer, whole.vendor
    return (customer.locale if customer is not None else "", vendor.locale if vendor is not None else "")


def _goods_in(whole: queries.Whole) -> str:
    """The language that goods are named in: the customer's, also where the paper has no words of it."""
    own = whole.customer.locale if whole.customer is not None else ""
    return own or language_tag()


def _paper(template: str, *, title: str, on: str, **context: Any) -> Paper:
    """A paper in the language that is spoken now, whoever reads the page around it."""
    return Paper(title, on, language_tag(), direction(), Markup(render_template(template, **context)))


def _called(whole: queries.Whole, title: str, language: str) -> Markup:
    """A title with its language, where it is another than the paper's; the vendor's own unless it is said."""
    own = fallbacks(whole.vendor.locale)[-1] if whole.vendor is not None else ""
    return spoken(title, language or own, fallbacks(language_tag())[-1])


def _line(whole: queries.Whole, line: dict[str, Any], currency: str) -> dict[str, Any]:
    """A line as it was written, in the language of that day's customer where it is that of today's."""
    price, title, language = line["unit_price"], line["title"], line.get("language", "")
    if language and language in fallbacks(_goods_in(whole)):
        title = line["said"]
    else:
        language = ""
    return {
        **line,
        "title": _called(whole, title, language) if title else "",
        "rate": Decimal(line["rate"]) if line["rate"] else None,
        "total": Money(line["total"], currency),
        "unit_price": Money.of(Decimal(price), currency) if price else None,
    }


def _address(seller: dict[str, str]) -> list[str]:
    """Who sells and where, line by line; a paper from before sellers had addresses has but the name, and one
    from before cities stood alone has postcode and city as one."""
    street, city = (seller.get("street", ""), seller.get("place", "")), seller.get("city", "")
    return [
        seller["name"],
        *address_lines(street, city, seller.get("postcode", ""), country=seller.get("country", "")),
    ]
