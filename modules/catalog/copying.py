"""Duplicates of products."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from modules.catalog.models import (
    Image,
    ImageLink,
    Option,
    OptionValue,
    Product,
    ProductCategory,
    Tag,
    Translation,
    Variant,
)
from modules.catalog.services import ProductFacts, free_handle, locked
from modules.catalog.summary import refresh
from orion.contracts.data import insert_rows, session
from orion.contracts.events import emit
from orion.contracts.models import public_id
from orion.contracts.scope import Scope

_LIKE_THE_SOURCE = ("vendor_id", "description", "brand", "type", "tax_class", "currency")
#: What the rows of a duplicate do not take over, and what they have instead. Codes name one thing alone.
_OWN: Mapping[Any, Mapping[str, Callable[[], str]]] = {
    Variant: {"public_id": public_id, **dict.fromkeys(("sku", "sku_norm", "barcode", "barcode_norm"), str)},
    Image: {"public_id": public_id},
    ImageLink: {},
    Tag: {},
    ProductCategory: {},
    Translation: {},
}


def duplicate(scope: Scope, product_id: str, *, now: datetime) -> Product:
    """A draft like a product, with its options, variants and pictures, and without its SKUs and barcodes.

    Raises NotFound.
    """
    source = locked(scope, product_id)
    title = _("%(title)s (copy)", title=source.title[:180])
    copy = Product(
        title=title,
        handle=free_handle(ProductFacts(title), None),
        created_at=now,
        updated_at=now,
        **{name: getattr(source, name) for name in _LIKE_THE_SOURCE},
    )
    session().add(copy)
    session().flush()
    for model in _OWN:
        _copy(scope, model, source, copy)
    _copy_options(scope, source, copy)
    refresh(scope, [copy.id])
    emit(scope, "catalog.created", product_ids=[copy.id])
    return copy


def _copy(scope: Scope, model: Any, source: Product, copy: Product) -> None:
    statement = select(model).where(model.product_id == source.id).order_by(model.id)
    if model is Variant:
        statement = statement.where(Variant.retired_at.is_(None))
    names = [c.name for c in model.__table__.columns if c.name not in ("id", "product_id", *_OWN[model])]
    rows = [
        {name: getattr(row, name) for name in names}
        | {name: make() for name, make in _OWN[model].items()}
        | {"product_id": copy.id}
        for row in session().scalars(statement)
    ]
    insert_rows(scope, model, rows)


def _copy_options(scope: Scope, source: Product, copy: Product) -> None:
    mine = select(Option).where(Option.product_id == source.id).order_by(Option.position)
    options = session().scalars(mine).all()
    rows = [{"product_id": copy.id, "position": o.position, "name": o.name} for o in options]
    made = dict(zip((o.id for o in options), insert_rows(scope, Option, rows), strict=True))
    values = select(OptionValue).where(OptionValue.option_id.in_(made)).order_by(OptionValue.id)
    insert_rows(
        scope,
        OptionValue,
        [
            {"option_id": made[value.option_id], "position": value.position, "text": value.text}
            for value in session().scalars(values)
        ],
    )
