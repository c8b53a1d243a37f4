"""Switching modules and features from the browser: first the plan, then the button."""

import re
from collections.abc import Callable
from typing import Any

from flask import current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from orion.contracts.audit import who_here
from orion.contracts.errors import Conflict, Forbidden, Invalid, NotFound
from orion.contracts.forms import Form, TextField, done
from orion.contracts.pages import render
from orion.contracts.scope import Scope, system_scope
from orion.data.database import entered, session
from orion.data.texts import known_text
from orion.installation import Installation
from orion.product.changes import apply, base_of, digest_of
from orion.product.diffs import DiffLine, diff_lines
from orion.product.levels import is_undecided, platform_here
from orion.product.models import PAGE
from orion.product.switching import Change, NeedsOthers, Switches
from orion.product.told import Told, planned, told
from orion.product.writing import may_write
from orion.web.here import this_page

Make = Callable[[Switches], list[Change]]
ON, OFF = "on", "off"
#: Name and digest of each file in the base that a form sends, and how much of it is read.
_BASE = re.compile(r"(?:^| )((?:platforms/)?[\w-]{1,64}):([0-9a-f]{64}|-)(?= |$)")
LONGEST_BASE = 4000


class SwitchForm(Form):
    """Why something is switched, and the texts that its plan was made from."""

    why = TextField(_l("Why"), most=200, hint=_l("It stands in the list of changes and in the audit log."))
    base = HiddenField()


def switch(scope: Scope, code: str) -> ResponseReturnValue:
    """Switch a module (`?to=on` or `off`, `&cascade=yes` with what goes along)."""
    on, cascade = _wanted() == ON, request.args.get("cascade") == "yes"
    title = _("Switch %(module)s on", module=code) if on else _("Switch %(module)s off", module=code)
    back = url_for("modules.module", code=code)
    return changing(
        scope, title, back, lambda s: s.enable(code, cascade) if on else s.disable(code, cascade), _said(on)
    )


def feature(scope: Scope, code: str, name: str) -> ResponseReturnValue:
    """Switch a feature of a module (`?to=on` or `off`)."""
    on, full = _wanted() == ON, f"{code}.{name}"
    title = _("Switch %(module)s on", module=full) if on else _("Switch %(module)s off", module=full)
    back = url_for("modules.module", code=code)
    return changing(scope, title, back, lambda switches: switches.feature(full, on), _said(on))


def _wanted() -> str:
    to = request.args.get("to", "")
    if to not in (ON, OFF):
        raise NotFound()
    return to


def _said(on: bool) -> str:
    return _("It is on.") if on else _("It is off. Its data stays.")


def changing(
    scope: Scope, title: str, back: str, make: Make, said: str, how: str = PAGE
) -> ResponseReturnValue:
    """The plan of a change with the button that applies it, and what comes of the button."""
    if is_undecided(scope):
        raise Invalid(_("Choose one of your platforms first."))
    orion: Installation = current_app.extensions["orion"]
    form, switches = SwitchForm(), Switches(orion.settings, platform_here(scope))
    changes, refusal = _made(switches, make)
    clashes: list[dict[str, Any]] = []
    if form.sent():
        if not may_write(orion.settings):
            raise Forbidden(_("The manifests can't be changed here."))
        if refusal is None and form.base.data == base_of(changes):
            refusal = _applied(scope, orion, changes, how, form.why.data)
            if refusal is None:
                return done(said, back)
        elif refusal is None:
            clashes = _clashes(form.base.data or "", changes, switches)
        form.clash = True
    form.base.data = base_of(changes)
    return render(
        "product/switch.html",
        form.answer_status,
        form=form,
        title=title,
        back=back,
        refusal=refusal,
        along=_along(refusal),
        clashes=clashes,
        files=[(f"{c.name}.yaml", diff_lines(c.before, c.after)) for c in changes],
        plan=_told(orion, switches, changes) if changes and refusal is None else None,
        writable=may_write(orion.settings),
    )


def _told(orion: Installation, switches: Switches, changes: list[Change]) -> Told:
    return told(planned(orion, switches, changes), switches.platform)


def _made(switches: Switches, make: Make) -> tuple[list[Change], Conflict | Invalid | None]:
    try:
        return make(switches), None
    except (Conflict, Invalid) as error:
        return [], error


def _applied(scope: Scope, orion: Installation, changes: list[Change], how: str, why: str) -> Conflict | None:
    """Write, and serve what was written: the next page of this person shows it."""
    who = who_here()
    # The writing is a transaction of its own, and waits for what this one may hold.
    session().rollback()
    try:
        apply(scope, changes, how, who, why)
    except Conflict as error:
        return error
    orion.refresh()
    return None


def _along(refusal: Exception | None) -> str | None:
    """The address of the same with what must be switched along."""
    if not isinstance(refusal, NeedsOthers):
        return None
    return this_page(cascade="yes")


def _clashes(base: str, changes: list[Change], switches: Switches) -> list[dict[str, Any]]:
    """Of each file that has changed since the plan was shown: what others did, and what this would do now."""
    seen = dict(_BASE.findall(base[:LONGEST_BASE]))
    mine = {one.name: one for one in changes}
    found = []
    for name in dict.fromkeys([*seen, *mine]):
        now = switches.text(name)
        if seen.get(name) != digest_of(now):
            with entered(system_scope("bookkeeping")) as reading:
                before = known_text(reading, name, seen.get(name, ""))
            change = mine.get(name)
            yours: list[DiffLine] = diff_lines(change.before, change.after) if change else []
            found.append({"file": f"{name}.yaml", "theirs": diff_lines(before, now), "yours": yours})
    return found
