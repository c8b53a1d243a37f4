"""Every mistake of every catalog at once, each with its place and with what to do."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path

from orion.i18n import markup, placeholders, plurals
from orion.i18n.catalogs import is_known
from orion.i18n.extract import Template
from orion.i18n.findings import Finding, Form
from orion.i18n.parsing import read
from orion.i18n.po import Entry, File, Key, Words
from orion.i18n.reading import Unreadable, entries
from orion.i18n.safety import harm_in
from orion.manifest.checks import shown
from orion.manifest.diagnostics import ERROR, WARNING, Diagnostic, did_you_mean, shortened

_MOST = re.compile(r"\bmax:\s*(\d+)")
_MOJIBAKE = re.compile("[ÃÂ][\u0080-\u00bf]|â€[\u0080-\u00bf™œ“”˜]|\ufffd")
#: Misspelt messages for which a better one is looked for; with a thousand that takes long.
_GUESSES = 25


@dataclass(frozen=True, slots=True)
class Home:
    """A folder of this installation's catalogs, and what belongs there.

    `templates` are the messages of modules that are on, `modules` the ids of all that there are; `strict` is
    whether a catalog is named by the module that it belongs to.
    """

    folder: Path
    templates: Mapping[str, Template]
    modules: Collection[str] = ()
    strict: bool = True

    def has(self, path: Path) -> bool:
        """Whether a file is one of its catalogs."""
        return path.parent.name == "LC_MESSAGES" and path.parents[2].resolve() == self.folder.resolve()

    @property
    def keys(self) -> dict[Key, Entry]:
        """All messages, whoever says them."""
        return {key: entry for template in self.templates.values() for key, entry in template.entries.items()}


@dataclass(slots=True)
class Report:
    """What a check found. `fuzzy` is how many entries of how many `files` wait for somebody's look."""

    found: list[Diagnostic] = field(default_factory=list)
    fuzzy: int = 0
    files: int = 0

    @property
    def errors(self) -> int:
        """How many findings are errors."""
        return sum(one.severity == ERROR for one in self.found)

    @property
    def summary(self) -> str:
        """One line, in English as everything that commands say."""
        counts = (
            (self.errors, "error"),
            (len(self.found) - self.errors, "warning"),
        )
        said = ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in counts)
        return f"{said}; {self.fuzzy} fuzzy; {self.files} catalog{'' if self.files == 1 else 's'}"


def check(paths: Iterable[Path], homes: Collection[Home] = ()) -> Report:
    """Check catalogs: files, and all those in folders. What lies in one of `homes` is held against its source
    too."""
    report = Report()
    said: dict[tuple[str, Key], tuple[File, Entry]] = {}
    sources = {id(home): home.keys for home in homes}
    for path in _files(paths):
        report.files += 1
        home = next((one for one in homes if one.has(path)), None)
        file, found = _read(path)
        found += _Checking(path, file, home, sources[id(home)] if home else {}).run() if file.lines else []
        if home is not None and home.strict:
            found += _disagreeing(path.parent.parent.name, file, said)
        report.fuzzy += sum(entry.fuzzy for entry in file.messages)
        report.found += found
    report.found = sorted(set(report.found))
    return report


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    seen = set()
    for path in paths:
        for file in sorted(path.rglob("*.po")) if path.is_dir() else [path]:
            if file not in seen and not file.is_dir():
                seen.add(file)
                yield file


def _read(path: Path) -> tuple[File, list[Diagnostic]]:
    name = shown(str(path))
    try:
        file = read(path.read_bytes(), name)
    except OSError as error:
        message = f"the file can't be read: {error.strerror or error}"
        return File(name), [Diagnostic(name, 1, 1, "ORN400", ERROR, message)]
    return file, list(file.problems)


def _disagreeing(
    locale: str, file: File, said: dict[tuple[str, Key], tuple[File, Entry]]
) -> Iterator[Diagnostic]:
    """Messages that another catalog of the language translates otherwise: one wins, and nobody is told."""
    for entry in file.messages:
        if entry.fuzzy or not entry.translated:
            continue
        other, first = said.setdefault((locale, entry.key), (file, entry))
        if first.texts != entry.texts and other is not file:
            place = entry.strings[min(entry.strings)].place()
            hint = f"{Path(other.name).name}:{first.line_of_id} says {shortened(first.texts[0])}: choose one"
            message = f"{shortened(entry.key[1])} is translated in two ways"
            yield file.diagnostic(place, "ORN452", message, hint, WARNING)


