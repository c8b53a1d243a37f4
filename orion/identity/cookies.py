"""The two cookies: the session's id, and what a page must remember of somebody without a session."""

import json
from typing import Any

from flask import Flask, Request, Response
from itsdangerous import BadData, URLSafeTimedSerializer

#: All that is ever kept of a stranger: nothing here may say who somebody is.
VISITOR_KEYS = frozenset({"csrf_token", "_flashes"})
VISITOR_SECONDS = 24 * 3600


def cookie_name(kind: str, request: Request) -> str:
    """`__Host-orion_staff` over https, where it binds the cookie to this host; else `orion_staff`."""
    return f"__Host-orion_{kind}" if request.is_secure else f"orion_{kind}"


def read_cookie(request: Request, kind: str) -> str | None:
    """The value of a cookie, or None."""
    return request.cookies.get(cookie_name(kind, request)) or None


def set_cookie(request: Request, response: Response, kind: str, value: str, seconds: int) -> None:
    """Set a cookie that no script reads and no other site's form sends."""
    name, secure = cookie_name(kind, request), request.is_secure
    response.set_cookie(name, value, max_age=seconds, path="/", secure=secure, httponly=True, samesite="Lax")


def delete_cookie(request: Request, response: Response, kind: str) -> None:
    """Let the browser forget a cookie."""
    name, secure = cookie_name(kind, request), request.is_secure
    response.delete_cookie(name, path="/", secure=secure, httponly=True, samesite="Lax")


def read_visitor(app: Flask, request: Request) -> dict[str, Any]:
    """What the signed cookie of a visitor holds; nothing when it is absent, forged or old."""
    try:
        values = _signer(app).loads(read_cookie(request, "visitor") or "", max_age=VISITOR_SECONDS)
    except BadData:
        return {}
    kept = {k: v for k, v in values.items() if k in VISITOR_KEYS}
    if "_flashes" in kept:
        # Flask wants pairs, and JSON knows lists only.
        kept["_flashes"] = [tuple(pair) for pair in kept["_flashes"]]
    return kept


def save_visitor(
    app: Flask, request: Request, response: Response, old: dict[str, Any], new: dict[str, Any]
) -> None:
    """Keep `new` in the visitor's cookie, unless it is what the cookie holds already."""
    if new and new != old:
        # A message may be a lazy translation: it is said in the language of its request.
        text = _signer(app).dumps(json.loads(json.dumps(new, default=str)))
        set_cookie(request, response, "visitor", str(text), VISITOR_SECONDS)
    elif old and not new:
        delete_cookie(request, response, "visitor")


def _signer(app: Flask) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(app.secret_key or "", salt="orion-visitor")
