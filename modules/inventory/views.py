"""What the stock pages of both frontends share."""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from modules.catalog.api import Found
from modules.inventory import queries
from modules.inventory.forms import REASON_WORDS
from modules.inventory.lists import STATES, state
from modules.inventory.models import Movement
from orion.contracts.money import Money
from orion.contracts.scope import Scope

KINDS = {
    "receive": _l("Received"),
    "adjust": _l("Adjusted"),
    "transfer": _l("Transferred"),
    "count": lazy_pgettext("stock movement", "Counted"),
    "sale": _l("Sold"),
    "return": _l("Came back"),
}


def about(scope: Scope, public_id: str, frontend: str) -> dict[str, Any]:
    """What the page of one variant's stock says."""
    item, variant, product = queries.variant(scope, public_id)
    rest, lines = (item.on_hand if item else 0), []
    for movement, location, user in queries.ledger(scope, variant):
        lines.append((movement, _why(movement), location, user, rest))
        rest -= movement.quantity
    return {
        "item": item,
        "variant": variant,
        "product": product,
        "frontend": frontend,
        "title": Found(variant, product).title,
        "state": STATES[state(item)] if item else None,
        "value": Money((item.on_hand if item else 0) * (variant.cost or 0), product.currency),
        "levels": queries.levels(scope, variant),
        "promised": queries.promised(scope, variant),
        "lines": lines,
        "may": scope.allows,
    }


def _why(movement: Movement) -> str:
    """What happened, with the reason or the order where there is one."""
    more = str(REASON_WORDS.get(movement.reason, "")) or (
        movement.reference if movement.kind in ("sale", "return") else ""
    )
    return " · ".join(part for part in (str(KINDS[movement.kind]), more, movement.note) if part)