class _Checking:
    """One catalog. `source` is every message that it may have, empty where nobody knows."""

    def __init__(self, path: Path, file: File, home: Home | None, source: Mapping[Key, Entry]) -> None:
        self.path, self.file, self.home, self.source = path, file, home, source
        self.locale = _locale(path, file, home)
        self.rule = plurals.read_rule(file.fields.get("plural-forms", ""))
        self.garbled = any(one.code == "ORN401" and one.severity == ERROR for one in file.problems)
        self.is_template = path.suffix == ".pot"

    def run(self) -> list[Diagnostic]:
        return sorted(
            chain(
                self._header(),
                self._duplicates(),
                chain.from_iterable(self._message(entry) for entry in self.file.messages),
                self._origins() if self.home else (),
                self._served() if self.home else (),
            )
        )

    # -- the file as a whole --

    def _header(self) -> Iterator[Diagnostic]:
        if self.is_template or not self.file.entries:
            return
        header, fields = self.file.header, self.file.fields
        if header is None:
            hint = 'begin with msgid "" and a msgstr that says language, encoding and plurals'
            yield self.file.diagnostic((1, 1), "ORN405", "the file has no header", hint, WARNING)
        elif "charset=" not in fields.get("content-type", ""):
            hint = 'add "Content-Type: text/plain; charset=UTF-8\\n"'
            yield self._of_header("", "ORN405", "the header doesn't say the encoding", hint, WARNING)
        yield from self._language(fields.get("language", ""))
        yield from self._plural_forms(fields.get("plural-forms"))

    def _language(self, said: str) -> Iterator[Diagnostic]:
        if self.home is None:
            return
        folder = self.path.parent.parent.name
        if not is_known(folder):
            message = f"the folder {folder} is no language that Orion knows: this catalog is never shown"
            yield self.file.diagnostic((1, 1), "ORN406", message, "name it as de, pt_BR or zh_Hant")
        elif said and _base(said) != _base(folder):
            message = f"the header says the language {said}, and the folder is {folder}"
            yield self._of_header("Language", "ORN406", message, f"write {folder}", WARNING)
        if self.home.strict and self.path.stem not in {*self.home.templates, *self.home.modules}:
            message = f"there is no module {self.path.stem}: this catalog is not needed"
            hint = did_you_mean(self.path.stem, [*self.home.templates, *self.home.modules])
            yield self.file.diagnostic((1, 1), "ORN453", message, hint, WARNING)

    def _plural_forms(self, said: str | None) -> Iterator[Diagnostic]:
        own = plurals.own_rule(self.locale) if self.locale else None
        if said is None:
            if any(entry.plural for entry in self.file.messages) and self.file.header:
                message = "the header doesn't say how many plural forms there are"
                hint = f'add "Plural-Forms: nplurals={own.forms}; plural={own.text};\\n"' if own else ""
                yield self._of_header("", "ORN405", message, hint, WARNING)
            return
        if self.rule is None:
            hint = (
                f"it is nplurals={own.forms}; plural={own.text};"
                if own
                else "write nplurals=2; plural=(n != 1);"
            )
            yield self._of_header("Plural-Forms", "ORN432", "the rule for plurals can't be read", hint)
            return
        yield from self._rule(self.rule, own)

    def _rule(self, rule: plurals.Rule, own: plurals.Rule | None) -> Iterator[Diagnostic]:
        counts = plurals.counts(self.locale) if self.locale else frozenset()
        beyond = plurals.beyond(rule)
        if beyond:
            form = plurals.value(rule.plural, beyond[0])
            message = (
                f"the rule gives form {form} for the number {beyond[0]}, and there are {rule.forms} forms"
            )
            yield self._of_header("Plural-Forms", "ORN432", message)
        if counts and rule.forms not in counts:
            wanted = own.forms if own else min(counts)
            language = plurals.name(self.locale or "")
            message = f"{language} has {_forms(wanted)}, and the header says {rule.forms}"
            hint = f"it is nplurals={own.forms}; plural={own.text};" if own else ""
            yield self._of_header("Plural-Forms", "ORN431", message, hint)
        elif self.home is not None and own is not None and not beyond:
            number = next(plurals.differing(rule.plural, own.plural), None)
            if number is not None:
                message = (
                    f"the rule gives form {plurals.value(rule.plural, number)} for the number {number}, and"
                    f" {plurals.name(self.locale or '')} has form {plurals.value(own.plural, number)} for it"
                )
                hint = f"it is nplurals={own.forms}; plural={own.text};"
                yield self._of_header("Plural-Forms", "ORN433", message, hint, WARNING)

    def _of_header(
        self, name: str, code: str, message: str, hint: str = "", severity: str = ERROR
    ) -> Diagnostic:
        """A finding at a field of the header."""
        header = self.file.header
        place = (1, 1)
        if header is not None and header.strings:
            words = header.strings[min(header.strings)]
            found = re.search(rf"^{re.escape(name)}\s*:\s*", words.text, re.IGNORECASE | re.MULTILINE)
            place = words.place(found.end() if found and name else 0)
        return self.file.diagnostic(place, code, message, hint, severity)

    def _duplicates(self) -> Iterator[Diagnostic]:
        first: dict[Key, Entry] = {}
        for entry in self.file.entries:
            if entry.obsolete or entry.id is None:
                continue
            before = first.setdefault(entry.key, entry)
            if before is not entry:
                what = "the header" if entry.is_header else shortened(entry.key[1])
                message = f"{what} stands here for the second time"
                hint = f"the first is at line {before.line_of_id}: keep one"
                yield self.file.diagnostic((entry.id.line, entry.id.column), "ORN404", message, hint)

    def _origins(self) -> Iterator[Diagnostic]:
        """Messages that nobody says: what was mistyped, and what an update moves to the end."""
        assert self.home is not None
        if not self.source or (self.home.strict and self.path.stem not in self.home.templates):
            return
        contexts = {context for context, _ in self.source if context is not None}
        labels = {context for (context, _), entry in self.source.items() if entry.label}
        texts = {text for context, text in self.source if context is None}
        gone = []
        for number, entry in enumerate(e for e in self.file.messages if e.key not in self.source):
            context, text = entry.key
            if context in labels:
                continue
            if context is not None and context not in contexts:
                yield self._unknown_context(entry, context, contexts)
            elif hint := did_you_mean(text, texts, 0.85) if number < _GUESSES else "":
                hint += " orion i18n update takes the words over"
                yield self._at(entry.id, 0, "ORN451", "the source doesn't have this message", hint, WARNING)
            else:
                gone.append(entry)
        if gone:
            message = f"the source doesn't have {_messages(len(gone))} of this catalog, this one first"
            hint = "orion i18n update moves what is gone to the end"
            yield self._at(gone[0].id, 0, "ORN451", message, hint, WARNING)

    def _unknown_context(self, entry: Entry, context: str, contexts: Collection[str]) -> Diagnostic:
        """An error where something else was meant; what is no longer used is for an update."""
        meant = sorted({c for c, text in self.source if text == entry.key[1] and c is not None})
        hint = did_you_mean(context, meant or contexts, 0.75)
        if not hint and meant:
            hint = f"the source has it as {', '.join(meant[:3])}"
        severity = ERROR if hint else WARNING
        hint = hint or "orion i18n update moves it to the end"
        message = f"there is no context {shortened(context)}"
        return self._at(entry.context, 0, "ORN450", message, hint, severity)

    def _served(self) -> Iterator[Diagnostic]:
        """What serving can't read, whatever the rest of this says."""
        if any(problem.severity == ERROR for problem in self.file.problems):
            return
        try:
            for _entry in entries(self.path.read_bytes()):
                pass
        except (Unreadable, OSError) as error:
            line = getattr(error, "line", 1)
            yield self.file.diagnostic((line, 1), "ORN402", str(error).partition(": ")[2] or str(error))

    # -- one message --

    def _message(self, entry: Entry) -> Iterator[Diagnostic]:
        if entry.id is None or entry.damaged or entry.fuzzy or not any(entry.texts):
            return
        if entry.plural is not None:
            yield from self._forms(entry)
        english = (entry.id.text, *((entry.plural.text,) if entry.plural is not None else ()))
        flags = frozenset(entry.flags)
        for number, words in sorted(entry.strings.items()):
            if words.text:
                lenient = entry.plural is not None and self._is_lenient(number, len(entry.strings))
                found = [*self._text(Form(words.text, english, flags, lenient), entry)]
                if self.home is not None and all(one.severity != ERROR for one in found):
                    found += _left_out(english, words.text)
                yield from (self._at(words, *one) for one in found)

    def _text(self, form: Form, entry: Entry) -> Iterator[Finding]:
        yield from placeholders.check(form)
        yield from markup.check_tags(form)
        yield from markup.check_breaks(form)
        yield from self._blanks(form)
        yield from self._length(form, entry)
        strange = None if self.garbled else _MOJIBAKE.search(form.text)
        if strange and not any(_MOJIBAKE.search(text) for text in form.english):
            hint = "the file was once read in another encoding: write the letter anew"
            yield Finding(
                strange.start(), "ORN401", f"{shortened(strange[0])} is no letter of this language", hint
            )

    def _blanks(self, form: Form) -> Iterator[Finding]:
        """In catalogs of others nobody knows what stands beside, and the blank of a plural form may be what
        is left of a number that it doesn't say."""
        if self.home is not None:
            yield from markup.check_blanks(form)
        elif len(form.english) == 1:
            yield from (found._replace(severity=WARNING) for found in markup.check_blanks(form))

    def _length(self, form: Form, entry: Entry) -> Iterator[Finding]:
        source = self.source.get(entry.key)
        said = [*entry.extracted, *entry.comments, *(source.extracted if source is not None else ())]
        limits = [int(found[1]) for one in said if (found := _MOST.search(one))]
        long = markup.length(form.text)
        if limits and long > min(limits):
            message = f"this is {long} characters long, and there is room for {min(limits)}"
            yield Finding(0, "ORN442", message, "say it shorter")

    def _forms(self, entry: Entry) -> Iterator[Diagnostic]:
        own = (
            plurals.own_rule(self.locale)
            if self.locale and not self.file.fields.get("plural-forms")
            else None
        )
        rule = self.rule or own
        count = rule.forms if rule else None
        there = len(entry.strings)
        if count is not None and there != count:
            last = entry.strings[max(entry.strings)]
            who = "the header says" if self.rule else f"{plurals.name(self.locale or '')} has"
            message = (
                f"this message has {there} plural {'form' if there == 1 else 'forms'}, and {who} {count}"
            )
            needed = ", ".join(f"msgstr[{n}]" for n in range(there, count))
            hint = f"add {needed}" if there < count else f"delete those behind msgstr[{count - 1}]"
            yield self.file.diagnostic((last.line, last.column), "ORN430", message, hint)
        # Elsewhere the English stands in for it; gettext's own check refuses these, too.
        plural = entry.plural_text or ""
        refused = bool(placeholders.names_in(plural)) or plural[:1] == "\n" or plural[-1:] == "\n"
        for number, words in sorted(entry.strings.items()):
            if not words.text:
                message = f"msgstr[{number}] is empty, and other forms are not"
                hint = f"it is for {self._numbers(number)}" if self.rule else ""
                yield self._at(words, 0, "ORN434", message, hint, ERROR if refused else WARNING)

    def _numbers(self, form: int) -> str:
        """Examples of the numbers that take a form."""
        found = plurals.numbers_of(self.rule.plural, form) if self.rule else []
        if not found:
            return "fractions"
        return ", ".join(map(str, found[:4])) + (" …" if len(found) > 4 else "")

    def _is_lenient(self, number: int, forms: int) -> bool:
        if self.rule is None:
            return number == 0 and forms > 1
        return forms > 1 and _lenient(self.rule, number)

    def _at(
        self, words: Words | None, at: int, code: str, message: str, hint: str = "", severity: str = ERROR
    ) -> Diagnostic:
        place = words.place(at) if words is not None else (1, 1)
        return self.file.diagnostic(place, code, message, hint, severity)


