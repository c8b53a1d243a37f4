"""Where a request wants to act, by its URL alone."""

from flask import request

from orion.contracts.permissions import Place


def place_of_request(frontend: str | None = None) -> Place:
    """Where the URL of this request wants to act."""
    code = (request.view_args or {}).get("vendor_code")
    if frontend is None and request.endpoint:
        frontend = "vendor" if code else "admin" if request.path.startswith("/admin") else None
    return Place(frontend, _code(code), request.args.get("platform") or None)


def _code(text: str | None) -> str | None:
    """A code in a path. None has a null byte, which PostgreSQL would not take."""
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}") if text else None
