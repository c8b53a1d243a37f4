"""Every list finds its rows by an index among very many, with PostgreSQL's own wall in between.

Under row-level security only operators that can't leak may use an index. What every list offers (its orders,
filters, searches and next pages) is asked here as the application's role, of 100,000 rows.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Table, UniqueConstraint, event
from werkzeug.datastructures import MultiDict

from orion.app import create_app
from orion.contracts.data import entered, session
from orion.contracts.lists import Choice, Dates, Flag, ListPage
from orion.contracts.scope import Scope, ScopeKind
from orion.data.database import db
from orion.data.revisions import owned
from orion.data.tables import metadata, wall_of
from orion.desk.searching import HITS
from orion.testing import PASSWORD, close, csrf_token, fill_demo, settings_in
from orion.testing.databases import Databases
from orion.web.listing import asked as questions
from orion.web.listing import reading
from tests.contracts.growth import grow

pytestmark = [pytest.mark.only_on("postgresql"), pytest.mark.long]

ROWS = 100_000
#: Who looks at the lists, and on which platform: every kind of scope.
PEOPLE = (
    ("owner@orion.example", ""),
    ("owner@orion.example", "?platform=oms"),
    ("platform@orion.example", ""),
    ("admin@orion.example", ""),
)
#: Tables that never have many rows, whatever trade there is.
FEW = frozenset({"tenancy_platform", "tenancy_invitation"})
#: Choices that are tried of each filter, and what is typed into searches.
CHOICES, TYPED = 8, ("a", "ab 1", "abc")


@dataclass(frozen=True, slots=True)
class Shown:
    """A list as it was shown to somebody."""

    page: ListPage
    scope: Scope
    address: str

    def __str__(self) -> str:
        return f"{self.page.id} for {self.scope.kind}"


@pytest.fixture(scope="module")
def portal(
    databases: Databases, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Flask, list[Shown]]]:
    """The demo with very many rows behind every list, and the lists that its pages showed before."""
    settings = settings_in(tmp_path_factory.mktemp("plans"))
    url = databases.lease("demo", lambda at: fill_demo(replace(settings, database_url=at)))
    app = create_app(replace(settings, database_url=url))
    lists = list(_lists(app))
    with app.app_context(), owned(db.engines["write"]) as connection:
        grow(connection, _tables(lists), ROWS)
        connection.commit()
    yield app, lists
    close(app)


def test_every_module_with_lists_shows_some(portal: tuple[Flask, list[Shown]]) -> None:
    app, lists = portal
    known = {
        code
        for code, module in app.extensions["orion"].modules.items()
        if (module.folder / "lists.py").exists()
    }
    assert known <= {shown.page.id.partition(".")[0] for shown in lists}
    assert {shown.scope.kind for shown in lists} == set(ScopeKind) - {ScopeKind.NONE, ScopeKind.SYSTEM}


def test_no_list_reads_its_table_from_end_to_end(portal: tuple[Flask, list[Shown]]) -> None:
    app, lists = portal
    found = {}
    for shown in lists:
        for question, sql, plan in _plans(app, shown):
            tables = _searched(shown.page) if _searches(shown, question) else _listed(shown.page)
            tables |= _seen(tables)
            read = (
                re.search(rf"Seq Scan on ({'|'.join(table.name for table in tables)})\b", plan)
                if tables
                else None
            )
            if read and not _may_read_much(shown, question, sql):
                found[f"{shown}, {question}: {read[0]}"] = plan
    assert not found, "\n\n".join(f"{what}\n{plan}" for what, plan in found.items())


def test_no_search_of_all_modules_reads_its_table_from_end_to_end(portal: tuple[Flask, list[Shown]]) -> None:
    app, lists = portal
    found, asked = {}, set()
    for shown in lists:
        if shown.page.id in _searched_lists(app, shown):
            asked.add(shown.page.id)
            few = replace(shown, page=replace(shown.page, per_page=HITS))
            for question, _sql, plan in _plans(app, few, parts=True):
                read = re.search(rf"Seq Scan on ({'|'.join(t.name for t in _searched(few.page))})\b", plan)
                if read and _searches(few, question):
                    found[f"{shown}, {question}: {read[0]}"] = plan
    assert not found, "\n\n".join(f"{what}\n{plan}" for what, plan in found.items())
    assert len(asked) > len(app.extensions["orion"].registry.on) - 2


def _searched_lists(app: Flask, shown: Shown) -> set[str]:
    modules = app.extensions["orion"].modules.values()
    named = [getattr(module.parts.get("search"), "searched", {}) for module in modules]
    return {one.list_for(shown.scope).id for searched in named for one in searched.values()}


def _may_read_much(shown: Shown, question: dict[str, str], sql: str) -> bool:
    """A number or a sum of half of all rows, up to 10,001 of them, is found soonest where rows lie."""
    everywhere = shown.scope.kind in (ScopeKind.PLATFORM, ScopeKind.INSTALLATION)
    return everywhere and not _searches(shown, question) and "list_key" not in sql


def _searches(shown: Shown, question: dict[str, str]) -> bool:
    return shown.page.search is not None and shown.page.search.name in question


# -- the lists ----------------------------------------------------------------------------------


def _lists(app: Flask) -> Iterator[Shown]:
    """The lists on every page without a row's id in its address, as each person sees them."""
    shown: dict[tuple[str, str], Shown] = {}
    address = ""

    def note(page: ListPage, scope: Scope, args: Any) -> Any:
        shown.setdefault((page.id, scope.kind), Shown(page, scope, address))
        return run(page, scope, args)

    run = ListPage.run
    ListPage.run = note  # type: ignore[method-assign]
    try:
        for email, query in PEOPLE:
            client = _signed_in(app, email)
            for rule in app.url_map.iter_rules():
                if rule.arguments <= {"vendor_code"} and rule.endpoint in app.extensions["orion"].pages:
                    address = rule.rule.replace("<vendor_code>", "WIZAMART") + query
                    client.get(address)
    finally:
        ListPage.run = run  # type: ignore[method-assign]
    return iter(shown.values())


