"""Which column is which field, and what has been stated about the file; as YAML, or recognised."""

import difflib
from collections.abc import Mapping as Dict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from flask_babel import gettext as _
from jsonschema import Draft202012Validator, ValidationError

from orion.contracts.money import known_currencies
from orion.manifest.document import Document
from orion.manifest.reader import read
from orion.tabular.errors import TableError
from orion.tabular.target import Target

#: What stands in a mapping file as it is kept.
_WRITTEN = (
    *("columns", "constants", "dates", "decimal", "encoding", "delimiter", "table", "header", "currency"),
)


@dataclass(frozen=True, slots=True)
class Join:
    """Another file of the same export. `on` maps columns of the table to columns of this file;
    empty means the columns they share by name."""

    file: str
    on: Dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mapping:
    """Fields and where they come from: `columns` (field → column), `constants` (field → text).

    The rest is what has been stated: `dates` (DMY, MDY, YMD or a strptime format), `decimal` ("."
    or ","), `encoding`, `delimiter`, `currency`, `joins`, and the target's own `options`. None
    means that nothing was stated. `format` names the format that was recognised. A column of None
    means that the field is wanted from nowhere. `table` names one of several tables of a file, `header` the
    line of the columns' names, 0 for none.
    """

    columns: Dict[str, str | None] = field(default_factory=dict)
    constants: Dict[str, str] = field(default_factory=dict)
    dates: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    currency: str | None = None
    joins: tuple[Join, ...] = ()
    options: Dict[str, Any] = field(default_factory=dict)
    format: str | None = None
    table: str | None = None
    header: int | None = None


def read_mapping(path: Path, target: Target) -> Mapping:
    """The mapping that a YAML file states. Raises TableError naming every mistake with its place."""
    try:
        text = path.read_bytes()
    except OSError as error:
        raise TableError(_("%(file)s cannot be read: %(why)s.", file=path.name, why=str(error))) from error
    return parse_mapping(text, path.name, target)


def parse_mapping(text: bytes, file: str, target: Target) -> Mapping:
    """The mapping that the text of a YAML file states. Raises TableError naming every mistake."""
    document, diagnostics = read(text, file)
    if document is None or diagnostics:
        raise TableError("\n".join(f"{d.file}:{d.line}:{d.column}: {d.message}" for d in diagnostics))
    mistakes = sorted(_mistakes(document, file, mapping_schema(target)))
    if mistakes:
        raise TableError(
            "\n".join(f"{file}:{line}:{column}: {what}" for file, line, column, what in mistakes)
        )
    return _mapping(document, target)


def mapping_text(mapping: Mapping) -> str:
    """A mapping as the text of a YAML file, as `parse_mapping` reads it."""
    stated: dict[str, Any] = {
        name: dict(value) if isinstance(value, Dict) else value
        for name in _WRITTEN
        if (value := getattr(mapping, name)) or value == 0
    }
    joins = [{"file": one.file, "on": dict(one.on)} if one.on else one.file for one in mapping.joins]
    whole = {**stated, **({"with": joins} if joins else {}), **mapping.options}
    return str(yaml.safe_dump(whole, allow_unicode=True, sort_keys=False)) if whole else ""


def mapping_schema(target: Target) -> dict[str, Any]:
    """The JSON Schema (2020-12) of mapping files for a target."""
    text = {"type": "string", "minLength": 1}
    # A name inside the export's own folder: mapping files come from anywhere.
    name = {"type": "string", "pattern": r"^(?!/)(?!.*\.\.)[^\\:]+$"}
    on = {"anyOf": [text, {"type": "object", "additionalProperties": text}]}
    join = {"properties": {"file": name, "on": on}, "required": ["file"], "additionalProperties": False}
    own = {
        "columns": _by_field(target, {"type": ["string", "null"]}),
        "constants": _by_field(target, {"type": ["string", "number"]}),
        "dates": {"anyOf": [{"enum": ["DMY", "MDY", "YMD"]}, {"type": "string", "pattern": "%"}]},
        "decimal": {"enum": [".", ","]},
        "encoding": text,
        "delimiter": text,
        "table": text,
        "header": {"type": "integer", "minimum": 0, "maximum": 50},
        "currency": {"enum": sorted(known_currencies())},
        "with": {"type": "array", "items": {"anyOf": [name, {"type": "object", **join}]}},
    }
    properties = {**own, **target.options}
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _by_field(target: Target, of: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": dict.fromkeys(target.keys, of), "additionalProperties": False}


def _mapping(document: Document, target: Target) -> Mapping:
    data = document.data
    constants = data.get("constants", {})
    return Mapping(
        columns=data.get("columns", {}),
        # Numbers as they are written, before YAML makes floats of them.
        constants={key: document.written.get(("constants", key), str(constants[key])) for key in constants},
        dates=data.get("dates"),
        decimal=data.get("decimal"),
        encoding=data.get("encoding"),
        delimiter=data.get("delimiter"),
        table=data.get("table"),
        header=data.get("header"),
        currency=data.get("currency"),
        joins=tuple(_join(item) for item in data.get("with", ())),
        options={key: data[key] for key in target.options if key in data},
    )


def _join(item: str | dict[str, Any]) -> Join:
    if isinstance(item, str):
        return Join(item)
    on = item.get("on", {})
    return Join(item["file"], {on: on} if isinstance(on, str) else on)


def _mistakes(document: Document, file: str, schema: dict[str, Any]) -> list[tuple[str, int, int, str]]:
    found = []
    for error in Draft202012Validator(schema).iter_errors(document.data):
        path = tuple(error.absolute_path)
        if error.validator == "additionalProperties":
            allowed = list(error.schema["properties"])
            for key in sorted(set(error.instance) - set(allowed), key=str):
                found.append((file, *document.mark((*path, key), key=True), _unknown(key, allowed)))
        else:
            found.append((file, *document.mark(path), _wrong(error)))
    return found


def _unknown(key: object, allowed: list[str]) -> str:
    near = difflib.get_close_matches(str(key), allowed, n=1, cutoff=0.6)
    if near:
        return str(_('unknown key "%(key)s" (did you mean "%(near)s"?)', key=key, near=near[0]))
    return str(_('unknown key "%(key)s"; known here: %(known)s', key=key, known=", ".join(allowed)))


def _wrong(error: ValidationError) -> str:
    allowed: Any = error.validator_value
    if error.validator == "enum" and len(allowed) <= 10:
        shown = ", ".join(f'"{value}"' for value in allowed)
        return str(_('"%(value)s" is not one of %(allowed)s', value=error.instance, allowed=shown))
    name = ".".join(str(part) for part in error.absolute_path)
    return str(_('"%(value)s" cannot stand for %(name)s', value=error.instance, name=name or "?"))
