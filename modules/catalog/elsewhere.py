"""Pictures that lie elsewhere, as imports have told of them: which are still to be fetched, and the pictures
that are made of them.

The link stays what the file said, so that the same file is known again; the picture that was made of it is
what people see, move, describe and take away.
"""

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.exc import IntegrityError

from modules.catalog.images import MOST_IMAGES, WIDTHS, file_name, images_of, number, put_files
from modules.catalog.models import FetchedImage, Image, ImageLink, Product
from modules.catalog.services import vendor_of
from modules.catalog.summary import refresh
from orion.contracts.data import session
from orion.contracts.events import emit
from orion.contracts.media import MOST_BYTES, Picture, delete, read_picture
from orion.contracts.outside import Limits, fetch
from orion.contracts.scope import Scope

#: What a picture may have of bytes and seconds.
LIMITS = Limits(MOST_BYTES, 30.0)
#: A link's address, and what became of it.
_of_link = and_(FetchedImage.vendor_id == ImageLink.vendor_id, FetchedImage.id == ImageLink.fetched_id)


@dataclass(frozen=True, slots=True)
class Link:
    """An address of a product's picture, by the row id of its link."""

    id: int
    url: str


@dataclass(frozen=True, slots=True)
class Missed:
    """A picture that could not be fetched: its product, its address, and why (`kept`)."""

    product: Product
    url: str
    reason: str


# -- what is to be fetched ------------------------------------------------------------------------


def lacking(
    scope: Scope, products: Select[Any], hosts: Sequence[str], *, since: datetime, after: int, most: int
) -> list[Link]:
    """Links of products (a statement of row ids), by row id after one, of which no picture was made, and
    whose addresses were not tried `since` a moment. Their addresses hold one of the `hosts`; whether they lie
    there is for others to say."""
    asked = select(ImageLink.id, ImageLink.url).where(*_lacking(products, hosts, since), ImageLink.id > after)
    return [Link(id_, url) for id_, url in session().execute(asked.order_by(ImageLink.id).limit(most))]


def number_lacking(scope: Scope, products: Select[Any], hosts: Sequence[str], *, since: datetime) -> int:
    """How many these are in all."""
    asked = select(func.count()).select_from(ImageLink).where(*_lacking(products, hosts, since))
    return session().scalar(asked) or 0


def lacks(scope: Scope, products: Select[Any], hosts: Sequence[str]) -> bool:
    """Whether there is any, however often its address was tried."""
    if not hosts:
        return False
    asked = select(ImageLink.id).where(*_lacking(products, hosts, datetime.now(UTC)))
    return session().scalar(asked.limit(1)) is not None


def _lacking(products: Select[Any], hosts: Sequence[str], since: datetime) -> list[ColumnElement[bool]]:
    over = or_(FetchedImage.key != "", FetchedImage.tried_at >= since)
    lies = or_(*(func.lower(ImageLink.url).contains(host, autoescape=True) for host in hosts))
    return [ImageLink.product_id.in_(products), lies, ~select(FetchedImage.id).where(_of_link, over).exists()]


def must_fetch(scope: Scope, link: Link, *, since: datetime) -> bool | None:
    """Whether an address is to be asked; None where nothing is to be done for its link: it is gone, or its
    product has as many pictures as there may be."""
    mine = select(ImageLink.product_id).where(ImageLink.id == link.id, ImageLink.url == link.url)
    product_id = session().scalar(mine)
    if product_id is None or len(images_of(product_id)) >= MOST_IMAGES:
        return None
    known = session().scalar(_known(link.url))
    return known is None or (not known.key and known.tried_at < since)


def load(scope: Scope, address: str, beat: Callable[[], None]) -> Picture:
    """The picture at an address. Raises Invalid where there is none, and Away (`orion.contracts.outside`)
    where its host is what is wrong."""
    content = io.BytesIO()
    fetch(scope, address, content, beat=beat, limits=LIMITS)
    return read_picture(content.getvalue(), WIDTHS)


# -- what becomes of it ---------------------------------------------------------------------------


def keep(
    scope: Scope, link: Link, picture: Picture | None, reason: str, *, key: str = "", now: datetime
) -> bool:
    """Note what became of a link's address, a picture or a `reason`, and put the picture into the product;
    whether it was put. Without either, and where others were faster, what is known of the address counts.
    The picture's files are named by the `key`.

    To the product nothing has happened that taking back an import would have to leave alone.
    """
    mine = and_(ImageLink.vendor_id == Product.vendor_id, ImageLink.product_id == Product.id)
    asked = select(Product).join(ImageLink, mine).where(ImageLink.id == link.id)
    product = session().scalar(asked.with_for_update(of=Product))
    fetched = _remembered(scope, link.url, picture, reason, key, now)
    same = select(ImageLink).where(ImageLink.id == link.id, ImageLink.url == link.url)
    row = session().scalar(same.execution_options(populate_existing=True))
    if product is None or row is None:
        return False
    if not fetched.key:
        row.fetched_id = fetched.id
        return False
    return _put(scope, product, row, fetched)


def _remembered(
    scope: Scope, url: str, picture: Picture | None, reason: str, key: str, now: datetime
) -> FetchedImage:
    vendor_id = vendor_of(scope)
    found = session().scalar(_known(url).with_for_update(of=FetchedImage))
    if found is None:
        found = FetchedImage(vendor_id=vendor_id, digest=_digest(url), url=url, tried_at=now)
        try:
            with session().begin_nested():
                session().add(found)
        except IntegrityError:  # Another job has asked for the same meanwhile.
            found = session().scalars(_known(url).with_for_update(of=FetchedImage)).one()
    if found.key or not (picture or reason):
        return found
    found.tried_at, found.reason = now, reason
    if picture is not None:
        found.key = put_files(scope, vendor_id, picture, key)
        found.width, found.height = picture.width, picture.height
    return found


