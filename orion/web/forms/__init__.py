"""Forms: declared once, filled by people, refused with sentences at their fields, and answered in one way."""

from flask import Flask

from orion.web.forms.base import problems


def init_app(app: Flask) -> None:
    """Give templates the filter `problems`: (field's id or nothing, sentence) of all that is wrong."""
    app.jinja_env.filters["problems"] = problems
