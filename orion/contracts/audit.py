"""The audit log: what changes rights, switches or money is written down, in the transaction that does it.

A module names its actions once, `REFUNDED = audit.action("orders.refunded", _l("Money was refunded"))`, and
records them beside the change. Whoever keeps the log answers AuditKeeper; without one nothing is kept.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from flask import current_app, g, has_request_context, request

from orion.contracts.scope import NOBODY, Scope, ScopeKind
from orion.data import bookkeeping
from orion.data.database import current_frame
from orion.networks import prefix_of

if TYPE_CHECKING:
    from orion.identity.models import User

#: Values under such names are never kept, only that they have changed.
SECRET = re.compile(r"(?i)(password|passwd|secret|token|key_hash|hash|otp|recovery|credential|authorization)")
HIDDEN = "•••"
_actions: dict[str, object] = {}


@dataclass(frozen=True, slots=True)
class Action:
    """Something that people do: an id that begins with the module's code, and what it is in words."""

    id: str
    label: object


@dataclass(frozen=True, slots=True)
class Subject:
    """What it was done to: the kind of thing, its key, and its name on that day."""

    kind: str
    key: object
    name: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as the keeper gets it; `before` and `after` hold JSON's types, and no secret.

    `vendor_id` and `platform_id` name logs in which it must stand besides that of the scope's place.
    """

    action: str
    subject: Subject
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    user_id: int | None
    who: str
    network: str
    request: str
    acting: str = ""
    vendor_id: int | None = None
    platform_id: int | None = None


@runtime_checkable
class AuditKeeper(Protocol):
    """Answered by the module that keeps the log: `audit_keeper` in its api.py."""

    def keep(self, scope: Scope, entry: Entry) -> None:
        """Write the entry in the caller's transaction. A scope of nobody is the engine's own work."""
        ...


def action(id: str, label: object) -> Action:
    """Name an action; at import, once."""
    _actions[id] = label
    return Action(id, label)


def actions() -> Mapping[str, object]:
    """Every action that is known, by id."""
    return _actions


def record(
    scope: Scope | None,
    what: Action,
    subject: Subject,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    *,
    vendor_id: int | None = None,
    platform_id: int | None = None,
    user_id: int | None = None,
    who: str = "",
) -> None:
    """Write down that something was done, in the transaction that does it (else a moment later).

    Of `before` and `after` only what differs is kept. The person is the scope's; the engine, which has no
    scope where people sign in, passes None and says who it was: `record(None, SIGNED_IN, subject, who=…)`.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    keeper: AuditKeeper | None = app.extensions["orion"].audit_keeper
    if keeper is None:
        return
    old, new = _differing(before, after)
    entry = Entry(
        action=what.id,
        subject=subject,
        before=old,
        after=new,
        user_id=user_id or (scope.user_id if scope else None),
        who=who or who_here(),
        network=prefix_of(request.remote_addr) if has_request_context() else "",
        request=g.get("request_id", "") if has_request_context() else "",
        acting=scope.acting if scope else "",
        vendor_id=vendor_id,
        platform_id=platform_id,
    )
    frame = current_frame()
    if frame is not None and frame.write and frame.scope.kind is not ScopeKind.NONE:
        keeper.keep(scope or NOBODY, entry)
    else:
        # Where somebody signs in nothing may be written under nobody's scope: a moment later, then.
        bookkeeping.later(app, lambda _writing: keeper.keep(NOBODY, entry))


def _differing(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Both sides without what is the same, and without secrets."""
    old, new = before or {}, after or {}
    differ = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    sides = [{n: _kept(n, side[n]) for n in differ if n in side} for side in (old, new)]
    return sides[0] or None, sides[1] or None


def _kept(name: str, value: Any) -> Any:
    if SECRET.search(name):
        return HIDDEN
    if isinstance(value, Mapping):
        return {str(key): _kept(str(key), part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        parts = [_kept("", part) for part in value]
        return sorted(parts, key=str) if isinstance(value, set | frozenset) else parts
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def as_doer(user: "User") -> dict[str, Any]:
    """Who did it, where that is not who is signed in: `record(…, **as_doer(user))`."""
    return {"user_id": user.id, "who": named(user)}


def named(user: "User") -> str:
    """A person as the log names who did something."""
    return f"{user.name} ({user.email})" if user.name else user.email


def who_here() -> str:
    """The person of this request in words, "" without one."""
    # Here, because identity records what happens to accounts: it imports this file.
    from orion.identity.visit import current_visit

    visit = current_visit() if has_request_context() else None
    return named(visit.user) if visit is not None else ""
