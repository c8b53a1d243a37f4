"""What the pages of imports are made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from modules.catalog.api import elsewhere
from modules.marketplace import (
    correcting,
    files,
    forms,
    picturing,
    queries,
    remembering,
    services,
    staging,
    targets,
)
from modules.marketplace.doubles import SHARED
from modules.marketplace.models import Import
from modules.marketplace.words import (
    DECISIONS,
    JOB_STATES,
    JOBS,
    PUBLICATIONS,
    READINGS,
    STAGES,
    STATES,
    STOPPED,
    being_published,
)
from orion.contracts.data import session
from orion.contracts.errors import Conflict, Invalid, NotFound
from orion.contracts.formats import breakable, listed, number
from orion.contracts.forms import done, form_page
from orion.contracts.jobs import Job, cancel, retry, why_waiting
from orion.contracts.locales import said_again
from orion.contracts.markdown import markdown
from orion.contracts.outside import fetched_hosts
from orion.contracts.pages import render
from orion.contracts.scope import Scope
from orion.contracts.tabular import Destination, Understood, mapping_text, propose

#: Characters of a cell that are shown as an example.
SHOWN = 40
#: Images that could not be fetched, of which a page says why.
MISSED = 20


@dataclass(frozen=True, slots=True)
class Count:
    """How many things of a file are so, of how many of its rows they are, and the list behind it."""

    label: object
    number: int
    rows: int
    href: str
    said: str = ""


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


def at(found: Import) -> str:
    """The page of an import."""
    return url_for("marketplace_vendor.one", public_id=found.public_id)


def is_part() -> bool:
    """Whether a part of the page is asked for, and not all of it."""
    return request.headers.get("HX-Request-Type") == "partial"


def trail(found: Import | None = None) -> list[tuple[str, str]]:
    """Where a page stands."""
    top = [(_("Imports"), url_for("marketplace_vendor.imports"))]
    return [*top, (breakable(found.name), at(found))] if found else top


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
            remembering.recall(scope, found)
            files.refuse_unreadable(scope, found)
            return redirect(url_for("marketplace_vendor.mapping", public_id=found.public_id), 303)
    return form_page(
        form,
        "marketplace/upload.html",
        title=_("Import a file"),
        back=url_for("marketplace_vendor.imports"),
        trail=trail(),
        most=files.MOST_BYTES // 1024 // 1024,
    )


def mapping(scope: Scope, public_id: str) -> ResponseReturnValue:
    """What was understood of a file, to be corrected; then it is read."""
    found = queries.one(scope, public_id)
    seen = files.look(scope, found)
    proposed = propose(seen, targets.of(scope, found).target)
    form = forms.mapping_form(scope, found, seen, proposed)
    looking = request.values.get("go") == "look"
    if form.sent():
        with form.attempt():
            held = services.one(scope, public_id)
            target = forms.wanted_target(form, held)
            services.state_mapping(scope, held, forms.wanted_mapping(form, held, seen), target)
            if "show_on" in form:
                held.show_on = form["show_on"].data or ""
            session().flush()
            if looking and is_part():
                return _mapping_page(scope, held, fresh=True)
            if looking:
                return redirect(url_for("marketplace_vendor.mapping", public_id=public_id), 303)
            _refuse_incomplete(scope, held)
            remembering.remember(scope, held, files.look(scope, held), now())
            services.read(scope, held)
            return done(_("The file is being read."), at(found))
    return _mapping_page(scope, found, form=form)


def _refuse_incomplete(scope: Scope, found: Import) -> None:
    """Raise Invalid for a file that can't be read yet."""
    seen = files.look(scope, found)
    if not seen.complete:
        raise Invalid(_missing(seen))
    if targets.of(scope, found).on_platform and not found.show_on:
        raise Invalid(_("Choose the platform that this was on."))


def _mapping_page(scope: Scope, found: Import, form: Any = None, fresh: bool = False) -> ResponseReturnValue:
    """The page, or for htmx the part of it that changes with what is chosen."""
    seen, destination = files.look(scope, found), targets.of(scope, found)
    proposed = propose(seen, destination.target)
    form = form or forms.mapping_form(scope, found, seen, proposed, fresh=fresh)
    memory = remembering.known(scope, seen)
    return form_page(
        form,
        "marketplace/_mapping.html" if is_part() else "marketplace/mapping.html",
        found=found,
        seen=seen,
        label=destination.label,
        fields=_fields(form, seen, destination, proposed),
        written=[form[name] for name in ("what", "show_on", *forms.WRITTEN) if name in form],
        unused=[(name, _said_in(seen, name)) for name in seen.unused if name not in proposed.values()],
        delimiter=dict(forms.DELIMITERS).get(seen.delimiter, seen.delimiter),
        memory=memory if memory and memory.stated == found.stated else None,
        taking=forms.MappingFileForm(formdata=None),
        back=at(found),
        trail=trail(found),
    )


