"""The ways in: to the login page and back, and to a new password."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, jsonify, make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.urls import iri_to_uri

from orion.contracts.pages import SAFE_METHODS
from orion.settings import Settings
from orion.web.htmx import request


def refuse_unknown() -> ResponseReturnValue:
    """Send a stranger to the login page, and back afterwards: 302 for pages, 401 with HX-Redirect for
    htmx, plain 401 for JSON."""
    if request.htmx:
        response = make_response("", 401)
        response.headers["HX-Redirect"] = _login(request.htmx.current_url)
        return response
    if request.accept_mimetypes.best == "application/json":
        return jsonify(error="unauthenticated", status=401), 401
    return redirect(_login(request.url if request.method in SAFE_METHODS else None))


def local_path(page: str | None) -> str:
    """The path and query of a page of this site, however it was given; `/` for anything else."""
    try:
        parts = urlsplit(iri_to_uri(page or ""))
    except ValueError:
        return "/"
    elsewhere = parts.netloc not in ("", request.host) or not parts.path.startswith("/")
    if elsewhere or parts.path.startswith(("//", "/\\")) or not (parts.path + parts.query).isprintable():
        return "/"
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _login(page: str | None) -> str:
    place = local_path(page)
    return url_for("security.login", next=place if place != "/" else None)


def public_link(endpoint: str, **values: Any) -> str:
    """A page's whole address, for mail. The Host header of a request is anybody's choice, so the
    installation's own address counts where it is known."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.public_url:
        return url_for(endpoint, _external=True, **values)
    return settings.public_url.rstrip("/") + url_for(endpoint, **values)


def reset_link(token: str) -> str:
    """Where a new password is chosen."""
    return public_link("security.reset_password", token=token)
