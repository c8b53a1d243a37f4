"""Figures about the process for Prometheus: off unless a port or a token says who may read them.

No label holds a tenant, a person or an address: routes stand as the code states them. Where gunicorn runs
several processes, PROMETHEUS_MULTIPROC_DIR names the folder that they count in together.
"""

import hmac
import os
import threading
import time
from collections.abc import Iterable
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from flask import Blueprint, Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine, event

from orion.data.database import db
from orion.metrics.breaker import opened
from orion.metrics.results import Result, answered
from orion.settings import Settings, SettingsError
from orion.web import requests

blueprint = Blueprint("telemetry", __name__)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
STATEMENT_SECONDS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1)
#: Where several processes count together.
SHARED = "PROMETHEUS_MULTIPROC_DIR"


class Telemetry:
    """An application's figures. Imports the client here: what it sees of the environment decides for good."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

        self.registry = CollectorRegistry()
        own: dict[str, Any] = {"registry": self.registry}
        self.requests = Counter("orion_requests", "Requests answered", ["route", "method", "status"], **own)
        self.seconds = Histogram(
            "orion_request_seconds", "Until the answer began", ["route"], buckets=REQUEST_SECONDS, **own
        )
        self.tiles = Counter("orion_tiles", "Figures asked of modules", ["metric", "state"], **own)
        self.openings = Counter("orion_breaker_openings", "Figures left alone for a while", **own)
        self.statements = Histogram(
            "orion_statement_seconds", "SQL statements", ["engine"], buckets=STATEMENT_SECONDS, **own
        )
        self.connections = Gauge(
            "orion_connections_in_use", "Of a pool", ["engine"], multiprocess_mode="livesum", **own
        )

    def text(self) -> bytes:
        """All figures, of all processes that count together."""
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.multiprocess import MultiProcessCollector

        registry = self.registry
        if SHARED in os.environ:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
        return generate_latest(registry)

    def watch(self, app: Flask) -> None:
        """Count what the application does from now on."""
        app.after_request(self._request)
        answered.connect(self._tile)
        opened.connect(self._opening)
        with app.app_context():
            for name, engine in db.engines.items():
                self._watch_engine(engine, name or "read")

    def _request(self, response: Response) -> Response:
        route, method = requests.route(), request.method if request.method in METHODS else "other"
        self.requests.labels(route, method, response.status_code).inc()
        self.seconds.labels(route).observe(requests.elapsed())
        return response

    def _tile(self, result: Result) -> None:
        if result.metric is not None:
            state = result.failure.kind if result.failure else result.state
            self.tiles.labels(result.query, state).inc()

    def _opening(self, _breaker: object) -> None:
        self.openings.inc()

    def _watch_engine(self, engine: Engine, name: str) -> None:
        seconds, in_use = self.statements.labels(name), self.connections.labels(name)

        def begin(*arguments: Any) -> None:
            arguments[4]._orion_began = time.perf_counter()

        def end(*arguments: Any) -> None:
            seconds.observe(time.perf_counter() - arguments[4]._orion_began)

        event.listen(engine, "before_cursor_execute", begin)
        event.listen(engine, "after_cursor_execute", end)
        event.listen(engine, "checkout", lambda *_arguments: in_use.inc())
        event.listen(engine, "checkin", lambda *_arguments: in_use.dec())


def init_app(app: Flask, settings: Settings) -> None:
    """Count, where somebody may read it. `/metrics` is there with a token alone."""
    if settings.metrics_port or settings.metrics_token:
        app.extensions["orion_telemetry"] = telemetry = Telemetry()
        telemetry.watch(app)
    if settings.metrics_token:
        app.register_blueprint(blueprint)


@blueprint.get("/metrics")
def metrics() -> ResponseReturnValue:
    """All figures, for whoever sends the token as `Authorization: Bearer …`."""
    if not is_watcher():
        return "", 401, {"WWW-Authenticate": "Bearer"}
    return Response(current_app.extensions["orion_telemetry"].text(), content_type=_TYPE)


def is_watcher() -> bool:
    """Whether this request has the token of whoever watches the process; nobody has where there is none."""
    settings: Settings = current_app.extensions["settings"]
    given = request.headers.get("Authorization", "").encode()
    expected = f"Bearer {settings.metrics_token}".encode()
    return bool(settings.metrics_token) and hmac.compare_digest(given, expected)


# -- a port of their own --------------------------------------------------------------------------

_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    # Of several processes any may answer: they count together.
    allow_reuse_port = SHARED in os.environ


class _Silent(WSGIRequestHandler):
    timeout = 10

    def log_message(self, *_arguments: Any) -> None:
        """Machines ask every few seconds."""


class _Taking(_Server):
    allow_reuse_port = True


def listen(app: Flask, settings: Settings, taking_over: bool = False) -> WSGIServer | None:
    """Answer on `ORION_METRICS_PORT` from a thread, for as long as the process lives; None without one.
    Processes of which each may be `taking_over` from another can have the port at the same time.

    Raises SettingsError where the port can't be had.
    """
    if not settings.metrics_port:
        return None
    telemetry: Telemetry = app.extensions["orion_telemetry"]

    def answer(_environment: Any, start: Any) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", _TYPE), ("Cache-Control", "no-store")])
        return [telemetry.text()]

    host, port = settings.metrics_host, settings.metrics_port
    try:
        server = make_server(host, port, answer, _Taking if taking_over else _Server, _Silent)
    except OSError as error:
        raise SettingsError(
            f"ORION_METRICS_PORT: cannot listen on {host}:{port}: {error.strerror}"
        ) from error
    threading.Thread(target=server.serve_forever, name="orion-telemetry", daemon=True).start()
    return server
