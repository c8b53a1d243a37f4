"""Addresses of the desk's own pages, at the place that a scope is about."""

from collections.abc import Callable
from typing import Any

from flask import Flask, g, request, url_for

from orion.contracts.errors import NotFound
from orion.contracts.pages import PREFIXES, engine_page
from orion.contracts.scope import Scope
from orion.identity.links import local_path


def add_pages(app: Flask, *pages: tuple[str, str, Callable[..., Any], tuple[str, ...]]) -> None:
    """Register (name, rule, view, methods) on both frontends: `desk.<name>_<frontend>`."""
    for frontend in ("admin", "vendor"):
        for name, rule, view, methods in pages:
            app.add_url_rule(
                PREFIXES[frontend] + rule,
                f"desk.{name}_{frontend}",
                engine_page(frontend)(view),
                methods=list(methods),
            )


def frontend_of(scope: Scope) -> str:
    """`vendor` or `admin`."""
    return "vendor" if scope.vendor else "admin"


def desk_url(scope: Scope, name: str, **values: Any) -> str:
    """The address of a page of the desk."""
    return url_for(f"desk.{name}_{frontend_of(scope)}", **values)


def may_open(scope: Scope, endpoint: str) -> bool:
    """Whether a page of a module is there, and open to this person."""
    spec = g.registry.pages.get(endpoint)
    return spec is not None and g.registry.allowed(scope, spec)


def asking(path: str, query: str) -> str:
    """An address that asks for something more."""
    return f"{path}{'&' if '?' in path else '?'}{query}"


def way_back(scope: Scope) -> str:
    """Where the page that leads on came from: `back` of the address, if that is at the same place.

    Raises NotFound for anything else.
    """
    back = local_path(request.args.get("back"))
    if not back.startswith(url_for(f"dashboard.{frontend_of(scope)}").partition("?")[0]):
        raise NotFound()
    return back
