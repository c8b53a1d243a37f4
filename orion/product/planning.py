"""The registry that runs and the one that files would give, side by side."""

import tempfile
from dataclasses import replace
from pathlib import Path

from orion.app import create_app
from orion.data.texts import all_last_good
from orion.installation import Installation
from orion.manifest.diagnostics import ERROR, Diagnostic
from orion.manifest.load import Reading, read_folder, read_texts
from orion.product.plan import Plan, plan
from orion.settings import Settings


def planned(settings: Settings, manifests: Path | None = None) -> tuple[Plan | None, list[Diagnostic]]:
    """(the plan, None where the files have errors; the errors)."""
    with tempfile.TemporaryDirectory() as nothing:
        app = create_app(replace(settings, manifests=Path(nothing)))
    with app.app_context():
        return compare(app.extensions["orion"], settings.manifests, manifests)


def compare(
    here: Installation, served: Path, manifests: Path | None = None
) -> tuple[Plan | None, list[Diagnostic]]:
    """The same with an application. `served` is the folder that is served, `manifests` the one to come."""
    after = here.would_be(read_folder(manifests or served))
    errors = [one for one in after.diagnostics if one.severity == ERROR]
    if errors:
        return None, errors
    return plan(here, here.would_be(_running(here, served)), after), []


def _running(here: Installation, served: Path) -> Reading:
    """What was served last: of each file that is there now its last good text.

    Where the database has seen none, nothing has run yet, and the files themselves are what will.
    """
    reading, known = read_folder(served), all_last_good(here.app)
    if not known:
        return reading
    codes = [*reading.texts, *(f"platforms/{code}" for code in reading.platform_texts)]
    return read_texts({code: known[code] for code in codes if code in known}, served.name)
