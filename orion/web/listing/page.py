"""The declaration of a list page."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Select
from werkzeug.datastructures import MultiDict

from orion.contracts.scope import Scope
from orion.web import limits
from orion.web.listing import reading, saved, view
from orion.web.listing.asked import Asked
from orion.web.listing.export import Sheet
from orion.web.listing.filters import Attribute, Filter, Parameters, Search

if TYPE_CHECKING:
    from orion.web.listing.actions import Action

Entity = TypeVar("Entity")


def entity(row: Any, model: type[Entity]) -> Entity:
    """The instance of a mapped class that a row is, or has beside others."""
    found: Entity = row if isinstance(row, model) else getattr(row, model.__name__)
    return found


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list. `name` stands in addresses, `value(row)` is what the cell says.

    `kind`: text, muted, file (its name), badge (with `tone(row)`: neutral, info, success, warning, danger),
    money (Money, or a text that says several), number (int or Decimal), bytes, date (local), moment or lately
    (aware). `sub(row)` is a second, smaller line. `picture(row)` is the address of a small picture
    beside the first column's text, empty for a row without one. `sort` is the column that it is sorted
    by, None where it can't be. `nullable` is found out for columns of a mapped class; state it for one
    that an outer join brings. `file(row)` is what a file says where the page's text is for people alone.
    """

    name: str
    label: object
    kind: str = "text"
    sort: Attribute | None = None
    value: Callable[[Any], Any] = lambda row: row
    sub: Callable[[Any], Any] | None = None
    picture: Callable[[Any], str] | None = None
    tone: Callable[[Any], str] | None = None
    nullable: bool | None = None
    file: Callable[[Any], Any] | None = None

    @property
    def may_be_null(self) -> bool:
        """Whether rows may have no value to be sorted by."""
        if self.nullable is not None:
            return self.nullable
        return bool(getattr(getattr(self.sort, "expression", self.sort), "nullable", True))


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over everything that the question finds, below the list.

    `amount` is the column that is added: minor units of `currency` (a column), or with kind
    `number` or `bytes` without one. Money is given per currency, never added across them.
    """

    name: str
    label: object
    amount: Attribute
    currency: Attribute | None = None
    kind: str = "money"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A list of rows: `statement(scope)` selects them, `key` numbers them (unique, never NULL).

    A statement of one entity gives that entity to the columns' functions, any other gives its rows.
    `counted(scope)` selects the same rows without what is only joined to be shown: numbers and totals
    are cheaper from it.
    `summary(asked)` may give the totals from somewhere cheaper than the rows: a statement of
    (currency, *sums in the order of `totals`), or None where only the rows can say. `empty` is
    (title, text) for a list without any row yet. `actions` change many rows at once, which pages know
    by `pick` (a column, the key where it is None): answer such a list with `answer_list`, and let its
    page take POST. `export` is the permission to load the list as a file, by `answer_list` too: what the page
    shows, or what a `sheet` says of its rows.
    """

    id: str
    title: object
    statement: Callable[[Scope], Select[Any]]
    key: Attribute
    columns: Sequence[Column]
    default_sort: str
    counted: Callable[[Scope], Select[Any]] | None = None
    filters: Sequence[Filter] = ()
    search: Search | None = None
    row_url: Callable[[Any], str] | None = None
    totals: Sequence[Total] = ()
    summary: Callable[[Asked], Select[Any] | None] | None = None
    empty: tuple[object, object] | None = None
    actions: Sequence["Action"] = ()
    pick: Attribute | None = None
    export: str = ""
    sheet: Sheet | None = None
    per_page: int = 50

    @property
    def picked_by(self) -> Any:
        """The column that says in a page which row is meant."""
        return self.key if self.pick is None else self.pick

    def run(self, scope: Scope, args: Parameters | Mapping[str, str]) -> "view.ListView":
        """Read and describe what `args` ask for. Raises Invalid, and TooMany for searching on and on."""
        views = saved.views(self, scope, args)
        asked = saved.question(self, scope, _parameters(args), views)
        if asked.q:
            limits.spend_here(limits.SEARCH, scope)
        return view.build(self, scope, asked, reading.read(self, scope, asked), views)


def _parameters(args: Any) -> Parameters:
    parameters: Parameters = args if hasattr(args, "getlist") else MultiDict(args)  # type: ignore[assignment]
    return parameters
