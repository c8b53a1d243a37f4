"""`orion customers import`: who comes in, and what of those who are known."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from modules.customers.commands import commands
from modules.customers.models import Customer
from modules.customers.tests.conftest import Market
from orion.contracts.data import session
from tests.tabular.corpus import CORPUS

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def run(market: Market, tmp_path: Path) -> Run:
    """`run(text)` imports for SHOP; the report."""

    def command(text: str, *options: str) -> dict[str, Any]:
        path = tmp_path / "people.csv"
        path.write_text(text, encoding="utf-8")
        words = ["import", str(path), "--vendor", "SHOP", "--json", *options]
        return dict(json.loads(market.app.test_cli_runner().invoke(commands, words).stdout))

    return command


def known(market: Market, reference: str) -> tuple[str, str, str]:
    """(name, address, country) of a customer of SHOP."""
    with market.at("SHOP"):
        one = session().scalars(select(Customer).where(Customer.reference == reference)).one()
        return one.name, one.email, one.country


def test_customers_come_in_by_number_or_address(market: Market, run: Run) -> None:
    head = "Customer ID,First Name,Last Name,Email,Country\n"
    report = run(f"{head}n1,Ida,Lumen,ida@x.example,Norway\n,Bo,,BO@x.example,\n,No,Body,,\n")
    assert report["customers"] == {"read": 2, "new": 2, "known": 0}
    assert [(row["line"], row["code"]) for row in report["rejected"]] == [(4, "no_key")]
    assert known(market, "n1") == ("Ida Lumen", "ida@x.example", "Norway")
    assert known(market, "bo@x.example")[0] == "Bo"


def test_what_is_known_stays_and_what_is_empty_is_filled(market: Market, run: Run) -> None:
    run("Kundennummer;Nachname;E-Mail\nn2;Berg;\n")
    report = run("Kundennummer;Nachname;E-Mail\nn2;Tal;berg@x.example\n")
    assert report["customers"] == {"read": 1, "new": 0, "known": 1}
    assert known(market, "n2")[:2] == ("Berg", "berg@x.example")


@pytest.mark.parametrize("what", [what for what, hostile in CORPUS.items() if hostile.of == "customers"])
def test_what_means_harm_is_taken_as_text_or_rejected(market: Market, tmp_path: Path, what: str) -> None:
    path = tmp_path / "people.csv"
    path.write_bytes(CORPUS[what].content())
    done = market.app.test_cli_runner().invoke(commands, ["import", str(path), "--vendor", "SHOP", "--json"])
    assert done.exit_code in (0, 3), done.exception
    report = json.loads(done.stdout)
    assert report["rows"]["read"] == report["rows"]["accepted"] + report["rows"]["rejected"]
    assert all(row["line"] and row["reason"] for row in report["rejected"])
