"""The messages of the engine and of each module, from Python, templates and manifests.

The template of each is `translations/templates/<id>.pot`, and `orion.pot` for the engine.
"""

import json
import re
from collections.abc import Collection, Generator, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from tokenize import TokenError
from typing import IO, Any, NamedTuple

from babel.messages.extract import extract_from_file
from jinja2 import TemplateSyntaxError

from orion.contracts.errors import Invalid
from orion.i18n.po import Entry, Key, Words, body_of
from orion.loader import package_folder
from orion.manifest.document import Document
from orion.manifest.load import read_folder
from orion.manifest.model import Manifest
from orion.manifest.reader import read
from orion.manifest.salvage import salvage
from orion.manifest.texts import Text, texts_of
from orion.settings import Settings

ENGINE = "orion"
#: What marks a message in code, with the arguments that hold context (`c`) and texts.
KEYWORDS: Mapping[str, Any] = {
    "_": None,
    "_l": None,
    "N_": None,
    # What findings about manifests are made of.
    "sentence": None,
    **dict.fromkeys(("gettext", "lazy_gettext"), None),
    **dict.fromkeys(("ngettext", "lazy_ngettext"), (1, 2)),
    **dict.fromkeys(("pgettext", "lazy_pgettext"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "lazy_npgettext"), ((1, "c"), 2, 3)),
}
#: How a comment for translators begins: a note, or the most characters that there is room for.
TAGS = ("TRANSLATORS:", "max:")
_MANIFEST = "orion.i18n.extract:orion_manifest"
_METHODS = {
    ".py": "python",
    ".html": "jinja2.ext.babel_extract",
    ".txt": "jinja2.ext.babel_extract",
    ".yaml": _MANIFEST,
    ".json": "orion.i18n.extract:schema",
}
_READ = frozenset(_METHODS) - {".yaml"}
#: Folders of a package that nobody reads in a browser or a mail.
_ASIDE = frozenset({"tests", "testing", "migrations", "skeleton", "__pycache__"})
_PLACEHOLDER = re.compile(r"%\(\w+\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]")
_JINJA = {"silent": "false", "extensions": "jinja2.ext.do"}
#: What a schema says of a text that is not of its form.
_FORM = re.compile(r'"patternErrorMessage":\s*("(?:[^"\\]|\\.)*")')
_TAGGED = re.compile(r"#\s*(TRANSLATORS:|max:)")


class Source(NamedTuple):
    """One place of a message. `plural` is None where there is none; `line` is 1-based."""

    context: str | None
    text: str
    plural: str | None
    file: str
    line: int
    comments: tuple[str, ...] = ()


class Template:
    """All messages of the engine or of one module, by the place where each is first seen."""

    def __init__(self, code: str, sources: Iterable[Source], without: "Template | None" = None) -> None:
        self.code = code
        self.entries: dict[Key, Entry] = {}
        for source in sorted(set(sources), key=_order):
            if without is None or not without.has(source):
                self._add(source)

    @classmethod
    def of(cls, code: str, entries: Iterable[Entry]) -> "Template":
        """A template that was written before."""
        made = cls(code, ())
        made.entries = {entry.key: entry for entry in entries}
        return made

    def has(self, source: Source) -> bool:
        """Whether a catalog with these messages answers for that one too."""
        entry = self.entries.get((source.context, source.text))
        return entry is not None and (source.plural is None or entry.plural_text == source.plural)

    def _add(self, source: Source) -> None:
        key = (source.context, source.text)
        entry = self.entries.setdefault(key, Entry(source.line))
        plural = source.plural or entry.plural_text
        if not entry.body or plural != entry.plural_text:
            entry.body = body_of(key, plural, ["", ""] if plural is not None else [""])
            entry.flags = ["python-format"] if _has_placeholder(source) else []
            _fill(entry, key, plural)
        place = f"{source.file}:{source.line}"
        entry.places += [place] if place not in entry.places else []
        entry.extracted += [said for said in source.comments if said not in entry.extracted]

    def text(self) -> str:
        """The template as it is written: the same for the same sources."""
        head = "\n".join(_header(self.code))
        return "\n\n".join([head, *("\n".join(entry.lines()) for entry in self.entries.values())]) + "\n"


def templates(settings: Settings) -> dict[str, Template]:
    """The templates of the engine and of every module that is on, by id. Reads files alone.

    Raises Invalid, with file and line, for code or a page that can't be parsed.
    """
    engine = engine_template(settings)
    found = {ENGINE: engine}
    package = package_folder(settings)
    for code in modules_on(settings):
        if package is not None:
            manifest = settings.manifests / f"{code}.yaml"
            found[code] = Template(code, module_sources(settings.root, package / code, manifest), engine)
    return found


def engine_template(settings: Settings) -> Template:
    """The template of the engine alone."""
    return Template(ENGINE, _engine(settings))


def write_templates(settings: Settings, found: Mapping[str, Template]) -> list[Path]:
    """Write the templates of these; the files that are other than before. Others' stay as they are."""
    folder = template_folder(settings)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for code, template in found.items():
        file, text = folder / f"{code}.pot", template.text()
        if not file.is_file() or file.read_text("utf-8") != text:
            file.write_text(text, "utf-8")
            written.append(file)
    return written


def template_folder(settings: Settings) -> Path:
    """Where the templates lie."""
    return settings.translations / "templates"


