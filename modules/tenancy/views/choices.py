"""What a vendor uses, of what its platforms offer."""

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from orion.contracts import choices
from orion.contracts.data import once
from orion.contracts.formats import joined, listed
from orion.contracts.forms import ChoicesField, FlagField, Form, Undo, VersionField, done, form_page
from orion.contracts.pages import current_scope
from orion.contracts.scope import Scope


class ChoicesForm(Form):
    """What is to be on."""

    on = ChoicesField(_l("In use"), groups=lambda: _groups(current_scope()))
    cascade = FlagField(_l("Modules that need one that is switched off go too"))
    version = VersionField()


def choose(scope: Scope) -> ResponseReturnValue:
    """Switch off what a vendor does without, and on again."""
    there, back = _offer(scope), url_for(".choices")
    form = ChoicesForm(obj=there)
    if form.sent():
        with form.attempt():
            before = choices.chosen_off(scope)
            choices.choose(scope, form.on.data, form.cascade.data)
            undo = Undo("tenancy.former_choices", off=sorted(before))
            return done(_("Saved. It is so from the next page on."), back, undo)
    trail = [(_("Settings"), url_for(".settings"))]
    return form_page(form, "tenancy/choices.html", withheld=there.withheld, trail=trail)


def _offer(scope: Scope) -> choices.Offer:
    return once("tenancy.offer", lambda: choices.offer(scope))


def _groups(scope: Scope) -> list[tuple[str, list[tuple[str, tuple[str, str]]]]]:
    """The switches as boxes, each with what it is for and what goes along with it."""
    return [
        (group.label, [(switch.name, (switch.label, _hint(switch))) for switch in group.switches])
        for group in _offer(scope).groups
    ]


def _hint(switch: choices.Switch) -> str:
    parts = [switch.description]
    if switch.needed_by:
        parts.append(_("Needed by: %(modules)s.", modules=listed(switch.needed_by)))
    if switch.off_on:
        parts.append(_("Off on %(platforms)s in any case.", platforms=joined(switch.off_on)))
    return " ".join(part for part in parts if part)
