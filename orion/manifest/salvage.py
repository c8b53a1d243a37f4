"""What a manifest with mistakes still says, so that its other mistakes are found in the same run.

A salvaged manifest is only ever checked, never served.
"""

from copy import deepcopy
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from jsonschema import ValidationError

from orion.manifest import build
from orion.manifest.document import Document
from orion.manifest.model import Manifest
from orion.manifest.schema import MOST, errors_of

#: What stands in for a value that is missing or wrong, where nothing is checked against it.
_FILLED: dict[str, Any] = {
    "schema": 1,
    "name": "?",
    "description": "?",
    "label": "?",
    "version": "0.0.0",
    "kind": "count",
    "frontends": ["admin", "vendor", "shop"],
}
#: Top-level key → the findings that may only be there because something was left out of it.
_DOUBTFUL = {
    "permissions": {"ORN307", "ORN332"},
    "features": {"ORN308", "ORN333"},
    "metrics": {"ORN321"},
    "menus": {"ORN311"},
}


@dataclass(frozen=True, slots=True)
class Salvaged:
    """The rest of a manifest, and the codes that must not be believed because of what was left out."""

    manifest: Manifest
    doubtful: frozenset[str]


def salvage(document: Document, text: bytes) -> Salvaged | None:
    """What can be checked of a document that its schema refuses; None where that is nothing."""
    name = Path(document.file).stem
    if not isinstance(document.data, dict) or document.data.get("code") != name:
        return None
    data = deepcopy(document.data)
    left_out: set[str] = set()
    for _ in range(4):
        errors = [error for error in islice(errors_of(data, "module"), MOST) if not _is_blank(error)]
        if not errors:
            doubtful = frozenset().union(*(_DOUBTFUL.get(key, set()) for key in left_out))
            return Salvaged(build.manifest(replace(document, data=data), text), doubtful)
        for error in errors:
            _repair(data, error, left_out)
    return None


def _is_blank(error: ValidationError) -> bool:
    """Whether the error is an entry of a list that was left out: the others keep their numbers."""
    path = error.absolute_path
    return error.instance is None and len(path) > 0 and isinstance(path[-1], int)


def _repair(data: dict[str, Any], error: ValidationError, left_out: set[str]) -> None:
    path = list(error.absolute_path)
    here = _at(data, path)
    if error.validator == "additionalProperties" and isinstance(here, dict):
        for key in set(here) - set(error.schema["properties"]):  # type: ignore[index]
            del here[key]
    elif error.validator in ("required", "dependentRequired") and isinstance(here, dict):
        missing = {"label"} if error.validator == "dependentRequired" else {*error.validator_value} - {*here}  # type: ignore[misc]
        here.update({key: deepcopy(_FILLED[key]) for key in missing if key in _FILLED})
        if not missing <= set(_FILLED):
            _remove(data, path, left_out)
    elif "propertyNames" in error.absolute_schema_path:
        _remove(data, [*path, error.instance], left_out)
    else:
        _remove(data, path, left_out)


def _remove(data: dict[str, Any], path: list[Any], left_out: set[str]) -> None:
    if not path:
        return
    parent, key = _at(data, path[:-1]), path[-1]
    if isinstance(parent, list):
        parent[key] = None
    elif isinstance(parent, dict) and key in _FILLED:
        parent[key] = deepcopy(_FILLED[key])
        return
    elif isinstance(parent, dict):
        parent.pop(key, None)
    left_out.add(path[0])


def _at(data: Any, path: list[Any]) -> Any:
    """What is at a path now, None where it has gone."""
    for key in path:
        known = (isinstance(data, dict) and key in data) or (isinstance(data, list) and len(data) > key)
        data = data[key] if known else None
    return data
