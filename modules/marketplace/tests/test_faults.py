"""A few kills while files are read, published and taken back; `python -m modules.marketplace.tests.faults`
makes more of them."""

from pathlib import Path

import pytest

from modules.marketplace.tests.faults import disturbed, undisturbed

pytestmark = pytest.mark.long


@pytest.mark.parametrize("number", [1, 2])
def test_workers_that_are_killed_lose_and_double_nothing(
    database_kind: str, number: int, tmp_path: Path
) -> None:
    expected = undisturbed(tmp_path / "peace", 600)
    struck = disturbed(database_kind, tmp_path / "faults", expected, rows=600, wanted=6, number=number)
    assert struck.faults == []
    assert struck.hits.total() >= 6
