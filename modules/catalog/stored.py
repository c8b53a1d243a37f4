"""Products as they are stored, with all that belongs to them: read many at once, written back whole."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from modules.catalog.elsewhere import follow
from modules.catalog.models import (
    Image,
    ImageLink,
    Option,
    OptionValue,
    Product,
    Tag,
    Translation,
    Variant,
)
from modules.catalog.originals import Texts, pick
from orion.contracts.data import insert_rows, session
from orion.contracts.models import normalise
from orion.contracts.scope import Scope

#: What an import writes of a product and its variants, and taking it back writes again.
PRODUCT = (
    *("title", "handle", "description", "brand", "type", "status", "archived_from", "tax_class", "currency"),
)
LINK = ("url", "alt", "fetched_id")
PICTURE = ("public_id", "key", "alt", "position", "width", "height")
VARIANT = (
    *("position", "value1", "value2", "value3", "sku", "barcode", "price", "compare_at", "cost", "weight"),
)


@dataclass(slots=True)
class Stored:
    """A product with its parts."""

    product: Product
    variants: list[Variant] = field(default_factory=list)
    options: list[tuple[str, list[str]]] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    links: list[dict[str, str]] = field(default_factory=list)
    #: What became of the address of each link: the row id, or None.
    fetched: list[int | None] = field(default_factory=list)
    #: Its pictures as rows; None where they were not asked for.
    pictures: list[dict[str, Any]] | None = None
    #: Language → what the product says there; empty where it was not asked for.
    texts: dict[str, Texts] = field(default_factory=dict)

    def said(self, key: str, original: str, language: str) -> str:
        """What the product says in a language, or in a wider one, else the original (see `originals`)."""
        found = pick(self.texts, language, key)
        return found[0] if found else original

    @property
    def live(self) -> list[Variant]:
        """The variants on sale."""
        return [variant for variant in self.variants if variant.retired_at is None]

    def snapshot(self) -> dict[str, Any]:
        """All of it as JSON's types."""
        product = {name: getattr(self.product, name) for name in PRODUCT}
        variants = [
            {
                "id": variant.id,
                "retired_at": variant.retired_at.isoformat() if variant.retired_at else None,
                **{name: getattr(variant, name) for name in VARIANT},
            }
            for variant in self.variants
        ]
        return {
            "product": {**product, "updated_at": self.product.updated_at.isoformat()},
            "variants": variants,
            "options": [[name, values] for name, values in self.options],
            "tags": self.tags,
            "links": self.links,
            "fetched": self.fetched,
            **({} if self.pictures is None else {"pictures": self.pictures}),
        }


def read(
    ids: Iterable[int], *, lock: bool = True, texts: bool = False, pictures: bool = False
) -> dict[int, Stored]:
    """Row id → product, locked for this transaction where it is to be changed; with what it says in other
    languages where `texts` are wanted, and with its `pictures`."""
    wanted = sorted(set(ids))
    mine = select(Product).where(Product.id.in_(wanted)).order_by(Product.id)
    mine = mine.with_for_update(of=Product) if lock else mine
    found = {one.id: Stored(one) for one in session().scalars(mine)}
    for variant in session().scalars(
        select(Variant).where(Variant.product_id.in_(found)).order_by(Variant.position, Variant.id)
    ):
        found[variant.product_id].variants.append(variant)
    values: dict[int, list[str]] = defaultdict(list)
    named = select(Option.id, Option.product_id, Option.name).where(Option.product_id.in_(found))
    options = session().execute(named.order_by(Option.product_id, Option.position)).all()
    for option_id, text in session().execute(
        select(OptionValue.option_id, OptionValue.text)
        .where(OptionValue.option_id.in_([option.id for option in options]))
        .order_by(OptionValue.option_id, OptionValue.position)
    ):
        values[option_id].append(text)
    for option in options:
        found[option.product_id].options.append((option.name, values[option.id]))
    tags = select(Tag.product_id, Tag.text).where(Tag.product_id.in_(found)).order_by(Tag.text_norm)
    for product_id, text in session().execute(tags):
        found[product_id].tags.append(text)
    for product_id, links in _links(found).items():
        found[product_id].links = [{"url": one["url"], "alt": one["alt"]} for one in links]
        found[product_id].fetched = [one["fetched_id"] for one in links]
    if texts:
        said = select(Translation.product_id, Translation.language, Translation.texts)
        for product_id, language, own in session().execute(said.where(Translation.product_id.in_(found))):
            found[product_id].texts[language] = own
    if pictures:
        for product_id, images in _images(found).items():
            found[product_id].pictures = [_picture(image) for image in images]
    return found


