"""Products as a place that tables go to: see Destination."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from modules.catalog import comparing, publishing
from modules.catalog.imports import TARGET
from modules.catalog.pricetags import MONEY
from modules.catalog.things import Reading, key_of
from modules.catalog.views import STATES
from orion.contracts.formats import listed, money, weight
from orion.contracts.money import Money
from orion.contracts.scope import Scope
from orion.contracts.tabular import (
    Change,
    Destination,
    Published,
    Rejected,
    Row,
    Rules,
    Shown,
    Thing,
    Verdict,
)

WORDS = {
    "title": _l("Title"),
    "description": _l("Description"),
    "brand": _l("Brand"),
    "type": _l("Type"),
    "status": _l("Status"),
    "tags": _l("Tags"),
    "images": _l("Addresses of images"),
    "options": _l("Options"),
    "option": _l("Option"),
    "value": _l("Value"),
    "variant": _l("Variant"),
    "sku": _l("SKU"),
    "barcode": _l("Barcode"),
    "price": _l("Price"),
    "compare_at": _l("Price before"),
    "cost": _l("Cost"),
    "weight": _l("Weight"),
}
#: Characters of a text that are shown.
SHOWN = 160


class Products(Destination):
    """See Destination."""

    target = TARGET
    label = _l("Products")
    names = ("title", "handle", "sku")
    own = ("sku", "barcode")
    words = WORDS

    def key(self, row: Row) -> str:
        """See Destination."""
        return key_of(row)

    def thing(self, rows: Sequence[Row], rules: Rules) -> tuple[Thing | None, list[Rejected]]:
        """See Destination."""
        return Reading(rows, rules).thing()

    def compare(
        self, scope: Scope, things: Sequence[Thing], *, platform_id: int | None = None
    ) -> list[Verdict]:
        """See Destination."""
        return comparing.compare(scope, things)

    def publish(
        self, scope: Scope, things: Sequence[Thing], *, platform_id: int | None, now: datetime
    ) -> list[Published | str]:
        """See Destination."""
        return publishing.publish(scope, things, platform_id=platform_id, now=now)

    def take_back(
        self, scope: Scope, published: Mapping[int, dict[str, Any] | None], *, at: datetime
    ) -> list[int]:
        """See Destination."""
        return publishing.take_back(scope, published, at=at)

    def gone(self, thing: Thing) -> Thing | None:
        """See Destination. A product that is gone is archived; of a product with several variants that are
        known by their SKUs nothing becomes."""
        kept = {name: thing.data[name] for name in ("key", "handle", "sku", "title")}
        data = {**kept, "status": "archived", "variants": [], "images": []}
        return Thing(thing.key, thing.title, (), data, thing.parts)

    def shown(self, thing: Thing, currency: str) -> Shown:
        """See Destination."""
        data = thing.data
        names = {"handle": _("Handle"), "brand": _("Brand"), "type": _("Type")}
        facts = [(str(label), str(data.get(name, ""))) for name, label in names.items()]
        facts += [
            (_("Tags"), listed(data.get("tags", ()))),
            (_("Options"), listed(data.get("options", ()))),
        ]
        return Shown(
            facts,
            (_("Variant"), _("SKU"), _("Barcode"), _("Price")),
            [
                (
                    " / ".join(one["values"]) or thing.title,
                    one.get("sku", ""),
                    one.get("barcode", ""),
                    _shown("price", one.get("price"), currency),
                )
                for one in data["variants"]
            ],
            frozenset({3}),
        )

    def said(self, scope: Scope, change: Change, currency: str) -> tuple[str, str, str]:
        """See Destination."""
        word = str(WORDS.get(change.what, change.what))
        if change.what == "variant":
            before, after = (_("on sale") if there else "" for there in (change.before, change.after))
            return f"{word} {change.part}".strip(), before, after
        what = f"{change.part}: {word}" if change.part else word
        return what, _shown(change.what, change.before, currency), _shown(change.what, change.after, currency)


def _shown(what: str, value: Any, currency: str) -> str:
    if value in (None, "", []):
        return ""
    if what in MONEY:
        return money(Money(int(value), currency))
    if what == "status":
        return str(STATES[value][0])
    if what == "images":
        return ngettext("%(num)s image", "%(num)s images", len(value))
    if what == "weight":
        return weight(value)
    text = listed(value) if isinstance(value, list) else str(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


PRODUCTS = Products()
destinations = (PRODUCTS,)
