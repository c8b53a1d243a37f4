"""What imports show on other modules' pages."""

from typing import Any, Literal

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from modules.marketplace import queries
from modules.marketplace.words import STAGES
from orion.contracts.scope import Scope

#: Of a publication (its state, and whether it made the product) → words, tone.
MADE, CHANGED, UNDONE = (
    (_l("Created it"), "success"),
    (_l("Changed it"), "info"),
    (lazy_pgettext("publication", "Taken back"), "neutral"),
)


def of_product(scope: Scope, product_id: int) -> tuple[str, dict[str, Any]] | Literal[""]:
    """The imports that a product came from, the newest first; nothing where it came from none."""
    latest = queries.of_product(scope, product_id)
    rows = [(found, made, *_did(change, made)) for change, made, found in latest]
    if not rows:
        return ""
    frontend = "vendor" if scope.vendor else "admin"
    return "marketplace/_product.html", {"rows": rows, "frontend": frontend}


def of_vendor(scope: Scope, vendor_id: int, vendor_code: str) -> tuple[str, dict[str, Any]] | Literal[""]:
    """The last files that a vendor has brought, on the vendor's page; nothing where there was none."""
    rows = [(found, *STAGES[found.stage]) for found in queries.last_of(scope, vendor_id)]
    return ("marketplace/_vendor.html", {"rows": rows}) if rows else ""


def _did(change: Any, made: Any) -> tuple[object, str]:
    if made.state == "undone":
        return UNDONE
    return CHANGED if change.before else MADE
