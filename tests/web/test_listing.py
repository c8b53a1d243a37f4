"""List pages: paging by key, filters, searches, counts and totals, on a table of the test's own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import BigInteger, Date, Index, String, event, func, select
from sqlalchemy.orm import Mapped, mapped_column

from orion.contracts.data import entered, insert_rows, session
from orion.contracts.errors import Invalid
from orion.contracts.lists import Choice, Column, Dates, Flag, ListPage, ListView, Search, Total
from orion.contracts.models import BigId, NormText, VendorOwned, module_base, normalise
from orion.contracts.money import Money
from orion.contracts.scope import Scope, ScopeKind, VendorRef
from orion.data import laying
from orion.data.database import db
from orion.data.revisions import owned
from orion.web.listing import reading

pytestmark = pytest.mark.by_turns

Base = module_base("tests.listed")
DAY = date(2026, 3, 1)


class Item(VendorOwned, Base):
    """A row of the lists below."""

    __tablename__ = "listed_item"
    __table_args__ = (
        Index("ix_listed_item_name_norm", "vendor_id", "name_norm", "id"),
        Index("ix_listed_item_amount", "vendor_id", "amount", "id"),
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    name_norm: Mapped[str] = mapped_column(NormText)
    colour: Mapped[str | None] = mapped_column(String(20))
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    on: Mapped[date] = mapped_column(Date)


ITEMS = ListPage(
    id="listed.items",
    title="Items",
    statement=lambda scope: select(Item),
    key=Item.id,
    columns=[
        Column("name", "Name", sort=Item.name_norm, value=lambda i: i.name),
        Column("colour", "Colour", sort=Item.colour, value=lambda i: i.colour),
        Column(
            "amount", "Amount", kind="money", sort=Item.amount, value=lambda i: Money(i.amount, i.currency)
        ),
        Column("day", "Day", kind="date", sort=Item.on, value=lambda i: i.on),
        Column("weight", "Weight", kind="bytes", value=lambda i: i.amount * 1000),
        Column("id", "Id", value=lambda i: i.id, picture=lambda i: f"/{i.id}.webp" if i.colour else ""),
    ],
    filters=[
        Choice(
            "colour", "Colour", options=[("red", "Red"), ("blue", "Blue")], column=Item.colour, multiple=True
        ),
        Choice(
            "size",
            "Size",
            options=[("big", "Big")],
            apply=lambda statement, value: statement.where(Item.amount >= 500),
        ),
        Dates("Day", column=Item.on),
        Flag("dear", "Dear", apply=lambda statement: statement.where(Item.amount > 900)),
    ],
    search=Search("Search", columns=[Item.name_norm]),
    default_sort="name",
    totals=[Total("amount", "Amount", Item.amount, Item.currency)],
    per_page=7,
)
SCOPE = Scope(ScopeKind.VENDOR, frozenset({1}), frozenset({1}), vendor=VendorRef(1, "ACME", "Acme"))


def _items(count: int) -> list[dict[str, Any]]:
    """Rows with many equal names and amounts, and every third without a colour."""
    return [
        {
            "name": f"Ärtikel {n % 4}",
            "name_norm": normalise(f"Ärtikel {n % 4}"),
            "colour": (None, "red", "blue")[n % 3],
            "amount": n % 11 * 100,
            "currency": "EUR" if n % 5 else "USD",
            "on": DAY + timedelta(days=n % 6),
        }
        for n in range(count)
    ]


@pytest.fixture
def shelf(house: Any) -> Flask:
    """An application with 60 items of vendor 1, and 5 of vendor 2."""
    app = house.app()
    with app.app_context():
        with owned(db.engines["write"]) as connection:
            Base.metadata.tables["listed_item"].create(connection)
            laying.lay(connection, ["listed_item"])
            connection.commit()
        _fill(app, SCOPE, 60)
        _fill(app, replace(SCOPE, vendors=frozenset({2})), 5)
    return app


def _fill(app: Flask, scope: Scope, count: int) -> None:
    with app.app_context(), entered(scope, write=True) as writing:
        insert_rows(scope, Item, _items(count))
        writing.commit()


@contextmanager
def _reading(app: Flask, scope: Scope = SCOPE) -> Iterator[None]:
    with app.test_request_context("/items"), entered(scope):
        yield


def _run(app: Flask, query: dict[str, Any] | None = None, page: ListPage = ITEMS) -> ListView:
    with _reading(app):
        return page.run(SCOPE, query or {})


def _follow(url: str) -> dict[str, Any]:
    from urllib.parse import parse_qs

    return {name: values[-1] for name, values in parse_qs(url.removeprefix("?")).items()}


def _ids(listing: ListView) -> list[int]:
    return [int(row["cells"][-1]["text"]) for row in listing.rows]


def _walk(app: Flask, listing: ListView, step: str) -> list[ListView]:
    pages = [listing]
    while pages[-1].pager[step] is not None and len(pages) < 50:
        pages.append(_run(app, _follow(pages[-1].pager[step] or "")))
    return pages


@pytest.mark.parametrize("sort", ["name", "-name", "colour", "-colour", "amount", "-amount", "day", "-day"])
def test_paging_forward_and_back_visits_every_row_once(shelf: Flask, sort: str) -> None:
    forward = _walk(shelf, _run(shelf, {"sort": sort}), "next_url")
    back = _walk(shelf, forward[-1], "previous_url")
    there = [id_ for page in forward for id_ in _ids(page)]
    assert len(there) == len(set(there)) == 60
    assert [id_ for page in reversed(back) for id_ in _ids(page)] == there


@pytest.mark.parametrize("sort", ["colour", "-colour"])
def test_rows_without_a_value_come_last_in_both_directions(shelf: Flask, sort: str) -> None:
    pages = _walk(shelf, _run(shelf, {"sort": sort}), "next_url")
    colours = [row["cells"][1]["text"] for page in pages for row in page.rows]
    assert colours[-20:] == [""] * 20
    assert "" not in colours[:40]


def test_the_first_and_the_last_page_lead_no_further(shelf: Flask) -> None:
    pages = _walk(shelf, _run(shelf), "next_url")
    assert pages[0].pager["previous_url"] is None
    assert pages[-1].pager["next_url"] is None


def test_a_list_shows_no_other_vendors_rows(shelf: Flask) -> None:
    assert _run(shelf).count == 60


@pytest.mark.parametrize(
    "change",
    [{"sort": "-name"}, {"q": "art"}, {"colour": "red"}, {"from": "2026-03-01"}, {"after": "forged"}],
    ids=lambda change: next(iter(change)),
)
def test_a_cursor_of_another_question_is_refused(shelf: Flask, change: dict[str, str]) -> None:
    query = _follow(_run(shelf).pager["next_url"] or "")
    with pytest.raises(Invalid):
        _run(shelf, {**query, **change})


def test_a_cursor_of_another_list_is_refused(shelf: Flask) -> None:
    query = _follow(_run(shelf, page=replace(ITEMS, id="listed.others")).pager["next_url"] or "")
    with pytest.raises(Invalid):
        _run(shelf, query)


def test_a_cursor_of_another_place_is_refused(shelf: Flask) -> None:
    query = _follow(_run(shelf).pager["next_url"] or "")
    elsewhere = replace(SCOPE, vendors=frozenset({2}))
    with _reading(shelf, elsewhere), pytest.raises(Invalid):
        ITEMS.run(elsewhere, query)


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "currency"},
        {"sort": "id"},
        {"colour": "green"},
        {"size": "small"},
        {"dear": "no"},
        {"from": "01.03.2026"},
        {"from": "20260301"},
        {"from": "0001-01-01"},
        {"to": "9999-12-31"},
        {"from": "2026-03-05", "to": "2026-03-01"},
        {"count": "all"},
        {"shape": "round"},
    ],
    ids=str,
)
def test_what_a_list_does_not_know_is_refused(shelf: Flask, query: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        _run(shelf, query)


def test_both_dates_are_included(shelf: Flask) -> None:
    listing = _run(shelf, {"from": "2026-03-02", "to": "2026-03-03"})
    assert listing.count == 20
    assert {
        row["cells"][3]["text"] for row in _run(shelf, {"from": "2026-03-02", "to": "2026-03-02"}).rows
    } == {"Mar 2, 2026"}


def test_a_choice_of_words_that_was_kept_in_another_spelling_is_still_the_same(shelf: Flask) -> None:
    words = replace(ITEMS, filters=[replace(ITEMS.filters[0], folded=True)])
    assert _run(shelf, {"colour": "Réd"}, words).count == _run(shelf, {"colour": "red"}).count
    with pytest.raises(Invalid):
        _run(shelf, {"colour": "Réd"})


def test_several_values_of_a_choice_are_any_of_them(shelf: Flask) -> None:
    from werkzeug.datastructures import MultiDict

    assert _run(shelf, MultiDict([("colour", "red"), ("colour", "blue")])).count == 40


def test_a_value_of_its_own_meaning_narrows_by_its_own_rule(shelf: Flask) -> None:
    with _reading(shelf):
        expected = session().scalar(select(func.count()).select_from(Item).where(Item.amount >= 500))
    assert _run(shelf, {"size": "big"}).count == expected


@pytest.mark.parametrize("typed", ["art", "ÄRT", "  ärtikel   2 ", "Artikel 2"])
def test_a_search_finds_beginnings_without_case_and_accents(shelf: Flask, typed: str) -> None:
    assert _run(shelf, {"q": typed}).count == (15 if "2" in typed else 60)


@pytest.mark.parametrize("typed", ["tikel", "%", "_rt", "\x00art\x00x"])
def test_a_search_knows_no_patterns(shelf: Flask, typed: str) -> None:
    assert _run(shelf, {"q": typed}).count == 0


@pytest.mark.parametrize("query", [{}, {"colour": "red"}, {"q": "artikel 1", "size": "big"}], ids=str)
def test_totals_are_the_sums_of_all_rows_by_currency(shelf: Flask, query: dict[str, str]) -> None:
    listing = _run(shelf, query)
    sums: dict[str, int] = {}
    for page in _walk(shelf, listing, "next_url"):
        with _reading(shelf):
            for item in session().scalars(select(Item).where(Item.id.in_(_ids(page)))):
                sums[item.currency] = sums.get(item.currency, 0) + item.amount
    assert listing.sums["amount"] == sums
    assert [total["text"][0] for total in listing.totals] == ["€", "$"]


def test_a_count_stops_where_it_is_capped_and_goes_on_when_asked(
    shelf: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MOST", 50)
    monkeypatch.setattr("orion.web.listing.view.MOST", 50)
    capped = _run(shelf)
    assert (capped.count, capped.count_text) == (51, "50+ entries")
    assert _run(shelf, _follow(capped.exact_url or "")).count_text == "60 entries"


def test_a_page_takes_three_statements_at_most(shelf: Flask, count_sql: Any) -> None:
    with count_sql(shelf) as statements:
        _run(shelf, {"q": "art", "colour": "red", "sort": "-amount"})
    assert len([s for s in statements if "listed_item" in s]) == 3


def test_a_list_on_one_page_is_not_counted_again(shelf: Flask, count_sql: Any) -> None:
    with count_sql(shelf) as statements:
        listing = _run(shelf, {"q": "artikel 1", "colour": "red", "dear": "yes"}, replace(ITEMS, totals=()))
    assert listing.count == len(listing.rows)
    assert len([s for s in statements if "listed_item" in s]) == 1


@pytest.mark.parametrize(
    ("query", "index"),
    [({"q": "artikel 2"}, "name_norm"), ({"sort": "-amount"}, "amount"), ({"sort": "amount"}, "amount")],
    ids=str,
)
def test_searches_and_orders_use_an_index(shelf: Flask, query: dict[str, str], index: str) -> None:
    plan = _plan(shelf, query)
    assert f"ix_listed_item_{index}" in plan
    assert "TEMP B-TREE" not in plan or "q" in query


def _plan(app: Flask, query: dict[str, str]) -> str:
    """How the database says that it finds the rows of a page."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        sent.append((statement, parameters))

    with _reading(app):
        connection = session().connection()
        event.listen(connection, "before_cursor_execute", note)
        ITEMS.run(SCOPE, query)
        cursor = connection.connection.cursor()
        explain = "EXPLAIN QUERY PLAN"
        if connection.dialect.name == "postgresql":
            explain = "EXPLAIN"
            cursor.execute("SET LOCAL enable_seqscan = off")  # A table this small is read as a whole.
        statement, parameters = sent[0]
        cursor.execute(f"{explain} {statement}", parameters)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_what_is_asked_stands_in_chips_that_take_it_back(shelf: Flask) -> None:
    query = {"q": "art", "colour": "red", "from": "2026-03-02", "sort": "-amount", "platform": "south"}
    listing = _run(shelf, query)
    assert [chip["label"] for chip in listing.chips] == [
        "Search: “art”",
        "Colour: Red",
        "Day: from Mar 2, 2026",
    ]
    without_colour = _follow(listing.chips[1]["url"])
    assert without_colour == {name: value for name, value in query.items() if name != "colour"}
    assert _follow(listing.reset_url or "") == {"platform": "south"}


