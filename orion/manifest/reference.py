"""docs/module-manifest.md, from the schemas and the table of codes.

`python -m orion.manifest.reference` prints it.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from orion.manifest.codes import CODES
from orion.manifest.schema import schema

_INTRODUCTION = Path(__file__).with_name("introduction.md")
#: The parts of a module's manifest that have a table of their own, in order.
_PARTS = ("feature", "permission", "section", "item", "metric", "panel")
_TYPES = {
    "string": "text",
    "integer": "whole number",
    "boolean": "true or false",
    "object": "mapping",
    "array": "list",
}
_FAMILIES = {"1": "Syntax", "2": "Schema", "3": "Meaning"}

Schema = Mapping[str, Any]


def reference() -> str:
    """The whole document, in Markdown."""
    module, platform = schema("module"), schema("platform")
    parts = [_INTRODUCTION.read_text("utf-8").rstrip(), "## Reference", "### Module", _table(module, module)]
    for name in _PARTS:
        part = module["$defs"][name]
        parts += [f"### {part['title']}", part["description"], _table(part, module)]
        if part.get("examples"):
            parts.append(_examples(part))
    parts += ["### Kinds of metrics", _kinds(module)]
    parts += ["### Platform file", platform["description"], _table(platform, platform)]
    parts += ["## What `orion check` finds", *_codes()]
    return "\n\n".join(parts) + "\n"


def _table(part: Schema, root: Schema) -> str:
    rows = ["| key | what | value |", "| --- | --- | --- |"]
    for key, value in part["properties"].items():
        resolved = _resolved(value, root)
        needed = " **Required.**" if key in part.get("required", ()) else ""
        what = f"{resolved['description']}{needed}"
        rows.append(f"| `{key}` | {_cell(what)} | {_cell('; '.join(_value(resolved, root)))} |")
    return "\n".join(rows)


def _resolved(value: Schema, root: Schema) -> Schema:
    """A value with what its `$ref` says, its own words first."""
    if "$ref" not in value:
        return value
    return {**root["$defs"][value["$ref"].rpartition("/")[2]], **value}


def _value(value: Schema, root: Schema) -> Iterator[str]:
    """What can stand there, and what holds where nothing does."""
    yield _type(value, root)
    if "minimum" in value:
        yield f"{value['minimum']} to {value['maximum']}"
    if "patternErrorMessage" in value:
        yield str(value["patternErrorMessage"]).replace("<", "&lt;")
    if value.get("default") not in (None, []):
        yield f"default {_code(value['default'])}"
    if "$ref" not in value:
        yield from (f"as in {_code(example)}" for example in value.get("examples", ()))


def _type(value: Schema, root: Schema) -> str:
    if "const" in value:
        return _code(value["const"])
    if "enum" in value:
        return ", ".join(_code(one) for one in value["enum"])
    if value["type"] == "array":
        items = _resolved(value["items"], root)
        return (
            f"list of {_type(items, root)}"
            if "enum" in items
            else f"list: {items.get('title', 'text').lower()}"
        )
    types = value["type"] if isinstance(value["type"], list) else [value["type"]]
    return " or ".join(_TYPES[one] for one in types)


def _code(value: object) -> str:
    return f"`{value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _examples(part: Schema) -> str:
    return "For example " + " or ".join(_code(example) for example in part["examples"]) + "."


def _kinds(module: Schema) -> str:
    kind = module["$defs"]["metric"]["properties"]["kind"]
    rows = [
        f"| `{name}` | {what} |" for name, what in zip(kind["enum"], kind["enumDescriptions"], strict=True)
    ]
    return "\n".join(["| kind | value |", "| --- | --- |", *rows])


def _codes() -> Iterator[str]:
    for digit, family in _FAMILIES.items():
        rows = [f"| {code} | {text} |" for code, text in CODES.items() if code[3] == digit]
        yield f"### {family}"
        yield "\n".join(["| code | means |", "| --- | --- |", *rows])


if __name__ == "__main__":
    print(reference(), end="")
