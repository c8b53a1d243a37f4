"""How far catalogs are: what is translated, and every message that isn't, with the places that say it."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from orion.i18n.catalogs import wider
from orion.i18n.extract import ENGINE, Template
from orion.i18n.parsing import read
from orion.i18n.po import Entry, File, Key
from orion.manifest.checks import shown
from orion.manifest.diagnostics import Diagnostic

#: Why a message counts as not translated.
MISSING, FUZZY, STALE = "missing", "fuzzy", "stale"


class Lack(NamedTuple):
    """A message that a catalog has no good translation of.

    `state` is one of MISSING, FUZZY (not shown until somebody has looked at it) and STALE (shown, though its
    label has another English now). `places` are `file:line` in the source; `line` is that of the catalog, 0
    where it has no such entry; `before` is the English that the translation was made for, "" where unknown.
    """

    state: str
    context: str | None
    text: str
    plural: str | None
    places: tuple[str, ...]
    line: int = 0
    before: str = ""


@dataclass(slots=True)
class Coverage:
    """One catalog held against the messages that there are. Numbers are of messages.

    `translated` + `inherited` + `fuzzy` + `stale` + `missing` = `total`; what is inherited has a wider
    locale (de for de_AT). `problems` are mistakes that keep the file, or a part of it, from being read.
    """

    locale: str
    module: str
    file: Path
    total: int = 0
    translated: int = 0
    inherited: int = 0
    obsolete: int = 0
    lacks: list[Lack] = field(default_factory=list)
    problems: list[Diagnostic] = field(default_factory=list)

    @property
    def fuzzy(self) -> int:
        """Those that wait for somebody's look and are not shown."""
        return self._number(FUZZY)

    @property
    def stale(self) -> int:
        """Those that are shown, and were made for another English."""
        return self._number(STALE)

    @property
    def missing(self) -> int:
        """Those without a translation."""
        return self._number(MISSING)

    @property
    def percent(self) -> float:
        """The share that is translated, 0 to 100 in steps of 0.1; 100 only where all is."""
        return share(self.translated + self.inherited, self.total)

    def _number(self, state: str) -> int:
        return sum(lack.state == state for lack in self.lacks)


def share(part: int, total: int) -> float:
    """A share in percent, rounded down to a tenth; of nothing, all is there."""
    return part * 1000 // total / 10 if total else 100.0


def templates_on_disk(folder: Path, modules: Collection[str]) -> dict[str, Template]:
    """The templates of the engine and of these modules as they were extracted last; quick to read."""
    found = {}
    for code in (ENGINE, *sorted(set(modules) - {ENGINE})):
        path = folder / "templates" / f"{code}.pot"
        if path.is_file():
            messages = read(path.read_bytes(), shown(str(path))).messages
            found[code] = Template.of(code, messages)
    return found


def coverage(folder: Path, templates: Mapping[str, Template], locales: Iterable[str]) -> list[Coverage]:
    """Each of these locales and templates, in this order, held against the catalogs in a folder."""
    return [one for locale in locales for one in _of_locale(folder, templates, locale)]


def totals(found: Iterable[Coverage], stale: bool = False) -> dict[str, float]:
    """The share of all messages that each locale has, in percent; with what is `stale`, all that is shown."""
    parts: dict[str, list[int]] = {}
    for one in found:
        part = parts.setdefault(one.locale, [0, 0])
        part[0] += one.translated + one.inherited + (one.stale if stale else 0)
        part[1] += one.total
    return {locale: share(*part) for locale, part in parts.items()}


def _of_locale(folder: Path, templates: Mapping[str, Template], locale: str) -> Iterator[Coverage]:
    behind: set[Key] = set()
    for parent in wider(locale)[1:]:
        if parent != "en" and parent != locale:
            behind |= {e.key for file in _catalogs(folder, parent) for e in file.messages if _is_good(e)}
    for code, template in templates.items():
        yield _held(folder / locale / "LC_MESSAGES" / f"{code}.po", template, locale, behind)


