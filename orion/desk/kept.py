"""What a person keeps at a place. Everything asks for the person and the place, inside the wall."""

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError

from orion.contracts.errors import Changed, Invalid, NotFound
from orion.contracts.scope import Scope
from orion.data.database import session
from orion.desk.memory import changed, remembered
from orion.desk.models import Kept
from orion.desk.places import Spot, spot_of

ABOUT = "orion.kept"
#: More things of one sort than these are not kept, nor longer ones.
MOST, LONGEST = 30, 4_000


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that is kept; see Kept."""

    public_id: str
    what: str
    name: str
    value: str
    chosen: bool


def things(scope: Scope, what: str) -> tuple[Thing, ...]:
    """What this person keeps here for `what`, the oldest first."""
    return tuple(thing for thing in everything(scope) if thing.what == what)


def everything(scope: Scope) -> tuple[Thing, ...]:
    """All that this person keeps here: one statement, and none while nobody has changed any."""
    spot = spot_of(scope)
    if spot is None or scope.user_id is None:
        return ()
    return remembered(scope, ABOUT, spot.text, lambda: _read(scope, spot), ())


def _read(scope: Scope, spot: Spot) -> tuple[Thing, ...]:
    rows = session().scalars(_mine(scope, spot).order_by(Kept.id))
    return tuple(Thing(row.public_id, row.what, row.name, row.value, row.chosen) for row in rows)


def keep(scope: Scope, what: str, value: str, name: str = "", chosen: bool = False) -> Kept:
    """Keep a value under a name, over what was kept there. Raises Invalid for too much."""
    spot = _spot(scope)
    if len(value) > LONGEST:
        raise Invalid(_("That is too long to be kept."))
    rows = session().scalars(_mine(scope, spot).where(Kept.what == what)).all()
    kept = next((row for row in rows if row.name == name), None)
    if kept is None:
        if len(rows) >= MOST:
            raise Invalid(_("More than %(number)s can't be kept. Delete one first.", number=MOST))
        kept = _added(Kept(user_id=scope.user_id, place=spot.text, what=what, name=name, **spot.owner))
    kept.value = value
    if chosen:
        choose(scope, kept)
    session().flush()
    changed(ABOUT, spot.vendor_id)
    return kept


def _added(kept: Kept) -> Kept:
    try:
        with session().begin_nested():
            session().add(kept)
    except IntegrityError:
        raise Changed(_("Something else was saved at the same moment. Send it again.")) from None
    return kept


def one(scope: Scope, public_id: str) -> Kept:
    """Something of this person's at this place. Raises NotFound, also for what is somebody else's."""
    found = session().scalar(_mine(scope, _spot(scope)).where(Kept.public_id == public_id))
    if found is None:
        raise NotFound()
    return found


def rename(scope: Scope, kept: Kept, name: str) -> None:
    """Give it another name. Raises Invalid for one that is taken."""
    others = _mine(scope, _spot(scope)).where(Kept.what == kept.what, Kept.name == name, Kept.id != kept.id)
    if session().scalar(others) is not None:
        raise Invalid(
            _("There is one of this name already."), {"name": [_("There is one of this name already.")]}
        )
    kept.name = name
    changed(ABOUT, kept.vendor_id)


def choose(scope: Scope, kept: Kept, chosen: bool = True) -> None:
    """Make it the one that is chosen of its sort, or one that isn't."""
    if chosen:
        for row in session().scalars(_mine(scope, _spot(scope)).where(Kept.what == kept.what)):
            row.chosen = False
    kept.chosen = chosen
    changed(ABOUT, kept.vendor_id)


def drop(scope: Scope, what: str, public_id: str | None = None) -> list[dict[str, Any]]:
    """Keep it no longer: one thing, or all for `what`. Gives what `keep` puts back."""
    found = _mine(scope, _spot(scope)).where(Kept.what == what)
    gone = session().scalars(found if public_id is None else found.where(Kept.public_id == public_id)).all()
    for row in gone:
        session().delete(row)
        changed(ABOUT, row.vendor_id)
    return [{"what": row.what, "name": row.name, "value": row.value, "chosen": row.chosen} for row in gone]


def _mine(scope: Scope, spot: Spot) -> Select[Kept]:
    return select(Kept).where(Kept.user_id == scope.user_id, Kept.place == spot.text)


def _spot(scope: Scope) -> Spot:
    spot = spot_of(scope)
    if spot is None or scope.user_id is None:
        raise NotFound()
    return spot
