"""What disappears with a feature: a table in each module's tests/test_features.py, and the test of it.

A table gives for each feature of the module what there is with it, as a question that is answered yes while
the feature is on and no while it is off, everything else being the same:

    test_what_goes_with_a_feature = gone_without("orders", {
        "order_entry": [page("/vendor/WIZAMART/orders/new")],
        "order_papers": [page("/vendor/WIZAMART/orders/*/invoice")],
    })
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from orion.cli import orion
from orion.registry import Registry
from orion.testing import client_of, settings_in, shared_demo
from orion.testing.databases import Databases

OWNER, ADMIN = "owner@orion.example", "admin@orion.example"


@dataclass
class Stage:
    """The demo, with somebody signed in where they are needed."""

    app: Flask
    _clients: dict[str, FlaskClient] = field(default_factory=dict)
    _found: dict[str, str] = field(default_factory=dict)

    def get(self, address: str) -> Any:
        """A page as whoever may see it: the vendor's owner, the installation's administrator, or a stranger
        in a shop. `*` is the first link of that shape on the page before it."""
        who = {"/vendor": OWNER, "/admin/": ADMIN}.get(address[:7], "")
        if who not in self._clients:
            self._clients[who] = client_of(self.app, who) if who else self.app.test_client()
        return self._clients[who].get(self._resolved(address), follow_redirects=False)

    def run(self, *arguments: str) -> Result:
        """`orion …` on the demo."""
        return self.app.test_cli_runner().invoke(orion, arguments)

    def _resolved(self, address: str) -> str:
        head, star, tail = address.partition("/*")
        if not star:
            return address
        if head not in self._found:
            links = re.findall(rf'"({re.escape(head)}/[a-z0-9-]+)[/"?]', self.get(head).text)
            assert links, f"{head} leads to none of its own pages"
            self._found[head] = next(link for link in links if re.search(r"/[a-z0-9]{14}$", link))
        return self._found[head] + tail

    @contextmanager
    def without(self, feature: str) -> Iterator[None]:
        """The same demo while the feature (its full id) is off."""
        here = self.app.extensions["orion"]
        registry: Registry = here.registry
        here.registry = _off(registry, feature)
        try:
            yield
        finally:
            here.registry = registry


Shown = Callable[[Stage], bool]


def page(address: str) -> Shown:
    """That a page is there (see `Stage.get`)."""
    return lambda stage: bool(stage.get(address).status_code == 200)


def text(address: str, words: str) -> Shown:
    """That words, or a piece of markup, stand on a page that is there in any case."""

    def shown(stage: Stage) -> bool:
        found = stage.get(address)
        assert found.status_code == 200, f"{address}: {found.status}"
        return words in found.text

    return shown


def command(*arguments: str) -> Shown:
    """That `orion …` does what it is asked."""
    return lambda stage: stage.run(*arguments).exit_code == 0


class Gone:
    """The table of a module: which features it tells of, and what goes with each."""

    def __init__(self, code: str, table: Mapping[str, Sequence[Shown]]) -> None:
        self.code, self.table = code, table

    def check(self, stage: Stage, name: str) -> None:
        """Raises AssertionError for what isn't there with the feature, or still is without it."""
        shown = self.table[name]
        assert shown, f"nothing is said of {self.code}.{name}"
        # First with it: what is looked up by following links is there then.
        assert [i for i, one in enumerate(shown) if not one(stage)] == [], f"not there with {name}"
        with stage.without(f"{self.code}.{name}"):
            assert [i for i, one in enumerate(shown) if one(stage)] == [], f"still there without {name}"


def gone_without(code: str, table: Mapping[str, Sequence[Shown]]) -> Any:
    """A test of each feature of the table. It needs the fixture `stage`: `from orion.testing.features import
    stage` in the same file."""
    gone = Gone(code, table)

    @pytest.mark.parametrize("feature", table)
    def test(stage: Stage, feature: str) -> None:
        gone.check(stage, feature)

    test.gone = gone  # type: ignore[attr-defined]
    test.__doc__ = f"What a feature of {code} shows is there with it, and not without."
    return test


@pytest.fixture(scope="module")
def stage(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The demo for all features of a module."""
    with shared_demo(databases, settings_in(tmp_path_factory.mktemp("features"))) as app:
        yield Stage(app)


def _off(registry: Registry, full: str) -> Registry:
    code, _, name = full.partition(".")
    manifest = registry.manifests[code]
    features = tuple(replace(f, default=False) if f.id == name else f for f in manifest.features)
    assert features != manifest.features, f"{full} is off in any case"
    manifests = {**registry.manifests, code: replace(manifest, features=features)}
    return replace(registry, version=f"{registry.version}-without-{full}", manifests=manifests)
