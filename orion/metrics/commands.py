"""`orion metrics`: the same numbers as the tiles, and the upkeep of what they are read from."""

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup

from orion.contracts.errors import Invalid, NotFound
from orion.contracts.periods import PERIODS
from orion.contracts.scope import system_scope
from orion.data.database import entered
from orion.metrics import words
from orion.metrics.aggregator import StatsAggregatorService
from orion.metrics.asked import dates, period_asked
from orion.metrics.machine import Machine
from orion.metrics.results import Result, to_json
from orion.settings import Settings

#: Nobody waits at a page for a command's answer: it may take so many seconds.
PATIENCE = 60.0
SCOPE = system_scope("verify_rollups")

metrics = AppGroup("metrics", help="The figures of the dashboards.")


@metrics.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_metrics(as_json: bool) -> None:
    """Every metric of the modules that are on."""
    registry = current_app.extensions["orion"].registry
    rows = [
        {
            "query": m.query,
            "label": m.label,
            "kind": m.kind,
            "period": m.period,
            "frontends": list(m.frontends),
        }
        for code in registry.on
        for m in registry.manifests[code].metrics
    ]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for row in rows:
        click.echo(f"{row['query']:<28} {row['kind']:<10} {', '.join(row['frontends']):<14} {row['label']}")


@metrics.command("show")
@click.argument("query")
@click.option("--vendor", metavar="CODE", help="At this vendor.")
@click.option("--platform", metavar="CODE", help="On this platform; with --vendor, that vendor's part of it.")
@click.option("--period", metavar="NAME", help=f"One of {', '.join(PERIODS)}.")
@click.option("--from", "start", metavar="DATE", help="First day, as 2026-11-01.")
@click.option("--to", "end", metavar="DATE", help="Last day.")
@click.option("--json", "as_json", is_flag=True)
def show(query: str, as_json: bool, **asked: str | None) -> None:
    """The answer to one metric. Exit 1 when it fails."""
    if not asked["vendor"] and not asked["platform"]:
        raise click.UsageError("Name a vendor or a platform.")
    scope = current_app.extensions["orion"].command_scope(vendor=asked["vendor"], platform=asked["platform"])
    period = period_asked(scope, _period_arguments(asked), datetime.now(UTC))
    result = _patient_service().one(scope, "vendor" if asked["vendor"] else "admin", query, period)
    if result.state == "off":
        raise NotFound(f"there is no metric {query} here")
    if as_json:
        click.echo(json.dumps(to_json(result), indent=2, ensure_ascii=False))
    else:
        _print(result)
    sys.exit(0 if result.state == "ok" else 1)


@metrics.command()
@click.option("--json", "as_json", is_flag=True)
def verify(as_json: bool) -> None:
    """Compare the modules' daily figures with the rows they come from. Exit 1 when they differ."""
    found: list[dict[str, str]] = []
    for module, function in _rollups("verify"):
        with entered(SCOPE):
            differences = list(function(SCOPE) or ())
        found += [{"module": module, "difference": str(difference)} for difference in differences]
        if not as_json:
            click.echo(f"{module}: {len(differences)} differences")
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        for row in found[:100]:
            click.echo(f"{row['module']}: {row['difference']}", err=True)
    sys.exit(1 if found else 0)


@metrics.command()
def rebuild() -> None:
    """Make the modules' daily figures anew from the rows they come from."""
    for module, function in _rollups("rebuild"):
        with entered(SCOPE, write=True) as session:
            function(SCOPE)
            session.commit()
        click.echo(f"{module}: rebuilt")


def _period_arguments(asked: dict[str, str | None]) -> dict[str, str]:
    if asked["period"] and (asked["start"] or asked["end"]):
        raise Invalid("--period and --from/--to exclude each other")
    named = {"period": asked["period"], "from": asked["start"], "to": asked["end"]}
    return {name: value for name, value in named.items() if value}


def _patient_service() -> StatsAggregatorService:
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    settings: Settings = app.extensions["settings"]
    patient = replace(
        settings, metric_statement_deadline=PATIENCE, metric_deadline=PATIENCE + 1, cache_url=""
    )
    return StatsAggregatorService(app, machine=Machine(app, patient))


def _rollups(name: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The function of this name in every module's rollups.py."""
    orion = current_app.extensions["orion"]
    for code in orion.registry.on:
        function = orion.modules[code].functions("rollups").get(name)
        if function is not None:
            yield code, function


def _print(result: Result) -> None:
    metric, value = result.metric, result.shown
    assert metric is not None
    when = f", {dates(result.period.start, result.period.end)}" if result.period else ""
    click.echo(f"{metric.label} ({result.query}){when}")
    if result.failure is not None:
        click.echo(f"  failed: {result.failure.kind}", err=True)
    if value is None:
        return
    if value.value is not None:
        click.echo(f"  {words.figure(value.value, metric.kind, value.currency, value.unit)}")
    if value.previous is not None:
        click.echo(
            f"  {words.figure(value.previous, metric.kind, value.currency, value.unit)} in the period before"
        )
    for part in value.parts:
        label, currency = part.at or str(part.label) or part.key, part.currency or value.currency
        click.echo(f"  {label:<40} {words.figure(part.value, metric.kind, currency, value.unit)}")
