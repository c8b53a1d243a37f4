"""Pages about oneself: /account/…."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_security import current_user, logout_user

from orion.data.database import session
from orion.identity import app_page, confirm, email, security_page, trail
from orion.identity.agents import device
from orion.identity.links import refuse_unknown
from orion.identity.models import SessionRow
from orion.identity.services import end_session, end_sessions, own_sessions
from orion.identity.visit import current_visit
from orion.settings import Settings

blueprint = Blueprint("account", __name__, url_prefix="/account")
blueprint.register_blueprint(confirm.blueprint)
blueprint.register_blueprint(email.blueprint)
blueprint.register_blueprint(security_page.blueprint)
blueprint.register_blueprint(app_page.blueprint)


@dataclass(frozen=True, slots=True)
class SessionView:
    """One line of the list."""

    label: str
    address: str
    started: datetime
    seen: datetime
    current: bool
    end_url: str


@blueprint.before_request
def _signed_in_only() -> ResponseReturnValue | None:
    return None if current_user.is_authenticated else refuse_unknown()


@blueprint.get("/")
def home() -> ResponseReturnValue:
    """The account's first page."""
    return redirect(url_for("account.security.show"))


@blueprint.get("/sessions")
def sessions() -> ResponseReturnValue:
    """Where one is signed in."""
    settings: Settings = current_app.extensions["settings"]
    idle = timedelta(hours=settings.session_idle_hours)
    rows = [_shown(row) for row in own_sessions(current_user.id, idle)]
    return render_template(
        "account/sessions.html", sessions=rows, end_others_url=url_for("account.end_others")
    )


@blueprint.post("/sessions/<public_id>/end")
def end(public_id: str) -> ResponseReturnValue:
    """End one session; ending this one is signing out."""
    visit = current_visit()
    if visit is not None and visit.row.public_id == public_id:
        logout_user()
        return redirect(url_for("security.login"), 303)
    end_session(current_user.id, public_id)
    session().commit()
    trail.note(trail.SESSIONS_ENDED, current_user, after={"sessions": 1})
    flash(_("The session has ended."), "success")
    return redirect(url_for("account.sessions"), 303)


@blueprint.post("/sessions/end-others")
def end_others() -> ResponseReturnValue:
    """End every session but this one."""
    visit = current_visit()
    ended = end_sessions(current_user.id, but=visit.row.id_hash if visit else None)
    session().commit()
    trail.note(trail.SESSIONS_ENDED, current_user, after={"sessions": ended})
    flash(ngettext("One session has ended.", "%(num)s sessions have ended.", ended), "success")
    return redirect(url_for("account.sessions"), 303)


def _shown(row: SessionRow) -> SessionView:
    visit = current_visit()
    return SessionView(
        label=device(row.user_agent),
        address=row.ip_prefix,
        started=row.created_at,
        seen=row.seen_at,
        current=visit is not None and visit.row.id_hash == row.id_hash,
        end_url=url_for("account.end", public_id=row.public_id),
    )
