"""What the schema's validator finds, in our words: one template a keyword."""

from collections.abc import Callable, Iterator, Mapping
from functools import reduce
from typing import Any

from jsonschema import ValidationError

from orion.manifest.diagnostics import Diagnostic, did_you_mean, shortened
from orion.manifest.document import Document, Path
from orion.manifest.saying import sentence
from orion.manifest.syntax import missing_space

_TYPES = {
    "string": sentence("text"),
    "integer": sentence("a whole number"),
    "number": sentence("a number"),
    "boolean": sentence("true or false"),
    "object": sentence("a mapping of keys to values"),
    "array": sentence("a list"),
    "null": sentence("nothing"),
}
_TRUTH = {"yes": "true", "on": "true", "no": "false", "off": "false", "true": "true", "false": "false"}
#: So many allowed values are spelled out.
_LISTED = 12

Worded = tuple[str, str, str]


def worded(error: ValidationError, document: Document) -> Iterator[Diagnostic]:
    """The diagnostics of one of the validator's errors."""
    path: Path = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        yield from _unknown_keys(error, document, path)
    elif error.validator == "required":
        yield from _missing_keys(error, document, path)
    elif error.validator == "dependentRequired":
        yield from _needed_keys(error, document, path)
    elif "propertyNames" in error.absolute_schema_path:
        template = _TEMPLATES.get(str(error.validator), _other)
        code, message, hint = template(
            error, sentence("the key %(key)s", key=shortened(error.instance)), document
        )
        yield document.diagnostic((*path, str(error.instance)), code, message, key=True, hint=hint)
    else:
        template = _TEMPLATES.get(str(error.validator), _other)
        code, message, hint = template(error, _name(path), document)
        yield document.diagnostic(path, code, message, hint=hint)


def _name(path: Path) -> str:
    """What a value is called: its key, or whose entry it is."""
    if not path:
        return sentence("the file")
    key = path[-1]
    is_entry = isinstance(key, int) and len(path) > 1
    return sentence("an entry of %(key)s", key=shortened(path[-2])) if is_entry else shortened(key)


# -- keys -----------------------------------------------------------------------------------------


def _unknown_keys(error: ValidationError, document: Document, path: Path) -> Iterator[Diagnostic]:
    known = error.schema.get("properties", {})  # type: ignore[union-attr]
    for key in error.instance:  # type: ignore[union-attr]
        if key not in known:
            place = (*path, key)
            hint = did_you_mean(key, (k for k in known)) or _one_of(list(known))
            yield document.diagnostic(
                place, "ORN210", sentence("unknown key %(key)s", key=shortened(key)), key=True, hint=hint
            )


def _missing_keys(error: ValidationError, document: Document, path: Path) -> Iterator[Diagnostic]:
    """All keys that are missing there: the validator gives the same error once for each.

    One that is there under a name which is nearly its own is told as an unknown key, with the fix, and not
    before that as one that is missing.
    """
    schema: Mapping[str, Any] = error.schema  # type: ignore[assignment]
    hints = (
        set(_hints_of_unknown(error.instance, schema))
        if schema.get("additionalProperties") is False
        else set()
    )
    for key in error.validator_value:  # type: ignore[union-attr]
        if key not in error.instance and did_you_mean(key, [key]) not in hints:  # type: ignore[operator]
            yield document.diagnostic(
                path, "ORN203", sentence("the key %(key)s is missing here", key=shortened(key))
            )


def _hints_of_unknown(instance: Any, schema: Mapping[str, Any]) -> Iterator[str]:
    known = schema.get("properties", {})
    yield from (did_you_mean(key, known) for key in instance if key not in known)


def _needed_keys(error: ValidationError, document: Document, path: Path) -> Iterator[Diagnostic]:
    """The validator gives an error for each key that needs another: the first one says enough."""
    needs: Mapping[str, list[str]] = error.validator_value  # type: ignore[assignment]
    key = next(key for key in error.instance if set(needs.get(key, ())) - set(error.instance))  # type: ignore
    needed = next(one for one in needs[key] if one not in error.instance)  # type: ignore[operator]
    message = sentence("%(key)s needs %(other)s beside it", key=shortened(key), other=shortened(needed))
    yield document.diagnostic((*path, key), "ORN218", message, key=True)


# -- values: keyword → code, message, hint --------------------------------------------------------


def _type(error: ValidationError, name: str, document: Document) -> Worded:
    wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    code = "ORN202" if error.absolute_path else "ORN201"
    kinds = reduce(_either, (_TYPES[str(one)] for one in wanted))
    found = _called(error.instance)
    message = sentence("%(name)s must be %(wanted)s, not %(found)s", name=name, wanted=kinds, found=found)
    return code, message, _type_hint([str(w) for w in wanted], error, document)


