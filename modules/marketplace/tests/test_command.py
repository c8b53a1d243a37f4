"""`orion marketplace import`: what it says, and how it ends."""

import json
from pathlib import Path
from typing import Any

import click
import pytest
from flask import Flask

from modules.marketplace import commands as importing
from modules.marketplace.commands import commands
from modules.marketplace.tests.conftest import SHOPIFY, Market
from orion.contracts.data import DatabaseGone

pytestmark = pytest.mark.only_on("sqlite")


def _run(app: Flask, *words: str) -> tuple[int, Any]:
    result = app.test_cli_runner().invoke(commands, ["import", *words, "--json"])
    text = result.stdout.strip()
    return result.exit_code, json.loads(text) if text.startswith("{") else result.output


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An export."""
    made = tmp_path / "export.csv"
    made.write_text(SHOPIFY)
    return made


def test_every_row_without_an_error_is_published_once(market: Market, file: Path) -> None:
    status, said = _run(market.app, str(file), "--vendor", "SHOP", "--wait")
    assert (status, said["published"], said["format"], said["variants"]) == (0, 2, "Shopify", 3)
    assert said["rows"] == {"read": 4, "accepted": 4, "rejected": 0}
    assert len(market.catalog()["Listing"]) == 2  # On the only platform.
    status, said = _run(market.app, str(file), "--vendor", "SHOP", "--wait")
    assert (status, said["published"]) == (0, 0)
    assert said["products"] == {"new": 0, "changed": 0, "unchanged": 2}


def test_staging_alone_publishes_nothing(market: Market, file: Path) -> None:
    status, said = _run(market.app, str(file), "--vendor", "SHOP", "--wait", "--stage-only")
    assert (status, said["published"], said["products"]["new"]) == (0, 0, 2)
    assert market.catalog()["Product"] == []


def test_rejected_rows_are_named_and_the_rest_is_in(market: Market, file: Path) -> None:
    file.write_text(SHOPIFY + "vase,Vase,,,,,,,,V,,dear,,,,,\n")
    status, said = _run(market.app, str(file), "--vendor", "SHOP", "--wait")
    assert (status, said["published"]) == (3, 2)
    [row] = said["rejected"]
    assert (row["line"], row["column"], row["value"]) == (6, "Variant Price", "dear")


def test_a_file_that_cannot_be_read_is_refused(market: Market, file: Path) -> None:
    file.write_bytes(b"Title,Price\nK\xe4se,1\n")
    status, said = _run(market.app, str(file), "--vendor", "SHOP", "--wait")
    assert status == 1 and "0xE4" in said["refused"]
    status, said = _run(market.app, str(file), "--vendor", "SHOP", "--wait", "--encoding", "cp1252")
    assert (status, said["published"]) == (0, 1)


def test_without_waiting_a_worker_does_it(market: Market, file: Path) -> None:
    status, said = _run(market.app, str(file), "--vendor", "SHOP")
    assert (status, said["stage"], market.jobs()[-1].state) == (0, "reading", "waiting")


def test_whoever_waits_goes_on_waiting_while_others_hold_the_database(
    market: Market, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done, asked = importing.run, iter([True, False, True])

    def run(*job: Any) -> str:
        if next(asked, False):
            raise DatabaseGone("database is locked")
        return done(*job)

    monkeypatch.setattr(importing, "run", run)
    status, said = _run(market.app, str(file), "--vendor", "SHOP", "--wait")
    assert (status, said["published"]) == (0, 2)


def test_whoever_waits_sees_how_far_it_is(
    market: Market, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bars: dict[str, list[int]] = {}
    bar = click.progressbar

    def watched(*, label: str, **options: Any) -> Any:
        made = bar(label=label, **options)
        seen, update = bars.setdefault(label, []), made.update
        made.update = lambda steps, *rest: (update(steps, *rest), seen.append(made.pos))
        return made

    monkeypatch.setattr(click, "progressbar", watched)
    monkeypatch.setattr("modules.marketplace.jobs.CHUNK", 1)
    assert _run(market.app, str(file), "--vendor", "SHOP", "--wait")[0] == 0
    assert list(bars) == ["export.csv: read", "export.csv: publish"]
    assert all(seen == sorted(seen) and seen[-1] == 100 for seen in bars.values())
    assert all(any(0 < share < 100 for share in seen) for seen in bars.values())


def test_other_tables_are_taken_where_somebody_says_what_they_are(market: Market, tmp_path: Path) -> None:
    tables = {
        "products": ("catalog", "SKU,Title,Price\nM-1,Mug,9.00\n"),
        "stock": ("inventory", "SKU,Location,On hand\nM-1,North,3\n"),
        "orders": ("orders", "Order no,Date,SKU,Quantity,Unit price\nY-1,2026-03-01,M-1,2,9.00\n"),
        "customers": ("customers", "Customer no,Name,Email\nk1,Ida Lumen,ida@x.example\n"),
    }
    there = market.app.extensions["orion"].modules
    told = {}
    for kind, text in ((kind, text) for kind, (code, text) in tables.items() if code in there):
        file = tmp_path / f"{kind}.csv"
        file.write_text(text)
        words = (str(file), "--vendor", "SHOP", "--as", kind, "--wait")
        status, said = _run(market.app, *words)
        told[kind] = (status, said["published"], _run(market.app, *words)[1][kind]["unchanged"])
    assert len(told) > 1 and set(told.values()) == {(0, 1, 1)}


def test_a_table_of_something_else_is_refused_with_the_word_for_it(market: Market, file: Path) -> None:
    file.write_text("Customer no,First name,Last name,Email\nk1,Ida,Lumen,ida@x.example\n")
    status, said = _run(market.app, str(file), "--vendor", "SHOP", "--wait")
    assert status == 1 and said["refused"].endswith("say --as customers.")
    result = market.app.test_cli_runner().invoke(
        commands, ["import", str(file), "--vendor", "SHOP", "--as", "people"]
    )
    assert result.exit_code == 2 and "customers" in result.stderr