def _fields(
    form: Any, seen: Understood, destination: Destination, proposed: Mapping[str, str]
) -> list[tuple[Any, Any, str, bool]]:
    """Each field, the choice of its column, what the first rows say there, and whether that is a proposal."""
    found = []
    for one in destination.target.fields if seen.columns else ():
        column = proposed.get(one.key) or seen.mapping.columns.get(one.key)
        said = _said_in(seen, column) if column else ""
        found.append((one, form[f"field_{one.key}"], said, one.key in proposed))
    return found


def _said_in(seen: Understood, column: str) -> str:
    """What the first rows say in a column."""
    place = seen.columns.index(column)
    texts = [row[place] for row in seen.rows if place < len(row) and row[place]]
    return " · ".join(text[:SHOWN] + ("…" if len(text) > SHOWN else "") for text in dict.fromkeys(texts))


def mapping_file(scope: Scope, public_id: str) -> ResponseReturnValue:
    """What is stated about a file, and was understood of it, as a mapping file."""
    found = queries.one(scope, public_id)
    text = mapping_text(files.as_understood(scope, found))
    name = f"{found.name.rpartition('.')[0] or found.name}.yaml"
    answer = Response(text or "{}\n", mimetype="application/yaml")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


def take_mapping(scope: Scope, public_id: str) -> ResponseReturnValue:
    """State what a mapping file says."""
    form = forms.MappingFileForm()
    found = services.one(scope, public_id)
    here = url_for("marketplace_vendor.mapping", public_id=public_id)
    if form.sent():
        try:
            sent = form.file.data
            text = sent.read(files.MOST_MAPPING + 1) if getattr(sent, "filename", "") else b""
            services.take_mapping(scope, found, text, getattr(sent, "filename", "") or "")
            return done(_("The file is read as the mapping file says."), here)
        except (Invalid, Conflict) as error:
            flash(error.message, "error")
    return redirect(here, 303)


