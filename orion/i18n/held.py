"""What is held of one catalog in memory, and the last good words of it that outlive the process."""

import json
import logging
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from orion.i18n.reading import Entry, Unreadable, entries, plural_of, rule_of
from orion.i18n.safety import harm_in
from orion.i18n.words import Forms, key_of, said_of

log = logging.getLogger("orion.i18n")
#: Changes with what is kept of a catalog.
FORMAT = 1


class Stamp(NamedTuple):
    """What tells that a file has changed. `modified` is 0 where its time tells nothing yet."""

    path: Path
    modified: int
    size: int
    node: int


class Trouble(NamedTuple):
    """A translation that is left out: its line, its English, and why (a text that `N_` marked)."""

    line: int
    text: str
    reason: str

    @property
    def said(self) -> str:
        """Why, translated."""
        return said_of(self.reason, {})


class Held(NamedTuple):
    """See `Words` for keys. `broken` says why these are the words of before."""

    words: dict[str, str | Forms]
    labels: dict[str, str]
    troubles: tuple[Trouble, ...] = ()
    broken: Unreadable | None = None


class Keeper:
    """A folder for the good words of each catalog: a process that begins needn't read the catalog, and has
    its last good words while it is broken. None keeps nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def keep(self, stamp: Stamp, rule: str, held: Held) -> None:
        """Keep what is held of a file; a folder that can't be written is no harm."""
        place = self._place(stamp.path)
        if place is None:
            return
        words = {k: w if isinstance(w, str) else w.strings for k, w in held.words.items()}
        text = json.dumps([rule, words, held.labels, held.troubles], ensure_ascii=False)
        with suppress(OSError):
            place.parent.mkdir(parents=True, exist_ok=True)
            part = place.with_name(f"{place.name}.{os.getpid()}")
            part.write_text(f"{_head(stamp)}\n{text}", encoding="utf-8")
            part.replace(place)

    def has(self, stamp: Stamp) -> bool:
        """Whether the words of exactly this file are kept."""
        place = self._place(stamp.path)
        if place is None or not stamp.modified:
            return False
        try:
            with place.open(encoding="utf-8") as file:
                return file.readline().rstrip("\n") == _head(stamp)
        except (OSError, ValueError):
            return False

    def last(self, path: Path) -> Held | None:
        """What was held of a file when it was good last."""
        place = self._place(path)
        if place is None:
            return None
        try:
            rule, words, labels, troubles = json.loads(place.read_text(encoding="utf-8").partition("\n")[2])
            return _restored(rule, words, labels, troubles)
        except (OSError, ValueError, TypeError):
            return None

    def _place(self, path: Path) -> Path | None:
        if self._folder is None:
            return None
        parts = path.absolute().parts
        return self._folder / "-".join([*parts[-4:-2], f"{path.stem}.json"])


def read(stamp: Stamp, locale: str, before: Held | None, keeper: Keeper) -> Held:
    """A file as it is now; with the words of `before`, else the last good ones, where it can't be read."""
    if keeper.has(stamp) and (known := keeper.last(stamp.path)) is not None:
        return known
    try:
        rule, held = _read(stamp.path.read_bytes(), locale)
    except (OSError, Unreadable) as error:
        reason = error if isinstance(error, Unreadable) else Unreadable(1, str(error))
        log.warning("catalog keeps its last good text", extra={"file": str(stamp.path), "error": str(reason)})
        good = before or keeper.last(stamp.path) or Held({}, {})
        return good._replace(broken=reason)
    keeper.keep(stamp, rule, held)
    return held


def glance(stamp: Stamp, locale: str, keeper: Keeper) -> Unreadable | None:
    """Let a file's words be kept if it is good; why it isn't, where it isn't. Nothing is held of it."""
    return None if keeper.has(stamp) else read(stamp, locale, Held({}, {}), keeper).broken


def _head(stamp: Stamp) -> str:
    return f"{FORMAT} {stamp.modified} {stamp.size} {stamp.node}"


def _read(data: bytes, locale: str) -> tuple[str, Held]:
    words: dict[str, str | Forms] = {}
    labels: dict[str, str] = {}
    troubles = []
    rule = rule_of("", locale)
    for entry in entries(data):
        if entry.ids == ("",) and entry.context is None:
            rule = rule_of(entry.strings[0], locale)
            continue
        if not any(entry.strings) or (entry.doubted and not entry.renamed):
            continue
        harm = harm_in(entry.ids, entry.strings)
        if harm:
            troubles.append(Trouble(entry.line, entry.ids[0], harm))
            continue
        if not entry.doubted:
            words.setdefault(_key(entry), _word(entry, rule))
        if entry.context is not None and len(entry.ids) == 1:
            labels.setdefault(sys.intern(entry.context), entry.strings[0])
    return rule, Held(words, labels, tuple(troubles))


def _restored(rule: str, words: dict[str, Any], labels: dict[str, str], troubles: list[Any]) -> Held:
    plural, intern = plural_of(rule), sys.intern
    found = {intern(k): w if isinstance(w, str) else Forms(plural, tuple(w)) for k, w in words.items()}
    return Held(found, {intern(k): w for k, w in labels.items()}, tuple(Trouble(*one) for one in troubles))


def _key(entry: Entry) -> str:
    """The same string for the same message in every locale: twenty of them hold it once."""
    return sys.intern(key_of(entry.context, entry.ids[0]))


def _word(entry: Entry, rule: str) -> str | Forms:
    return entry.strings[0] if len(entry.ids) == 1 else Forms(plural_of(rule), entry.strings)
