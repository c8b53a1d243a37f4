"""The changes of manifests: a list, each with its lines, and the way back."""

import re
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, false, or_, select

from orion.contracts.errors import NotFound
from orion.contracts.lists import Choice, Column, ListPage, render_list
from orion.contracts.pages import render
from orion.contracts.scope import Scope
from orion.data.database import session
from orion.product.diffs import diff_lines
from orion.product.levels import at_the_top, codes_here
from orion.product.models import COMMAND, HAND, PAGE, ROLLBACK, Revision
from orion.product.switch_pages import changing

_NAME = re.compile(r"(platforms/)?[A-Za-z0-9_-]{1,64}")
HOW = {
    PAGE: _l("In the browser"),
    COMMAND: _l("By a command"),
    HAND: _l("By hand"),
    ROLLBACK: _l("Way back"),
}


def seen(scope: Scope) -> Select[Any]:
    """The revisions of the files that somebody manages here: all, or those of their platforms."""
    statement = select(Revision)
    if at_the_top(scope):
        return statement
    return statement.where(or_(false(), *(Revision.file == f"platforms/{one}" for one in codes_here(scope))))


def _files(scope: Scope) -> list[tuple[str, object]]:
    names = session().scalars(seen(scope).with_only_columns(Revision.file).distinct().order_by(Revision.file))
    return [(name, f"{name}.yaml") for name in names]


def _is_name(text: str) -> bool:
    return bool(_NAME.fullmatch(text))


REVISIONS = ListPage(
    id="orion.revisions",
    title=_l("Changes of manifests"),
    statement=seen,
    key=Revision.id,
    columns=[
        Column("file", _l("File"), value=lambda r: f"{r.file}.yaml", sub=lambda r: r.why),
        Column("how", _l("How"), value=lambda r: HOW.get(r.how, r.how)),
        Column("who", _l("Who"), value=lambda r: r.who or "–"),
        Column("when", _l("When"), kind="moment", sort=Revision.id, value=lambda r: r.at),
    ],
    filters=[
        Choice("file", _l("File"), options=_files, column=Revision.file, accepts=_is_name)  # type: ignore[list-item]
    ],
    default_sort="-when",
    row_url=lambda r: url_for("modules.revision", public_id=r.public_id),
    empty=(
        _l("Nothing has been changed yet"),
        _l("Each change of a manifest appears here."),
    ),
)


def revisions(scope: Scope) -> ResponseReturnValue:
    """Every change, the newest first."""
    return render_list("list.html", REVISIONS.run(scope, request.args))


def revision(scope: Scope, public_id: str) -> ResponseReturnValue:
    """One change: who, when, why, and the lines."""
    found = _revision(scope, public_id)
    return render(
        "product/revision.html",
        revision=found,
        file=f"{found.file}.yaml",
        how=HOW.get(found.how, found.how),
        lines=diff_lines(found.before, found.after),
    )


def rollback(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Give the file the text again that it had before a change."""
    found = _revision(scope, public_id)
    title = _("Back to before this change of %(file)s", file=f"{found.file}.yaml")
    back = url_for("modules.revision", public_id=public_id)
    said = _("%(file)s is as it was.", file=f"{found.file}.yaml")
    return changing(scope, title, back, lambda s: s.back_to(found.file, found.before), said, ROLLBACK)


def _revision(scope: Scope, public_id: str) -> Revision:
    found: Revision | None = session().scalar(seen(scope).where(Revision.public_id == public_id))
    if found is None:
        raise NotFound()
    return found
