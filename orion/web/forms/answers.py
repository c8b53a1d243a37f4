"""What a view with a form answers: the page with the form, or the way on after it."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from orion.contracts.pages import render
from orion.web.forms.base import Confirm, Form
from orion.web.undo import Undo, keep


def form_page(form: Form, template: str = "form.html", **context: Any) -> ResponseReturnValue:
    """The page with the form, with the status that the form is in.

    `form.html` wants `title`, and takes `intro`, `submit` (the button's words), `back` (a URL) and
    `trail` (breadcrumbs: pairs of label and URL).
    """
    return render(template, form.answer_status, form=form, **context)


def confirm_page(
    form: Confirm,
    *,
    title: object,
    text: object,
    submit: object,
    back: str,
    points: Sequence[object] = (),
    danger: bool = True,
    **context: Any,
) -> ResponseReturnValue:
    """A page that asks before something that can't be undone; `points` say what it will mean."""
    told = {"title": title, "text": text, "submit": submit, "back": back, "points": points, "danger": danger}
    return render("confirm.html", form.answer_status, form=form, **told, **context)


def done(message: object, url: str, undo: Undo | None = None) -> ResponseReturnValue:
    """Say that it worked, on the next page; with `undo`, the message can take it back."""
    if undo is None:
        flash(str(message), "success")
    else:
        flash({"text": str(message), "undo": keep(undo, url)}, "undo")  # type: ignore[arg-type]
    return redirect(url, 303)
