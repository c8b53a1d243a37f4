"""Headers of every answer, and the second guard against requests from other sites."""

from urllib.parse import urlsplit

from flask import Flask, Response, session
from flask_babel import gettext as _

from orion.contracts.errors import Forbidden
from orion.contracts.pages import SAFE_METHODS
from orion.settings import Settings
from orion.web.htmx import request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "object-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types htmx",
    )
)
#: Of a file: it is looked at or saved, and never acts: not as a page, nor with the rights of this site.
FILES = "default-src 'none'; sandbox"
FIXED = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            "accelerometer",
            "browsing-topics",
            "camera",
            "display-capture",
            "geolocation",
            "gyroscope",
            "magnetometer",
            "microphone",
            "midi",
            "payment",
            "serial",
            "usb",
        )
    ),
}
#: One year.
HSTS = "max-age=31536000; includeSubDomains"
#: What a browser still holds of somebody's pages goes when they sign out.
CLEARED = '"cache", "storage"'


def init_app(app: Flask, _settings: Settings) -> None:
    """Refuse unsafe requests that come from other sites, and add the headers."""
    app.before_request(_refuse_others)
    app.after_request(_finish)


def _refuse_others() -> None:
    if request.method not in SAFE_METHODS and comes_from_elsewhere():
        raise Forbidden(_("This request came from another site."))


def comes_from_elsewhere() -> bool:
    """Whether the browser says that another site sent this request; browsers too old to say pass."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.host


def _finish(response: Response) -> Response:
    if response.headers.get("Content-Disposition", "").startswith("attachment"):
        response.headers.setdefault("Content-Security-Policy", FILES)
    for name, value in FIXED.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    if request.endpoint == "security.logout" and request.method not in SAFE_METHODS:
        response.headers["Clear-Site-Data"] = CLEARED
    response.vary.update(("HX-Request", "HX-Request-Type"))
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = _keeping()
    return response


def _keeping() -> str:
    """Nothing that one person's session decided is kept by a browser that the next person may use."""
    if getattr(session, "loaded", False) and session.visit is not None:  # type: ignore[attr-defined]
        return "private, no-store"
    return "no-store" if request.htmx else "private, no-cache"
