"""Files that modules keep for vendors: in the data folder, each vendor's apart, and there is no other door.

A file lives and dies with the transaction that names it: what is put in one that is never committed goes
again, and what is deleted is gone when the transaction is committed, and not before.
"""

import os
import re
import secrets
import shutil
from pathlib import Path
from typing import IO

from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from orion.contracts.errors import NotFound, WallError
from orion.contracts.scope import Scope
from orion.data.database import OrionSession, session
from orion.data.faults import writing_files

#: Names are made by code, never by people: a letter or digit first, so that none is hidden or a way up.
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,80}(\.[a-z0-9]{1,8})?")
#: Under these names a session remembers the files that its transaction has put, and has deleted.
_PUT, _GONE = "media_put", "media_gone"


def path_of(scope: Scope, module: str, vendor_id: int, name: str) -> Path:
    """Where a vendor's file of a module lies, there or not.

    Raises WallError for a vendor outside of the scope, ValueError for a name that no code makes.
    """
    if vendor_id not in scope.vendors:
        raise WallError("a file lies outside of the scope")
    if not _NAME.fullmatch(name) or not _NAME.fullmatch(module):
        raise ValueError(f"{name!r} is no name for a file")
    folder: Path = current_app.extensions["settings"].data / "media" / str(int(vendor_id)) / module
    return folder / name[:2] / name


def put(scope: Scope, module: str, vendor_id: int, name: str, content: bytes | IO[bytes]) -> None:
    """Write a file, whole or not at all, in the frame that is entered; a stream is copied part by part.

    What a name stands for never changes (browsers keep it for ever): another content needs another
    name, so make names with `public_id()`. Raises FileExistsError for a name that is taken, and NoRoom where
    the disk is full.
    """
    file = path_of(scope, module, vendor_id, name)
    beside = file.with_name(f".{secrets.token_hex(8)}")
    with writing_files():
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(beside, "xb") as new:
                if isinstance(content, bytes):
                    new.write(content)
                else:
                    shutil.copyfileobj(content, new, 1 << 20)
                new.flush()
                os.fsync(new.fileno())
            os.link(beside, file)
        finally:
            beside.unlink(missing_ok=True)
    session().info.setdefault(_PUT, set()).add(file)


def read(scope: Scope, module: str, vendor_id: int, name: str) -> bytes:
    """A file's content. Raises NotFound where it isn't there."""
    try:
        return path_of(scope, module, vendor_id, name).read_bytes()
    except FileNotFoundError:
        raise NotFound() from None


def delete(scope: Scope, module: str, vendor_id: int, *names: str) -> None:
    """Delete files once the transaction of the frame is committed; those that aren't there are no matter."""
    gone = session().info.setdefault(_GONE, set())
    gone.update(path_of(scope, module, vendor_id, name) for name in names)


@event.listens_for(OrionSession, "after_commit")
def _committed(writing: Session) -> None:
    if not writing.in_nested_transaction():
        writing.info.pop(_PUT, None)
        _remove(writing.info.pop(_GONE, ()))


@event.listens_for(OrionSession, "after_transaction_end")
def _ended(writing: Session, transaction: SessionTransaction) -> None:
    """However it ended: after a commit nothing is left to do here."""
    if transaction.parent is None:
        writing.info.pop(_GONE, None)
        _remove(writing.info.pop(_PUT, ()))


def _remove(files: "set[Path] | tuple[()]") -> None:
    for file in files:
        file.unlink(missing_ok=True)