def forget_mapping(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Forget how files with these headers were read."""
    found = services.one(scope, public_id)
    remembering.forget(scope, found)
    return done(
        _("This is forgotten: the file is read as it shows itself."),
        url_for("marketplace_vendor.mapping", public_id=public_id),
    )


def _missing(seen: Understood) -> str:
    if seen.problem:
        return seen.problem
    names = listed(str(field.label) for field in seen.missing)
    return _("Choose the column for: %(fields)s.", fields=names)


# -- an import ------------------------------------------------------------------------------------


def about(scope: Scope, public_id: str) -> dict[str, Any]:
    """What the page of an import says."""
    found = queries.one(scope, public_id)
    counted = queries.counted(scope, found)
    made = queries.publications(scope, found)
    jobs = queries.jobs_of(scope, found, made)
    settled = files.settled(found)
    opened = [job for job in jobs if job.is_open]
    busy = next((job for job in opened if job.name != picturing.NAME), None)
    fetching = None if busy else next(iter(opened), None)
    return {
        "found": found,
        "counts": _counts(found, counted),
        "published": counted.number((), ("published",)),
        "published_at": _list_of(found, review="published"),
        "label": targets.label(found),
        "stage": STAGES[found.stage][0],
        "publishable": counted.number(queries.PUBLISHABLE, queries.WAITING),
        "accepted": counted.number((*queries.PUBLISHABLE, "gone"), ("accepted",)),
        "rejected": counted.number(("rejected",), queries.WAITING),
        "accounted": _accounted(found, counted),
        "settled": settled,
        "unused": [c for c in settled.get("all", ()) if c and c not in settled["columns"].values()],
        "readings": READINGS,
        "labels": {field.key: field.label for field in targets.fields(found)},
        "publications": [(one, *PUBLICATIONS[one.state]) for one in made],
        "jobs": [(job, JOBS.get(job.name, job.name), *JOB_STATES[job.state]) for job in jobs],
        "busy": busy,
        "fetching": fetching,
        "held": why_waiting(opened[0]) if opened else "",
        "images": None if opened else _images(scope, found),
        "may": scope.allows,
    }


def _images(scope: Scope, found: Import) -> dict[str, Any] | None:
    """What is said of the images of an import's products: how many could not be fetched, the first of them,
    and whether any can be asked for once more; None where there are no such."""
    if not targets.is_of_products(found):
        return None
    products = queries.published_products(found)
    total, first = elsewhere.missed(scope, products, MISSED)
    rows = [(one.product, one.url, said_again(one.reason)) for one in first]
    return {"total": total, "rows": rows, "lacks": elsewhere.lacks(scope, products, fetched_hosts())}


def _counts(found: Import, counted: queries.Counted) -> list[Count]:
    """How many of each state, each row of the file in one of them; repeated ones are told apart from those in
    which something is wrong."""
    label = targets.label(found)
    shown = []
    for state, (word, _tone) in STATES.items():
        n, rows = counted.number((state,)), counted.rows((state,))
        if state == "rejected":
            again, address = counted.repeated, _list_of(found, problem=queries.REPEATED)
            shown += [Count(_("Repeated in the file"), again, again, address)] if again else []
            shown.append(Count(word, n - again, rows - again, _list_of(found, state=state)))
        elif n or state != "gone":
            said = _("%(things)s: %(number)s", things=label, number=number(n))
            shown.append(Count(word, n, rows, _list_of(found, state=state), said))
    return shown


def _accounted(found: Import, counted: queries.Counted) -> str:
    """Whether each row of the file has gone somewhere: nothing to say where all have."""
    if found.rows == counted.rows():
        return ""
    said = {"rows": number(found.rows), "counted": number(counted.rows())}
    return _("The file has %(rows)s rows, and %(counted)s of them are here.", **said)


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
    return done(being_published(made.wanted), at(found))


def take_back(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Take a publication back."""
    try:
        made = services.take_back(scope, public_id)
    except Conflict as error:
        flash(error.message, "error")
        return redirect(url_for("marketplace_vendor.imports"), 303)
    return done(_("The publication is being taken back."), at(services.by_id(made.import_id)))


def fetch_images(scope: Scope, public_id: str) -> ResponseReturnValue:
    """Fetch the images that the products of a publication lack."""
    try:
        found, job = picturing.again(scope, public_id)
    except Conflict as error:
        flash(error.message, "error")
        return redirect(url_for("marketplace_vendor.imports"), 303)
    if job is None:
        flash(_("There is no image to fetch."), "error")
        return redirect(at(found), 303)
    return done(_("The images are being fetched."), at(found))


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
        destination, thing = targets.of(scope, found), staging.thing_of(staged)
        context["shown"] = destination.shown(thing, scope.currency)
        if targets.is_of_products(found):
            context["thing"], context["fetches"] = thing.data, bool(fetched_hosts())
            context["description"] = markdown(thing.data.get("description", ""), below=2)
        context["changes"] = [
            destination.said(scope, one, scope.currency) for one in staging.changes_of(staged)
        ]
        context["shared"] = said_again(staged.reason) if staged.code == SHARED else ""
        context["notes"] = [one for one in staging.notes_of(staged) if one.text != context["shared"]]
    return render("marketplace/item.html", **context)


def _list_of(found: Import, **filters: str) -> str:
    return url_for("marketplace_vendor.staged", **{"import": found.public_id, **filters})


def edit_item(scope: Scope, public_id: str) -> ResponseReturnValue:
    """A line of a thing, to be changed where it stands."""
    staged, found, _product = queries.item(scope, public_id)
    lines = staging.lines_of(staged)
    asked = request.args.get("line", "")
    line = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else 0
    if line not in lines:
        raise NotFound()
    texts = correcting.texts_of(staged, line)
    columns = files.settled(found)["columns"]
    form = forms.correction_form(targets.of(scope, found).target, staged, texts, columns)
    here = url_for("marketplace_vendor.item", public_id=public_id)
    if form.sent():
        with form.attempt():
            try:
                correcting.edit(scope, public_id, line, forms.corrected(form))
            except Invalid as error:
                raise Invalid(error.message, {f"field_{k}": v for k, v in error.errors.items()}) from None
            return done(_("Changed."), here)
    return form_page(
        form,
        "marketplace/edit.html",
        title=staged.title,
        line=line,
        found=found,
        back=here,
        trail=[*trail(found), (_("Staging"), _list_of(found)), (staged.title, here)],
    )


def _correct(scope: Scope, context: dict[str, Any]) -> ResponseReturnValue:
    staged = context["staged"]
    target, columns = targets.of(scope, context["found"]).target, files.settled(context["found"])["columns"]
    form = forms.correction_form(target, staged, correcting.texts_of(staged), columns)
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
        "why": STOPPED.get(found.state, ""),
        "held": why_waiting(found),
        "about": queries.import_of(scope, found) if scope.vendor else None,
        "frontend": _frontend(scope),
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
    here = url_for(f"{_frontend(scope)}.job", public_id=public_id)
    try:
        ask(scope, found.public_id)
    except Conflict as error:
        flash(error.message, "error")
        return redirect(here, 303)
    return done(said, here)


def _frontend(scope: Scope) -> str:
    return "marketplace_vendor" if scope.vendor else "marketplace_admin"


def page(name: str, context: dict[str, Any]) -> ResponseReturnValue:
    """A page, or for htmx its live part alone."""
    return render(f"marketplace/{'_' if is_part() else ''}{name}.html", **context)
