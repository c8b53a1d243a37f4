"""The audit log as a list."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from modules.tenancy import audit, queries
from modules.tenancy.models import AuditEntry
from orion.contracts.audit import actions
from orion.contracts.formats import listed
from orion.contracts.lists import Choice, Column, Dates, ListPage, Search, Sheet, entity
from orion.contracts.scope import Scope

_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)+")


def action_name(id: str) -> str:
    """What an action is in words; its id where its module is gone."""
    return str(actions().get(id, id))


def who(entry: AuditEntry) -> str:
    """Who did it, and for whom."""
    name = entry.who if entry.who not in ("", "orion") else _("Orion, by a command")
    return _("%(person)s, for support", person=name) if entry.acting else str(name)


def _actions(scope: Scope) -> list[tuple[str, object]]:
    return sorted(((id, str(label)) for id, label in actions().items()), key=lambda pair: pair[1])


def _people(scope: Scope) -> list[tuple[str, object]]:
    return [(str(id), name) for id, name in queries.people_here(scope)]


def log(endpoint: str) -> ListPage:
    """The log, with rows that lead to the page `endpoint`."""
    return ListPage(
        id="tenancy.audit",
        title=_l("Audit log"),
        statement=audit.entries,
        key=AuditEntry.id,
        columns=[
            Column(
                "action", _l("What was done"), value=lambda r: action_name(r.action), sub=lambda r: r.subject
            ),
            Column("who", _l("Who"), value=who, sub=lambda r: r.network),
            Column("when", _l("When"), kind="moment", sort=AuditEntry.id, value=lambda r: r.at),
        ],
        filters=[
            Choice("action", _l("Action"), options=_actions, column=AuditEntry.action, accepts=_is_id),
            Choice("person", _l("Person"), options=_people, apply=_by, accepts=str.isdecimal),
            Dates(_l("When"), column=AuditEntry.day),
        ],
        search=Search(
            _l("Search by person or thing"), columns=[AuditEntry.who_norm, AuditEntry.subject_norm]
        ),
        default_sort="-when",
        row_url=lambda r: url_for(endpoint, public_id=r.public_id),
        empty=(_l("Nothing has been done yet"), _l("Changes of rights, switches and money appear here.")),
        export="tenancy.audit_view",
        sheet=Sheet(_heads, _lines),
    )


def _heads(_scope: Scope) -> list[str]:
    facts = (_("When"), _("Action"), _("What was done"), _("To what or whom"), _("Who"), _("Reason given"))
    return [*facts, _("Network"), _("Request"), _("Before"), _("After")]


def _lines(_scope: Scope, rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """An entry a line, whole: what was there before and after as JSON, by the names of fields."""
    for one in (entity(row, AuditEntry) for row in rows):
        facts = (one.at, one.action, action_name(one.action), one.subject, who(one), one.acting)
        yield *facts, one.network, one.request, _values(one.before), _values(one.after)


def _values(values: Mapping[str, Any] | None) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True) if values else ""


def _is_id(text: str) -> bool:
    return bool(_ID.fullmatch(text))


def _by(statement: Any, value: str) -> Any:
    return statement.where(AuditEntry.user_id == int(value[:18]))


admin = log("tenancy_admin.audit_entry")
vendor = log("tenancy_vendor.audit_entry")


def differences(entry: AuditEntry) -> list[tuple[str, str, str]]:
    """(name, before, after) of everything that the entry has changed."""
    old, new = entry.before or {}, entry.after or {}
    return [(name, in_words(old.get(name)), in_words(new.get(name))) for name in {**old, **new}]


def in_words(value: Any) -> str:
    """A value of an entry for people."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return listed(in_words(part) for part in value) or "–"
    if isinstance(value, dict):
        return listed(f"{name}: {in_words(part)}" for name, part in value.items())
    return str(value)
