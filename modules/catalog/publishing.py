"""Writing the products of a table, many at a time, and taking them back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from modules.catalog.comparing import (
    OF_VARIANT,
    facts_of,
    find,
    is_one_of_many,
    matched,
    options_of,
    padded,
    translations_of,
    verdict,
)
from modules.catalog.listings import publish as show
from modules.catalog.models import Product, Variant
from modules.catalog.originals import Texts
from modules.catalog.stored import (
    Stored,
    read,
    restore,
    write_links,
    write_options,
    write_tags,
    write_texts,
)
from modules.catalog.summary import keep_words, refresh, summed_up, words_of
from orion.contracts.data import insert_rows, session
from orion.contracts.events import emit
from orion.contracts.models import normalise, public_id
from orion.contracts.scope import Scope
from orion.contracts.tabular import NEW, UNCHANGED, Published, Thing
from orion.contracts.texts import stamp_of


def publish(
    scope: Scope, things: Sequence[Thing], *, platform_id: int | None, now: datetime
) -> list[Published | str]:
    """See Destination. A product that is new and active shows on the platform."""
    found = find(scope, things, pictures=True)
    parts = {s.product.id for t, s in zip(things, found, strict=True) if s and is_one_of_many(t.data, s)}
    outcome: dict[int, Published | str] = {}
    new: list[tuple[int, Thing]] = []
    handles: set[str] = set()
    for place, (thing, stored) in enumerate(zip(things, found, strict=True)):
        if stored is None and thing.data["handle"] in handles:
            outcome[place] = str(_("Another product of this file has the same handle."))
        elif stored is None:
            handles.add(thing.data["handle"])
            new.append((place, thing))
        else:
            outcome[place] = _change(scope, thing, stored, now)
    for (place, _thing), id_ in zip(new, _make(scope, [thing for _p, thing in new], now), strict=True):
        outcome[place] = Published(id_, None, NEW)
    done = [one for one in outcome.values() if isinstance(one, Published) and one.state != UNCHANGED]
    _finish(scope, things, outcome, parts, platform_id)
    said = _say(scope, things, found, outcome, parts)
    refresh(scope, [one.id for one in done if one.before is not None or one.id in said])
    made = [one.id for one in done if one.before is None]
    if made:
        emit(scope, "catalog.created", product_ids=made)
    if len(made) < len(done):
        emit(scope, "catalog.changed", product_ids=[one.id for one in done if one.before is not None])
    return [outcome[place] for place in range(len(things))]


def take_back(scope: Scope, published: Mapping[int, dict[str, Any] | None], *, at: datetime) -> list[int]:
    """See Destination. A product is left alone once somebody has changed it, or counts its stock."""
    there = read(published)
    left = [id_ for id_, stored in there.items() if stored.product.updated_at != at]
    made = [id_ for id_, before in published.items() if before is None and id_ in there and id_ not in left]
    left += _delete(made)
    back = {
        id_: before
        for id_, before in published.items()
        if before is not None and id_ in there and id_ not in left
    }
    try:
        with session().begin_nested():
            restore(scope, there, back)
    except IntegrityError:
        left += _restore_each(scope, back)
        back = {id_: before for id_, before in back.items() if id_ not in left}
    _refresh(scope, there, back)
    return sorted(left)


def _refresh(scope: Scope, there: Mapping[int, Stored], back: Mapping[int, Mapping[str, Any]]) -> None:
    if back:
        refresh(scope, back)
        emit(scope, "catalog.changed", product_ids=sorted(back))


def _restore_each(scope: Scope, back: Mapping[int, dict[str, Any]]) -> list[int]:
    """One by one, where something hangs on a variant of one of them: those that can't be."""
    left = []
    for id_, before in back.items():
        try:
            with session().begin_nested():
                restore(scope, read([id_]), {id_: before})
        except IntegrityError:
            left.append(id_)
    return left


def _delete(ids: Sequence[int]) -> list[int]:
    """Delete products; those on which something hangs, and that stay."""
    try:
        with session().begin_nested():
            session().execute(delete(Product).where(Product.id.in_(ids)))
        return []
    except IntegrityError:
        if len(ids) == 1:
            return list(ids)
    half = len(ids) // 2
    return [*_delete(ids[:half]), *_delete(ids[half:])]


# -- new ones -------------------------------------------------------------------------------------


def _make(scope: Scope, things: Sequence[Thing], now: datetime) -> list[int]:
    rows = [_row(scope, thing.data, now) for thing in things]
    ids = insert_rows(scope, Product, rows)
    made = dict(zip(ids, (thing.data for thing in things), strict=True))
    variants = [
        _variant(id_, position, one)
        for id_, data in made.items()
        for position, one in enumerate(data["variants"], 1)
    ]
    insert_rows(scope, Variant, variants)
    write_options(scope, {id_: options_of(data) for id_, data in made.items()}, new=True)
    write_tags(scope, {id_: data.get("tags", ()) for id_, data in made.items()}, new=True)
    write_links(scope, {id_: data["images"] for id_, data in made.items()}, new=True)
    keep_words(scope, {id_: _words(data) for id_, data in made.items()})
    return ids