def clear(scope: Scope, key: str) -> None:
    """Delete the files that somebody has written under a key, and died before it was kept."""
    if session().scalar(select(FetchedImage.id).where(FetchedImage.key == key).limit(1)) is None:
        delete(scope, "catalog", vendor_of(scope), *(file_name(key, width) for width in WIDTHS))


def _put(scope: Scope, product: Product, link: ImageLink, fetched: FetchedImage) -> bool:
    """Make a picture of a link, at its place among those of the others."""
    there = images_of(product.id)
    keys = [image.key for image in there]
    if len(there) >= MOST_IMAGES:
        return False
    link.fetched_id = fetched.id
    if fetched.key in keys:
        return False
    session().flush()
    made = select(FetchedImage.key).join(ImageLink, _of_link).where(ImageLink.product_id == product.id)
    order = session().scalars(made.order_by(ImageLink.position, ImageLink.id)).all()
    image = Image(
        vendor_id=product.vendor_id,
        product_id=product.id,
        key=fetched.key,
        alt=link.alt,
        width=fetched.width,
        height=fetched.height,
    )
    there.insert(_place(fetched.key, order, keys), image)
    number(there)
    session().add(image)
    refresh(scope, [product.id])
    emit(scope, "catalog.changed", product_ids=[product.id])
    return True


def _place(key: str, order: Sequence[str], there: Sequence[str]) -> int:
    """Behind the nearest link before that is a picture of the product, else before the nearest one after,
    else behind all."""
    mine = order.index(key)
    before = next((there.index(one) + 1 for one in reversed(order[:mine]) if one and one in there), None)
    after = (there.index(one) for one in order[mine + 1 :] if one and one in there)
    return before if before is not None else next(after, len(there))


def follow(
    there: Mapping[int, Sequence[Mapping[str, Any]]], wanted: Mapping[int, Sequence[Mapping[str, Any]]]
) -> None:
    """Have pictures follow their links where products (row ids) get others (url, alt, fetched_id).

    Pictures of links that are gone go; the others change places among themselves as the links do, and say
    what these say, unless somebody has said something else.
    """
    ids = {link["fetched_id"] for links in there.values() for link in links} - {None}
    if not ids:
        return
    asked = select(FetchedImage.id, FetchedImage.key).where(FetchedImage.id.in_(ids), FetchedImage.key != "")
    keys = {id_: key for id_, key in session().execute(asked)}
    for product_id, links in wanted.items():
        before = [one for one in there[product_id] if one["fetched_id"] in keys]
        if made := {one["url"]: (keys[one["fetched_id"]], one["alt"]) for one in before}:
            _follow(product_id, made, links)


def _follow(product_id: int, made: Mapping[str, tuple[str, str]], links: Sequence[Mapping[str, Any]]) -> None:
    mine = {image.key: image for image in images_of(product_id)}
    staying = {one["url"]: one["alt"] for one in links if one["url"] in made and made[one["url"]][0] in mine}
    places = sorted(mine[made[url][0]].position for url in staying)
    for place, (url, alt) in zip(places, staying.items(), strict=True):
        key, before = made[url]
        mine[key].position = place
        mine[key].alt = alt if mine[key].alt == before else mine[key].alt
    for url, (key, _alt) in made.items():
        if url not in staying and key in mine:
            session().delete(mine[key])


# -- what is said of it ---------------------------------------------------------------------------


def still_elsewhere(scope: Scope, product: Product) -> list[tuple[ImageLink, str]]:
    """The links of a product of which no picture was made, in their order, each with the reason (`kept`) why
    its address has none; empty where nobody has asked."""
    asked = (
        select(ImageLink, FetchedImage.reason)
        .outerjoin(FetchedImage, _of_link)
        .where(
            ImageLink.vendor_id == product.vendor_id,
            ImageLink.product_id == product.id,
            func.coalesce(FetchedImage.key, "") == "",
        )
    )
    rows = session().execute(asked.order_by(ImageLink.position, ImageLink.id))
    return [(link, reason or "") for link, reason in rows]


def missed(scope: Scope, products: Select[Any], most: int) -> tuple[int, list[Missed]]:
    """How many pictures of products (a statement of row ids) could not be fetched, and the first of them."""
    mine = and_(Product.vendor_id == ImageLink.vendor_id, Product.id == ImageLink.product_id)
    meant = (FetchedImage.key == "", ImageLink.product_id.in_(products))
    counted = select(func.count()).select_from(ImageLink).join(FetchedImage, _of_link).where(*meant)
    total = session().scalar(counted) or 0
    if not total:
        return 0, []
    asked = (
        select(Product, ImageLink.url, FetchedImage.reason)
        .join(ImageLink, mine)
        .join(FetchedImage, _of_link)
        .where(*meant)
    )
    rows = session().execute(asked.order_by(ImageLink.id).limit(most))
    return total, [Missed(product, url, reason) for product, url, reason in rows]


def _known(url: str) -> Select[tuple[FetchedImage]]:
    return select(FetchedImage).where(FetchedImage.digest == _digest(url))


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()
