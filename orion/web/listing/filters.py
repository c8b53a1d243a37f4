"""What narrows a list: a search, choices, flags and dates. Each reads, applies and names its own part.

Every filter gives the URL parameters that belong to it (`names`), reads them to a value or None
(`read`, which raises Invalid), narrows a statement by the value, and says what it is in words.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, or_
from sqlalchemy.orm import InstrumentedAttribute

from orion.contracts.errors import Invalid
from orion.contracts.models import normalise
from orion.contracts.periods import read_date
from orion.contracts.scope import Scope
from orion.contracts.words import LAST_CHARACTER, found_by, terms
from orion.web import formats

Attribute = InstrumentedAttribute[Any] | ColumnElement[Any]
Options = Sequence[tuple[str, object]]
#: Characters of a search that count: longer texts are refused by the field, and cut here.
LONGEST_SEARCH = 200


class Parameters(Protocol):
    """A request's parameters, as Werkzeug gives them."""

    def get(self, name: str, default: Any = None) -> Any: ...
    def getlist(self, name: str) -> list[str]: ...


class Filter(Protocol):
    """What Choice, Flag and Dates have in common."""

    name: str
    label: object

    @property
    def names(self) -> tuple[str, ...]: ...
    def read(self, scope: Scope, args: Parameters) -> Any: ...
    def narrow(self, statement: Select[Any], value: Any, asked: Any) -> Select[Any]: ...
    def words(self, scope: Scope, value: Any) -> str: ...
    def control(self, scope: Scope, value: Any) -> dict[str, Any]: ...
    def query(self, value: Any) -> Iterable[tuple[str, str]]: ...


@dataclass(frozen=True, slots=True)
class Search:
    """Rows in which one of the normalised columns begins with what is typed: an index answers that.

    With `words` = (the rows' id, the model of their words) those of which, for each word that is typed, some
    word begins with it; the columns are asked where signs alone are typed.
    """

    label: object
    columns: Sequence[Attribute]
    words: tuple[Attribute, Any] | None = None
    name: str = "q"

    def read(self, args: Parameters) -> str:
        """The text as typed, without what no database can compare."""
        typed = "".join(c for c in args.get(self.name) or "" if c.isprintable())
        return " ".join(typed[:LONGEST_SEARCH].split())

    def narrow(self, statement: Select[Any], text: str) -> Select[Any]:
        """Ranges rather than LIKE: they use an index whatever stands in the text."""
        start, typed = normalise(text), terms(text)
        if not start:
            return statement
        if self.words and typed:
            row, model = self.words
            return statement.where(found_by(model, row, typed))
        return statement.where(self.begin_with(start))

    def begin_with(self, start: str) -> ColumnElement[bool]:
        """That one of the columns begins so."""
        return or_(*((c >= start) & (c < start + LAST_CHARACTER) for c in self.columns))


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some values, or with `multiple` any of several.

    `options` are (value, label) pairs, or a function of the scope that gives them. Give a `column`
    that equals the value, or `apply(statement, value)` for values that mean more than that; with
    `multiple` it gets a tuple. `accepts` says which values beyond the offered ones are right too;
    values that are `folded` are people's words, and found in other spellings.
    """

    name: str
    label: object
    options: Options | Callable[[Scope], Options]
    apply: Callable[[Select[Any], Any], Select[Any]] | None = None
    column: Attribute | None = None
    multiple: bool = False
    accepts: Callable[[str], bool] = lambda value: False
    folded: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    def offered(self, scope: Scope, chosen: Sequence[str] = ()) -> dict[str, object]:
        """Value → label, with the `chosen` ones that are accepted though not offered."""
        options = dict(self.options(scope) if callable(self.options) else self.options)
        return options | {one: one for one in chosen if one not in options and self.accepts(one)}

    def read(self, scope: Scope, args: Parameters) -> Any:
        values = tuple(dict.fromkeys(value for value in args.getlist(self.name) if value))
        if not values:
            return None
        offered = self.offered(scope, values)
        if self.folded and any(value not in offered for value in values):
            # An address that was kept may spell what is offered in another way.
            alike = {normalise(value): value for value in offered}
            values = tuple(
                value if value in offered else alike.get(normalise(value), value) for value in values
            )
        unknown = [value for value in values if value not in offered]
        if unknown or (len(values) > 1 and not self.multiple):
            raise Invalid(
                _(
                    "“%(value)s” is no choice for “%(filter)s”.",
                    value=(unknown or values)[-1],
                    filter=self.label,
                )
            )
        return values if self.multiple else values[0]

    def narrow(self, statement: Select[Any], value: Any, asked: Any) -> Select[Any]:
        if value is None:
            return statement
        if self.apply is not None:
            return self.apply(statement, value)
        assert self.column is not None, f"the choice {self.name} has neither a column nor apply"
        return statement.where(self.column.in_(self._listed(value)))

    def words(self, scope: Scope, value: Any) -> str:
        offered = self.offered(scope, self._listed(value))
        labels = formats.listed(offered[one] for one in self._listed(value))
        return _("%(filter)s: %(value)s", filter=self.label, value=labels)

    def control(self, scope: Scope, value: Any) -> dict[str, Any]:
        chosen = () if value is None else self._listed(value)
        options = [{"value": "", "label": _("All"), "active": not chosen}] if not self.multiple else []
        offered = self.offered(scope, chosen)
        options += [{"value": v, "label": str(text), "active": v in chosen} for v, text in offered.items()]
        return {"kind": "choice", "options": options, "value": value, "multiple": self.multiple}

    def query(self, value: Any) -> Iterable[tuple[str, str]]:
        return [(self.name, one) for one in self._listed(value)]

    def _listed(self, value: Any) -> tuple[str, ...]:
        return value if self.multiple else (value,)


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes, or not asked. Without `apply` it only tells other filters something."""

    name: str
    label: object
    apply: Callable[[Select[Any]], Select[Any]] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name,)

    def read(self, scope: Scope, args: Parameters) -> bool | None:
        value = args.get(self.name)
        if value not in (None, "", "yes"):
            raise Invalid(_("“%(value)s” is no choice for “%(filter)s”.", value=value, filter=self.label))
        return True if value else None

    def narrow(self, statement: Select[Any], value: Any, asked: Any) -> Select[Any]:
        return self.apply(statement) if value and self.apply else statement

    def words(self, scope: Scope, value: Any) -> str:
        return str(self.label)

    def control(self, scope: Scope, value: Any) -> dict[str, Any]:
        return {"kind": "flag", "value": value}

    def query(self, value: Any) -> Iterable[tuple[str, str]]:
        return [(self.name, "yes")]


