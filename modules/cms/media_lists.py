"""The list of files: columns, filters, and what can be done to many at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import Select, select

from modules.cms import library
from modules.cms.clock import now
from modules.cms.forms import FolderForm
from modules.cms.lists import CODE, VENDOR, vendors
from modules.cms.models import Media
from modules.cms.pictures import address
from modules.tenancy.api import Vendor
from orion.contracts.data import once, session
from orion.contracts.forms import Undo
from orion.contracts.lists import Action, Choice, Column, Flag, ListPage, Outcome, Search, Total
from orion.contracts.scope import Scope

#: Folders to choose from.
MOST_FOLDERS = 200
KINDS = {"picture": _l("Pictures"), "document": _l("Documents")}


def shape(file: Media) -> str:
    """What a file is, in a few signs: `1600 × 900`, or `PDF`."""
    if file.kind == "document":
        return "PDF"
    return _("%(width)s × %(height)s", width=file.width, height=file.height)


def folders(scope: Scope) -> Mapping[str, int]:
    """Folders with the bytes of their files."""
    return once("cms.folders", lambda: library.folders(scope))


def _offered(scope: Scope) -> Sequence[tuple[str, object]]:
    return [(name, name) for name in list(folders(scope))[:MOST_FOLDERS] if name]


def _of_vendor(statement: Select[Any], code: str) -> Select[Any]:
    return statement.where(Media.vendor_id == select(Vendor.id).where(Vendor.code == code).scalar_subquery())


def _asked_for(keys: Sequence[int]) -> Sequence[Media]:
    return session().scalars(select(Media).where(Media.id.in_(keys)).order_by(Media.id)).all()


def _move(scope: Scope, keys: Sequence[int], folder: str) -> Outcome:
    before = library.put_in(scope, {file.public_id: folder for file in _asked_for(keys)})
    said = ngettext("One file is moved.", "%(num)s files are moved.", len(before))
    return Outcome(said, Undo("cms.folders", folders=dict(before)))


def _delete(scope: Scope, keys: Sequence[int]) -> Outcome:
    found = _asked_for(keys)
    library.delete(scope, found, now=now())
    said = ngettext("One file is deleted.", "%(num)s files are deleted.", len(found))
    return Outcome(said, Undo("cms.files", ids=[file.public_id for file in found]))


ACTIONS = (
    Action(name="move", label=_l("Move to a folder"), permission="cms.media", run=_move, form=FolderForm),
    Action(name="delete", label=_l("Delete"), permission="cms.media", run=_delete, kind="danger"),
)
BY_VENDOR = Choice(
    "vendor",
    _l("Vendor"),
    options=vendors,
    apply=_of_vendor,
    accepts=lambda code: bool(CODE.fullmatch(code)),
)
FILTERS: tuple[Any, ...] = (
    Choice("kind", _l("Kind"), options=list(KINDS.items()), column=Media.kind),
    Flag("unused", _l("Not used"), apply=lambda statement: statement.where(~library.is_used())),
)


def _name(frontend: str) -> Column:
    return Column(
        "name",
        _l("Name"),
        sort=Media.name_norm,
        value=lambda r: r.Media.name,
        sub=lambda r: shape(r.Media),
        picture=lambda r: address(f"cms_{frontend}.file", r.Media, 320) if r.Media.width else "",
    )


COLUMNS = (
    Column("folder", _l("Folder"), kind="muted", value=lambda r: r.Media.folder or "–"),
    Column("used", _l("Used in"), kind="number", value=lambda r: r.used),
    Column("size", _l("Size"), kind="bytes", sort=Media.size, value=lambda r: r.Media.size),
    Column("added", _l("Added"), kind="lately", sort=Media.created_at, value=lambda r: r.Media.created_at),
)


def _list(frontend: str) -> ListPage:
    """The list as a frontend shows it: the administration names the vendor, and only looks."""
    everywhere = frontend == "admin"
    whose = BY_VENDOR if everywhere else Choice("folder", _l("Folder"), options=_offered, column=Media.folder)
    return ListPage(
        id=f"cms.media.{frontend}",
        title=_l("Media"),
        statement=library.media_and_vendors if everywhere else library.media_and_uses,
        counted=library.media,
        key=Media.id,
        pick=Media.public_id,
        columns=[_name(frontend), VENDOR if everywhere else COLUMNS[0], *COLUMNS[1:]],
        filters=[whose, *FILTERS],
        search=Search(_l("Search by name"), columns=[Media.name_norm]),
        default_sort="-added",
        row_url=lambda r: url_for(f"cms_{frontend}.media_file", public_id=r.Media.public_id),
        totals=[Total("size", _l("Size"), Media.size, kind="bytes")],
        actions=() if everywhere else ACTIONS,
        empty=(_l("No files yet"), _l("Pictures and documents for your pages are kept here.")),
    )


MEDIA = {frontend: _list(frontend) for frontend in ("admin", "vendor")}
