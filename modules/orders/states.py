"""The life of a sale: its states, and every action that leads from one to another. Said here alone.

The drawing in docs/orders.md is made from this table (`as_mermaid`), and a test tries every action in every
state. A refund is a document of its own, `refunded` from the beginning; how much of a sale was refunded is a
sum of money and not a state, since a sale can be on its way and refunded in part.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext


@dataclass(frozen=True, slots=True)
class Action:
    """Something that is done to a sale. It leads to the first of `targets`, or to a later one where the
    action's own rules say so (a parcel that leaves something behind: `part_shipped`)."""

    id: str
    label: object
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    undoable: bool = False


#: State → label, tone.
STATES = {
    "draft": (lazy_pgettext("order", "Draft"), "neutral"),
    "placed": (_l("Placed"), "info"),
    "confirmed": (_l("Confirmed"), "info"),
    "packed": (_l("Packed"), "info"),
    "part_shipped": (_l("Partly shipped"), "info"),
    "shipped": (_l("Shipped"), "success"),
    "delivered": (_l("Delivered"), "success"),
    "cancelled": (lazy_pgettext("order", "Cancelled"), "neutral"),
    "returned": (_l("Returned"), "warning"),
    "refunded": (_l("Refund"), "warning"),
}
#: What a sale may be; a refund is only ever `refunded`.
SALE = tuple(state for state in STATES if state != "refunded")
#: What an untroubled sale goes through, in this order.
STEPS = ("placed", "confirmed", "packed", "shipped", "delivered")
#: Sales that somebody has to do something about.
TO_FULFIL = ("placed", "confirmed", "packed", "part_shipped")
#: Sales that are no trade: not yet, or not any more. No figure counts them.
UNCOUNTED = ("draft", "cancelled")
#: States in which something has left the house.
ON_THE_WAY = ("part_shipped", "shipped", "delivered")

ACTIONS = {
    action.id: action
    for action in (
        # TRANSLATORS: A button: a draft becomes an order.
        Action("place", _l("Place"), ("draft",), ("placed",)),
        Action("confirm", _l("Confirm"), ("placed",), ("confirmed",), undoable=True),
        Action("pack", _l("Mark as packed"), ("placed", "confirmed"), ("packed",), undoable=True),
        # TRANSLATORS: A button: send what was ordered.
        Action("ship", _l("Ship"), TO_FULFIL, ("shipped", "part_shipped")),
        Action("deliver", _l("Mark as delivered"), ("shipped",), ("delivered",), undoable=True),
        Action(
            "cancel",
            lazy_pgettext("order", "Cancel"),
            ("draft", "placed", "confirmed", "packed"),
            ("cancelled",),
        ),
        # A refund leaves a sale where it is, until nothing of it is left with the customer.
        Action(
            "refund",
            lazy_pgettext("button", "Refund"),
            (*TO_FULFIL, "shipped", "delivered", "returned"),
            ("placed", "confirmed", "packed", "part_shipped", "shipped", "delivered", "returned"),
        ),
    )
}


def allowed(status: str) -> tuple[Action, ...]:
    """What can be done to a sale in a state."""
    return tuple(action for action in ACTIONS.values() if status in action.sources)


def ways() -> Iterator[tuple[str, str, str]]:
    """(state, action, state) for each way there is. A refund leads to where the sale is, to `shipped` when
    it was all that was left to send, or to `returned`."""
    for action in ACTIONS.values():
        for source in action.sources:
            if action.id == "refund":
                left = ("shipped",) if source == "part_shipped" else ()
                targets = dict.fromkeys((source, *left, "returned"))
            else:
                targets = dict.fromkeys(action.targets)
            yield from ((source, action.id, target) for target in targets)


def as_mermaid() -> str:
    """The states and ways as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", "    [*] --> draft", "    [*] --> placed"]
    lines += [f"    {source} --> {target}: {action}" for source, action, target in ways()]
    lines += [f"    {state} --> [*]" for state in ("delivered", "cancelled", "returned")]
    return "\n".join(lines) + "\n"
