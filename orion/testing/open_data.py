"""Real files of other shops, which nobody here wrote: they lie beside the checkout, and are only read."""

import json
from pathlib import Path
from typing import Any

import pytest

from orion.settings import ROOT

DATA = ROOT.parent / "shared" / "data"


def real(name: str) -> Path:
    """A file of the open data; the test is skipped where it isn't there."""
    path = DATA / name
    if not path.is_file():
        pytest.skip("needs the open data beside the checkout")
    return path


def truth(name: str) -> Any:
    """What is known of a file, counted by others: as `TRUTH.json` has it."""
    return json.loads(real("TRUTH.json").read_text())[name]["truth"]
