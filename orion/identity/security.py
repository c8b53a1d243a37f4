"""Flask-Security as Orion uses it: own sessions, own words, no cookie that outlives a session."""

from datetime import timedelta
from typing import Any

from flask import Flask, Response, g, render_template, request
from flask import session as web_session
from flask_security import (
    Security,
    SQLAlchemyUserDatastore,
    password_changed,
    password_reset,
    user_authenticated,
)
from flask_security.utils import set_request_attr
from flask_wtf import CSRFProtect

from orion.data.database import db
from orion.identity import account, devices, passkeys, second_factor, trail
from orion.identity.forms import (
    OrionChangePasswordForm,
    OrionForgotPasswordForm,
    OrionLoginForm,
    OrionResetPasswordForm,
)
from orion.identity.guessable import OrionPasswordUtil
from orion.identity.links import public_link, refuse_unknown, reset_link
from orion.identity.models import User, now
from orion.identity.services import end_sessions
from orion.identity.sessions import ServerSessions
from orion.identity.texts import MESSAGES, SUBJECTS
from orion.identity.visit import current_visit
from orion.mail import OrionMailUtil
from orion.settings import Settings

#: Forms of Flask-Security that strangers send.
LIMITED = frozenset({"security.login", "security.forgot_password", "security.reset_password"})
#: Cheap hashes for tests; elsewhere the library's own strong choice.
WEAK = {"argon2__time_cost": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1}


def init_app(app: Flask, settings: Settings) -> None:
    """Sessions, sign-in, protection of forms, and the pages under /account."""
    app.session_interface = ServerSessions()
    _configure(app, settings)
    # Flask-Security refuses to start unless this came first.
    CSRFProtect(app)
    security = Security(
        app,
        SQLAlchemyUserDatastore(db, User, None),  # type: ignore[arg-type]
        login_form=OrionLoginForm,
        forgot_password_form=OrionForgotPasswordForm,
        reset_password_form=OrionResetPasswordForm,
        change_password_form=OrionChangePasswordForm,
        mail_util_cls=OrionMailUtil,
        password_util_cls=OrionPasswordUtil,
        render_template=_render,
    )
    _take_over(app, security)
    app.register_blueprint(account.blueprint)
    app.register_blueprint(second_factor.blueprint)
    user_authenticated.connect(_remember_device, app)
    user_authenticated.connect(_note_sign_in, app)
    password_changed.connect(_end_all, app)
    password_changed.connect(_note_change, app)
    password_reset.connect(_end_all, app)
    password_reset.connect(_note_reset, app)
    password_reset.connect(_remember_device, app)


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        WTF_CSRF_TIME_LIMIT=None,
        # Some browsers send no referrer; headers.py looks at Sec-Fetch-Site and Origin instead.
        WTF_CSRF_SSL_STRICT=False,
        SESSION_PROTECTION=None,
        SECURITY_STATIC_FOLDER=None,
        SECURITY_CLI_USERS_NAME=None,
        SECURITY_CLI_ROLES_NAME=None,
        SECURITY_PASSWORD_SCHEMES=["argon2"],
        # No pepper: it would tie every password to the secret of the signatures.
        SECURITY_PASSWORD_SINGLE_HASH={"argon2"},
        SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS=WEAK if settings.testing else {},
        SECURITY_PASSWORD_LENGTH_MIN=10,
        # As slow as the hash that is made for strangers, so that asking for a link tells nothing.
        SECURITY_HASHING_SCHEMES=["argon2"],
        # Written wrongly by the library ("no-store=True"); see _finish_page.
        SECURITY_CACHE_CONTROL=None,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_API_ENABLED_METHODS=["session"],
        SECURITY_USER_IDENTITY_ATTRIBUTES=[{"email": {"mapper": str.lower, "case_insensitive": False}}],
        SECURITY_JOIN_USER_ROLES=False,
        SECURITY_DATETIME_FACTORY=now,
        SECURITY_FRESHNESS=timedelta(minutes=-1),
        SECURITY_TRACKABLE=True,
        SECURITY_RECOVERABLE=True,
        SECURITY_CHANGEABLE=True,
        SECURITY_CHANGE_URL="/account/password",
        SECURITY_RESET_PASSWORD_WITHIN=timedelta(hours=4),
        SECURITY_POST_LOGOUT_VIEW="/login",
        SECURITY_POST_CHANGE_VIEW="/account/sessions",
        SECURITY_EMAIL_SENDER=settings.mail_from,
    )
    app.config.update({f"SECURITY_MSG_{key}": message for key, message in MESSAGES.items()})
    app.config.update({f"SECURITY_EMAIL_SUBJECT_{key}": text for key, text in SUBJECTS.items()})


