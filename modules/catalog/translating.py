"""Writing what products say in other languages than their vendor's."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from zlib import crc32

from flask_babel import gettext as _
from sqlalchemy import select

from modules.catalog import queries
from modules.catalog.models import Product, Translation
from modules.catalog.originals import Original, Texts, originals
from modules.catalog.services import LONGEST_DESCRIPTION, changed, check_version, locked
from orion.contracts.data import session
from orion.contracts.errors import Invalid, NotFound
from orion.contracts.models import normalise
from orion.contracts.scope import Scope
from orion.contracts.texts import translated_into

#: Characters of a translation, by the part of its key before the colon.
LONGEST = {
    "title": 200,
    "description": LONGEST_DESCRIPTION,
    "type": 120,
    "option": 80,
    "value": 80,
    "alt": 300,
}
#: What other products say of the same words is looked for in so many, the latest first.
REMEMBERED = 50


def translate(
    scope: Scope,
    product_id: str,
    language: str,
    said: Mapping[str, str],
    *,
    right: Collection[str] = (),
    version: int | None = None,
    now: datetime,
) -> dict[str, Any]:
    """Say what a product says in another language: texts by the key of their original; an empty one is none.

    What `said` leaves out stays. A translation that stays as it was is as old as it was, but for those in
    `right`: somebody has looked at them. Gives the texts before. Raises NotFound, also for a language that
    the vendor doesn't translate into, Conflict for an old version (see `stamp`), and Invalid.
    """
    if language not in translated_into(scope):
        raise NotFound()
    product = locked(scope, product_id)
    there = originals_of(scope, product)
    before = dict(queries.translations(scope, product).get(language, {}))
    check_version(stamp(there, before), version)
    _check(said)
    texts = dict(before)
    for one in (one for one in there if one.key in said):
        text, was = said[one.key].strip(), before.get(one.key)
        if not text:
            texts.pop(one.key, None)
        elif was is None or was[0] != text or one.key in right:
            texts[one.key] = [text, one.stamp]
    put(product, language, texts)
    changed(scope, product, now)
    return before


def put_back(scope: Scope, product_id: str, language: str, texts: Texts, *, now: datetime) -> None:
    """Make a product's texts in a language what they were. Raises NotFound."""
    product = locked(scope, product_id)
    put(product, language, texts)
    changed(scope, product, now)


def put(product: Product, language: str, texts: Texts) -> None:
    """Make a product's texts in a language these."""
    mine = select(Translation).where(Translation.product_id == product.id, Translation.language == language)
    row = session().scalar(mine)
    if row is None and texts:
        made = {"vendor_id": product.vendor_id, "product_id": product.id, "language": language}
        session().add(Translation(**made, texts=dict(texts)))
    elif row is not None and texts:
        row.texts = {key: list(said) for key, said in texts.items()}
    elif row is not None:
        session().delete(row)


def rename(product: Product, renamed: Mapping[str, str]) -> None:
    """What a product varies in is called something else (old key → new key): the translations go along, and
    are out of date."""
    for row in session().scalars(select(Translation).where(Translation.product_id == product.id)).all():
        moved = {new: row.texts[old] for old, new in renamed.items() if old in row.texts and old != new}
        if moved:
            row.texts = {**row.texts, **moved}


def originals_of(scope: Scope, product: Product) -> list[Original]:
    """What a product says that can be translated."""
    options = [(one.name, [v.text for v in values]) for one, values in queries.options(scope, product)]
    return originals(product, options, queries.images(scope, product))


def stamp(there: Sequence[Original], texts: Texts) -> int:
    """A number that changes with the originals and with their translations: the version of their form."""
    said = sorted((key, list(pair)) for key, pair in texts.items())
    return crc32(repr(([(one.key, one.stamp) for one in there], said)).encode())


def remembered(scope: Scope, language: str, keys: Collection[str]) -> dict[str, str]:
    """What other products say in a language for the same options and values, by key."""
    wanted = {normalise(key): key for key in keys}
    found: dict[str, str] = {}
    if not wanted:
        return found
    latest = select(Translation.texts).where(Translation.language == language)
    for texts in session().scalars(latest.order_by(Translation.id.desc()).limit(REMEMBERED)):
        for key, said in texts.items():
            if normalise(key) in wanted:
                found.setdefault(wanted[normalise(key)], said[0])
    return found


def _check(said: Mapping[str, str]) -> None:
    errors = {}
    for key, text in said.items():
        most = LONGEST[key.partition(":")[0]]
        if len(text) > most:
            errors[key] = [_("Use at most %(num)s characters.", num=most)]
    if errors:
        raise Invalid(errors=errors)
