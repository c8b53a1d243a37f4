"""The JSON Schemas of manifests, and documents checked against them."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, ValidationError
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from orion.manifest.checks import as_route
from orion.manifest.diagnostics import Diagnostic
from orion.manifest.document import Document
from orion.manifest.wording import worded

_FOLDER = Path(__file__).parent / "schemas"
#: Findings of one file: who has more has the wrong file.
MOST = 100


@cache
def schema(name: str) -> Mapping[str, Any]:
    """The schema `module` or `platform`. Don't change it."""
    loaded: Mapping[str, Any] = json.loads((_FOLDER / f"{name}-1.json").read_text("utf-8"))
    return loaded


def check_document(document: Document, name: str) -> list[Diagnostic]:
    """Everything in a document that its schema doesn't allow."""
    errors = islice(errors_of(document.data, name), MOST)
    found = dict.fromkeys(one for error in errors for one in islice(worded(error, document), MOST))
    return list(found)[:MOST]


def errors_of(data: Any, name: str) -> Iterator[ValidationError]:
    """The validator's own errors."""
    yield from _validator(name).iter_errors(data)


def installation_schema(
    icons: Sequence[str], routes: Sequence[str], permissions: Sequence[str], metrics: Sequence[str]
) -> dict[str, Any]:
    """The module schema with what exists here, so that an editor offers it.

    `routes` may be Flask's (`<vendor_code>`). Routes, permissions and queries remain open: a manifest is
    where new ones are declared, and may come before the pages.
    """
    made = deepcopy(dict(schema("module")))
    parts = made["$defs"]
    if icons:
        parts["icon"] = {**parts["icon"], "enum": sorted(icons)}
    known = sorted({as_route(route) for route in routes})
    parts["route"] = {"title": parts["route"]["title"], "anyOf": [*_known(known), parts["route"]]}
    for part in ("metric", "panel"):
        _offer(parts[part]["properties"]["permission"], permissions)
    _offer(parts["metric"]["properties"]["query"], metrics)
    return made


def _offer(part: dict[str, Any], names: Sequence[str]) -> None:
    """Names to choose from, beside any that has the right form."""
    part["anyOf"] = [*_known(sorted(names)), {"$ref": part.pop("$ref")}]


def _known(names: Sequence[str]) -> list[dict[str, Any]]:
    return [{"enum": list(names)}] if names else []


def platform_schema(
    modules: Mapping[str, str], features: Mapping[str, str], labels: Mapping[str, str]
) -> dict[str, Any]:
    """The platform schema with what exists here, so that an editor offers it: modules by code, features by
    full id and labels by key, each with what it is in English."""
    made = deepcopy(dict(schema("platform")))
    for part, names in (("modules", modules), ("features", features), ("labels", labels)):
        value = made["properties"][part]
        value["properties"] = {
            name: {**value["additionalProperties"], "description": text} for name, text in names.items()
        }
    return made


def _pattern(_: Validator, pattern: str, instance: object, _schema: object) -> Iterator[ValidationError]:
    """`pattern` for the whole text: Python's `$` also stands before a line's end."""
    if isinstance(instance, str) and not re.fullmatch(pattern, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _is_integer(_: object, instance: object) -> bool:
    """`1.0` is no integer here: an order or a number of seconds is written without a point."""
    return isinstance(instance, int) and not isinstance(instance, bool)


@cache
def _validator(name: str) -> Validator:
    types = Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer)
    made: Any = extend(Draft202012Validator, {"pattern": _pattern}, type_checker=types)  # type: ignore[no-untyped-call]
    validator: Validator = made(schema(name))
    return validator
