"""Bringing a locale's catalogs up to date: what is new, what changed, what is gone. No word is lost."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from babel import Locale, UnknownLocaleError
from babel.messages.plurals import get_plural

from orion.contracts.errors import Invalid
from orion.files import write_whole
from orion.i18n import po
from orion.i18n.extract import Source, Template, engine_template, header_lines, write_templates
from orion.i18n.parsing import read
from orion.i18n.po import Entry, File, Key
from orion.i18n.reading import rule_of
from orion.manifest.checks import shown
from orion.manifest.diagnostics import ERROR, Diagnostic
from orion.settings import Settings

#: How much of a message that is gone must be in a new one for its translation to be offered, 0 to 1.
ALIKE = 0.7


@dataclass(slots=True)
class Merge:
    """What became of one catalog: numbers of messages. `problems` kept the file from being touched."""

    file: Path
    new: int = 0
    filled: int = 0
    changed: int = 0
    gone: int = 0
    started: bool = False
    written: bool = False
    problems: list[Diagnostic] = field(default_factory=list)


def locale_named(name: str) -> str:
    """The folder of a locale: `pt-br` → `pt_BR`. Raises Invalid for what is no locale."""
    try:
        return str(Locale.parse(name.replace("-", "_")))
    except (UnknownLocaleError, ValueError) as error:
        raise Invalid(f"{name!r} is no locale: write it as de, pt_BR or zh_Hant") from error


def locales_in(folder: Path) -> list[str]:
    """The locales that have a folder for catalogs."""
    return sorted(path.parent.name for path in folder.glob("*/LC_MESSAGES") if path.is_dir())


def update(folder: Path, locale: str, templates: Mapping[str, Template]) -> list[Merge]:
    """Merge templates into a locale's catalogs, and begin those that are missing. Others stay as they are."""
    there = {path.stem: _read(path) for path in sorted((folder / locale / "LC_MESSAGES").glob("*.po"))}
    known = _known(there.values())
    merges = []
    for code, template in templates.items():
        path = folder / locale / "LC_MESSAGES" / f"{code}.po"
        merges.append(_update(path, there.get(code), template, locale, known))
    return merges


def begin_module(settings: Settings, code: str, sources: Iterable[Source]) -> Iterator[Path]:
    """The template of a module that is new, and a catalog in each language that there is; the files."""
    found = {code: Template(code, sources, engine_template(settings))}
    yield from write_templates(settings, found)
    for locale in locales_in(settings.translations):
        yield from (merge.file for merge in update(settings.translations, locale, found))


def _read(path: Path) -> File:
    return read(path.read_bytes(), shown(str(path)))


def _known(files: Iterable[File]) -> dict[Key, Entry]:
    """Every translation that a person has seen to; one in use goes before one of a message that is gone."""
    entries = [entry for file in files for entry in file.entries if not entry.is_header and not entry.fuzzy]
    ordered = sorted(entries, key=lambda entry: not entry.obsolete)
    return {entry.key: entry for entry in ordered if entry.translated}


def _update(
    path: Path, file: File | None, template: Template, locale: str, known: Mapping[Key, Entry]
) -> Merge:
    merge = Merge(path, started=file is None)
    if file is None:
        file = read(new_header(template.code, locale).encode(), shown(str(path)))
    merge.problems = [problem for problem in file.problems if problem.severity == ERROR]
    if merge.problems:
        return merge
    _Merging(file, template, known, merge).run()
    _declare_utf8(file)
    text = file.text()
    before = path.read_bytes() if path.is_file() else b""
    after = text.replace("\n", "\r\n").encode() if b"\r\n" in before else text.encode()
    if after != before:
        merge.written = True
        write_whole(path, after)
    return merge


def new_header(code: str, locale: str) -> str:
    """The beginning of a catalog that has no message yet."""
    what = "Orion" if code == "orion" else f"Orion: {code}"
    lines = header_lines(code, locale, plural_forms(locale))
    name = Locale.parse(locale).english_name
    return "\n".join(
        [f"# {name} catalog of {what}.", 'msgid ""', 'msgstr ""', *(f'"{line}\\n"' for line in lines)]
    )


def plural_forms(locale: str) -> str:
    """What a header says of a language's plurals."""
    count = get_plural(Locale.parse(locale)).num_plurals
    rule = rule_of("", locale)
    return f"nplurals={count}; plural={rule if rule.startswith('(') else f'({rule})'};"


def _declare_utf8(file: File) -> None:
    header, said = file.header, file.fields.get("content-type", "")
    charset = said.partition("charset=")[2]
    if header is not None and charset and charset.upper() != "UTF-8":
        header.body = [line.replace(f"charset={charset}", "charset=UTF-8") for line in header.body]


