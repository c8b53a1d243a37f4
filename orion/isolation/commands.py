"""`orion verify-isolation`: the contract on this installation's modules and database, and its figures."""

import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from orion.contracts.errors import Invalid
from orion.isolation import heights as h
from orion.isolation.arena import arena
from orion.isolation.contract import Attempt, attack, walled_models
from orion.isolation.forms import forms

#: SQLite has one writer: between two models the others get their turn.
TURN = 0.2
WHOLE = "all together"


@dataclass
class Figures:
    """Attempts, those that read or wrote another's rows, and those that proved nothing."""

    attempts: int = 0
    leaked: int = 0
    written: int = 0
    wrong: int = 0

    def count(self, attempt: Attempt) -> None:
        """Count one attempt."""
        self.attempts += 1
        for name in ("leaked", "written", "wrong"):
            setattr(self, name, getattr(self, name) + (attempt.result == name))

    @property
    def failed(self) -> int:
        """How many attempts were not as they must be."""
        return self.leaked + self.written + self.wrong


@dataclass
class Verification:
    """The figures in all, and of each model, form and height."""

    total: Figures = field(default_factory=Figures)
    models: dict[str, Figures] = field(default_factory=lambda: defaultdict(Figures))
    forms: dict[str, Figures] = field(default_factory=lambda: defaultdict(Figures))
    heights: dict[str, Figures] = field(default_factory=lambda: defaultdict(Figures))
    findings: list[str] = field(default_factory=list)

    def count(self, height: str, attempt: Attempt) -> None:
        """Count one attempt against one height."""
        for figures in (
            self.total,
            self.models[attempt.model],
            self.forms[attempt.form],
            self.heights[height],
        ):
            figures.count(attempt)
        if attempt.is_breach or attempt.result == "wrong":
            self.findings.append(f"{height}: {attempt}")


@click.command("verify-isolation")
@click.option("--json", "as_json", is_flag=True, help="All figures, of each form as well.")
@click.option("--model", "only", multiple=True, metavar="TABLE", help="This table alone; may be said again.")
@with_appcontext
def verify_isolation(as_json: bool, only: tuple[str, ...]) -> None:
    """Attack every walled table in every way that we know, and print what came of it.

    Rows of made-up vendors and platforms are made in a transaction of the configured database, attacked
    there under each kind of scope, once with the whole wall and once with each of its heights alone, and
    rolled back: nothing stays but gaps in the numbering of rows. Attacks name the made-up rows; no
    customer's row is read, changed or locked. On SQLite others' writes wait while a table is attacked, for
    some seconds each.

    Exit 1 when another's row was read or written, or when an attack could not be made.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    started = time.monotonic()
    verification = verify(app, _chosen(app, only))
    seconds = time.monotonic() - started
    if as_json:
        click.echo(json.dumps(_to_json(verification, seconds), indent=2))
    else:
        _print(verification, seconds)
    sys.exit(1 if verification.total.failed or not verification.total.attempts else 0)


def verify(app: Flask, models: Iterable[Any]) -> Verification:
    """Run the contract on models. Raises CannotMake where no rows can be made."""
    found = Verification()
    for model in models:
        for height, attempts in _of_model(app, model):
            for attempt in attempts:
                found.count(height, attempt)
            time.sleep(TURN if height == WHOLE else 0)
    return found


def _of_model(app: Flask, model: Any) -> Iterator[tuple[str, list[Attempt]]]:
    table = model.__table__
    with arena(app, [table]) as whole:
        dialect, scopes = whole.dialect, list(whole.world.scopes)
        yield WHOLE, [a for scope in scopes for a in attack(whole, model, scope)]
    for height in h.ALONE:
        if h.ONLY_ON.get(height, dialect) != dialect:
            continue
        said = [form for form in forms().values() if height in form.stopped_by]
        with arena(app, [table], h.alone(height, h.KEPT)) as alone:
            # What a height says of itself is said of scopes that leave something out.
            fenced = [scope for scope in scopes if scope != "installation"]
            yield height, [a for s in fenced for a in attack(alone, model, s, said, judge=False)]


def _chosen(app: Flask, only: tuple[str, ...]) -> list[Any]:
    models = {model.__table__.name: model for model in walled_models(app)}
    unknown = sorted(set(only) - set(models))
    if unknown:
        raise Invalid(f"there is no walled table {unknown[0]}")
    return [model for name, model in models.items() if not only or name in only]


def _to_json(found: Verification, seconds: float) -> dict[str, Any]:
    groups = {"models": found.models, "forms": found.forms, "heights": found.heights}
    figures = {name: {key: asdict(value) for key, value in group.items()} for name, group in groups.items()}
    return {**asdict(found.total), "seconds": round(seconds, 1), **figures, "findings": found.findings}


def _print(found: Verification, seconds: float) -> None:
    for title, group in (("model", found.models), ("height", found.heights)):
        click.echo(f"{title:<40} {'attempts':>9} {'leaked':>7} {'written':>8} {'wrong':>6}")
        for name, figures in group.items():
            click.echo(_line(name, figures))
        click.echo()
    bad = Counter({name: figures.failed for name, figures in found.forms.items() if figures.failed})
    for name, number in bad.most_common():
        click.echo(f"  {name}: {number} of {found.forms[name].attempts} attempts")
    for finding in found.findings[:50]:
        click.echo(finding, err=True)
    click.echo(_line(f"{len(found.forms)} forms in {seconds:.0f} seconds", found.total))


def _line(name: str, figures: Figures) -> str:
    return f"{name:<40} {figures.attempts:>9} {figures.leaked:>7} {figures.written:>8} {figures.wrong:>6}"
