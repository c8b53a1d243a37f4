"""What imports show on other modules' pages."""

from typing import Any, Literal

from flask_babel import lazy_gettext as _l

from modules.marketplace import queries
from orion.contracts.scope import Scope

#: Of a publication (its state, and whether it made the product) → words, tone.
MADE, CHANGED, UNDONE = (
    (_l("Created it"), "success"),
    (_l("Changed it"), "info"),
    (_l("Taken back"), "neutral"),
)


def of_product(scope: Scope, product_id: int) -> tuple[str, dict[str, Any]] | Literal[""]:
    """The imports that a product came from, the newest first; nothing where it came from none."""
    latest = queries.of_product(scope, product_id)
    rows = [(found, made, *_did(change, made)) for change, made, found in latest]
    if not rows:
        return ""
    frontend = "vendor" if scope.vendor else "admin"
    return "marketplace/_product.html", {"rows": rows, "frontend": frontend}


def _did(change: Any, made: Any) -> tuple[object, str]:
    if made.state == "undone":
        return UNDONE
    return CHANGED if change.before else MADE
