"""What the list of orders does to many of them at once."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from modules.orders import queries, services
from orion.contracts.forms import Undo
from orion.contracts.lists import Action, Outcome
from orion.contracts.scope import Scope


def _step(action: str) -> Callable[[Scope, Sequence[int]], Outcome]:
    def run(scope: Scope, keys: Sequence[int]) -> Outcome:
        before = services.advance(scope, queries.public_ids(scope, keys), action, now=datetime.now(UTC))
        return Outcome(_moved(len(before), len(keys)), Undo("orders.step", before=before, action=action))

    return run


def _ship(scope: Scope, keys: Sequence[int]) -> Outcome:
    sent = services.ship_all(scope, queries.public_ids(scope, keys), now=datetime.now(UTC))
    return Outcome(_moved(sent, len(keys)))


def _moved(done: int, meant: int) -> str:
    said: str = ngettext("One order has gone on.", "%(num)s orders have gone on.", done)
    if done < meant:
        left = ngettext("%(num)s was not ready for it.", "%(num)s were not ready for it.", meant - done)
        said = f"{said} {left}"
    return said


ACTIONS = (
    Action(name="confirm", label=_l("Confirm"), permission="orders.fulfil", run=_step("confirm")),
    Action(name="pack", label=_l("Mark as packed"), permission="orders.fulfil", run=_step("pack")),
    Action(
        name="ship",
        label=_l("Ship everything"),
        permission="orders.fulfil",
        run=_ship,
        confirm=_l("All that is left of these orders is noted as sent, in one parcel each."),
    ),
    Action(name="deliver", label=_l("Mark as delivered"), permission="orders.fulfil", run=_step("deliver")),
)
