"""What the pages of files that are fetched each day are made of."""

from datetime import time
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext

from modules.marketplace import feeding, queries
from modules.marketplace.forms import BY_FILE
from modules.marketplace.views import now, trail
from modules.marketplace.words import FETCHES
from orion.contracts.forms import ChoiceField, FlagField, Form, TextField, done, form_page
from orion.contracts.pages import render
from orion.contracts.scope import Scope

HOURS = tuple(f"{hour:02}:00" for hour in range(24))
NIGHT = "03:00"


class FeedForm(Form):
    """Where a file is fetched from, and when."""

    address = TextField(
        lazy_pgettext("web", "Address"),
        required=True,
        most=1000,
        hint=_l("Of a file that your shop system keeps up to date."),
    )
    at = ChoiceField(_l("Each day at"), options=[(hour, hour) for hour in HOURS], required=True)
    show_on = ChoiceField(_l("Show new products on"))
    at_once = FlagField(
        _l("Publish by itself what has no error"), hint=_l("Otherwise it waits in staging for somebody.")
    )


def feeds(scope: Scope) -> ResponseReturnValue:
    """Every address with what came of it."""
    rows = [(feed, planned, found, *FETCHES[feed.outcome]) for feed, planned, found in feeding.shown(scope)]
    return render("marketplace/feeds.html", rows=rows, trail=trail(), may=scope.allows)


def add(scope: Scope) -> ResponseReturnValue:
    """One more."""
    form = FeedForm(data={"at": NIGHT})
    form.show_on.options = [(BY_FILE, _("No platform yet")), *queries.platforms(scope)]
    here = url_for("marketplace_vendor.feeds")
    if form.sent():
        with form.attempt():
            feeding.add(
                scope,
                form.address.data or "",
                time.fromisoformat(form.at.data or NIGHT),
                show_on=form.show_on.data or "",
                at_once=bool(form.at_once.data),
                now=now(),
            )
            return done(_("It is fetched each day from now on."), here)
    return form_page(
        form,
        title=_("Fetch a file each day"),
        back=here,
        trail=[*trail(), (_("Files that are fetched"), here)],
    )


def act(scope: Scope, public_id: str, what: str) -> ResponseReturnValue:
    """Fetch at once, rest, go on, or fetch no more."""
    if what == "fetch":
        job = feeding.fetch_now(scope, public_id)
        return redirect(url_for("marketplace_vendor.job", public_id=job.public_id), 303)
    acts: dict[str, tuple[Any, str]] = {
        "rest": (lambda: feeding.rest(scope, public_id, True), _("It is not fetched for now.")),
        "go": (lambda: feeding.rest(scope, public_id, False), _("It is fetched each day again.")),
        "remove": (lambda: feeding.remove(scope, public_id), _("It is not fetched any more.")),
    }
    run, said = acts[what]
    run()
    return done(said, url_for("marketplace_vendor.feeds"))
