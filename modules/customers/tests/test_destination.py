"""Customers are staged, published and taken back like products."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from modules.customers import profiles
from modules.customers.destination import CUSTOMERS
from modules.customers.models import Customer, Word
from modules.customers.tests.conftest import NOW, Market
from orion.contracts.data import session
from orion.contracts.tabular import Published, Thing
from orion.testing.tables import read

HEAD = "Customer ID,First Name,Last Name,Email,Phone,Country\n"
TWO = HEAD + "n1,Ida,Lumen,ida@x.example,,NO\n,Bo,,BO@x.example,,\nn1,Ida,Lumen,,123,SE\n"


def _things(market: Market, folder: Path, text: str = TWO) -> list[Thing]:
    with market.at("SHOP") as scope:
        return read(CUSTOMERS, scope, folder, text)[0]


def _states(market: Market, things: list[Thing]) -> list[tuple[str, str]]:
    with market.at("SHOP") as scope:
        return [(one.state, one.problem) for one in CUSTOMERS.compare(scope, things)]


def _publish(market: Market, things: list[Thing]) -> list[Published | str]:
    with market.at("SHOP", write=True) as scope:
        return CUSTOMERS.publish(scope, things, platform_id=None, now=NOW)


def _take_back(market: Market, made: list[Published | str]) -> list[int]:
    befores = {one.id: one.before for one in made if isinstance(one, Published)}
    with market.at("SHOP", write=True) as scope:
        return CUSTOMERS.take_back(scope, befores, at=NOW)


def _all(market: Market) -> list[tuple[str, ...]]:
    """Everything that is known of SHOP's customers."""
    columns = (Customer.reference, Customer.name, Customer.email, Customer.phone, Customer.country)
    with market.at("SHOP"):
        rows = session().execute(select(*columns, Customer.joined_on).order_by(Customer.reference))
        return [tuple(map(str, row)) for row in rows]


def test_rows_of_one_customer_come_in_once_and_go_without_a_trace(market: Market, tmp_path: Path) -> None:
    ida, bo = things = _things(market, tmp_path)
    assert [(ida.title, ida.lines), (bo.title, bo.lines)] == [("Ida Lumen", (2, 4)), ("Bo", (3,))]
    assert [note.line for note in ida.notes] == [4]
    assert _states(market, things) == [("new", ""), ("new", "")]
    made = _publish(market, things)
    assert _all(market) == [
        ("bo@x.example", "Bo", "BO@x.example", "", "", "2026-11-23"),
        ("n1", "Ida Lumen", "ida@x.example", "123", "NO", "2026-11-23"),
    ]
    assert _states(market, things) == [("unchanged", ""), ("unchanged", "")]
    assert _take_back(market, made) == [] and _all(market) == []


def test_what_a_file_says_replaces_what_was_and_what_it_leaves_empty_stays(
    market: Market, tmp_path: Path
) -> None:
    market.customer("n1", "2026-01-10", name="Ida Berg", phone="7")
    before = _all(market)
    [ida] = _things(
        market,
        tmp_path,
        "Customer ID,Name,Email,Phone,Customer since\nn1,Ida Lumen,a@x.example,,2025-12-31\n",
    )
    with market.at("SHOP") as scope:
        [verdict] = CUSTOMERS.compare(scope, [ida])
        said = [CUSTOMERS.said(scope, one, "EUR") for one in verdict.changes]
    assert said == [
        ("Name", "Ida Berg", "Ida Lumen"),
        ("Email address", "", "a@x.example"),
        ("Customer since", "Jan 10, 2026", "Dec 31, 2025"),
    ]
    made = _publish(market, [ida])
    assert _all(market) == [("n1", "Ida Lumen", "a@x.example", "7", "", "2025-12-31")]
    assert _take_back(market, made) == [] and _all(market) == before


def test_words_follow_what_is_published_and_what_is_taken_back(market: Market, tmp_path: Path) -> None:
    def found() -> set[str]:
        with market.at("SHOP"):
            return set(session().scalars(select(Word.word)))

    market.customer("n1", "2026-01-10", name="Ida Berg")
    before = found()
    made = _publish(market, _things(market, tmp_path))
    assert found() >= {"lumen", "bo", "ida@x.example"} and "berg" not in found()
    _take_back(market, made)
    assert found() == before


def test_who_was_edited_since_or_has_bought_is_left_alone(market: Market, tmp_path: Path) -> None:
    made = _publish(market, _things(market, tmp_path))
    market.ids["n1"], bo = (one.id for one in made if isinstance(one, Published))
    market.bought("n1", "2026-11-24")
    with market.at("SHOP", write=True) as scope:
        profiles.edit(scope, session().get_one(Customer, bo), name="Bo Tal")
    assert _take_back(market, made) == [market.ids["n1"], bo]
    assert len(_all(market)) == 2


@pytest.mark.only_on("sqlite")
def test_a_number_finds_who_was_entered_by_hand_under_the_same_address(
    market: Market, tmp_path: Path
) -> None:
    with market.at("SHOP", write=True) as scope:
        profiles.create(scope, now=NOW, name="Ida", email="Ida@x.example")
    text = HEAD + "n1,Ida,Lumen,ida@x.example,,\nn2,Per,Lumen,ida@x.example,,\n,,,ida@X.example,5,\n"
    things = _things(market, tmp_path, text)
    assert _states(market, things) == [("changed", ""), ("new", ""), ("changed", "")]
    _publish(market, things)
    assert [row[:4] for row in _all(market)] == [
        ("", "Ida Lumen", "Ida@x.example", "5"),
        ("n2", "Per Lumen", "ida@x.example", ""),
    ]


@pytest.mark.only_on("sqlite")
def test_an_old_file_writes_nothing_about_somebody_who_was_erased(market: Market, tmp_path: Path) -> None:
    market.customer("n1", "2026-01-10", name="Ida")
    with market.at("SHOP", write=True) as scope:
        ida = session().scalars(select(Customer)).one()
        profiles.erase(scope, ida, now=NOW)
        own = ida.public_id
    head = "Orion ID,Customer number,Name,Customer since\n"
    old = _things(market, tmp_path, head + f"{own},n1,Ida,2026-01-10\n")
    assert _states(market, old) == [("changed", "erased")]
    [said] = _publish(market, old)
    assert "erased" in str(said) and _all(market)[0][:2] == ("", "")
    assert _states(market, _things(market, tmp_path, head + f"{own},,,2026-01-10\n")) == [("unchanged", "")]


@pytest.mark.only_on("sqlite")
def test_a_text_that_is_too_long_is_cut_and_it_is_said(market: Market, tmp_path: Path) -> None:
    [ida] = _things(market, tmp_path, HEAD + f"n1,{'x' * 201},,,,\n")
    assert len(ida.data["name"]) == 200
    assert [str(note.text) for note in ida.notes] == ["Name is cut to 200 characters"]


def test_the_list_as_a_file_comes_back_without_a_change(busy: Market, owner: Any, tmp_path: Path) -> None:
    with busy.at("SHOP", write=True) as scope:
        profiles.create(scope, now=NOW, name="=Only, a name")
    for kind in ("csv", "xlsx"):
        path = tmp_path / f"back.{kind}"
        path.write_bytes(owner.get(f"/vendor/SHOP/customers?export={kind}").data)
        with busy.at("SHOP") as scope:
            things, rejected = read(CUSTOMERS, scope, tmp_path, path)
            states = {one.state for one in CUSTOMERS.compare(scope, things)}
        assert (len(things), rejected, states) == (5, [], {"unchanged"})