def _words(data: Mapping[str, Any]) -> set[str]:
    codes = (one.get(name, "") for one in data["variants"] for name in ("sku", "barcode"))
    return words_of(data["title"], data.get("brand", ""), data["handle"], codes)


def _row(scope: Scope, data: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    texts = {name: data.get(name, "") for name in ("title", "description", "brand", "type")}
    return {
        **texts,
        "public_id": public_id(),
        "title_norm": normalise(texts["title"]),
        "type_norm": normalise(texts["type"]),
        "handle": data["handle"],
        "status": data.get("status", "draft"),
        "currency": scope.currency,
        "created_at": now,
        "updated_at": now,
        **summed_up([one.get("price") for one in data["variants"]]),
    }


def _variant(product_id: int, position: int, one: Mapping[str, Any]) -> dict[str, Any]:
    values = padded(one["values"])
    codes = {name: one.get(name, "") for name in ("sku", "barcode")}
    return {
        "product_id": product_id,
        "public_id": public_id(),
        "position": position,
        **{f"value{n}": value for n, value in enumerate(values, 1)},
        **codes,
        **{f"{name}_norm": normalise(text) for name, text in codes.items()},
        **{name: one.get(name) for name in ("price", "compare_at", "cost", "weight")},
    }


# -- those that are there -------------------------------------------------------------------------


def _change(scope: Scope, thing: Thing, stored: Stored, now: datetime) -> Published | str:
    """Make a product what the table says of it."""
    said = verdict(scope, thing, stored)
    if said.problem:
        return str(_("The product is priced in another currency."))
    if said.state == UNCHANGED:
        return Published(stored.product.id, None, UNCHANGED)
    before, data, product = stored.snapshot(), thing.data, stored.product
    if "texts" in data:
        before["texts"] = stored.texts
    pairs = matched(data, stored)
    if not is_one_of_many(data, stored):
        for name in facts_of(data):
            if data[name] != getattr(product, name):
                if name == "status":
                    product.archived_from = product.status if data[name] == "archived" else ""
                setattr(product, name, data[name])
        if "options" in data:
            _retire(stored, {variant.id for _one, variant in pairs if variant is not None}, now)
    latest = max((variant.position for variant in stored.variants), default=0)
    for one, variant in pairs:
        if variant is None:
            latest += 1
            _add(stored, one, latest, now)
            continue
        for name in OF_VARIANT:
            if name in one:
                setattr(variant, name, one[name])
    product.version += 1
    product.updated_at = now
    return Published(product.id, before, said.state)


def _retire(stored: Stored, kept: set[int], now: datetime) -> None:
    for variant in stored.live:
        if variant.id not in kept:
            variant.retired_at = now
    session().flush()


def _add(stored: Stored, one: Mapping[str, Any], position: int, now: datetime) -> None:
    """A variant that is new, or comes back with its values."""
    values = padded(one["values"])
    back = next((v for v in stored.variants if v.retired_at not in (None, now) and v.values == values), None)
    variant = back or Variant(vendor_id=stored.product.vendor_id, product_id=stored.product.id)
    variant.values, variant.position, variant.retired_at = values, position, None
    for name in OF_VARIANT:
        if name in one:
            setattr(variant, name, one[name])
    session().add(variant)


def _finish(
    scope: Scope,
    things: Sequence[Thing],
    outcome: Mapping[int, Published | str],
    parts: set[int],
    platform_id: int | None,
) -> None:
    """What stands in rows of its own, for all at once; and where the products show.

    Of products of which the table tells but a variant (`parts`) nothing of their own is written.
    """
    session().flush()
    done = {
        one.id: things[place].data
        for place, one in outcome.items()
        if isinstance(one, Published) and one.before is not None and one.id not in parts
    }
    if done:
        write_options(scope, {id_: options_of(d) for id_, d in done.items() if "options" in d})
        write_tags(scope, {id_: data["tags"] for id_, data in done.items() if "tags" in data})
        write_links(scope, {id_: data["images"] for id_, data in done.items() if data["images"]})
    shown = [
        one.id
        for place, one in outcome.items()
        if isinstance(one, Published) and one.state == NEW and things[place].data.get("status") == "active"
    ]
    if platform_id is not None and shown:
        show(scope, shown, platform_id)


def _say(
    scope: Scope,
    things: Sequence[Thing],
    found: Sequence[Stored | None],
    outcome: Mapping[int, Published | str],
    parts: set[int],
) -> Collection[int]:
    """What products say in other languages, beside what they say there already; row ids of those that do."""
    wanted: dict[int, dict[str, Texts]] = {}
    for place, one in outcome.items():
        data, stored = things[place].data, found[place]
        if not isinstance(one, Published) or one.state == UNCHANGED or one.id in parts:
            continue
        there = stored.texts if stored else {}
        for language, key, text in translations_of(scope, data, there):
            spoken = wanted.setdefault(one.id, dict(there))
            original = key.partition(":")[2] or (
                getattr(stored.product, key) if stored else data.get(key, "")
            )
            spoken[language] = {**spoken.get(language, {}), key: [text, stamp_of(original)]}
    if wanted:
        write_texts(scope, wanted)
    return wanted