def _catalogs(folder: Path, locale: str) -> Iterator[File]:
    for path in sorted((folder / locale / "LC_MESSAGES").glob("*.po")):
        yield read(path.read_bytes(), shown(str(path)))


def _is_good(entry: Entry) -> bool:
    return entry.translated and not entry.fuzzy


def _held(path: Path, template: Template, locale: str, behind: Collection[Key]) -> Coverage:
    found = Coverage(locale, template.code, path, total=len(template.entries))
    file = read(path.read_bytes(), shown(str(path))) if path.is_file() else File(shown(str(path)))
    found.problems = file.problems
    there: dict[Key, Entry] = {}
    labels: dict[str, Entry] = {}
    for entry in file.messages:
        there.setdefault(entry.key, entry)
        if entry.context is not None and any(entry.texts):
            labels.setdefault(entry.context.text, entry)
    for key, message in template.entries.items():
        own = there.get(key)
        if own is not None and _is_good(own) and own.plural_text == message.plural_text:
            found.translated += 1
        elif (lack := _lack(message, own, labels)).state == MISSING and key in behind:
            found.inherited += 1
        else:
            found.lacks.append(lack)
    gone = [e for key, e in there.items() if key not in template.entries and not _renames(e, template)]
    found.obsolete = sum(entry.obsolete for entry in file.entries) + len(gone)
    return found


def _lack(message: Entry, entry: Entry | None, labels: Mapping[str, Entry]) -> Lack:
    """How a message is lacking, given its own entry or, of a label, what its context had before."""
    context, text = message.key
    state, before, line = MISSING, "", entry.line_of_id if entry is not None else 0
    old = labels.get(context or "") if message.label else None
    if entry is not None and any(entry.texts):
        if entry.fuzzy:
            state, before = (STALE if message.label and entry.renamed else FUZZY), entry.before[1]
    elif old is not None and (old.renamed or not old.fuzzy):
        state, before, line = STALE, old.key[1], old.line_of_id
    return Lack(state, context, text, message.plural_text, tuple(message.places), line, before)


def _renames(entry: Entry, template: Template) -> bool:
    """Whether an entry's label is still there, with another English."""
    return any(
        message.label and entry.context is not None and context == entry.context.text
        for (context, _text), message in template.entries.items()
    )


def rows(found: Iterable[Coverage], lacks: bool) -> list[dict[str, Any]]:
    """Rows for programs; with every message that is lacking, if `lacks`."""
    return [
        {
            "locale": one.locale,
            "module": one.module,
            "file": shown(str(one.file)),
            "total": one.total,
            "translated": one.translated,
            "inherited": one.inherited,
            "fuzzy": one.fuzzy,
            "stale": one.stale,
            "missing": one.missing,
            "obsolete": one.obsolete,
            "percent": one.percent,
            "errors": len([p for p in one.problems if p.severity == "error"]),
            **({"lacks": [lack._asdict() for lack in one.lacks]} if lacks else {}),
        }
        for one in found
    ]


_COLUMNS = ("translated", "fuzzy", "stale", "missing", "obsolete", "total")


def table(found: Collection[Coverage], lacks: bool) -> Iterator[str]:
    """A table for people, and a line for each locale as a whole."""
    yield f"{'':<10}{'':<16}" + "".join(f"{name:>12}" for name in _COLUMNS)
    for one in found:
        numbers = (one.translated + one.inherited, one.fuzzy, one.stale, one.missing, one.obsolete, one.total)
        yield (
            f"{one.locale:<10}{one.module:<16}" + "".join(f"{n:>12}" for n in numbers) + f"{one.percent:>8}%"
        )
        for lack in one.lacks if lacks else ():
            named = f" [{lack.context}]" if lack.context else ""
            yield f"    {lack.state}: {lack.text!r}{named}  {', '.join(lack.places[:3])}"
    for locale, percent in totals(found).items():
        yield f"{locale:<10}{'altogether':<16}{percent:>80}%"
