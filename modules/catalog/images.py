"""A product's pictures: adding, describing, ordering and removing them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from flask_babel import gettext as _
from sqlalchemy import select

from modules.catalog.models import Image, Product
from modules.catalog.services import changed, locked
from orion.contracts.data import session
from orion.contracts.errors import Invalid, NotFound
from orion.contracts.media import Picture, put, read_picture
from orion.contracts.models import public_id
from orion.contracts.scope import Scope

#: Pixels across: in lists, on cards, and at full size.
WIDTHS = (160, 640, 1600)
MOST_IMAGES, LONGEST_ALT = 20, 300


@dataclass(frozen=True, slots=True)
class Removed:
    """A picture that was removed, as `put_back` takes it."""

    product_id: str
    row: Mapping[str, Any]


def file_name(key: str, width: int) -> str:
    """The name of a picture's file in one of WIDTHS."""
    return f"{key}-{width}.webp"


def add(scope: Scope, product_id: str, uploads: Sequence[IO[bytes]], *, now: datetime) -> list[Image]:
    """Add pictures behind those that are there. Raises NotFound, and Invalid for what is no picture."""
    product = locked(scope, product_id)
    there = images_of(product.id)
    if len(there) + len(uploads) > MOST_IMAGES:
        raise Invalid(errors={"images": [_("A product has at most %(num)s images.", num=MOST_IMAGES)]})
    last = there[-1].position if there else 0
    added = [_stored(scope, product, upload, last + n) for n, upload in enumerate(uploads, 1)]
    session().add_all(added)
    changed(scope, product, now)
    return added


def _stored(scope: Scope, product: Product, upload: IO[bytes], position: int) -> Image:
    try:
        picture = read_picture(upload, WIDTHS)
    except Invalid as error:
        name = getattr(upload, "filename", "") or _("image")
        raise Invalid(errors={"images": [f"{name}: {error.message}"]}) from None
    return Image(
        vendor_id=product.vendor_id,
        product_id=product.id,
        key=put_files(scope, product.vendor_id, picture),
        position=position,
        width=picture.width,
        height=picture.height,
    )


def put_files(scope: Scope, vendor_id: int, picture: Picture, key: str = "") -> str:
    """Write a picture's files; the key by which they are named, a new one where none is given."""
    key = key or public_id()
    for width, content in picture.files.items():
        put(scope, "catalog", vendor_id, file_name(key, width), content)
    return key


def describe(scope: Scope, product_id: str, alts: Mapping[str, str], *, now: datetime) -> None:
    """Write what pictures (by public id) show, for those who can't see them. Raises NotFound and Invalid."""
    product = locked(scope, product_id)
    errors = {
        f"alt-{key}": [_("Use at most %(num)s characters.", num=LONGEST_ALT)]
        for key, alt in alts.items()
        if len(alt) > LONGEST_ALT
    }
    if errors:
        raise Invalid(errors=errors)
    for image in images_of(product.id):
        image.alt = " ".join(alts.get(image.public_id, image.alt).split())
    changed(scope, product, now)


def move(scope: Scope, product_id: str, image_id: str, by: int, *, now: datetime) -> None:
    """Move a picture `by` places, to the end at the most. Raises NotFound."""
    product = locked(scope, product_id)
    images = images_of(product.id)
    image = _one(images, image_id)
    place = images.index(image)
    images.insert(min(max(place + by, 0), len(images) - 1), images.pop(place))
    number(images)
    changed(scope, product, now)


def remove(scope: Scope, product_id: str, image_id: str, *, now: datetime) -> Removed:
    """Take a picture from a product; its files stay for `put_back`. Raises NotFound."""
    product = locked(scope, product_id)
    image = _one(images_of(product.id), image_id)
    row = {name: getattr(image, name) for name in ("key", "alt", "position", "width", "height")}
    session().delete(image)
    changed(scope, product, now)
    return Removed(product.public_id, row)


def put_back(scope: Scope, removed: Removed, *, now: datetime) -> None:
    """Undo a removal. Raises NotFound."""
    product = locked(scope, removed.product_id)
    if not any(image.key == removed.row["key"] for image in images_of(product.id)):
        session().add(Image(vendor_id=product.vendor_id, product_id=product.id, **removed.row))
        changed(scope, product, now)


def number(images: Sequence[Image]) -> None:
    """Have pictures stand in this order."""
    for position, one in enumerate(images, 1):
        one.position = position


def images_of(product_id: int) -> list[Image]:
    """The pictures of a product (row id) in their order."""
    statement = select(Image).where(Image.product_id == product_id)
    return list(session().scalars(statement.order_by(Image.position, Image.id)))


def _one(images: Sequence[Image], image_id: str) -> Image:
    found = next((image for image in images if image.public_id == image_id), None)
    if found is None:
        raise NotFound()
    return found
