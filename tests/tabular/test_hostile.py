"""Files that mean harm are rows with reasons, or refused with a sentence of Orion's own, at little cost."""

from pathlib import Path

import pytest
from flask import Flask

from orion.i18n import speaking
from orion.i18n.pseudo import OPEN, dressed
from orion.tabular.errors import TableError
from orion.tabular.importing import Statement, open_import
from orion.tabular.mapping import Mapping
from orion.tabular.report import Report
from orion.tabular.target import Field, Target
from orion.tabular.understanding import understand
from tests.measuring import measured
from tests.tabular.corpus import CORPUS, Hostile

pytestmark = pytest.mark.only_on("sqlite")
#: A bit of every destination.
TARGET = Target(
    "all.things",
    (
        Field("code", "identifier", "Code", longest=120, headers=("SKU", "Variant SKU", "Customer no", "id")),
        Field("title", "text", "Title", longest=200, headers=("Title", "Name")),
        Field("price", "money", "Price", headers=("Price", "Variant Price", "Unit price")),
        Field("pieces", "integer", "Pieces", headers=("On hand", "Quantity")),
        Field("day", "datetime", "Day", headers=("Date",)),
        Field(
            "number", "text", "Number", needed=True, instead=(("title",), ("code",)), headers=("Order no",)
        ),
    ),
)
#: Seconds of processor time and megabytes, of this process and of the reader of workbooks.
SECONDS, MEGABYTES, BESIDE = 5.0, 100.0, 640.0
#: What a second is not needed for.
CHEAP = [
    what for what in CORPUS if not any(word in what for word in ("bomb", "mega", "million", "hundred thou"))
]


def test_there_are_two_hundred_kinds_of_harm() -> None:
    assert len(CORPUS) > 200


def test_a_file_is_the_same_bytes_each_time() -> None:
    assert all(CORPUS[what].content() == CORPUS[what].content() for what in CHEAP[::7])


@pytest.mark.parametrize(
    "what", [pytest.param(one, marks=() if one in CHEAP[::4] else pytest.mark.long) for one in CORPUS]
)
def test_it_is_read_or_refused_at_little_cost(app: Flask, tmp_path: Path, what: str) -> None:
    hostile = CORPUS[what]
    path = tmp_path / "file"
    path.write_bytes(hostile.content())
    with app.test_request_context(), speaking("en_XA"), measured() as cost:
        said = _read(path, hostile)
    assert (cost.seconds < SECONDS, cost.megabytes < MEGABYTES, cost.beside < BESIDE) == (True,) * 3, cost
    assert bool(said) == bool(hostile.says) or hostile.either, said
    # Each sentence is a translated one, and none is another program's.
    assert not said or said.startswith(OPEN)
    assert hostile.says in said or dressed(hostile.says).split("·")[0].strip(OPEN + "⟧") in said


def _read(path: Path, hostile: Hostile) -> str:
    """Look at a file, and read it to its end, each row of it; else why that can't be."""
    stated = Mapping(**hostile.stated)
    seen = understand(path, TARGET, stated, hostile.name)
    assert not seen.problem or seen.problem.startswith(OPEN)
    try:
        found = open_import(path, TARGET, Statement(mapping=stated, name=hostile.name), currency="EUR")
        report = Report(found.plan)
        for _row in report.taken(found.rows(texts=True)):
            pass
    except TableError as error:
        return error.message
    assert report.read == found.plan.rows
    assert all(row.line > 0 and str(row.reason).startswith(OPEN) for row in report.first)
    return ""
