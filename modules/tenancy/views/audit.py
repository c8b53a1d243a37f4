"""What the pages of both frontends have in common."""

from flask import url_for
from flask.typing import ResponseReturnValue

from modules.tenancy import audit, audit_lists
from orion.contracts.pages import render
from orion.contracts.scope import Scope


def audit_entry(scope: Scope, public_id: str, list_endpoint: str) -> ResponseReturnValue:
    """The page of one entry of the audit log."""
    entry = audit.entry(scope, public_id)
    return render(
        "tenancy/audit_entry.html",
        entry=entry,
        action=audit_lists.action_name(entry.action),
        who=audit_lists.who(entry),
        differences=audit_lists.differences(entry),
        list_url=url_for(list_endpoint),
        person_url=url_for(list_endpoint, person=entry.user_id) if entry.user_id else None,
    )
