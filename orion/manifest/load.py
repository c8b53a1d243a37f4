"""Manifests from files: every file, and every error of every file, at once."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from orion.manifest import build
from orion.manifest.diagnostics import ERROR, WARNING, Diagnostic, shortened
from orion.manifest.document import Document
from orion.manifest.meaning import check_platforms, check_set
from orion.manifest.model import Manifest, PlatformManifest
from orion.manifest.reader import MAX_BYTES, read
from orion.manifest.salvage import Salvaged, salvage
from orion.manifest.saying import sentence
from orion.manifest.schema import check_document

__all__ = ["Reading", "check_set", "parse_module", "parse_platform", "read_folder", "read_texts"]

Parsed = TypeVar("Parsed", Manifest, PlatformManifest)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a manifests folder says.

    `manifests` and `platforms` hold what is valid in itself, by code; `texts` and `platform_texts`
    the bytes of every file, valid or not, by the file's name; `salvaged` what can still be checked
    of the modules that are not valid.
    """

    manifests: Mapping[str, Manifest] = field(default_factory=dict)
    platforms: Mapping[str, PlatformManifest] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    texts: Mapping[str, bytes] = field(default_factory=dict)
    platform_texts: Mapping[str, bytes] = field(default_factory=dict)
    salvaged: Mapping[str, Salvaged] = field(default_factory=dict)


def parse_module(text: bytes, file: str) -> tuple[Manifest | None, list[Diagnostic]]:
    """A module's manifest, None if anything in it is wrong.

    `file` is as diagnostics show it; its name is the code.
    """
    manifest, found = _module(text, file)
    return manifest, list(found)


def parse_platform(text: bytes, file: str) -> tuple[PlatformManifest | None, list[Diagnostic]]:
    """A platform's file, None if anything in it is wrong."""
    platform, found = _platform(text, file)
    return platform, list(found)


# When one file of a folder changes, the others are what they were: a text is read once.
_once = lru_cache(maxsize=256)


@_once
def _module(text: bytes, file: str) -> tuple[Manifest | None, tuple[Diagnostic, ...]]:
    document, found = _checked(text, file, "module")
    if document is None or found:
        return None, tuple(found)
    return build.manifest(document, text), ()


@_once
def _platform(text: bytes, file: str) -> tuple[PlatformManifest | None, tuple[Diagnostic, ...]]:
    document, found = _checked(text, file, "platform")
    if document is None or found:
        return None, tuple(found)
    return build.platform(document, text, Path(file).stem), ()


def read_folder(folder: Path, shown: str | None = None) -> Reading:
    """All manifests in a folder and its `platforms/`. `shown` is the folder as diagnostics name it.

    What a module's file says of others is for `check_set`. A folder that is absent has no manifests.
    """
    shown = shown or folder.name
    texts, found = _texts(folder, shown)
    platform_texts, more = _texts(folder / "platforms", f"{shown}/platforms")
    return _reading(texts, platform_texts, [*found, *more], shown)


def read_texts(texts: Mapping[str, bytes], shown: str = "manifests") -> Reading:
    """What texts say, by code; `platforms/x` names a platform's file."""
    platforms = {code.partition("/")[2]: text for code, text in texts.items() if "/" in code}
    return _reading({code: text for code, text in texts.items() if "/" not in code}, platforms, [], shown)


def _reading(
    texts: Mapping[str, bytes], platform_texts: Mapping[str, bytes], found: list[Diagnostic], shown: str
) -> Reading:
    unread = {one.file for one in found}
    manifests = _parsed(texts, shown, parse_module, found, unread)
    platforms = _parsed(platform_texts, f"{shown}/platforms", parse_platform, found, unread)
    found += check_platforms(platforms, manifests, known=texts)
    rest = {
        code: _salvaged(text, f"{shown}/{code}.yaml") for code, text in texts.items() if code not in manifests
    }
    salvaged = {code: one for code, one in rest.items() if one is not None}
    return Reading(manifests, platforms, tuple(sorted(found)), texts, platform_texts, salvaged)


def _salvaged(text: bytes, file: str) -> Salvaged | None:
    document, _ = read(text, file)
    return salvage(document, text) if document is not None else None


def _parsed(
    texts: Mapping[str, bytes],
    shown: str,
    parse: Callable[[bytes, str], tuple[Parsed | None, list[Diagnostic]]],
    found: list[Diagnostic],
    unread: Collection[str],
) -> dict[str, Parsed]:
    """What is valid of the texts, by code; the rest is explained in `found`."""
    good: dict[str, Parsed] = {}
    for code, text in texts.items():
        file = f"{shown}/{code}.yaml"
        if file not in unread:
            parsed, wrong = parse(text, file)
            found += wrong
            if parsed is not None:
                good[code] = parsed
    return good


def _checked(text: bytes, file: str, schema: str) -> tuple[Document | None, list[Diagnostic]]:
    """A file against its syntax, its schema and its name."""
    document, found = read(text, file)
    if document is None:
        return None, found
    broken = {(one.line, one.column) for one in found}
    found += [one for one in check_document(document, schema) if (one.line, one.column) not in broken]
    return document, sorted([*found, *_misnamed(document)])


def _misnamed(document: Document) -> list[Diagnostic]:
    code = document.data.get("code") if isinstance(document.data, dict) else None
    name = Path(document.file).stem
    if not isinstance(code, str) or code == name:
        return []
    message = sentence(
        '"code" is %(code)s, and the file is named %(name)s',
        code=shortened(code),
        name=shortened(Path(document.file).name),
    )
    return [document.diagnostic(("code",), "ORN301", message, hint=sentence("the two must be equal"))]


def _texts(folder: Path, shown: str) -> tuple[dict[str, bytes], list[Diagnostic]]:
    """The files of a folder by code, and what is wrong with them as files."""
    texts: dict[str, bytes] = {}
    found: list[Diagnostic] = []
    for path in sorted(folder.glob("[!.]*")) if folder.is_dir() else ():
        file = f"{shown}/{path.name}"
        if path.suffix == ".yml":
            hint = sentence("name it %(name)s", name=f"{path.stem}.yaml")
            found.append(
                Diagnostic(file, 1, 1, "ORN116", WARNING, sentence("this file is not read"), hint=hint)
            )
        elif path.suffix == ".yaml":
            try:
                texts[path.stem] = _bytes(path)
            except OSError as error:
                texts[path.stem] = b""
                message = sentence("the file can't be read: %(error)s", error=error.strerror or error)
                found.append(Diagnostic(file, 1, 1, "ORN114", ERROR, message))
    return texts, found


def _bytes(path: Path) -> bytes:
    """As much of a file as shows whether it is too large. Raises OSError."""
    if path.exists() and not path.is_file():
        raise OSError("it is no file")
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)
