"""A form: what was sent, whether it is right, and what is said where it isn't."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import wtforms
from flask import g
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from orion.contracts.errors import Conflict, Invalid
from orion.contracts.scope import NOBODY, Scope
from orion.data.database import entered, session
from orion.web.forms.fields import TextField, VersionField
from orion.web.forms.words import WORDS

#: Fields that carry no value of the person's own.
SILENT = ("CSRFTokenField", "VersionField")


@dataclass(frozen=True, slots=True)
class Difference:
    """A field whose value somebody else has changed meanwhile."""

    label: str
    theirs: str
    yours: str


class _Asked:
    """What WTForms asks of every form of ours: its words, and how a field is written."""

    def get_translations(self, form: Any) -> Any:
        return WORDS

    def render_field(self, field: Any, render_kw: Mapping[str, Any]) -> Any:
        """A field that is wrong says so, and where it is said why, however a page writes it."""
        told = {"aria-invalid": "true", "aria-describedby": f"{field.id}-error"} if _sentences(field) else {}
        return field.widget(field, **{**told, **(field.render_kw or {}), **render_kw})


class Part(wtforms.Form):
    """A group of fields inside a form: `FormField(AddressPart)`, `FieldList(FormField(LinePart))`."""

    class Meta(_Asked):
        """See `_Asked`."""

    @property
    def money_in(self) -> str:
        """The currency of the form that this is a part of."""
        around = getattr(self.meta, "_parent_form", None)
        return _currency() if around is None else str(around.money_in)


class Form(FlaskForm):
    """The base of every form: filled from `obj`, and from the request where that sends something.

    A field `version = VersionField()` together with an `obj` that has a version refuses to write over
    what somebody else changed meanwhile: the page shows both, and sending it again is a decision.
    What the obj doesn't say of itself is given as `data`, so that both versions are compared whole.
    MoneyFields are in the currency `money_in`: the given one, the obj's, or the place's.
    A field must not be named like an attribute of the form.
    """

    class Meta(_Asked, FlaskForm.Meta):
        """See `_Asked`."""

    def __init__(self, *, obj: Any = None, money_in: str = "", **kw: Any) -> None:
        self.edited, self._beside = obj, kw.get("data")
        self.money_in = money_in or getattr(obj, "currency", "") or _currency()
        self.differences: list[Difference] = []
        self.clash = False
        self.form_errors: list[str] = []
        super().__init__(obj=obj, **kw)

    def sent(self) -> bool:
        """Whether the form was sent, and everything in it is right and nothing is out of date."""
        if not self.validate_on_submit():
            return False
        mine = self._fields.get("version")
        if isinstance(mine, VersionField) and self.edited is not None and mine.data != self.edited.version:
            self._note_stale()
        return not self.clash

    @contextmanager
    def attempt(self, under: Scope | None = None) -> Iterator[None]:
        """Run a service: what it refuses is said in the form, and nothing of it stays written.

        After the block comes the page with the form again: leave it by `return` when all went well.
        With `under` the service runs in a transaction of its own under that scope, for what the person's
        own can't see yet: a vendor that is being made.
        """
        try:
            with self._writing(under):
                yield
        except Invalid as error:
            self.refuse(error.errors, "" if error.errors else error.message)
        except Conflict as error:
            self.clash = True
            self.refuse({}, error.message)
        except StaleDataError:
            self._note_stale()
        except IntegrityError:
            self.clash = True
            self.refuse(
                {}, _("Something else was saved at the same moment that this clashes with. Send it again.")
            )

    @contextmanager
    def _writing(self, under: Scope | None) -> Iterator[None]:
        if under is None:
            with session().begin_nested():
                yield
            return
        # What this request has read so far would keep the other transaction waiting on SQLite.
        session().rollback()
        with entered(under, write=True) as writing:
            yield
            writing.commit()

    def refuse(self, errors: Mapping[str, Sequence[str]], message: str = "") -> None:
        """Say sentences at fields (by name), and a general one above. Unknown names are general."""
        known = dict(_walk(self))
        self.form_errors = [*self.form_errors, *([message] if message else [])]
        for name, sentences in errors.items():
            if name in known and known[name].type != "FormField":
                known[name].errors = [*known[name].errors, *sentences]
            else:
                self.form_errors += sentences

    @property
    def answer_status(self) -> int:
        """The answer's status: 200 for a form to fill in, 422 for a wrong one, 409 for one out of date."""
        if self.clash:
            return 409
        return 422 if problems(self) else 200

    @property
    def has_files(self) -> bool:
        """Whether it sends files."""
        return any(field.type in ("FileField", "MultipleFileField") for _name, field in _walk(self))

    @property
    def seen_fields(self) -> list[Any]:
        """The fields that a person sees, in their order."""
        return [field for field in self if field.type not in SILENT and not _is_hidden(field)]

    def given(self) -> dict[str, Any]:
        """Name → value of what the form is about, as a service takes it."""
        return {name: field.data for name, field in self._fields.items() if field.type not in SILENT}

    def _note_stale(self) -> None:
        """Compare with what is there now. The next time the form is sent, it writes over that."""
        self.clash = True
        theirs = type(self)(
            obj=self.edited,
            data=self._beside,
            money_in=self.money_in,
            formdata=None,
            meta={"csrf": False},
        )
        self.differences += _compared(self, theirs)
        if not self.differences:
            self.form_errors.append(
                _("Somebody else has changed this in the meantime. Look at it once more.")
            )
        self._fields["version"].raw_data = None
        self._fields["version"].data = self.edited.version


