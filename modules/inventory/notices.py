"""What stock tells people."""

from flask_babel import lazy_gettext as _l

from orion.contracts.notices import kind

LOW = kind(
    "inventory.low",
    "inventory.view",
    _l("%(title)s is running low: available are %(number)s."),
    page="variant",
    key="variant",
)
MANY_LOW = kind(
    "inventory.many_low", "inventory.view", _l("Running low: %(number)s variants at once."), page="items"
)
MANY_RAN_OUT = kind(
    "inventory.many_ran_out", "inventory.view", _l("Run out: %(number)s variants at once."), page="items"
)
RAN_OUT = kind(
    "inventory.ran_out",
    "inventory.view",
    _l("%(title)s has run out: none is available any more."),
    page="variant",
    key="variant",
)
