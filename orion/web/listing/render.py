"""Answering with a list: the whole page, or only its results where htmx asks for them."""

from typing import Any

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from orion.contracts.pages import render
from orion.web.errors import FRAGMENT
from orion.web.listing.view import ListView


def render_list(template: str, listing: ListView, **context: Any) -> ResponseReturnValue:
    """The template with `listing`, or the results alone."""
    if not request.htmx.partial:  # type: ignore[attr-defined]
        return render(template, listing=listing, **context)
    response = make_response(render_template("_results.html", listing=listing))
    response.headers[FRAGMENT] = "results"
    return response
