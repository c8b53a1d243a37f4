"""Each request has an id, a duration, and a line in the log: who asked for what, and what became of it."""

import logging
import re
import secrets
import time
from typing import Any

from flask import Flask, Response, g, has_request_context, request, session

from orion.contracts.scope import NOBODY
from orion.networks import prefix_of
from orion.redaction import SECRET_NAME
from orion.settings import Settings

log = logging.getLogger("orion.request")
#: What a proxy may call a request: nothing that could forge a line or a page.
ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
HEADER = "X-Request-ID"
#: Asked for so often, and by machines, that their lines would bury the others.
QUIET = frozenset({"assets", "health", "telemetry"})
#: Names of fields that are only secret because somebody typed something into them.
TYPED = frozenset({"code", "identity"})


def init_app(app: Flask, settings: Settings) -> None:
    """Number, time and log every request. Comes before all else that looks at requests."""
    trusting = settings.trusted_proxies > 0
    app.before_request(lambda: _begin(trusting))
    app.after_request(_finish)


def elapsed() -> float:
    """Seconds since this request began."""
    return time.perf_counter() - float(g.get("began", time.perf_counter()))


def route() -> str:
    """The request's rule as the code states it: what it has in common with others, and no one's own data."""
    return request.url_rule.rule if request.url_rule else "(none)"


def about() -> dict[str, Any]:
    """What is known of the request at hand, as fields of a log line; nothing outside of one."""
    if not has_request_context() or "request_id" not in g:
        return {}
    scope = g.get("scope", NOBODY)
    known = {
        "request": g.request_id,
        "actor": scope.user_id or _signed_in(),
        "vendor": scope.vendor.code if scope.vendor else None,
        "platform": scope.platform.code if scope.platform else None,
        "network": prefix_of(request.remote_addr) or None,
        "method": request.method,
        "route": route(),
    }
    return {name: value for name, value in known.items() if value is not None}


def secrets_in() -> frozenset[str]:
    """What in the request at hand may stand in no line, wherever it turns up."""
    if not has_request_context():
        return frozenset()
    found = set(request.cookies.values())
    found.add(request.headers.get("Authorization", ""))
    typed = [*request.args.items(multi=True), *(request.view_args or {}).items()]
    if "form" in vars(request):  # never read here: what is too large or broken would raise once more
        typed += request.form.items(multi=True)
    found.update(str(value) for name, value in typed if name in TYPED or SECRET_NAME.search(name))
    return frozenset(found - {""})


def _begin(trusting: bool) -> None:
    g.began = time.perf_counter()
    given = request.headers.get(HEADER, "") if trusting else ""
    g.request_id = given if ID.fullmatch(given) else secrets.token_hex(8)


def _finish(response: Response) -> Response:
    if "request_id" in g:
        response.headers[HEADER] = g.request_id
    level = logging.DEBUG if request.blueprint in QUIET else logging.INFO
    if log.isEnabledFor(level):
        log.log(level, "answered", extra={"status": response.status_code, "ms": round(elapsed() * 1000, 1)})
    return response


def _signed_in() -> int | None:
    """The person behind a page of the account; asks nobody who wasn't asked for the page itself."""
    visit = session.visit if getattr(session, "loaded", False) else None  # type: ignore[attr-defined]
    return visit.user.id if visit is not None else None