def _take_over(app: Flask, security: Security) -> None:
    """Put our parts in place of the library's where it has no setting for it."""
    security.i18n_domain = app.extensions["orion_catalogs"]
    security.two_factor_plugins = second_factor.SecondFactors()
    security.login_context_processor(lambda: {"passkey": passkeys.offer(passkeys.SIGN_IN)})
    security.want_json(lambda _request: False)
    security.unauthn_handler(lambda *_args, **_kwargs: refuse_unknown())  # type: ignore[arg-type]
    manager = security.login_manager
    manager.user_loader(_user_of_visit)
    # Tokens in headers or addresses would be a second way in that no session list shows.
    manager.request_loader(None)
    # Both look at the session of every request, those included that need none (/healthz, assets).
    app.after_request_funcs[None].remove(manager._update_remember_cookie)
    app.before_request_funcs[None].remove(security.principal._on_before_request)
    app.before_request_funcs.setdefault("security", []).append(_limit)
    app.after_request_funcs.setdefault("security", []).append(_finish_page)


def _limit() -> None:
    if request.endpoint in LIMITED:
        second_factor.limit()


def _user_of_visit(user_id: str) -> User | None:
    visit = current_visit()
    if visit is None or visit.user.fs_uniquifier != user_id:
        return None
    set_request_attr("fs_authn_via", "session")
    set_request_attr("fs_paa", web_session.get("fs_paa", 0))
    return visit.user


def _end_all(_app: Flask, user: User, **_signal: Any) -> None:
    """After a new password: the session that changed it, too, gets a new id as the response is sent."""
    end_sessions(user.id)


def _note_sign_in(_app: Flask, user: User, authn_via: list[str], **_signal: Any) -> None:
    """Who signed in with more than a password is told of where that is checked."""
    if authn_via == ["password"]:
        trail.note(trail.SIGNED_IN, user, after={"with": "password"})


def _note_change(_app: Flask, user: User, **_signal: Any) -> None:
    trail.note(trail.PASSWORD_CHANGED, user)


def _note_reset(_app: Flask, user: User, **_signal: Any) -> None:
    trail.note(trail.PASSWORD_RESET, user)


def _remember_device(_app: Flask, user: User, **_signal: Any) -> None:
    devices.remember(user.email)


def _render(template: str, **context: Any) -> str:
    if template.startswith("security/email/"):
        context["url_for_security"] = lambda name, **_options: public_link(f"security.{name}")
    if "forgot_password_form" in context:
        context["forgot_password_form"].say_mistyped()
        g.mistyped = bool(context["forgot_password_form"].mistyped)
    if "reset_token" in context:
        context["reset_link"] = reset_link(context["reset_token"])
    return render_template(template, **context)


def _finish_page(response: Response) -> Response:
    """A form that comes back with errors is 422, or 429 after too many wrong tries; asking for a reset link
    looks the same for every address."""
    again = request.method == "POST" and response.status_code == 200
    if again and "held_seconds" in g:
        response.status_code = 429
        response.headers["Retry-After"] = str(g.held_seconds)
    elif again and (request.endpoint != "security.forgot_password" or g.get("mistyped")):
        response.status_code = 422
    response.headers["Cache-Control"] = "private, no-store"
    return response