@dataclass(frozen=True, slots=True)
class Dates:
    """Local dates `from` and `to`, both included; either may be missing.

    `apply(statement, from, to, asked)` replaces the comparison with `column`, and runs also when
    there are no dates, so that it can read other filters from `asked`.
    """

    label: object
    column: Attribute
    apply: Callable[[Select[Any], date | None, date | None, Any], Select[Any]] | None = None
    name: str = field(default="dates", init=False)

    @property
    def names(self) -> tuple[str, ...]:
        return ("from", "to")

    def read(self, scope: Scope, args: Parameters) -> tuple[date | None, date | None] | None:
        start, end = (read_date(text) if text else None for text in map(args.get, self.names))
        if start and end and end < start:
            raise Invalid(_("The first day must not lie after the last."))
        return (start, end) if start or end else None

    def narrow(self, statement: Select[Any], value: Any, asked: Any) -> Select[Any]:
        start, end = value or (None, None)
        if self.apply is not None:
            return self.apply(statement, start, end, asked)
        if start:
            statement = statement.where(self.column >= start)
        return statement.where(self.column <= end) if end else statement

    def words(self, scope: Scope, value: Any) -> str:
        start, end = (formats.day(one) for one in value)
        if not end:
            return _("%(filter)s: from %(date)s", filter=self.label, date=start)
        if not start:
            return _("%(filter)s: until %(date)s", filter=self.label, date=end)
        if start == end:
            return _("%(filter)s: %(value)s", filter=self.label, value=start)
        return _("%(filter)s: %(start)s – %(end)s", filter=self.label, start=start, end=end)

    def control(self, scope: Scope, value: Any) -> dict[str, Any]:
        start, end = (one.isoformat() if one else "" for one in value or (None, None))
        return {"kind": "dates", "value": bool(value), "from_value": start, "to_value": end}

    def query(self, value: Any) -> Iterable[tuple[str, str]]:
        return [(name, one.isoformat()) for name, one in zip(self.names, value, strict=True) if one]


def described(filters: Sequence[Filter], scope: Scope, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What a template needs of each filter; a choice of nothing is none."""
    shown = [{"name": f.name, "label": str(f.label), **f.control(scope, values.get(f.name))} for f in filters]
    return [one for one in shown if one["kind"] != "choice" or any(o["value"] for o in one["options"])]
