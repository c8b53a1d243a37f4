"""Notifications: what has happened at a place is told to those there who may see it.

A module names its kinds once, in its notices.py, and tells of them in the transaction that does it:

    RAN_OUT = kind("inventory.ran_out", "inventory.view", _l("%(title)s is sold out."), "variant", "variant")
    tell(scope, RAN_OUT, title=product.title, variant=variant.public_id)

Whoever did it isn't told. Details hold no personal data: a notice would outlive the person's erasure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from orion.contracts.scope import Scope
from orion.data.database import session
from orion.desk.memory import changed
from orion.desk.models import Notice
from orion.desk.places import Spot, spot_of

__all__ = ["ABOUT", "Kind", "kind", "kinds", "tell"]

#: Whose data version grows with every notice.
ABOUT = "orion.notices"
#: Characters of a detail that are kept.
LONGEST = 200
_kinds: dict[str, "Kind"] = {}


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that happens: an id that begins with the module's code, the permission of those who are told,
    and a sentence whose `%(name)s` are details.

    `page` is the name of the module's page behind it, on whichever frontend it is read; `key` is the detail
    that goes into that page's address under the name `argument`.
    """

    id: str
    permission: str
    words: object
    page: str = ""
    key: str = ""
    argument: str = "public_id"

    @property
    def module(self) -> str:
        """The module that tells it."""
        return self.id.partition(".")[0]

    def said(self, details: Mapping[str, Any]) -> str:
        """The sentence, in the language of whoever reads it."""
        return str(self.words) % details


def kind(
    id: str, permission: str, words: object, page: str = "", key: str = "", argument: str = "public_id"
) -> Kind:
    """Name a kind; at import, once."""
    _kinds[id] = Kind(id, permission, words, page, key, argument)
    return _kinds[id]


def kinds() -> Mapping[str, Kind]:
    """Every kind that is known, by id."""
    return _kinds


def tell(
    scope: Scope,
    what: Kind,
    *,
    vendor_id: int | None = None,
    platform_id: int | None = None,
    actor_id: int | None = None,
    also_me: bool = False,
    **details: Any,
) -> None:
    """Tell those at the scope's place, or at that of a vendor or platform, in this transaction.

    `actor_id` is who did it, where that isn't the scope's person; `also_me` tells them too.
    """
    named = vendor_id is not None or platform_id is not None
    spot = Spot(vendor_id, None if vendor_id else platform_id) if named else spot_of(scope)
    if spot is None:
        return
    kept = {name: value[:LONGEST] if isinstance(value, str) else value for name, value in details.items()}
    session().add(
        Notice(
            kind=what.id,
            permission=what.permission,
            details=kept,
            actor_id=None if also_me else actor_id or scope.user_id,
            **spot.owner,
        )
    )
    changed(ABOUT, spot.vendor_id)