def _called(value: object) -> str:
    if value is None:
        return sentence("empty")
    if isinstance(value, bool):
        return sentence("true or false")
    if isinstance(value, int | float):
        return sentence("a number")
    if isinstance(value, str):
        return sentence("text")
    return sentence("a list") if isinstance(value, list) else sentence("a mapping")


def _type_hint(wanted: list[str], error: ValidationError, document: Document) -> str:
    value, written = error.instance, document.written.get(tuple(error.absolute_path), "")
    if value is None:
        return sentence("give it a value, or leave the key out")
    if isinstance(value, str) and "boolean" in wanted:
        truth = _TRUTH.get(value.lower())
        return sentence("write %(text)s", text=truth) if truth else sentence("write true or false")
    if isinstance(value, str) and "array" in wanted:
        return sentence("write %(text)s", text=f"[{shortened(value)[1:-1]}]")
    if isinstance(value, str):
        return missing_space(value)
    return sentence("quote it: %(text)s", text=f'"{written}"') if "string" in wanted and written else ""


def _either(one: str, other: str) -> str:
    return sentence("%(one)s or %(other)s", one=one, other=other)


def _impossible(name: str, value: object) -> str:
    return sentence("%(name)s can't be %(value)s", name=name, value=shortened(value))


def _enum(error: ValidationError, name: str, _: Document) -> Worded:
    allowed = [str(value) for value in error.validator_value]  # type: ignore[union-attr]
    hint = did_you_mean(str(error.instance), allowed) or _one_of(allowed)
    return "ORN211", _impossible(name, error.instance), hint


def _one_of(allowed: list[str]) -> str:
    return sentence("one of %(allowed)s", allowed=", ".join(allowed)) if 0 < len(allowed) <= _LISTED else ""


def _const(error: ValidationError, name: str, _: Document) -> Worded:
    wanted, found = error.validator_value, shortened(error.instance)
    return (
        "ORN212",
        sentence("%(name)s must be %(wanted)s, not %(found)s", name=name, wanted=wanted, found=found),
        "",
    )


def _pattern(error: ValidationError, name: str, _: Document) -> Worded:
    form = sentence(str(error.schema.get("patternErrorMessage", "")))  # type: ignore[union-attr]
    if name.startswith("the key "):
        subject = sentence("%(name)s is not of the right form", name=name)
    else:
        subject = _impossible(name, error.instance)
    return "ORN213", subject, form


def _range(error: ValidationError, name: str, _: Document) -> Worded:
    values = {"name": name, "bound": error.validator_value, "found": error.instance}
    messages = {
        "minimum": sentence("%(name)s must be at least %(bound)s, not %(found)s", **values),
        "maximum": sentence("%(name)s must be at most %(bound)s, not %(found)s", **values),
        "multipleOf": sentence("%(name)s must be a multiple of %(bound)s, not %(found)s", **values),
    }
    return "ORN214", messages[str(error.validator)], ""


def _too_little(error: ValidationError, name: str, _: Document) -> Worded:
    hint = sentence("leave the key out where there is nothing to say")
    return "ORN215", sentence("%(name)s is empty", name=name), hint


def _too_long(error: ValidationError, name: str, _: Document) -> Worded:
    values = {"name": name, "number": error.validator_value}
    if isinstance(error.instance, str):
        return "ORN216", sentence("%(name)s is too long: at most %(number)s characters", **values), ""
    return "ORN216", sentence("%(name)s is too long: at most %(number)s entries", **values), ""


def _twice(error: ValidationError, name: str, _: Document) -> Worded:
    values = [str(value) for value in error.instance]  # type: ignore[union-attr]
    again = next((value for value in values if values.count(value) > 1), "")
    return "ORN217", sentence("%(name)s lists %(value)s twice", name=name, value=shortened(again)), ""


def _other(error: ValidationError, name: str, _: Document) -> Worded:
    return "ORN202", f"{name}: {shortened(error.message)[1:-1]}", ""


_TEMPLATES: dict[str, Callable[[ValidationError, str, Document], Worded]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "pattern": _pattern,
    "minimum": _range,
    "maximum": _range,
    "multipleOf": _range,
    "minLength": _too_little,
    "minItems": _too_little,
    "minProperties": _too_little,
    "maxLength": _too_long,
    "maxItems": _too_long,
    "uniqueItems": _twice,
}