def _left_out(english: tuple[str, ...], text: str) -> Iterator[Finding]:
    """What serving leaves out for another reason than those that are named before."""
    harm = harm_in(english, (text,))
    if harm:
        at = max(text.find("%"), 0)
        hint = "it is left out on pages; say it in words" if "%" in text else "it is left out on pages"
        yield Finding(at, "ORN413" if "%" in text else "ORN420", harm, hint)


@lru_cache(maxsize=256)
def _lenient(rule: plurals.Rule, form: int) -> bool:
    return plurals.lenient(rule.plural, form)


def _locale(path: Path, file: File, home: Home | None) -> str | None:
    """The language of a catalog: its folder's, its name's, or the header's; None where none of them says."""
    named = path.parent.parent.name if path.parent.name == "LC_MESSAGES" else path.stem
    if home is not None:
        return named if is_known(named) else None
    said = file.fields.get("language", "").replace("-", "_")
    return next((name for name in (said, named.replace("-", "_")) if name and is_known(name)), None)


def _forms(number: int) -> str:
    return f"{number} plural form{'' if number == 1 else 's'}"


def _messages(number: int) -> str:
    return f"{number} message{'' if number == 1 else 's'}"


def _base(locale: str) -> str:
    return re.split(r"[-_@.]", locale)[0].lower()
