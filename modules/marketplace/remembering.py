"""How files are read once more: what somebody has stated about a table is known again by its headers."""

from datetime import datetime

from sqlalchemy import delete, select

from modules.marketplace import files, targets
from modules.marketplace.models import Import, Memory
from orion.contracts.data import session
from orion.contracts.scope import Scope
from orion.contracts.tabular import Understood, fingerprint

#: The newest of a vendor's memories that are tried on a file whose headers can't be read by themselves.
TRIED = 10


def recall(scope: Scope, found: Import) -> Memory | None:
    """State about a file what was stated about the last one with its headers, and say what it is a table of.

    Where nothing is remembered, the file is taken for what its headers speak for most.
    """
    offered = targets.offered(scope)
    seen = {name: files.look_as(scope, found, one) for name, one in offered.items()}
    memory = next((m for one in seen.values() if (m := known(scope, one)) is not None), None)
    memory = memory or _tried(scope, found)
    if memory is not None and memory.target in offered:
        found.target, found.stated = memory.target, memory.stated
        return memory
    found.target = targets.likeliest({name: (offered[name], one) for name, one in seen.items()})
    return None


def known(scope: Scope, seen: Understood) -> Memory | None:
    """What is remembered of tables with these headers."""
    if not seen.columns or scope.vendor is None:
        return None
    mine = select(Memory).where(Memory.vendor_id == scope.vendor.id)
    return session().scalar(mine.where(Memory.headers == fingerprint(seen.columns)))


def remember(scope: Scope, found: Import, seen: Understood, now: datetime) -> None:
    """Keep what is stated about a file for the next one with its headers."""
    memory = known(scope, seen)
    if memory is None:
        memory = Memory(vendor_id=found.vendor_id, headers=fingerprint(seen.columns))
        session().add(memory)
    memory.target, memory.stated, memory.name, memory.used_at = found.target, found.stated, found.name, now


def forget(scope: Scope, found: Import) -> None:
    """Forget how tables with a file's headers are read, and what is stated about the file."""
    seen = files.look(scope, found)
    if seen.columns:
        mine = delete(Memory).where(Memory.vendor_id == found.vendor_id)
        session().execute(mine.where(Memory.headers == fingerprint(seen.columns)))
    found.stated = "{}"


def _tried(scope: Scope, found: Import) -> Memory | None:
    """The memory by which a file can be read that can't be by itself: its headers must then be the same."""
    if scope.vendor is None:
        return None
    mine = (
        select(Memory).where(Memory.vendor_id == scope.vendor.id).order_by(Memory.used_at.desc()).limit(TRIED)
    )
    for memory in session().scalars(mine):
        destination = targets.offered(scope).get(memory.target)
        if destination is None:
            continue
        seen = files.look_as(scope, found, destination, files.from_json(memory.stated))
        if seen.columns and fingerprint(seen.columns) == memory.headers:
            return memory
    return None
