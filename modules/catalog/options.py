"""What a product varies in, and the variants that follow from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product as combinations
from math import prod
from zlib import crc32

from flask_babel import gettext as _
from sqlalchemy import delete, select

from modules.catalog.models import MOST_OPTIONS, Option, OptionValue, Product, Variant
from modules.catalog.queries import options as options_of
from modules.catalog.services import changed, check_version, locked
from modules.catalog.translating import rename
from orion.contracts.data import insert_rows, session
from orion.contracts.errors import Invalid
from orion.contracts.models import normalise
from orion.contracts.scope import Scope

MOST_VARIANTS = 250
LONGEST = 80
Values = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class WantedOption:
    """An option as it shall be. `values` are its texts in their order.

    `was` is the position (1 to 3) that the option has now, 0 for a new one; `renamed` maps what a value
    is called now to what it shall be called.
    """

    name: str
    values: Sequence[str]
    was: int = 0
    renamed: Mapping[str, str] | None = None


def set_options(
    scope: Scope,
    product_id: str,
    wanted: Sequence[WantedOption],
    *,
    version: int | None = None,
    now: datetime,
) -> Product:
    """Give a product these options, and exactly the variants that their values can be combined to.

    Variants whose values stay are the same rows as before. Those that a value or option took away are
    retired, and come back as they were with it; new ones take over price and weight of the first variant.
    A new option gives its first value to the variants that are there. Without any option the first variant
    stays alone. `version` is the stamp of the options that were shown. Raises NotFound, Conflict where they
    have another one now, and Invalid.
    """
    wanted = [_clean(option) for option in wanted]
    check_options(wanted)
    product = locked(scope, product_id)
    there = options_of(scope, product)
    check_version(stamp(there), version)
    mine = select(Variant).where(Variant.product_id == product.id).order_by(Variant.position, Variant.id)
    variants = list(session().scalars(mine))
    _keep_translations(product, there, wanted)
    _rebuild(scope, product, wanted)
    _combine(scope, product, variants, wanted, now)
    changed(scope, product, now)
    return product


def stamp(options: Iterable[tuple[Option, Sequence[OptionValue]]]) -> int:
    """A number that changes with a product's options: the version of their form."""
    return crc32(
        repr([(option.name, [value.text for value in values]) for option, values in options]).encode()
    )


def check_options(wanted: Sequence[WantedOption]) -> None:
    """Raises Invalid; its errors are under `option1`, `option1_values` and so on."""
    errors: dict[str, list[str]] = {}
    names: set[str] = set()
    for number, option in enumerate(wanted, 1):
        if not option.name or len(option.name) > LONGEST:
            errors[f"option{number}"] = [_("Name what the product varies in, as in Colour.")]
        elif normalise(option.name) in names:
            errors[f"option{number}"] = [_("The product varies in this already.")]
        names.add(normalise(option.name))
        plain = [normalise(value) for value in option.values]
        if not plain or any(len(value) > LONGEST for value in option.values):
            errors[f"option{number}_values"] = [
                _("Write at least one value, each of at most %(num)s characters.", num=LONGEST)
            ]
        elif len(set(plain)) < len(plain):
            errors[f"option{number}_values"] = [_("Each value may stand here once.")]
    if errors:
        raise Invalid(errors=errors)
    if len(wanted) > MOST_OPTIONS or prod(len(option.values) for option in wanted) > MOST_VARIANTS:
        raise Invalid(
            _(
                "A product has at most %(options)s options and %(num)s variants.",
                options=MOST_OPTIONS,
                num=MOST_VARIANTS,
            )
        )


def _clean(option: WantedOption) -> WantedOption:
    values = [" ".join(value.split()) for value in option.values]
    renamed = {old: " ".join(new.split()) for old, new in (option.renamed or {}).items()}
    return WantedOption(
        " ".join(option.name.split()), [value for value in values if value], option.was, renamed
    )


def _keep_translations(
    product: Product,
    there: Iterable[tuple[Option, Sequence[OptionValue]]],
    wanted: Sequence[WantedOption],
) -> None:
    """Options and values that are called something else keep what they are called in other languages."""
    renamed = {f"value:{old}": f"value:{new}" for one in wanted for old, new in (one.renamed or {}).items()}
    names = {option.position: option.name for option, _values in there}
    renamed |= {f"option:{names[one.was]}": f"option:{one.name}" for one in wanted if one.was in names}
    rename(product, renamed)


def _rebuild(scope: Scope, product: Product, wanted: Sequence[WantedOption]) -> None:
    """The rows of options and values: few, and nothing refers to them, so they are made anew."""
    session().execute(delete(Option).where(Option.product_id == product.id))
    options = [
        {"product_id": product.id, "position": n, "name": option.name} for n, option in enumerate(wanted, 1)
    ]
    ids = insert_rows(scope, Option, options)
    values = [
        {"option_id": id_, "position": n, "text": text}
        for id_, option in zip(ids, wanted, strict=True)
        for n, text in enumerate(option.values, 1)
    ]
    insert_rows(scope, OptionValue, values)


def _combine(
    scope: Scope,
    product: Product,
    variants: list[Variant],
    wanted: Sequence[WantedOption],
    now: datetime,
) -> None:
    live = [variant for variant in variants if variant.retired_at is None]
    first = live[0]
    latest = sorted((v for v in variants if v.retired_at), key=lambda v: v.retired_at or now, reverse=True)
    # All are retired for a moment: values that change places would meet on the way.
    for variant in live:
        variant.retired_at = now
    session().flush()
    by_values: dict[Values, Variant] = {}
    for variant in [*live, *latest]:
        variant.values = _translated(variant.values, wanted)
        by_values.setdefault(variant.values, variant)
    session().flush()
    for position, values in enumerate(_combined(wanted), 1):
        variant = by_values.get(values) or _new(product, first, values)
        variant.position, variant.retired_at = position, None
        session().add(variant)


def _combined(wanted: Sequence[WantedOption]) -> list[Values]:
    texts = [list(option.values) for option in wanted]
    return [(*one, *("",) * (MOST_OPTIONS - len(one))) for one in combinations(*texts)]  # type: ignore[misc]


def _translated(values: Values, wanted: Sequence[WantedOption]) -> Values:
    """The values of a variant in the new order of options, under their new names."""
    texts = []
    for option in wanted:
        old = values[option.was - 1] if option.was else ""
        new = (option.renamed or {}).get(old, old)
        texts.append(new if old else option.values[0])
    return (*texts, *("",) * (MOST_OPTIONS - len(texts)))  # type: ignore[return-value]


def _new(product: Product, like: Variant, values: Values) -> Variant:
    variant = Variant(
        vendor_id=product.vendor_id,
        product_id=product.id,
        price=like.price,
        compare_at=like.compare_at,
        cost=like.cost,
        weight=like.weight,
    )
    variant.values = values
    return variant
