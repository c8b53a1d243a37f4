"""Files of the manifests folder replaced whole, one writer at a time."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from flask_babel import gettext as _

from orion.contracts.errors import Changed, Conflict
from orion.product.switching import Change
from orion.settings import Settings


def may_write(settings: Settings) -> bool:
    """Whether the folder's files can be replaced, and this installation lets them be."""
    folders = [settings.manifests, settings.manifests / "platforms"]
    there = [folder for folder in folders if folder.is_dir()]
    return settings.edit_manifests and bool(there) and all(os.access(one, os.W_OK | os.X_OK) for one in there)


def write(changes: Iterable[Change]) -> None:
    """Replace each file whole. Raises Conflict, before any is written, where one has changed meanwhile or the
    folder can't be written."""
    with staged(list(changes)):
        pass


@contextmanager
def staged(changes: Sequence[Change]) -> Iterator[None]:
    """Have the new texts beside their files; after the block, which may still refuse, they take their places.

    Raises Conflict as `write` does. Of two who write at the same time one waits for the other.
    """
    news: dict[Change, Path] = {}
    try:
        with _locked(changes):
            for change in changes:
                _refuse_late(change)
            try:
                news.update((change, _beside(change)) for change in changes if change.after is not None)
                yield
                for change in changes:
                    _put(change, news.pop(change, None))
            except OSError as error:
                reason = error.strerror or str(error)
                said = _("The folder of manifests can't be written: %(reason)s", reason=reason)
                raise Conflict(said) from None
    finally:
        for left in news.values():
            left.unlink(missing_ok=True)


@contextmanager
def _locked(changes: Sequence[Change]) -> Iterator[None]:
    if not changes:
        yield
        return
    parent = changes[0].file.parent
    handle = os.open(parent.parent if parent.name == "platforms" else parent, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _refuse_late(change: Change) -> None:
    now = change.file.read_bytes() if change.file.exists() else None
    if now != change.before:
        name = change.file.name
        raise Changed(_("%(file)s was changed by somebody else meanwhile: nothing was written", file=name))


def _beside(change: Change) -> Path:
    """The new text in a file that nobody reads. A link goes on leading to its file."""
    file = change.file.resolve()
    file.parent.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", suffix=".new", dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as new:
            new.write(change.after or b"")
            new.flush()
            os.fsync(new.fileno())
        if change.before is None:
            Path(name).chmod(0o644)
        else:
            shutil.copymode(file, name)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _put(change: Change, new: Path | None) -> None:
    if new is None:
        change.file.unlink()
    else:
        new.replace(change.file.resolve())
