"""Orders that are entered by hand: at first a draft that can be changed, then placed like any other."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from modules.customers.api import Customer, Platform, by_email, sold_on
from modules.orders.changing import Changes, locked
from modules.orders.models import Line, Order
from modules.orders.numbers import order_number
from orion.contracts.data import session
from orion.contracts.errors import Invalid
from orion.contracts.models import public_id as new_public_id
from orion.contracts.money import Money
from orion.contracts.scope import Scope


@dataclass(frozen=True, slots=True)
class EntryLine:
    """What is sold: `unit_price` in minor units, tax included; `tax_rate` in percent, None where unknown."""

    title: str
    quantity: int
    unit_price: int
    sku: str = ""
    tax_rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person enters. `platform` is a code; a customer is known by their e-mail address."""

    platform: str
    currency: str
    lines: Sequence[EntryLine]
    customer_name: str = ""
    email: str = ""
    country: str = ""
    ship_to: str = ""


def enter(scope: Scope, entry: Entry, *, now: datetime) -> Order:
    """A new draft in a vendor's scope. Raises Invalid without lines, and for a platform on which the vendor
    does not sell."""
    assert scope.vendor is not None
    owner = {"vendor_id": scope.vendor.id, "platform_id": _platform(entry.platform)}
    order = Order(
        **owner,
        public_id=new_public_id(),
        number=order_number(scope, scope.vendor.id),
        status="draft",
        source="manual",
        placed_at=now,
        business_date=_today(scope, now),
        **_contents(scope, entry),
    )
    session().add(order)
    session().flush()
    _add_lines(order, entry)
    changes = Changes(scope, now)
    changes.new(order)
    changes.write()
    return order


def edit(scope: Scope, public_id: str, entry: Entry, *, now: datetime) -> Order:
    """Give a draft other contents; its platform stays. Raises NotFound, and Invalid for what is no draft."""
    order = locked(public_id)
    if order.status != "draft":
        raise Invalid(_("Order %(number)s was placed: it can't be changed any more.", number=order.number))
    changes = Changes(scope, now)
    changes.again(order, **_contents(scope, entry))
    mine = (Line.vendor_id == order.vendor_id, Line.order_id == order.id)
    session().execute(delete(Line).where(*mine))
    _add_lines(order, entry)
    changes.write()
    return order


def date_today(scope: Scope, order: Order, changes: Changes) -> None:
    """A draft that is placed is an order of that moment, whenever it was begun."""
    begun, on = order.business_date, _today(scope, changes.now)
    changes.again(order, placed_at=changes.now, business_date=on)
    mine = (Line.vendor_id == order.vendor_id, Line.order_id == order.id)
    if on != begun:
        session().execute(update(Line).where(*mine).values(business_date=on))


def _today(scope: Scope, now: datetime) -> date:
    return now.astimezone(ZoneInfo(scope.zone)).date()


def _platform(code: str) -> int:
    found = session().scalar(select(Platform.id).where(Platform.code == code, sold_on()))
    if found is None:
        raise Invalid(errors={"platform": [_("Choose a platform.")]})
    return found


def _contents(scope: Scope, entry: Entry) -> dict[str, Any]:
    if not entry.lines:
        raise Invalid(_("An order has at least one line."))
    known: Customer | None = by_email(scope, entry.email) if entry.email else None
    return {
        "customer_id": known.id if known else None,
        "customer_name": entry.customer_name or (known.name if known else ""),
        "email": entry.email,
        "country": entry.country or (known.country if known else ""),
        "ship_to": entry.ship_to,
        "currency": entry.currency,
        "total": sum(line.unit_price * line.quantity for line in entry.lines),
        "units": sum(line.quantity for line in entry.lines),
    }


def _add_lines(order: Order, entry: Entry) -> None:
    for position, line in enumerate(entry.lines, 1):
        total = line.unit_price * line.quantity
        session().add(
            Line(
                vendor_id=order.vendor_id,
                platform_id=order.platform_id,
                order_id=order.id,
                position=position,
                business_date=order.business_date,
                currency=order.currency,
                sku=line.sku,
                title=line.title,
                quantity=line.quantity,
                unit_price=f"{Money(line.unit_price, order.currency).amount:f}",
                total=total,
                tax=_tax_within(total, line.tax_rate),
            )
        )


def _tax_within(total: int, rate: Decimal | None) -> int | None:
    """The tax that a total includes, in minor units."""
    if rate is None:
        return None
    return int((total * rate / (100 + rate)).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
