"""Links to all of a list's rows."""

from urllib.parse import parse_qsl

from orion.contracts.scope import Scope
from orion.desk import kept
from orion.desk.urls import asking
from orion.web.listing.asked import KEPT, WHOLE
from orion.web.listing.saved import sort_of


def whole(scope: Scope, href: str | None) -> str | None:
    """An address that means a whole list says so to whom its bare address may show a view of their own."""
    if href is None or not _has_chosen(scope):
        return href
    if any(name not in KEPT for name, _value in parse_qsl(href.partition("?")[2])):
        return href
    return asking(href, "=".join(WHOLE))


def _has_chosen(scope: Scope) -> bool:
    return any(one.chosen and one.what.startswith(sort_of("")) for one in kept.everything(scope))
