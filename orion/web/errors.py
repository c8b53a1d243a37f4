"""What went wrong, as a page, a fragment or JSON: the one place that turns errors into answers."""

import logging
from dataclasses import dataclass, field

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, InternalServerError

from orion.contracts.errors import Changed, Invalid, OrionError, TooMany
from orion.data.faults import DatabaseGone, DeadlineExceeded, NoRoom
from orion.product.missing import missing
from orion.web.htmx import request

log = logging.getLogger("orion.errors")
#: Seconds after which another try makes sense while the database is away.
RETRY_AFTER = 5
#: Says to the page's script that the body is a message made for the place it goes to.
FRAGMENT = "X-Orion-Fragment"


@dataclass(frozen=True, slots=True)
class Fault:
    """An error as people see it. `reference` is in the log; `fields` are sentences by form field.

    `kind` is the key of its words in errors/_words.html, where the status alone doesn't say what it is.
    """

    status: int
    message: str = ""
    reference: str = ""
    fields: dict[str, list[str]] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = ""


def init_app(app: Flask) -> None:
    """Answer every error that a view, the gate or a template raises."""
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _any)


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return error.response  # type: ignore[return-value]
    if isinstance(error, InternalServerError) and error.original_exception is not None:
        return _any(error.original_exception)
    if isinstance(error, CSRFError):
        return answer(Fault(400, _("The form is too old, or cookies are switched off. Load the page again.")))
    headers = {k: v for k, v in error.get_headers() if k in ("Allow", "Retry-After", "WWW-Authenticate")}
    return answer(Fault(error.code or 500, headers=headers))


def _any(error: BaseException) -> Response:
    return answer(fault_of(error))


def fault_of(error: BaseException) -> Fault:
    """What people are told of an exception; what is a defect, or out of order, goes to the log."""
    if isinstance(error, TooMany):
        return Fault(error.status, error.message, headers={"Retry-After": str(error.retry_after)})
    if isinstance(error, StaleDataError):
        return fault_of(Changed())
    if isinstance(error, Changed):
        return Fault(error.status, error.message, kind="changed")
    if isinstance(error, OrionError):
        return Fault(error.status, error.message, fields=error.errors if isinstance(error, Invalid) else {})
    reference = g.get("request_id", "")
    if isinstance(error, DatabaseGone | DeadlineExceeded | PoolTimeout):
        log.warning("database can't answer", extra={"error": str(error), "path": request.path})
        said = _("The disk of this server is full. Nothing was saved.") if isinstance(error, NoRoom) else ""
        return Fault(503, said, reference, headers={"Retry-After": str(RETRY_AFTER)})
    log.error("unexpected error", exc_info=error, extra={"path": request.path, "method": request.method})
    return Fault(500, reference=reference)


def answer(fault: Fault) -> Response:
    """The fault in the form that was asked for, with its status."""
    if request.accept_mimetypes.best == "application/json":
        response = jsonify(_as_json(fault))
    elif request.htmx:
        response = make_response(_written("errors/_fragment.html", fault))
        response.headers[FRAGMENT] = "error"
    else:
        response = make_response(_written("errors/page.html", fault))
    response.status_code = fault.status
    response.headers.update(fault.headers)
    response.headers["Cache-Control"] = "no-store"
    return response


def _as_json(fault: Fault) -> dict[str, object]:
    body: dict[str, object] = {"status": fault.status, "message": fault.message or _usual(fault)}
    if fault.reference:
        body["reference"] = fault.reference
    if fault.fields:
        body["errors"] = fault.fields
    return body


def _usual(fault: Fault) -> str:
    """What is said of a fault that has no words of its own: the sentence of its page."""
    try:
        said = current_app.jinja_env.get_template("errors/_words.html").make_module().usual  # type: ignore[attr-defined]
    except Exception:
        log.exception("the words of errors can't be read")
        return ""
    return str(said.get(fault.kind or fault.status, said[500 if fault.status >= 500 else 400])[1])


def _written(template: str, fault: Fault) -> str:
    try:
        return render_template(
            template,
            code=fault.status,
            kind=fault.kind,
            message=fault.message,
            reference=fault.reference,
            errors=fault.fields,
            missing=missing() if fault.status == 404 else None,
        )
    except Exception:
        # The template of last resort must not be one: it may be what is broken.
        log.exception("the error page can't be written")
        return f"<!doctype html><title>{fault.status}</title><h1>{fault.status}</h1><p>{fault.reference}</p>"