def modules_on(settings: Settings) -> list[str]:
    """The modules that this installation's files switch on: there, valid, and so is all that they require."""
    package = package_folder(settings)
    manifests = read_folder(settings.manifests).manifests
    there = {
        code: one
        for code, one in manifests.items()
        if one.enabled and package is not None and (package / code / "__init__.py").is_file()
    }
    return sorted(code for code in there if _stands(code, there, set()))


def _stands(code: str, there: Mapping[str, Manifest], above: Collection[str]) -> bool:
    if code not in there or code in above:
        return False
    return all(_stands(need, there, {*above, code}) for need in there[code].requires)


def module_sources(root: Path, folder: Path, manifest: Path, named: str = "") -> Iterator[Source]:
    """The messages of a module's folder and its manifest; `root` is what places are named from.

    `named` is what the manifest is called, if it isn't where it will be.
    """
    yield from _of_file(manifest, root, named)
    yield from _of_folder(folder, root)


def _engine(settings: Settings) -> Iterator[Source]:
    yield from _of_folder(Path(__file__).parents[1], Path(__file__).parents[2])
    yield from _of_folder(settings.templates, settings.root)


def _of_folder(folder: Path, root: Path) -> Iterator[Source]:
    for file in sorted(folder.rglob("*")):
        inside = file.relative_to(folder)
        if (
            file.suffix in (".py", ".html", ".txt", ".json")
            and file.is_file()
            and not _ASIDE & set(inside.parts)
        ):
            yield from _of_file(file, root)


def _of_file(file: Path, root: Path, named: str = "") -> Iterator[Source]:
    name = named or (file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name)
    try:
        found = extract_from_file(
            _METHODS[file.suffix], file, keywords=KEYWORDS, comment_tags=TAGS, options=_JINJA
        )
    except (SyntaxError, TokenError, TemplateSyntaxError, UnicodeError) as error:
        raise Invalid(f"{name}:{getattr(error, 'lineno', None) or 1}: {error}") from error
    for line, message, comments, context in found:
        texts = message if isinstance(message, tuple) else (message,)
        said = tuple(_comment(one) for one in comments)
        yield Source(context, texts[0], texts[1] if len(texts) > 1 else None, name, line, said)


def _comment(said: str) -> str:
    return re.sub(r"^max:\s*", "max:", " ".join(said.split()))


def orion_manifest(
    fileobj: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Generator[tuple[int, str, tuple[str, str], list[str]], None, None]:
    """Babel's extractor for manifests: each text a person reads, with the context that Orion looks it up by.

    A text is `pgettext(label key, English text)`. Comments are those above its line and behind it.
    Platform files have none: what they reword, they say in every language themselves.
    """
    text = fileobj.read()
    document, _ = read(text, str(getattr(fileobj, "name", "")))
    code = document.data.get("code") if document is not None and isinstance(document.data, dict) else None
    if document is None or not isinstance(code, str):
        return
    # Whatever the file is called now.
    salvaged = salvage(replace(document, file=f"{code}.yaml"), text)
    if salvaged is None:
        return
    for one in texts_of(salvaged.manifest):
        if one.text != "?":
            yield one.line, "pgettext", (one.context, one.text), _notes(document, one)


def schema(
    fileobj: IO[bytes], keywords: Mapping[str, Any], comment_tags: Collection[str], options: Mapping[str, Any]
) -> Iterator[tuple[int, str, str, list[str]]]:
    """Babel's extractor for JSON schemas: the sentences in which they say what form a text must have."""
    for number, line in enumerate(fileobj.read().decode("utf-8").splitlines(), start=1):
        for found in _FORM.finditer(line):
            yield number, "gettext", json.loads(found[1]), []


def _notes(document: Document, text: Text) -> list[str]:
    """The comments for translators beside a text of a manifest."""
    above: list[str] = []
    line = text.line - 1
    while document.source(line).lstrip().startswith("#"):
        above.insert(0, document.source(line).strip())
        line -= 1
    ends = document.ends.get(text.path)
    behind = document.source(ends.line)[ends.column - 1 :].strip() if ends else ""
    tagged = next((i for i, said in enumerate(above) if _TAGGED.match(said)), len(above))
    notes = [*above[tagged:], *([behind] if _TAGGED.match(behind) else [])]
    return [said.lstrip("# ") for said in notes]


def _order(source: Source) -> tuple[Any, ...]:
    return source.file, source.line, source.context or "", source.text, source.plural or "", source.comments


def _has_placeholder(source: Source) -> bool:
    return any(_PLACEHOLDER.search(text) for text in (source.text, source.plural or ""))


def _fill(entry: Entry, key: Key, plural: str | None) -> None:
    """Give an entry made of lines the words that reading them would give."""
    entry.context = Words(0, 0, key[0]) if key[0] is not None else None
    entry.id = Words(0, 0, key[1])
    entry.plural = Words(0, 0, plural) if plural is not None else None


def _header(code: str) -> Iterator[str]:
    what = "the engine" if code == ENGINE else f"the module {code}"
    yield f"# Messages of {what}, for catalogs to begin with."
    yield "# `orion i18n extract` writes this file."
    yield 'msgid ""'
    yield 'msgstr ""'
    for line in header_lines(code, "", "nplurals=INTEGER; plural=EXPRESSION;"):
        yield f'"{line}\\n"'


def header_lines(code: str, language: str, plural_forms: str) -> list[str]:
    """The fields of a catalog's header."""
    return [
        f"Project-Id-Version: {code}",
        f"Language: {language}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {plural_forms}",
    ]