def _signed_in(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    token = csrf_token(client.get("/login").text)
    client.post("/login", data={"email": email, "password": PASSWORD, "csrf_token": token})
    return client


def _tables(lists: list[Shown]) -> list[Table]:
    """What the lists' rows and searches come from, what says where they were seen, and what of that there is
    once for each of something."""
    found = {table for shown in lists for table in (*_listed(shown.page), *_searched(shown.page))}
    found |= _seen(found)
    found |= {target for table in found for target in _told_apart_by(table)}
    return sorted(found, key=lambda table: table.name)


def _told_apart_by(table: Table) -> set[Table]:
    """Tables to which a unique key's columns point: copies of a row need copies of those rows."""
    keys = [key for key in table.constraints if isinstance(key, UniqueConstraint)]
    columns = {column for key in keys for column in key.columns if column.name != "vendor_id"}
    found = {key.column.table for column in columns for key in column.foreign_keys}
    return {target for target in found if target.name not in FEW}


def _listed(page: ListPage) -> set[Table]:
    """The table of the list's rows, where there may be very many of them."""
    return {table for table in _of([page.key]) if table.name not in FEW}


def _seen(tables: Iterable[Table]) -> set[Table]:
    """What the wall asks whether a platform has seen the rows of tables."""
    names = {wall.seen_on for table in tables if (wall := wall_of(table)) is not None and wall.seen_on}
    return {metadata.tables[name] for name in names}


def _searched(page: ListPage) -> set[Table]:
    if page.search is None:
        return set()
    words = [page.search.words[1].word] if page.search.words else []
    return _of([*page.search.columns, *words])


def _of(columns: Iterable[Any]) -> set[Table]:
    found = {getattr(getattr(column, "expression", column), "table", None) for column in columns}
    return {table for table in found if isinstance(table, Table)}


# -- their questions ----------------------------------------------------------------------------


def _questions(shown: Shown) -> Iterator[dict[str, str]]:
    """Everything that a list offers, one at a time, in its own order; and each order."""
    yield {}
    for column in shown.page.columns:
        if column.sort is not None:
            yield {"sort": column.name}
            yield {"sort": f"-{column.name}"}
    for one in shown.page.filters:
        match one:
            case Choice():
                yield from ({one.name: value} for value in list(one.offered(shown.scope))[:CHOICES])
            case Flag():
                yield {one.name: "yes"}
            case Dates():
                yield {"from": "2026-06-01", "to": "2026-06-03"}
    if shown.page.search:
        yield from ({shown.page.search.name: text} for text in TYPED)


def _plans(app: Flask, shown: Shown, parts: bool = False) -> Iterator[tuple[dict[str, str], str, str]]:
    """(question, SQL, plan) of every statement that the list sends for its questions and their next pages;
    with `parts` of its searches, without their number."""
    with app.test_request_context(shown.address), entered(shown.scope):
        for args in list(_questions(shown)):
            if parts and not _searches(shown, args):
                continue
            asked = questions.read(shown.page, shown.scope, MultiDict(args))
            read = (
                reading.part if parts or "sort" in args else reading.read
            )  # The number of rows is known by then.
            with _sent() as sent:
                found = read(shown.page, shown.scope, asked)
                if found.more_after:
                    reading.part(shown.page, shown.scope, replace(asked, at=found.last))
            for sql, parameters in sent:
                yield args, sql, _explained(sql, parameters)


@contextmanager
def _sent() -> Iterator[list[tuple[str, Any]]]:
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, sql: str, parameters: Any, *_: Any) -> None:
        sent.append((sql, parameters))

    connection = session().connection()
    event.listen(connection, "before_cursor_execute", note)
    yield sent
    event.remove(connection, "before_cursor_execute", note)


def _explained(sql: str, parameters: Any) -> str:
    cursor = session().connection().connection.cursor()
    cursor.execute(f"EXPLAIN {sql}", parameters)
    return "\n".join(row[0] for row in cursor.fetchall())