def test_the_platform_stays_in_every_link(shelf: Flask) -> None:
    listing = _run(shelf, {"platform": "south", "colour": "red"})
    urls = [listing.pager["next_url"], listing.reset_url, *(c["url"] for c in listing.chips)]
    urls += [column["sort_url"] for column in listing.columns if column["sort_url"]]
    assert all("platform=south" in (url or "") for url in urls)
    assert {"name": "platform", "value": "south"} in listing.hidden


def test_the_sorted_column_turns_around_and_others_begin_as_usual(shelf: Flask) -> None:
    columns = {c["key"]: c for c in _run(shelf).columns}
    assert columns["name"]["direction"] == "asc" and _follow(columns["name"]["sort_url"])["sort"] == "-name"
    assert (
        columns["amount"]["direction"] is None and _follow(columns["amount"]["sort_url"])["sort"] == "-amount"
    )
    assert columns["id"]["sort_url"] is None


def test_a_list_without_matches_offers_all_of_it(shelf: Flask) -> None:
    empty = _run(shelf, {"q": "nothing"}).empty
    assert empty is not None and empty["kind"] == "no_match" and empty["action"]["url"] == "?"


def test_a_list_without_any_row_says_what_will_be_there(shelf: Flask) -> None:
    nobody = replace(SCOPE, vendors=frozenset({3}))
    with _reading(shelf, nobody):
        empty = replace(ITEMS, empty=("No items yet", "They come.")).run(nobody, {}).empty
    assert empty == {"kind": "first", "title": "No items yet", "text": "They come.", "action": None}


