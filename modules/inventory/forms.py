"""The forms of stock."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from modules.catalog.api import Found, Product, Variant
from modules.inventory import queries
from modules.inventory.models import REASONS
from modules.inventory.services import LONGEST_NAME, LONGEST_NOTE, MOST
from orion.contracts.data import once
from orion.contracts.forms import ChoiceField, FlagField, Form, QuantityField, TextField
from orion.contracts.pages import current_scope

REASON_WORDS = {
    "damaged": _l("Damaged"),
    "lost": _l("Lost"),
    "found": _l("Found"),
    "used": _l("Used by ourselves"),
    "gift": _l("Given away"),
    "correction": _l("Correction"),
}


#: Stands for the location that will be made with the first goods.
FIRST = "first"


def places() -> list[tuple[str, object]]:
    """The open locations; before there is any, the one that will be the first."""
    there = once("inventory.open", lambda: queries.locations(current_scope(), active=True))
    return [(one.public_id, one.name) for one in there] or [(FIRST, _("Main store"))]


class Receive(Form):
    """Pieces that came in."""

    quantity = QuantityField(_l("Pieces"), least=1, most=MOST, required=True)
    location = ChoiceField(_l("Location"), options=places, required=True)
    note = TextField(_l("Note"), most=LONGEST_NOTE, hint=_l("A delivery note, for example."))


class Adjust(Form):
    """Pieces more or fewer than were on the books."""

    quantity = QuantityField(
        lazy_pgettext("stock", "Change"),
        least=-MOST,
        most=MOST,
        required=True,
        hint=_l("With a minus for pieces that are gone."),
    )
    reason = ChoiceField(_l("Why"), options=[(key, REASON_WORDS[key]) for key in REASONS], required=True)
    location = ChoiceField(_l("Location"), options=places, required=True)
    note = TextField(_l("Note"), most=LONGEST_NOTE)


class Transfer(Form):
    """Pieces that went elsewhere."""

    quantity = QuantityField(_l("Pieces"), least=1, most=MOST, required=True)
    source = ChoiceField(lazy_pgettext("location", "From"), options=places, required=True)
    target = ChoiceField(lazy_pgettext("location", "To"), options=places, required=True)
    note = TextField(_l("Note"), most=LONGEST_NOTE)


class Threshold(Form):
    """When to warn."""

    threshold = QuantityField(
        _l("Warn at"), most=MOST, hint=_l("So many available pieces or fewer are low. Empty: no warning.")
    )


class Place(Form):
    """A location."""

    name = TextField(_l("Name"), most=LONGEST_NAME, required=True)
    active = FlagField(
        lazy_pgettext("location", "Open"), hint=_l("Goods can be put here, and sold from here.")
    )


def sheet_form(rows: Sequence[tuple[Variant, Product, int]]) -> Form:
    """A field for each variant on a sheet."""
    fields: dict[str, Any] = {
        f"counted-{variant.id}": QuantityField(
            _("Counted: %(title)s", title=Found(variant, product).title), most=MOST
        )
        for variant, product, _there in rows
    }
    form: Form = type("SheetForm", (Form,), {**fields, "note": TextField(_("Note"), most=LONGEST_NOTE)})()
    return form


def counted(form: Form, rows: Sequence[tuple[Variant, Product, int]]) -> dict[int, int]:
    """Variant row id → pieces, of the fields that were filled in."""
    typed = {variant.id: form[f"counted-{variant.id}"].data for variant, _product, _there in rows}
    return {id_: number for id_, number in typed.items() if number is not None}
