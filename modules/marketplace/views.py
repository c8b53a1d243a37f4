"""What the pages of imports are made of."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from modules.catalog.api import PRODUCTS
from modules.marketplace import correcting, files, forms, queries, services, staging
from modules.marketplace.models import Import
from modules.marketplace.words import DECISIONS, JOB_STATES, JOBS, PUBLICATIONS, READINGS, STATES
from orion.contracts.data import session
from orion.contracts.errors import Conflict, Invalid
from orion.contracts.formats import number
from orion.contracts.forms import done, form_page
from orion.contracts.jobs import Job, cancel, retry
from orion.contracts.markdown import markdown
from orion.contracts.money import Money
from orion.contracts.pages import render
from orion.contracts.scope import Scope
from orion.contracts.tabular import Understood

#: Characters of a cell that are shown as an example.
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Count:
    """A number of a file's products, with the list behind it."""

    label: object
    number: int
    href: str


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def at(found: Import) -> str:
    """The page of an import."""
    return url_for("marketplace_vendor.one", public_id=found.public_id)


def trail(found: Import | None = None) -> list[tuple[str, str]]:
    """Where a page stands."""
    top = [(_("Imports"), url_for("marketplace_vendor.imports"))]
    return [*top, (found.name, at(found))] if found else top


# -- bringing a file ------------------------------------------------------------------------------


def upload(scope: Scope) -> ResponseReturnValue:
    """Take a file, and show what was understood of it."""
    form = forms.upload_form(list(queries.platforms(scope)))
    if form.sent():
        with form.attempt():
            sent = form.file.data
            if not getattr(sent, "filename", ""):
                raise Invalid(errors={"file": [_("Choose a file.")]})
            size = files.size_of(sent.stream)
            found = services.bring(
                scope, sent.stream, sent.filename, size=size, show_on=form.show_on.data or "", now=now()
            )
            files.refuse_unreadable(scope, found)
            return redirect(url_for("marketplace_vendor.mapping", public_id=found.public_id), 303)
    return form_page(
        form,
        "marketplace/upload.html",
        title=_("Import products"),
        back=url_for("marketplace_vendor.imports"),
        trail=trail(),
        most=files.MOST_BYTES // 1024 // 1024,
    )


def mapping(scope: Scope, public_id: str) -> ResponseReturnValue:
    """What was understood of a file, to be corrected; then it is read."""
    found = queries.one(scope, public_id)
    seen = files.look(scope, found)
    form = forms.mapping_form(seen, files.mapping_of(found))
    if form.sent():
        with form.attempt():
            held = services.one(scope, public_id)
            services.state_mapping(scope, held, forms.wanted_mapping(form, seen))
            session().flush()
            if request.form.get("go") == "look":
                return redirect(url_for("marketplace_vendor.mapping", public_id=public_id), 303)
            again = files.look(scope, held)
            if not again.complete:
                raise Invalid(_missing(again))
            services.read(scope, held)
            return done(_("The file is being read."), at(found))
    return form_page(
        form,
        "marketplace/mapping.html",
        found=found,
        seen=seen,
        fields=_fields(form, seen),
        delimiter=dict(forms.DELIMITERS).get(seen.delimiter, seen.delimiter),
        back=at(found),
        trail=trail(found),
    )


def _fields(form: Any, seen: Understood) -> list[tuple[Any, Any, str]]:
    """Each field, the choice of its column, and what the first rows say there."""
    found = []
    for one in PRODUCTS.target.fields if seen.columns else ():
        place = seen.places.get(one.key)
        texts = [row[place] for row in seen.rows if place is not None and place < len(row) and row[place]]
        said = " · ".join(text[:SHOWN] + ("…" if len(text) > SHOWN else "") for text in dict.fromkeys(texts))
        found.append((one, form[f"field_{one.key}"], said))
    return found


def _missing(seen: Understood) -> str:
    if seen.problem:
        return seen.problem
    names = ", ".join(str(field.label) for field in seen.missing)
    return _("Choose the column for: %(fields)s.", fields=names)


# -- an import ------------------------------------------------------------------------------------


def about(scope: Scope, public_id: str) -> dict[str, Any]:
    """What the page of an import says."""
    found = queries.one(scope, public_id)
    counted = queries.counted(scope, found)
    made = queries.publications(scope, found)
    jobs = queries.jobs_of(scope, found, made)
    settled = files.settled(found)
    return {
        "found": found,
        "counts": _counts(found, counted),
        "publishable": counted.number(queries.PUBLISHABLE, queries.WAITING),
        "accepted": counted.number(queries.PUBLISHABLE, ("accepted",)),
        "rejected": counted.number(("rejected",), queries.WAITING),
        "accounted": _accounted(found, counted),
        "settled": settled,
        "unused": [c for c in settled.get("all", ()) if c and c not in settled["columns"].values()],
        "readings": READINGS,
        "labels": {field.key: field.label for field in PRODUCTS.target.fields},
        "publications": [(one, *PUBLICATIONS[one.state]) for one in made],
        "jobs": [(job, JOBS.get(job.name, job.name), *JOB_STATES[job.state]) for job in jobs],
        "busy": next((job for job in jobs if job.is_open), None),
        "may": scope.allows,
    }


