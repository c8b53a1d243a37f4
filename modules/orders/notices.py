"""What orders tell people."""

from flask_babel import lazy_gettext as _l

from orion.contracts.notices import kind

PLACED = kind("orders.placed", "orders.view", _l("Order %(number)s was placed."), page="order", key="order")
MANY_PLACED = kind(
    "orders.many_placed", "orders.view", _l("%(number)s orders were placed at once."), page="orders"
)
IMPORTED = kind(
    "orders.imported",
    "orders.import",
    _l("An import of orders has finished: %(new)s new, %(changed)s changed, %(rejected)s rejected."),
    page="orders",
)
