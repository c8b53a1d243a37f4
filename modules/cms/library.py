"""The media library: reads and writes of files, and where they are used."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, select

from modules.cms import queries
from modules.cms.models import Media, Page, Use
from modules.cms.publishing import KEPT
from modules.cms.uploads import WIDTHS, Upload
from modules.tenancy.api import Vendor
from orion.contracts import media as files
from orion.contracts.data import session
from orion.contracts.errors import Invalid, NotFound
from orion.contracts.formats import listed, size
from orion.contracts.models import normalise, public_id
from orion.contracts.scope import Scope

#: Bytes that a vendor's files may have in all.
QUOTA = 1_000_000_000


def media(scope: Scope) -> Select[Media]:
    """All files of the scope that were not deleted."""
    return select(Media).where(Media.deleted_at.is_(None))


def media_and_uses(scope: Scope) -> Select[Media, int]:
    """The same, each with the number of pages that use it (`used`)."""
    return media(scope).add_columns(_uses().label("used"))  # type: ignore[return-value]


def media_and_vendors(scope: Scope) -> Select[Media, int, Vendor]:
    """The same, with the vendor too."""
    with_uses: Select[Media, int] = media_and_uses(scope)
    return with_uses.add_columns(Vendor).join(Vendor, Vendor.id == Media.vendor_id)  # type: ignore[return-value]


def _uses() -> ColumnElement[int]:
    pages = select(func.count()).select_from(Use).join(Page, Page.id == Use.page_id)
    ours = pages.where(Use.vendor_id == Media.vendor_id, Use.media_id == Media.id, Page.deleted_at.is_(None))
    return ours.correlate(Media).scalar_subquery()


def is_used() -> ColumnElement[bool]:
    """Condition on Media: a page uses it."""
    return _uses() > 0


def one(scope: Scope, public_id: str) -> Media:
    """One file. Raises NotFound."""
    found = session().scalar(media(scope).where(Media.public_id == public_id))
    if found is None:
        raise NotFound()
    return found


def public(scope: Scope, public_id: str, now: datetime) -> Media:
    """A file as anybody may see it: a public page uses it. Raises NotFound."""
    found = one(scope, public_id)
    used = select(Use.page_id).where(Use.media_id == found.id)
    if session().scalar(queries.public_pages(scope, now).where(Page.id.in_(used)).limit(1)) is None:
        raise NotFound()
    return found


def used_in(scope: Scope, file: Media) -> Sequence[Page]:
    """The pages that use a file, by title."""
    used = select(Use.page_id).where(Use.media_id == file.id)
    statement = queries.pages(scope).where(Page.id.in_(used))
    return session().scalars(statement.order_by(Page.title_norm, Page.id)).all()


def named_in(scope: Scope, public_ids: set[str]) -> Mapping[str, Media]:
    """Files by their public ids, as a text names them."""
    found = session().scalars(media(scope).where(Media.public_id.in_(public_ids))) if public_ids else ()
    return {file.public_id: file for file in found}


def newest(scope: Scope, most: int) -> Sequence[Media]:
    """The files that came last."""
    return (
        session().scalars(media(scope).order_by(Media.created_at.desc(), Media.id.desc()).limit(most)).all()
    )


def folders(scope: Scope) -> Mapping[str, int]:
    """Every folder with a file in it, "" for what lies on top, with the bytes of its files."""
    sums = media(scope).with_only_columns(Media.folder, func.sum(Media.size)).group_by(Media.folder)
    rows = sorted(session().execute(sums), key=lambda row: normalise(row[0]))
    return {name: int(total) for name, total in rows}


def used_bytes(scope: Scope) -> int:
    """How many bytes the vendor's files have."""
    return int(session().scalar(media(scope).with_only_columns(func.sum(Media.size))) or 0)


# -- writes ---------------------------------------------------------------------------------------


def add(scope: Scope, upload: Upload, *, folder: str = "", alt: str = "", now: datetime) -> Media:
    """Keep a new file. Raises Invalid where the vendor's files would be too large in all."""
    _spare(scope, upload.size)
    file = Media(name=upload.name, folder=folder_name(folder), alt=alt, created_at=now, public_id=public_id())
    _fill(scope, file, upload)
    session().add(file)
    session().flush()
    return file


def replace(scope: Scope, file: Media, upload: Upload) -> None:
    """Give a file another content: pages that use it show that from now on.

    Raises Invalid for a document in place of a picture or the other way round.
    """
    if upload.kind != file.kind:
        raise Invalid(_("A picture can only be replaced by a picture, a document by a document."))
    _spare(scope, upload.size - file.size)
    files.delete(scope, "cms", file.vendor_id, *file_names(file))
    _fill(scope, file, upload)


def describe(scope: Scope, file: Media, *, name: str, folder: str, alt: str) -> None:
    """Change what a file is called, where it lies, and what it shows for those who can't see it."""
    file.name, file.folder, file.alt = name, folder_name(folder), alt


def put_in(scope: Scope, places: Mapping[str, str]) -> Mapping[str, str]:
    """Move files (by public id) to folders. Gives where they were."""
    found = session().scalars(media(scope).where(Media.public_id.in_(places))).all()
    before = {file.public_id: file.folder for file in found}
    for file in found:
        file.folder = folder_name(places[file.public_id])
    return before


def delete(scope: Scope, found: Sequence[Media], *, now: datetime) -> None:
    """Delete files. They can be brought back for a while; those whose while is over go for good.

    Raises Invalid that names the pages where one is used.
    """
    for file in found:
        pages = used_in(scope, file)
        if pages:
            titles = listed(_("“%(name)s”", name=page.title) for page in pages[:5])
            raise Invalid(_("“%(name)s” is used in %(pages)s.", name=file.name, pages=titles))
    for file in found:
        file.deleted_at = now
    for old in session().scalars(select(Media).where(Media.deleted_at < now - KEPT).limit(100)).all():
        files.delete(scope, "cms", old.vendor_id, *file_names(old))
        session().delete(old)


def bring_back(scope: Scope, public_ids: Sequence[str]) -> None:
    """Undo a deletion."""
    for file in session().scalars(select(Media).where(Media.public_id.in_(public_ids))).all():
        file.deleted_at = None


def folder_name(text: str) -> str:
    """A folder as it is kept: `Season / Winter/` → `Season/Winter`."""
    return "/".join(part for part in (" ".join(p.split()) for p in text.split("/")) if part)[:80]


def file_names(file: Media) -> list[str]:
    """The names of a file's files."""
    ends = [".pdf"] if file.kind == "document" else [f"-{width}.webp" for width in WIDTHS]
    return [f"{file.key}{end}" for end in ends]


def _fill(scope: Scope, file: Media, upload: Upload) -> None:
    vendor = scope.vendor
    if vendor is None:
        raise ValueError("files are kept for one vendor at a time")
    file.key, file.kind, file.size = public_id(), upload.kind, upload.size
    file.width, file.height = upload.width, upload.height
    for end, content in upload.files.items():
        files.put(scope, "cms", vendor.id, f"{file.key}{end}", content)


def _spare(scope: Scope, more: int) -> None:
    if used_bytes(scope) + more > QUOTA:
        raise Invalid(_("There is no room for this file: %(size)s are the most.", size=size(QUOTA)))
