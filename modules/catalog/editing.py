"""What the vendor's pages do with more than one service."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from modules.catalog import grid_forms, images
from modules.catalog.forms import NewProductForm, facts, first_variant
from modules.catalog.models import Image, Product
from modules.catalog.options import check_options, set_options
from modules.catalog.services import create
from orion.contracts.forms import Form, Undo
from orion.contracts.scope import Scope


def make(scope: Scope, form: NewProductForm, now: datetime) -> Product:
    """A new product with the variants that its options make. Raises Invalid."""
    check_options(form.wanted)
    product = create(scope, facts(form), first_variant(form), now=now)
    if form.wanted:
        set_options(scope, product.public_id, form.wanted, now=now)
    return product


def save_images(
    scope: Scope, product: Product, form: Form, there: Sequence[Image], sent: Mapping[str, str], now: datetime
) -> tuple[str, Undo | None]:
    """Keep what was typed and chosen, then do what the button says: `remove` names a picture, `up` and `down`
    too. Gives what to say, and what takes a removal back. Raises Invalid and NotFound."""
    public_id, undo = product.public_id, None
    images.describe(scope, public_id, grid_forms.described(form, there), now=now)
    files = grid_forms.uploads(form)
    if files:
        images.add(scope, public_id, files, now=now)
    for name, by in (("up", -1), ("down", 1)):
        if sent.get(name):
            images.move(scope, public_id, sent[name], by, now=now)
    message: Any = _("Images saved.")
    if sent.get("remove"):
        gone = images.remove(scope, public_id, sent["remove"], now=now)
        undo = Undo("catalog.image", product_id=gone.product_id, row=dict(gone.row))
        message = _("Image removed.")
    return message, undo
