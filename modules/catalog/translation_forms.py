"""The form in which a product is translated: for each original a field, with the original beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _

from modules.catalog import queries, translating
from modules.catalog.models import Product
from modules.catalog.originals import Original, Texts
from orion.contracts.forms import FlagField, Form, LinesField, TextField, VersionField
from orion.contracts.scope import Scope


@dataclass(frozen=True, slots=True)
class Line:
    """An original and its fields by their names in the form; `right` is empty where nothing has changed
    since, and `proposed` says that the field holds what another product says."""

    original: Original
    label: str
    name: str
    state: str
    right: str = ""
    proposed: bool = False

    @property
    def is_long(self) -> bool:
        """Whether it has several lines."""
        return self.original.key == "description"


def lines(scope: Scope, product: Product, language: str) -> tuple[list[Line], Texts]:
    """The lines of a product's form, and its texts in a language."""
    there, texts = translating.originals_of(scope, product), queries.translations(scope, product)
    said = texts.get(language, {})
    words = [one.key for one in there if one.key not in said and one.key.startswith(("option:", "value:"))]
    known = translating.remembered(scope, language, words)
    found, labels, numbers = [], _labels(), dict[str, int]()
    for one in there:
        kind, state = one.key.partition(":")[0], one.state(said)
        numbers[kind] = numbers.get(kind, 0) + 1
        label = labels[kind] if one.key == kind else f"{labels[kind]} {numbers[kind]}"
        name = kind if one.key == kind else f"{kind}-{numbers[kind]}"
        right = f"right-{name}" if state == "outdated" else ""
        found.append(Line(one, label, name, state, right, one.key in known))
    return found, {**{key: (text, "") for key, text in known.items()}, **said}


def form_of(found: Sequence[Line], texts: Texts, version: int) -> Form:
    """The form of these lines, filled."""
    fields: dict[str, Any] = {"version": VersionField()}
    filled: dict[str, Any] = {"version": version}
    for line in found:
        most = translating.LONGEST[line.original.key.partition(":")[0]]
        kind = (
            LinesField(line.label, most=most, rows=10) if line.is_long else TextField(line.label, most=most)
        )
        fields[line.name] = kind
        filled[line.name] = texts.get(line.original.key, ("",))[0]
        if line.right:
            fields[line.right] = FlagField(_("It is still right"))
    form: Form = type("TranslationForm", (Form,), fields)(obj=SimpleNamespace(**filled))
    return form


def translation_form(scope: Scope, product: Product, language: str) -> tuple[Form, list[Line]]:
    """The form in which a product is translated into a language."""
    found, texts = lines(scope, product, language)
    stored = {key: said for key, said in texts.items() if said[1]}
    version = translating.stamp([line.original for line in found], stored)
    return form_of(found, texts, version), found


def said(form: Form, found: Sequence[Line]) -> tuple[dict[str, str], set[str]]:
    """What was typed, by the key of its original; and of which somebody says that they are right still."""
    typed = {line.original.key: form[line.name].data or "" for line in found}
    return typed, {line.original.key for line in found if line.right and form[line.right].data}


def _labels() -> Mapping[str, str]:
    return {
        "title": _("Title"),
        "description": _("Description"),
        "type": _("Type"),
        "option": _("Option"),
        "value": _("Value"),
        "alt": _("Image"),
    }
