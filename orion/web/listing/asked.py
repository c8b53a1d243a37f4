"""What somebody asks of a list, read from the parameters of an address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask_babel import gettext as _

from orion.contracts.errors import Invalid
from orion.contracts.scope import Scope
from orion.web.listing import cursors
from orion.web.listing.filters import Parameters

if TYPE_CHECKING:
    from orion.web.listing.page import Column, ListPage

#: Parameters that every page understands: a list keeps them in its links and has no use for them itself.
KEPT = ("platform", "lang")
#: Parameters that say which part of the list is shown, and how.
PART = ("sort", "after", "before", "count", "export", "view")
#: What the address of the whole list says where the bare one is somebody's own view of it.
WHOLE = ("view", "all")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to a list. `values` maps a filter's name to its value, None where it isn't used;
    `at` is the (sort value, key) that the page lies after, or with `back` before. `own` says that the bare
    address means a view of the person's own, so that others must name what they mean."""

    list_id: str
    q: str
    sort: "Column"
    down: bool
    values: Mapping[str, Any]
    kept: tuple[tuple[str, str], ...] = ()
    at: tuple[Any, Any] | None = None
    back: bool = False
    exact: bool = False
    place: tuple[object, ...] = ()
    own: bool = False

    def get(self, name: str) -> Any:
        """A filter's value, or None."""
        return self.values.get(name)

    @property
    def narrowed(self) -> bool:
        """Whether anything but the whole list is asked for."""
        return bool(self.q) or any(value is not None for value in self.values.values())

    @property
    def order(self) -> str:
        """The order as it stands in an address: `total`, or `-total` downwards."""
        return f"-{self.sort.name}" if self.down else self.sort.name

    @property
    def identity(self) -> tuple[object, ...]:
        """What a cursor is bound to: list, place, order and everything that narrows it."""
        values = sorted((name, str(value)) for name, value in self.values.items())
        return (self.list_id, self.place, self.order, self.q, values)


def read(page: "ListPage", scope: Scope, args: Parameters) -> Asked:
    """The question in an address. Raises Invalid for whatever the list doesn't know."""
    refuse_unknown(page, args)
    sort, down = _order(page, args.get("sort") or page.default_sort)
    values = {f.name: f.read(scope, args) for f in page.filters}
    q = page.search.read(args) if page.search else ""
    asked = Asked(page.id, q, sort, down, values, tuple(_kept(args)), exact=_exact(args), place=scope.key)
    return _placed(asked, args)


def address(page: "ListPage", asked: Asked, *, without: str | None = None, **part: str) -> str:
    """The address, relative to the list's own, of the same question in another `part` of the list.

    `without` leaves out a filter by name, or the search (`q`).
    """
    query = list(asked.kept)
    if asked.q and page.search and without != "q":
        query.append((page.search.name, asked.q))
    for one in page.filters:
        if asked.get(one.name) is not None and without != one.name:
            query += one.query(asked.get(one.name))
    sort = part.pop("sort", asked.order)
    if sort != page.default_sort:
        query.append(("sort", sort))
    if asked.own and len(query) == len(asked.kept):
        query.append(WHOLE)
    return "?" + urlencode([*query, *part.items()])


def bare(asked: Asked) -> str:
    """The address of the whole list."""
    return "?" + urlencode([*asked.kept, *([WHOLE] if asked.own else [])])


def refuse_unknown(page: "ListPage", args: Parameters) -> None:
    """Raises Invalid for a parameter that the list doesn't know, and for an order that it hasn't."""
    known = {*KEPT, *PART, *(name for f in page.filters for name in f.names)}
    if page.search:
        known.add(page.search.name)
    for name in args:  # type: ignore[attr-defined]
        if name not in known and args.get(name):
            raise Invalid(_("This list can't be narrowed by “%(name)s”.", name=name))
    if args.get("view") not in (None, "", "all"):
        raise Invalid(_("This list can't be narrowed by “%(name)s”.", name="view"))
    _order(page, args.get("sort") or page.default_sort)


def _order(page: "ListPage", text: str) -> tuple["Column", bool]:
    name = text.removeprefix("-")
    column = next((c for c in page.columns if c.name == name and c.sort is not None), None)
    if column is None:
        raise Invalid(_("This list can't be sorted by “%(name)s”.", name=name))
    return column, text.startswith("-")


def _kept(args: Parameters) -> Iterable[tuple[str, str]]:
    return [(name, args.get(name)) for name in KEPT if args.get(name)]


def _exact(args: Parameters) -> bool:
    value = args.get("count")
    if value not in (None, "", "exact"):
        raise Invalid(_("This list can't be narrowed by “%(name)s”.", name="count"))
    return value == "exact"


def _placed(asked: Asked, args: Parameters) -> Asked:
    after, before = args.get("after"), args.get("before")
    if after and before:
        raise Invalid(cursors.gone())
    if not after and not before:
        return asked
    return replace(asked, at=cursors.open_(asked.identity, after or before), back=bool(before))