class _Merging:
    """One file and one template. Entries keep their order; new ones follow what they do in the template."""

    def __init__(self, file: File, template: Template, known: Mapping[Key, Entry], merge: Merge) -> None:
        self.file, self.template, self.known, self.merge = file, template, known, merge
        self.active: dict[Key, Entry] = {}
        for entry in file.messages:
            self.active.setdefault(entry.key, entry)
        self.obsolete = {entry.key: entry for entry in file.entries if entry.obsolete}
        gone = [entry for key, entry in self.active.items() if key not in template.entries]
        self.gone = {entry.key: entry for entry in gone if any(entry.texts)}
        self.used: set[int] = set()
        self.plurals = _plurals(file)

    def run(self) -> None:
        merged = {key: self._merged(key, entry) for key, entry in self.template.entries.items()}
        kept = [e for e in self.file.messages if id(e) not in self.used and e.key in merged]
        order = [e for e in self.file.messages if any(e is one for one in merged.values()) or e in kept]
        self._place(order, list(merged.values()))
        late = [e for e in self.gone.values() if id(e) not in self.used]
        self.merge.gone = len(late)
        old = [e for e in self.obsolete.values() if id(e) not in self.used and e.key not in merged]
        header = [self.file.header] if self.file.header else []
        self.file.entries = [*header, *order, *old, *(self._outdated(entry) for entry in late)]

    def _place(self, order: list[Entry], wanted: list[Entry]) -> None:
        """Put what is not there yet behind what it follows in the template."""
        there = {id(entry) for entry in order}
        before: Entry | None = None
        for entry in wanted:
            if id(entry) not in there:
                at = next((i for i, one in enumerate(order) if one is before), -1)
                order.insert(at + 1, entry)
                there.add(id(entry))
            before = entry

    def _merged(self, key: Key, template: Entry) -> Entry:
        found = self.active.get(key)
        if found is None:
            found = (
                self._reworded(template) or self._revived(key) or self._alike(key, template) or self._new(key)
            )
        elif found.plural_text != template.plural_text:
            self._reword(found, template)
        self.used.add(id(found))
        if not any(found.texts):
            self._write(found, template, self._from_others(key, template))
        found.extracted, found.places = template.extracted, template.places
        found.flags = _flags(found, template)
        return found

    def _new(self, key: Key) -> Entry:
        self.merge.new += 1
        return Entry(0)

    def _reworded(self, template: Entry) -> Entry | None:
        """A label whose English changed: its context tells which it was."""
        if not template.label or template.context is None:
            return None
        same = (e for (context, _), e in self.gone.items() if context == template.context.text)
        found = next((entry for entry in same if id(entry) not in self.used), None)
        if found is not None:
            self._reword(found, template)
        return found

    def _revived(self, key: Key) -> Entry | None:
        """A message that comes back."""
        found = self.obsolete.get(key)
        if found is not None:
            found.obsolete = False
            self.merge.new += 1
        return found

    def _alike(self, key: Key, template: Entry) -> Entry | None:
        """A message that is gone and says nearly the same: its translation is a beginning."""
        if key[0] is not None:
            return None if template.label else self._without_context(key, template)
        candidates = {
            entry.key[1]: entry
            for entry in [*self.obsolete.values(), *self.gone.values()]
            if entry.context is None and id(entry) not in self.used and any(entry.texts)
        }
        close = get_close_matches(key[1], candidates, 1, ALIKE)
        if not close:
            return None
        found = candidates[close[0]]
        found.obsolete = False
        self._reword(found, template)
        return found

    def _without_context(self, key: Key, template: Entry) -> Entry | None:
        """What the same English was translated to before it had a context: perhaps that is right here too."""
        known = self.known.get((None, key[1]))
        if known is None or known.plural_text != template.plural_text:
            return None
        entry = Entry(0, context=known.context, id=known.id, plural=known.plural)
        entry.strings = dict(known.strings)
        self._reword(entry, template)
        return entry

    def _reword(self, entry: Entry, template: Entry) -> None:
        """Keep a translation for another text, fuzzy, with the text that it was made for."""
        if any(entry.texts):
            if not (entry.fuzzy and entry.previous):
                entry.previous = _previous(entry)
            entry.flags = [*entry.flags, *([] if entry.fuzzy else ["fuzzy"])]
            self.merge.changed += 1
        self._write(entry, template, entry.texts)

    def _from_others(self, key: Key, template: Entry) -> list[str]:
        found = self.known.get(key)
        if found is None or found.plural_text != template.plural_text:
            return []
        self.merge.filled += 1
        return found.texts

    def _write(self, entry: Entry, template: Entry, texts: list[str]) -> None:
        count = self.plurals if template.plural is not None else 1
        texts = [*texts, *[""] * count][:count] if len(texts) != count else texts
        plural = template.plural_text
        entry.body = po.body_of(template.key, plural, texts)
        entry.context, entry.id, entry.plural = template.context, template.id, template.plural
        entry.strings = {number: po.Words(0, 0, text) for number, text in enumerate(texts)}

    def _outdated(self, entry: Entry) -> Entry:
        entry.obsolete, entry.places, entry.extracted = True, [], []
        entry.previous = [f"#~{line[1:]}" if line.startswith("#|") else line for line in entry.previous]
        return entry


def _flags(entry: Entry, template: Entry) -> list[str]:
    """A translator's flags, and the source's."""
    ours = ("python-format", "python-brace-format", "no-python-format")
    kept = [flag for flag in entry.flags if flag not in ours]
    return list(dict.fromkeys([*kept, *template.flags]))


def _previous(entry: Entry) -> list[str]:
    lines = po.written("msgctxt", entry.context.text) if entry.context is not None else []
    lines += po.written("msgid", entry.key[1])
    lines += po.written("msgid_plural", entry.plural.text) if entry.plural is not None else []
    return [f"#| {line}" for line in lines]


def _plurals(file: File) -> int:
    """How many forms the header promises, 2 where it doesn't say."""
    said = file.fields.get("plural-forms", "")
    number = said.partition("nplurals=")[2].partition(";")[0].strip()
    return int(number) if number.isdigit() and 0 < int(number) < 10 else 2


def lines_of(merges: Iterable[Merge]) -> Iterator[str]:
    """What was done, a line for each catalog that is other than before."""
    for merge in merges:
        if merge.written:
            counts = (
                (merge.new, "new"),
                (merge.filled, "filled from another catalog"),
                (merge.changed, "to be looked at again"),
                (merge.gone, "no longer used"),
            )
            said = ", ".join(f"{number} {what}" for number, what in counts if number)
            yield f"{shown(str(merge.file))}: {said or 'places and comments'}"