def _links(ids: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """Product row id → its links as rows."""
    wanted = set(ids)
    found: dict[int, list[dict[str, Any]]] = {id_: [] for id_ in wanted}
    asked = select(ImageLink.product_id, *(getattr(ImageLink, name) for name in LINK))
    mine = asked.where(ImageLink.product_id.in_(wanted))
    for product_id, *row in session().execute(mine.order_by(ImageLink.position, ImageLink.id)):
        found[product_id].append(dict(zip(LINK, row, strict=True)))
    return found


def _images(ids: Iterable[int]) -> dict[int, list[Image]]:
    """Product row id → its pictures."""
    wanted = set(ids)
    found: dict[int, list[Image]] = {id_: [] for id_ in wanted}
    mine = select(Image).where(Image.product_id.in_(wanted))
    for image in session().scalars(mine.order_by(Image.position, Image.id)):
        found[image.product_id].append(image)
    return found


def _picture(image: Image) -> dict[str, Any]:
    return {name: getattr(image, name) for name in PICTURE}


def write_options(
    scope: Scope, wanted: Mapping[int, Sequence[tuple[str, Sequence[str]]]], *, new: bool = False
) -> None:
    """Product row id → its options with their values, in place of those that are there: of `new` products
    none are."""
    if not new:
        session().execute(delete(Option).where(Option.product_id.in_(wanted)))
    options = [
        (id_, n, name, values)
        for id_, of_product in wanted.items()
        for n, (name, values) in enumerate(of_product, 1)
    ]
    rows = [{"product_id": id_, "position": n, "name": name} for id_, n, name, _values in options]
    made = insert_rows(scope, Option, rows)
    texts = [
        {"option_id": option_id, "position": n, "text": text}
        for option_id, (_id, _n, _name, values) in zip(made, options, strict=True)
        for n, text in enumerate(values, 1)
    ]
    insert_rows(scope, OptionValue, texts)


def write_tags(scope: Scope, wanted: Mapping[int, Sequence[str]], *, new: bool = False) -> None:
    """Product row id → its tags, in place of those that are there."""
    if not new:
        session().execute(delete(Tag).where(Tag.product_id.in_(wanted)))
    rows = [
        {"product_id": id_, "text": text, "text_norm": normalise(text)}
        for id_, tags in wanted.items()
        for text in tags
    ]
    insert_rows(scope, Tag, rows)


def write_links(
    scope: Scope,
    wanted: Mapping[int, Sequence[Mapping[str, str]]],
    fetched: Mapping[int, Sequence[int | None]] | None = None,
    *,
    new: bool = False,
) -> None:
    """Product row id → the addresses of its images elsewhere, in place of those that are there.

    What became of an address stays with it, unless `fetched` says for each link what it is to be; pictures
    that were made of links follow them.
    """
    there = {id_: list[dict[str, Any]]() for id_ in wanted} if new else _links(wanted)
    rows = dict[int, list[dict[str, Any]]]()
    for id_, links in wanted.items():
        known = {one["url"]: one["fetched_id"] for one in there[id_]}
        of = (fetched or {}).get(id_) or [known.get(link["url"]) for link in links]
        rows[id_] = [
            {"url": link["url"], "alt": link["alt"], "fetched_id": one}
            for link, one in zip(links, of, strict=True)
        ]
    others = {id_: links for id_, links in rows.items() if links != there[id_]}
    if others and not new:
        session().execute(delete(ImageLink).where(ImageLink.product_id.in_(others)))
    placed = [(id_, n, link) for id_, links in others.items() for n, link in enumerate(links, 1)]
    insert_rows(scope, ImageLink, [{"product_id": id_, "position": n, **link} for id_, n, link in placed])
    if not new:
        follow(there, others)


def write_pictures(scope: Scope, wanted: Mapping[int, Sequence[Mapping[str, Any]]]) -> None:
    """Product row id → its pictures as rows, in place of those that are there; their files are there."""
    there = _images(wanted)
    rows = []
    for id_, pictures in wanted.items():
        known = {image.public_id: image for image in there[id_]}
        for row in pictures:
            image = known.pop(row["public_id"], None)
            if image is None:
                rows.append({"product_id": id_, **row})
                continue
            for name in PICTURE:
                setattr(image, name, row[name])
        for image in known.values():
            session().delete(image)
    session().flush()
    insert_rows(scope, Image, rows)


def write_texts(scope: Scope, wanted: Mapping[int, Mapping[str, Texts]]) -> None:
    """Product row id → what it says in other languages, in place of what is there."""
    session().execute(delete(Translation).where(Translation.product_id.in_(wanted)))
    rows = [
        {"product_id": id_, "language": language, "texts": dict(texts), "missing": 0, "outdated": 0}
        for id_, spoken in wanted.items()
        for language, texts in spoken.items()
        if texts
    ]
    insert_rows(scope, Translation, rows)


def restore(scope: Scope, there: Mapping[int, Stored], wanted: Mapping[int, Mapping[str, Any]]) -> None:
    """Make products what their snapshots say; variants that came since are deleted."""
    gone: list[int] = []
    for id_, snapshot in wanted.items():
        stored = there[id_]
        for name in PRODUCT:
            setattr(stored.product, name, snapshot["product"][name])
        stored.product.updated_at = datetime.fromisoformat(snapshot["product"]["updated_at"])
        stored.product.version += 1
        before = {row["id"]: row for row in snapshot["variants"]}
        gone += [variant.id for variant in stored.variants if variant.id not in before]
        # All are retired for a moment: values that change places would meet on the way.
        for variant in stored.variants:
            variant.retired_at = variant.retired_at or stored.product.updated_at
    session().flush()
    session().execute(delete(Variant).where(Variant.id.in_(gone)))
    for id_, snapshot in wanted.items():
        rows = {row["id"]: row for row in snapshot["variants"]}
        for variant in (one for one in there[id_].variants if one.id in rows):
            for name in VARIANT:
                setattr(variant, name, rows[variant.id][name])
    session().flush()
    for id_, snapshot in wanted.items():
        rows = {row["id"]: row for row in snapshot["variants"]}
        for variant in (one for one in there[id_].variants if one.id in rows):
            retired = rows[variant.id]["retired_at"]
            variant.retired_at = datetime.fromisoformat(retired) if retired else None
    session().flush()
    write_options(scope, {id_: [(n, v) for n, v in one["options"]] for id_, one in wanted.items()})
    write_tags(scope, {id_: one["tags"] for id_, one in wanted.items()})
    fetched = {id_: one["fetched"] for id_, one in wanted.items() if "fetched" in one}
    write_links(scope, {id_: one["links"] for id_, one in wanted.items()}, fetched)
    write_pictures(scope, {id_: one["pictures"] for id_, one in wanted.items() if "pictures" in one})
    write_texts(scope, {id_: one["texts"] for id_, one in wanted.items() if "texts" in one})
