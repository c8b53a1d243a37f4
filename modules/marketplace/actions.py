"""What can be done to much that is staged at once."""

from collections.abc import Sequence
from datetime import UTC, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from sqlalchemy import select

from modules.marketplace import services
from modules.marketplace.models import Import, Staged
from modules.marketplace.words import being_published
from orion.contracts.data import session
from orion.contracts.errors import Invalid
from orion.contracts.forms import Undo
from orion.contracts.lists import Action, Outcome
from orion.contracts.scope import Scope


def _accept(scope: Scope, keys: Sequence[int]) -> Outcome:
    return _counted(scope, keys, "accepted")


def _skip(scope: Scope, keys: Sequence[int]) -> Outcome:
    return _counted(scope, keys, "skipped")


def _counted(scope: Scope, keys: Sequence[int], decision: str) -> Outcome:
    before = services.decide(scope, keys, decision)
    number = sum(map(len, before.values()))
    if not number:
        raise Invalid(_("Nothing of this can be decided on any more."))
    said = (
        ngettext("%(num)s is accepted.", "%(num)s are accepted.", number)
        if decision == "accepted"
        else ngettext("%(num)s is skipped.", "%(num)s are skipped.", number)
    )
    return Outcome(said, Undo("marketplace.decisions", before=before))


def _publish(scope: Scope, keys: Sequence[int]) -> Outcome:
    """A publication for each import that something is of."""
    now, number = datetime.now(UTC), 0
    ids: set[int] = set()
    for begin in range(0, len(keys), 500):
        ids.update(
            session().scalars(select(Staged.import_id).where(Staged.id.in_(keys[begin : begin + 500])))
        )
    for found in session().scalars(select(Import).where(Import.id.in_(ids)).order_by(Import.id)).all():
        made = services.publish(scope, found, ids=keys, now=now)
        number += made.wanted if made else 0
    if not number:
        raise Invalid(_("Nothing of this can be published."))
    return Outcome(being_published(number))


ACTIONS = (
    Action(name="accept", label=_l("Accept"), permission="marketplace.import", run=_accept),
    Action(name="skip", label=_l("Skip"), permission="marketplace.import", run=_skip),
    Action(name="publish", label=_l("Publish"), permission="marketplace.publish", run=_publish),
)