class Confirm(Form):
    """One question: is that really wanted? With a `word` that must be typed to say so."""

    typed = TextField(required=True)

    def __init__(self, word: str = "", **kw: Any) -> None:
        super().__init__(**kw)
        self.word = word
        if not word:
            del self.typed
        else:
            self.typed.label.text = _("To be sure, type %(word)s", word=word)

    def validate(self, extra_validators: Any = None) -> bool:
        """Also false where another word was typed."""
        right: bool = super().validate(extra_validators)
        if right and self.word and self.typed.data != self.word:
            self.typed.errors = [_("Type %(word)s, exactly as it stands here.", word=self.word)]
            return False
        return right


def problems(form: Any) -> list[tuple[str, str]]:
    """(field's id or nothing, sentence) of everything that is wrong with a form, in the order of the page."""
    found = [("", str(message)) for message in getattr(form, "form_errors", ())]
    for _name, field in _walk(form):
        if field.type == "FormField":
            continue
        target = "" if _is_hidden(field) or field.type == "FieldList" else field.id
        found += [(target, message) for message in _sentences(field)]
    return found


def said(field: Any) -> str:
    """What is wrong with a field itself, in sentences; empty where all is well."""
    return " ".join(_sentences(field))


def _sentences(field: Any) -> list[str]:
    # A list of fields repeats their errors, as lists and mappings. Words may be in a language not chosen yet.
    return [str(message) for message in field.errors if not isinstance(message, dict | list)]


def _walk(fields: Any) -> Iterator[tuple[str, Any]]:
    """Every field by its name in the page, those of parts included."""
    for field in fields:
        yield field.name, field
        if field.type in ("FormField", "FieldList"):
            yield from _walk(field)


def _compared(mine: Any, theirs: Any, around: Sequence[str] = ()) -> Iterator[Difference]:
    """What differs between two forms, field by field: what stands in a part or a list says in which."""
    pairs = {field.short_name: field for field in theirs}
    for field in mine:
        if field.type == "FieldList":
            yield from _compared_rows(field, pairs[field.short_name], around)
        elif field.type == "FormField":
            yield from _compared(field, pairs[field.short_name], (*around, field.label.text))
        elif hasattr(field, "shown") and _content(field) != _content(pairs[field.short_name]):
            label = " · ".join(filter(None, map(str, (*around, field.label.text))))
            yield Difference(label, _shown_like(field, pairs[field.short_name]), field.shown())


def _compared_rows(mine: Any, theirs: Any, around: Sequence[str]) -> Iterator[Difference]:
    while len(theirs) < len(mine):
        theirs.append_entry()
    while len(mine) < len(theirs):
        mine.append_entry()
    for number, (row, other) in enumerate(zip(mine, theirs, strict=True), 1):
        yield from _compared(row, other, (*around, f"{mine.label.text} {number}"))


def _content(field: Any) -> Any:
    return None if field.data in ("", [], ()) else field.data


def _shown_like(mine: Any, theirs: Any) -> str:
    """Theirs in words; what there is to choose from may have been told to mine alone."""
    for name in ("options", "groups"):
        if hasattr(mine, name):
            setattr(theirs, name, getattr(mine, name))
    shown: str = theirs.shown()
    return shown


def _is_hidden(field: Any) -> bool:
    return getattr(field.widget, "input_type", "") == "hidden"


def _currency() -> str:
    currency: str = g.get("scope", NOBODY).currency
    return currency
