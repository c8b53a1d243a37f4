"""Panels: fragments that modules put on a named slot of another module's page."""

import logging
from dataclasses import dataclass
from typing import Any

from flask import Flask, g, render_template
from markupsafe import Markup

from orion.data.database import session
from orion.web.labels import label

log = logging.getLogger("orion.panels")
#: What a panel answers that leaves no trace on the page.
NOTHING = Markup("")


@dataclass(frozen=True, slots=True)
class PanelView:
    """A panel on a page. `html` is None where its module failed: the page shows a message instead."""

    id: str
    label: str
    html: Markup | None


def init_app(app: Flask) -> None:
    """Give templates `panels(slot, **arguments)`."""
    app.jinja_env.globals["panels"] = panels


def panels(slot: str, **arguments: Any) -> list[PanelView]:
    """What modules put on a slot for this person. One that fails takes nothing else down."""
    found = g.registry.panels(g.scope, slot)
    shown = ((p, _html(p.id, function, arguments)) for p, function in found)
    return [PanelView(p.id, label(p.label_key, p.label), html) for p, html in shown if html != NOTHING]


def _html(panel: str, function: Any, arguments: dict[str, Any]) -> Markup | None:
    """A panel's function gives (template, context), or NOTHING where it has nothing to show; its statements
    run in a savepoint of their own."""
    try:
        with session().begin_nested():
            answer = function(g.scope, **arguments)
            if answer == NOTHING:
                return NOTHING
            template, context = answer
            return Markup(render_template(template, **context))
    except Exception:
        log.exception("panel failed", extra={"panel": panel})
        return None
