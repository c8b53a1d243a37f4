"""Forms: declared once, filled by people, refused with sentences at their fields, and answered in one way."""

from flask import Flask

from orion.web.forms.base import problems, said


def init_app(app: Flask) -> None:
    """Give templates the filter `problems`: (field's id or nothing, sentence) of all that is wrong, and
    `said`: what is wrong with a field."""
    app.jinja_env.filters["problems"] = problems
    app.jinja_env.filters["said"] = said
