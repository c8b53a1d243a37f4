"""Figures and faults as a person reads them, in the language of the request."""

from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_skeleton
from babel.numbers import format_decimal
from flask_babel import gettext as _
from flask_babel import ngettext

from orion.contracts.metrics import Number
from orion.contracts.periods import Period
from orion.metrics.results import Failure
from orion.metrics.values import MIXED
from orion.web.formats import ago, amount, locale, moment, percent, size
from orion.web.labels import label


def figure(number: Number, kind: str, currency: str | None = None, unit: str | None = None) -> str:
    """`€1,234.50`, `1,234`, `12.5%`, `3.4 MB`, `12 kg`."""
    if currency and currency != MIXED:
        return amount(number, currency)
    if kind == "bytes":
        return size(int(number))
    if kind == "percent":
        return percent(Decimal(number) / 100, 1)
    text = str(format_decimal(number, locale=locale()))
    return _("%(number)s %(unit)s", number=text, unit=unit) if unit else text


def change(value: Number, previous: Number, kind: str, currency: str | None, unit: str | None) -> str:
    """How far the figure has moved: in percent, or in the figure's own terms where it came from nothing."""
    difference: Number = abs(Decimal(value) - Decimal(previous))
    if not previous or kind == "percent":
        return figure(difference, kind, currency, unit)
    share = Decimal(difference) / abs(Decimal(previous))
    return percent(share, 0 if share >= Decimal("0.1") else 1)


def compared(direction: str, period: Period) -> str:
    """`more than the 30 days before`."""
    # TRANSLATORS: Behind a share: “12% more than yesterday at this time”. The same for those that follow.
    if period.key == "today":
        return {
            "up": _("more than yesterday at this time"),
            "down": _("less than yesterday at this time"),
            "flat": _("the same as yesterday at this time"),
        }[direction]
    return {
        "up": ngettext("more than the day before", "more than the %(num)s days before", period.days),
        "down": ngettext("less than the day before", "less than the %(num)s days before", period.days),
        "flat": ngettext("the same as the day before", "the same as the %(num)s days before", period.days),
    }[direction]


def day(at: str) -> str:
    """An ISO date as `Nov 23`."""
    return str(format_skeleton("MMMd", date.fromisoformat(at), locale=locale()))


def module_name(code: str, name: str) -> str:
    """What a module is called."""
    return label(f"{code}.module.name", name)


def fault(failure: Failure, module: str) -> str:
    """Whose fault it is that there is no figure, in one sentence."""
    match failure.kind:
        case "slow" | "hanging":
            return _("%(module)s took too long to work this out.", module=module)
        case "garbage":
            return _("%(module)s gave a figure that cannot be right.", module=module)
        case "away":
            return _("%(module)s could not reach the database.", module=module)
        case "paused":
            return _("%(module)s failed several times and is asked again in a minute.", module=module)
        case "quarantined":
            return _("%(module)s is out of order and has been switched off.", module=module)
    return _("%(module)s could not work this out.", module=module)


def since(at: datetime | None) -> str:
    """`Since Nov 23, 2026, 9:41 PM.`"""
    return _("Since %(moment)s.", moment=moment(at, "short")) if at else ""


def last_known(at: datetime, now: datetime) -> str:
    """`Last known figure, from 3 minutes ago.`"""
    return _("Last known figure, from %(ago)s.", ago=ago(at, now))
