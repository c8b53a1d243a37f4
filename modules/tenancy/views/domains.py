"""Domains of a vendor: noting one, proving it, and taking it off the list."""

from datetime import UTC, datetime

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from modules.tenancy import queries, services
from modules.tenancy.forms import DomainForm
from modules.tenancy.services import domains as proofs
from orion.contracts.data import session
from orion.contracts.errors import Conflict
from orion.contracts.forms import Undo, done, form_page
from orion.contracts.pages import render
from orion.contracts.scope import Scope


def new(scope: Scope) -> ResponseReturnValue:
    """Note a domain."""
    form, back = DomainForm(), url_for("tenancy_vendor.domains")
    if form.sent():
        with form.attempt():
            assert scope.vendor is not None
            made = services.add_domain(scope, scope.vendor, form.host.data, datetime.now(UTC).date())
            return done(_("Now prove that it is yours."), url_for("tenancy_vendor.domain", host=made.host))
    return form_page(form, title=_("Add a domain"), submit=_("Add"), back=back, trail=[(_("Domains"), back)])


def domain(scope: Scope, host: str) -> ResponseReturnValue:
    """One domain, and how it is proved."""
    found = queries.domain(scope, host)
    return render(
        "tenancy/domain.html",
        domain=found,
        record_name=proofs.record_name(host),
        record_text=proofs.record_text(found.token),
        path=proofs.PATH,
        meta=proofs.meta_tag(found.token),
        all=url_for("tenancy_vendor.domains"),
    )


def check(scope: Scope, host: str) -> ResponseReturnValue:
    """Look whether a domain is proved; the others' servers are asked outside of any transaction."""
    token = queries.domain(scope, host).token
    session().rollback()
    proved = services.is_proved(host, token)
    back = url_for("tenancy_vendor.domain", host=host)
    services.note_check(scope, queries.domain(scope, host), proved)
    if not proved:
        session().commit()
        raise Conflict(
            _("The proof is not there yet. A change in the DNS may take some hours until everybody sees it.")
        )
    return done(_("%(host)s is yours.", host=host), back)


def remove(scope: Scope, host: str) -> ResponseReturnValue:
    """Take a domain off the list."""
    found = queries.domain(scope, host)
    undo = Undo("tenancy.note_domain", host=found.host)
    services.remove_domain(scope, found)
    return done(_("%(host)s is off the list.", host=host), url_for("tenancy_vendor.domains"), undo)
