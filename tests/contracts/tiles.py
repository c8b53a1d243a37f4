"""Reading a dashboard as people do: each tile's figure, and the list that its link leads to."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask import Flask, template_rendered
from flask.testing import FlaskClient

from orion.contracts.lists import ListView
from orion.contracts.money import Money
from orion.metrics.tiles import with_query

JSON = {"Accept": "application/json"}


@dataclass(frozen=True)
class Tile:
    """A tile's answer as JSON, and the list behind its link (None where it has none)."""

    metric: Any
    answer: dict[str, Any]
    listing: ListView | None

    @property
    def amounts(self) -> dict[str, Decimal]:
        """Money by currency, without the currencies of which there is nothing."""
        if self.answer["currency"] == "mixed":
            return {part["key"]: Decimal(part["value"]) for part in self.answer["parts"]}
        return (
            {self.answer["currency"]: Decimal(self.answer["value"])} if Decimal(self.answer["value"]) else {}
        )


def tiles(app: Flask, client: FlaskClient, place: str, query: dict[str, str]) -> list[Tile]:
    """All tiles of the dashboard at a place, each followed to its list, which counts exactly."""
    with _contexts(app) as contexts:
        assert client.get(place, query_string=query).status_code == 200
    [slots] = [context["tiles"] for context in contexts if "tiles" in context]
    lists = {href: follow(app, client, href) for href in dict.fromkeys(slot.href for slot in slots) if href}
    return [
        Tile(_metric(app, slot.id), figure(client, place, query, slot.id), lists.get(slot.href))
        for slot in slots
    ]


def figure(client: FlaskClient, place: str, query: dict[str, str], name: str) -> dict[str, Any]:
    """What one tile of the dashboard at a place answers."""
    answer = client.get(f"{place}tiles/{name}", query_string=query, headers=JSON)
    assert answer.status_code == 200 and "X-Orion-Tile" not in answer.headers, name
    return answer.get_json()  # type: ignore[no-any-return]


def follow(app: Flask, client: FlaskClient, href: str) -> ListView:
    """The list at an address."""
    with _contexts(app) as contexts:
        assert client.get(with_query(href, {"count": "exact"})).status_code == 200, href
    [listing] = [context["listing"] for context in contexts if "listing" in context]
    return listing  # type: ignore[no-any-return]


def is_true(tile: Tile) -> bool:
    """Whether a tile says what its list shows, and the sum of what its pieces say."""
    metric, answer, listing = tile.metric, tile.answer, tile.listing
    if metric.kind == "count" and listing is not None:
        return answer["value"] == listing.count  # type: ignore[no-any-return]
    if metric.total_of and listing is not None and metric.kind == "money":
        sums = {
            currency: Money(minor, currency).amount
            for currency, minor in listing.sums.get(metric.total_of, {}).items()
            if currency and minor
        }
        return tile.amounts == sums
    if metric.total_of and listing is not None:
        return answer["value"] == sum(listing.sums.get(metric.total_of, {}).values())
    if metric.kind in ("series", "table", "status") and answer.get("currency") != "mixed":
        return sum(Decimal(part["value"]) for part in answer["parts"]) == Decimal(answer["value"] or 0)
    return True


def _metric(app: Flask, name: str) -> Any:
    manifest = app.extensions["orion"].registry.manifests[name.partition(".")[0]]
    return next(metric for metric in manifest.metrics if metric.query == name)


@contextmanager
def _contexts(app: Flask) -> Iterator[list[dict[str, Any]]]:
    found: list[dict[str, Any]] = []

    def note(_app: Flask, context: dict[str, Any], **_more: Any) -> None:
        found.append(context)

    with template_rendered.connected_to(note, app):
        yield found
