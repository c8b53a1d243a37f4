"""Applications in tests."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, ClassVar

from flask import Flask
from flask.templating import Environment
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from werkzeug.routing import Rule
from werkzeug.routing.rules import RulePart

from orion.app import create_app
from orion.data import bookkeeping, migrate
from orion.data.database import db
from orion.demo import PASSWORD
from orion.settings import Settings
from orion.testing.databases import Base

__all__ = ["PASSWORD", "close", "compile_once", "migrated"]


class _Kept(BytecodeCache):
    """Compiled templates of this process, by name, file and source."""

    def __init__(self) -> None:
        self._codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        code = self._codes.get(f"{bucket.key} {bucket.checksum}")
        if code is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[f"{bucket.key} {bucket.checksum}"] = bucket.bytecode_to_string()


_kept = _Kept()


class _Environment(Environment):
    def __init__(self, app: Any, **options: Any) -> None:
        super().__init__(app, **{"bytecode_cache": _kept, **options})


class _Rule(Rule):
    """A URL rule whose parts and builder, which depend on nothing else of the application, are made once."""

    _builders: ClassVar[dict[tuple[object, ...], Callable[..., tuple[str, str]]]] = {}
    _parsed: ClassVar[dict[str, tuple[list[RulePart], list[tuple[bool, str]], dict[str, Any]]]] = {}

    def _parse_rule(self, rule: str) -> list[RulePart]:
        if rule not in self._parsed:
            before = self._trace, self._converters
            self._trace, self._converters = [], {}
            self._parsed[rule] = list(super()._parse_rule(rule)), self._trace, self._converters
            self._trace, self._converters = before
        parts, trace, converters = self._parsed[rule]
        self._trace += trace
        self._converters |= converters
        self.arguments |= converters.keys()
        return parts

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self.rule, tuple(self._trace), repr(self.defaults), append_unknown)
        if key not in self._builders:
            self._builders[key] = super()._compile_builder(append_unknown)
        return self._builders[key]


def compile_once() -> None:
    """From now on the applications of this process share compiled templates and URL rules: a suite makes
    thousands of them."""
    Flask.jinja_environment = _Environment
    Flask.url_rule_class = _Rule


def migrated(settings: Settings) -> Base:
    """The template of a migrated database without rows."""

    def fill(url: str) -> None:
        app = create_app(replace(settings, database_url=url, watch_every=0))
        migrate.upgrade(app)
        close(app)

    return "migrated", fill


def close(app: Flask) -> None:
    """End an application's threads and connections."""
    watching = app.extensions.get("orion_watch")
    if watching is not None:
        watching.set()
    bookkeeping.flush(app)
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()
