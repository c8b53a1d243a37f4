"""What stock tells people."""

from flask_babel import lazy_gettext as _l

from orion.contracts.notices import kind

RAN_OUT = kind(
    "inventory.ran_out",
    "inventory.view",
    _l("%(title)s has run out: none is available any more."),
    page="variant",
    key="variant",
)
