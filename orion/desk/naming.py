"""What people keep that names a person: views of lists whose name or question says who somebody is."""

import re
from collections.abc import Collection
from urllib.parse import parse_qsl

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from orion.contracts.models import normalise
from orion.contracts.scope import Scope
from orion.data import bookkeeping
from orion.data.database import session
from orion.desk.kept import ABOUT
from orion.desk.memory import changed
from orion.desk.models import Kept

#: Shorter texts say of nobody who they are, and shorter beginnings of them neither.
LEAST, BEGINNING = 3, 4
#: The parameter of a list's search.
SEARCHED = "q"


def names(query: str, title: str, known: Collection[str]) -> bool:
    """Whether a view or a segment says who somebody is, of whom these texts are known."""
    texts = [text for one in known if len(text := normalise(one)) >= LEAST]
    typed = [(key == SEARCHED, normalise(value)) for key, value in parse_qsl(query)]
    return any(_says(said, free, text) for free, said in [(True, normalise(title)), *typed] for text in texts)


def _says(said: str, free: bool, text: str) -> bool:
    """Whether what was typed holds a text; where somebody writes freely also a part of it that is enough."""
    if re.search(rf"(?<!\w){re.escape(text)}(?!\w)", said):
        return True
    words, theirs = set(said.split()), text.split()
    telling = any(len(word) >= LEAST for word in words)
    begun = len(said) >= BEGINNING and (text.startswith(said) or (telling and _begin(words, theirs)))
    return free and (begun or (telling and words <= set(theirs)))


def _begin(words: Collection[str], theirs: Collection[str]) -> bool:
    """Whether each word begins one of theirs, which is how searches find them."""
    return all(any(one.startswith(word) for one in theirs) for word in words)


def forget(scope: Scope, known: Collection[str]) -> int:
    """Delete the views of everybody at the scope's vendor that say who somebody is; how many.

    The people of platforms may have views that name an address which the vendor knew: a moment later these
    go too.
    """
    assert scope.vendor is not None
    mine = session().scalars(select(Kept).where(Kept.vendor_id == scope.vendor.id, Kept.what.like("view/%")))
    gone = [row for row in mine if names(row.value, row.name, known)]
    for row in gone:
        session().delete(row)
    if gone:
        changed(ABOUT, scope.vendor.id)
    addresses = [one for one in known if "@" in one]
    if addresses:
        app = current_app._get_current_object()  # type: ignore[attr-defined]
        bookkeeping.later(app, lambda writing: _forget_elsewhere(writing, addresses))
    return len(gone)


def _forget_elsewhere(writing: Session, addresses: Collection[str]) -> None:
    """The same at platforms and in the installation, by whole addresses alone: a name may be another's."""
    texts = [normalise(one) for one in addresses]
    for row in writing.scalars(select(Kept).where(Kept.vendor_id.is_(None), Kept.what.like("view/%"))):
        said = [normalise(value) for _key, value in parse_qsl(row.value)] + [normalise(row.name)]
        if any(text in one for text in texts for one in said):
            writing.delete(row)
            changed(ABOUT, None)
