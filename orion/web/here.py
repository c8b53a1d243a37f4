"""The address of the page that is asked for."""

from collections.abc import Collection
from urllib.parse import urlencode

from flask import request, url_for


def this_page(*, without: Collection[str] = (), **changes: str | None) -> str:
    """The address of this page, asked as it is, but for parameters that are left out or said otherwise (None
    leaves one out).

    What is asked is never handed to `url_for`, where `_scheme` and `_external` mean something.
    """
    kept = [pair for pair in request.args.items(multi=True) if pair[0] not in {*without, *changes}]
    asked = kept + [(name, value) for name, value in changes.items() if value is not None]
    # Of what is kept from page to page too, `changes` decide.
    path = url_for(request.endpoint or "", **(request.view_args or {})).partition("?")[0]
    return f"{path}?{urlencode(asked)}" if asked else path