def test_a_part_that_became_empty_is_the_first_part_again(shelf: Flask) -> None:
    last = _walk(shelf, _run(shelf, {"sort": "amount"}), "next_url")[-2].pager["next_url"] or ""
    with shelf.app_context(), entered(SCOPE, write=True) as writing:
        for item in writing.scalars(select(Item).where(Item.amount >= 900)):
            writing.delete(item)
        writing.commit()
    listing = _run(shelf, _follow(last))
    assert listing.rows and listing.pager["previous_url"] is None


def test_totals_may_come_from_a_summary(shelf: Flask) -> None:
    from sqlalchemy import literal

    page = replace(
        ITEMS, summary=lambda question: None if question.q else select(literal("EUR"), literal(42))
    )
    assert _run(shelf, page=page).sums["amount"] == {"EUR": 42}
    assert _run(shelf, {"q": "art"}, page).sums["amount"] != {"EUR": 42}
    assert _run(shelf, {"count": "exact"}, page).sums["amount"] != {"EUR": 42}


def test_bytes_are_shown_as_sizes_and_pictures_beside_the_text(shelf: Flask) -> None:
    totals = [Total("all", "All", Item.amount, kind="bytes")]
    listing = _run(shelf, {"sort": "-amount"}, replace(ITEMS, totals=totals))
    assert listing.rows[0]["cells"][-2]["text"] == "1 MB"
    assert listing.totals[0]["text"].endswith("kB")
    for _name, colour, *_more, key in (row["cells"] for row in listing.rows):
        assert key["picture"] == (f"/{key['text']}.webp" if colour["text"] else "")
