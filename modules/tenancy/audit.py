"""Keeping the audit log, and reading it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from modules.tenancy.models import AuditEntry
from orion.contracts.audit import Entry
from orion.contracts.data import session
from orion.contracts.errors import NotFound
from orion.contracts.scope import Everything, Scope, ScopeKind

_AT_VENDOR = (ScopeKind.VENDOR, ScopeKind.VENDOR_ON_PLATFORM)


class Log:
    """Answers AuditKeeper."""

    def keep(self, scope: Scope, entry: Entry) -> None:
        """See AuditKeeper. One row for each log that it belongs to, the first for the place itself."""
        moment = datetime.now(UTC)
        values = {
            "at": moment,
            "day": moment.astimezone(ZoneInfo(scope.zone)).date(),
            "action": entry.action,
            "user_id": entry.user_id,
            "who": entry.who[:254],
            "acting": entry.acting[:300],
            "subject_kind": entry.subject.kind,
            "subject_key": str(entry.subject.key)[:64],
            "subject": entry.subject.name[:200],
            "before": entry.before,
            "after": entry.after,
            "network": entry.network,
            "request": entry.request,
        }
        for number, (vendor_id, platform_id) in enumerate(dict.fromkeys(_logs(scope, entry))):
            session().add(AuditEntry(vendor_id=vendor_id, platform_id=platform_id, copy=number > 0, **values))


def _logs(scope: Scope, entry: Entry) -> Iterator[tuple[int | None, int | None]]:
    """(vendor, platform) of each log: of the place where it was done, and of whom it was done to."""
    if scope.kind in _AT_VENDOR and scope.vendor is not None:
        yield scope.vendor.id, None
        return
    if scope.kind is ScopeKind.PLATFORM and not isinstance(scope.platforms, Everything):
        own = [entry.platform_id] if entry.platform_id else sorted(scope.platforms)
        yield from ((None, platform) for platform in own)
    else:
        yield None, None
        if entry.platform_id is not None:
            yield None, entry.platform_id
    if entry.vendor_id is not None:
        yield entry.vendor_id, None


def entries(scope: Scope) -> Select[AuditEntry]:
    """The log of the scope's place: a vendor's, a platform's, or everything once."""
    statement = select(AuditEntry)
    if scope.kind is ScopeKind.PLATFORM:
        # What a vendor does in its own house is in the vendor's log alone.
        return statement.where(AuditEntry.vendor_id.is_(None))
    if scope.kind in _AT_VENDOR:
        return statement
    return statement.where(AuditEntry.copy.is_(False))


def entry(scope: Scope, public_id: str) -> AuditEntry:
    """One entry. Raises NotFound."""
    found = session().scalar(entries(scope).where(AuditEntry.public_id == public_id))
    if found is None:
        raise NotFound()
    return found


#: The log of this installation: the engine asks for it (see AuditKeeper).
audit_keeper = Log()