def _counts(found: Import, counted: queries.Counted) -> list[Count]:
    """How many products of each state, with the lists behind the numbers."""
    return [
        *(
            Count(label, counted.number((state,)), _list_of(found, state=state))
            for state, (label, _tone) in STATES.items()
        ),
        Count(
            DECISIONS["published"][0],
            counted.number((), ("published",)),
            _list_of(found, review="published"),
        ),
    ]


def _accounted(found: Import, counted: queries.Counted) -> str:
    """Where each row of the file has gone."""
    rejected = counted.rows(("rejected",))
    taken = counted.rows() - rejected
    rows = ngettext("%(number)s row", "%(number)s rows", found.rows, number=number(found.rows))
    said = {"rows": rows, "taken": number(taken), "rejected": number(rejected)}
    return _("%(rows)s: %(taken)s in products, %(rejected)s rejected", **said)


def publish(scope: Scope, public_id: str, only: str) -> ResponseReturnValue:
    """Publish everything, or what is accepted."""
    found = services.one(scope, public_id)
    try:
        made = services.publish(scope, found, only=only, now=now())
    except Conflict as error:
        flash(error.message, "error")
        return redirect(at(found), 303)
    if made is None:
        flash(_("There is nothing to publish."), "error")
        return redirect(at(found), 303)
    said = ngettext(
        "%(number)s product is being published.",
        "%(number)s products are being published.",
        made.wanted,
        number=number(made.wanted),
    )
    return done(said, at(found))


def take_back(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Take a publication back."""
    try:
        made = services.take_back(scope, public_id)
    except Conflict as error:
        flash(error.message, "error")
        return redirect(url_for("marketplace_vendor.imports"), 303)
    return done(_("The publication is being taken back."), at(services.by_id(made.import_id)))


# -- what is staged -------------------------------------------------------------------------------


def item(scope: Scope, public_id: str) -> ResponseReturnValue:
    """A product as the file has it, beside what the catalog has; a rejected row to be corrected."""
    staged, found, product = queries.item(scope, public_id)
    context: dict[str, Any] = {
        "staged": staged,
        "found": found,
        "product": product,
        "state": STATES[staged.state],
        "decision": DECISIONS[staged.decision],
        "trail": [*trail(found), (_("Staging"), _list_of(found))],
        "back": _list_of(found),
        "may": scope.allows,
        "lines": staging.lines_of(staged),
    }
    if staged.state == "rejected" and not staged.data and scope.allows("marketplace.import"):
        return _correct(scope, context)
    if staged.data:
        thing = context["thing"] = staging.thing_of(staged).data
        context["description"] = markdown(thing.get("description", ""), below=2)
        context["variants"] = [(one, _price(one, scope.currency)) for one in thing["variants"]]
        context["changes"] = [PRODUCTS.said(scope, one, scope.currency) for one in staging.changes_of(staged)]
        context["notes"] = staging.notes_of(staged)
    return render("marketplace/item.html", **context)


def _price(one: dict[str, Any], currency: str) -> Money | None:
    return Money(one["price"], currency) if one.get("price") is not None else None


def _list_of(found: Import, **filters: str) -> str:
    return url_for("marketplace_vendor.staged", **{"import": found.public_id, **filters})


def _correct(scope: Scope, context: dict[str, Any]) -> ResponseReturnValue:
    staged = context["staged"]
    form = forms.correction_form(scope, staged)
    if form.sent():
        with form.attempt():
            try:
                kept = correcting.correct(scope, staged.public_id, forms.corrected(form))
            except Invalid as error:
                raise Invalid(error.message, {f"field_{k}": v for k, v in error.errors.items()}) from None
            session().flush()
            return done(_("Corrected."), url_for("marketplace_vendor.item", public_id=kept.public_id))
    return form_page(form, "marketplace/correct.html", **context)


# -- jobs -----------------------------------------------------------------------------------------


def job(scope: Scope, public_id: str) -> dict[str, Any]:
    """What the page of a job says."""
    found = queries.job(scope, public_id)
    return {
        "job": found,
        "what": JOBS.get(found.name, found.name),
        "state": JOB_STATES[found.state],
        "about": queries.import_of(scope, found),
        "may": scope.allows,
    }


def stop(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Cancel a job."""
    return _asked(scope, public_id, cancel, _("The job stops."))


def again(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Take a job up again."""
    return _asked(scope, public_id, retry, _("The job is taken up again."))


def _asked(scope: Scope, public_id: str, ask: Any, said: str) -> ResponseReturnValue:
    found: Job = queries.job(scope, public_id)
    try:
        ask(scope, found.public_id)
    except Conflict as error:
        flash(error.message, "error")
        return redirect(url_for("marketplace_vendor.job", public_id=public_id), 303)
    return done(said, url_for("marketplace_vendor.job", public_id=public_id))
