"""Giving money back: a refund is a document of its own that takes back lines of a sale, or parts of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from modules.orders.changing import Changes, lines_of, locked, require, told
from modules.orders.models import Line, Order
from orion.contracts.audit import Subject, action, record
from orion.contracts.data import session
from orion.contracts.errors import Invalid
from orion.contracts.events import emit
from orion.contracts.models import public_id as new_public_id
from orion.contracts.money import Money
from orion.contracts.scope import Scope

REFUNDED = action("orders.refunded", _l("Money refunded"))


@dataclass(frozen=True, slots=True)
class RefundLine:
    """What is taken back of one line. `amount` is in minor units, None for what the units cost.

    An amount without units is money alone: something was not as good as it should have been.
    """

    position: int
    quantity: int = 0
    amount: int | None = None


def refund(
    scope: Scope,
    public_id: str,
    lines: Sequence[RefundLine],
    *,
    now: datetime,
    reason: str = "",
    restock: bool = False,
) -> Order:
    """Refund parts of a sale, and give the refund's document.

    Units that have not left yet are dropped, later ones came back; `restock` says whether those go back on
    the shelf. A sale of which nothing is left with the customer is `returned`, one of which only what was
    refunded had still to leave is `shipped`. Raises NotFound, and Invalid for more units or money than are
    left, for nothing, and where there is nothing to refund (`errors` by `line-<position>`).
    """
    sale = locked(public_id)
    require(sale, "refund")
    own = {line.position: line for line in lines_of([sale])[sale.id]}
    wanted = [_checked(own, line) for line in lines if line.quantity or line.amount]
    if not wanted:
        raise Invalid(_("Choose what to refund."))
    document = _document(scope, sale, wanted, now, reason)
    dropped, returned = _count(wanted)
    sale.refunded += sum(amount for _line, _quantity, amount in wanted)
    changes = Changes(scope, now)
    changes.new(document)
    changes.status(sale, _status_after(sale, list(own.values())), document.number, kind="refund")
    changes.write()
    given = Money(document.total, sale.currency).plain
    facts = {"refund": document.number, "amount": given, "reason": reason}
    record(scope, REFUNDED, Subject("order", sale.public_id, sale.number), after=facts)
    emit(
        scope,
        "orders.refunded",
        restock=restock,
        dropped=[told(sale, dropped)],
        returned=[told(sale, returned)],
    )
    return document


Wanted = tuple[Line, int, int]


def _checked(own: Mapping[int, Line], wanted: RefundLine) -> Wanted:
    line = own.get(wanted.position)
    field = f"line-{wanted.position}"
    if line is None or not 0 <= wanted.quantity <= line.refundable:
        most = line.refundable if line else 0
        raise _refused(field, _("Between 0 and %(most)s units can be refunded.", most=most))
    amount = _cost(line, wanted.quantity) if wanted.amount is None else wanted.amount
    if not 0 <= amount <= line.left:
        raise _refused(field, _("More money than is left of this line can't be refunded."))
    return line, wanted.quantity, amount


def _refused(field: str, why: str) -> Invalid:
    return Invalid(_("More was to be refunded than is left."), errors={field: [why]})


def _cost(line: Line, quantity: int) -> int:
    """What units of a line cost: its share of the total, and for the last ones all that is left."""
    if quantity == line.refundable:
        return line.left
    return min(line.left, _share(line.total, quantity, line.quantity))


def _share(whole: int, part: int, parts: int) -> int:
    exact = Decimal(whole) * part / parts if parts else Decimal(0)
    return int(exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN))


def _count(wanted: Sequence[Wanted]) -> tuple[list[tuple[Line, int]], list[tuple[Line, int]]]:
    """Count the units on their lines: (line, units that will not leave) and (line, units that came back)."""
    dropped, returned = [], []
    for line, quantity, amount in wanted:
        kept = min(quantity, line.to_ship)
        line.dropped += kept
        line.returned += quantity - kept
        line.refunded += amount
        dropped.append((line, kept))
        returned.append((line, quantity - kept))
    return dropped, returned


def _status_after(sale: Order, lines: Sequence[Line]) -> str:
    if not any(line.refundable for line in lines):
        return "returned"
    if sale.status == "part_shipped" and not any(line.to_ship for line in lines):
        return "shipped"
    return sale.status


def _document(scope: Scope, sale: Order, wanted: Sequence[Wanted], now: datetime, reason: str) -> Order:
    on = now.astimezone(ZoneInfo(scope.zone)).date()
    owner = {"vendor_id": sale.vendor_id, "platform_id": sale.platform_id}
    document = Order(
        **owner,
        public_id=new_public_id(),
        number=_number(sale),
        kind="refund",
        status="refunded",
        placed_at=now,
        business_date=on,
        customer_id=sale.customer_id,
        customer_name=sale.customer_name,
        country=sale.country,
        currency=sale.currency,
        total=-sum(amount for _line, _quantity, amount in wanted),
        units=-sum(quantity for _line, quantity, _amount in wanted),
        origin_number=sale.number,
    )
    session().add(document)
    session().flush()
    for position, (line, quantity, amount) in enumerate(wanted, 1):
        session().add(
            Line(
                **owner,
                order_id=document.id,
                position=position,
                business_date=on,
                currency=sale.currency,
                sku=line.sku,
                title=line.title,
                quantity=-quantity,
                unit_price=line.unit_price if quantity else "",
                total=-amount,
                tax=None if line.tax is None else -_share(line.tax, amount, line.total),
            )
        )
    if reason.strip():
        Changes(scope, now).event(document, "note", reason.strip())
    return document


def _number(sale: Order) -> str:
    """The sale's number and which of its refunds it is; the sale is locked, so nobody takes the same."""
    stem = f"{sale.number[:58]}-R"
    taken = (
        select(func.count())
        .select_from(Order)
        .where(
            Order.vendor_id == sale.vendor_id,
            Order.platform_id == sale.platform_id,
            Order.number.startswith(stem, autoescape=True),
        )
    )
    return f"{stem}{(session().scalar(taken) or 0) + 1}"
