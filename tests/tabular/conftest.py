"""Small tables made on the spot, and a target to read them into."""

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from orion.tabular.importing import Import, Statement, open_import
from orion.tabular.report import Report
from orion.tabular.rows import Row
from orion.tabular.target import Field, Format, Target

TARGET = Target(
    name="sales.lines",
    fields=(
        Field("number", "identifier", "Number", required=True, headers=("Order no", "Order ID"), longest=20),
        Field("on", "datetime", "Date", headers=("Date", "Order date")),
        Field("pieces", "integer", "Pieces", headers=("Quantity", "Qty")),
        Field("price", "money", "Price", headers=("Price", "Unit price")),
        Field("rate", "decimal", "Rate", headers=("Discount",)),
        Field("title", "text", "Title", headers=("Title", "Product name")),
        Field("currency", "currency", "Currency", headers=("Currency",)),
    ),
    formats=(
        Format(
            "Till roll", ("Receipt", "Stamp", "Sum"), {"number": "Receipt", "on": "Stamp", "price": "Sum"}
        ),
    ),
    options={"strict": {"type": "boolean"}},
)

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """`write(text, name=…, encoding=…, packed=…)` puts a file into the test's folder."""

    def put(
        text: str | bytes, name: str = "table.csv", encoding: str = "utf-8", packed: bool = False
    ) -> Path:
        data = text if isinstance(text, bytes) else text.encode(encoding)
        path = tmp_path / name
        path.write_bytes(gzip.compress(data) if packed else data)
        return path

    return put


def opened(path: Path, **stated: object) -> Import:
    """The file, surveyed for the target."""
    return open_import(path, TARGET, Statement(**stated))  # type: ignore[arg-type]


def read(path: Path, **stated: object) -> tuple[list[Row], Report]:
    """The rows that can be taken, and the report."""
    found = opened(path, **stated)
    report = Report(found.plan)
    return list(report.taken(found.rows())), report


def column(path: Path, key: str, **stated: object) -> list[object]:
    """What one field reads down the file."""
    return [row.values[key] for row in read(path, **stated)[0]]
