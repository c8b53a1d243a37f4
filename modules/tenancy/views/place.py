"""Addresses of the frontend that a scope is on."""

from typing import Any

from flask import url_for

from orion.contracts.scope import Scope


def here(scope: Scope, page: str, **values: Any) -> str:
    """The address of a page that both frontends have."""
    return url_for(f"tenancy_{'vendor' if scope.vendor else 'admin'}.{page}", **values)
