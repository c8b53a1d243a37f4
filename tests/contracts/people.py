"""Who looks at a module's pages: the real people with fewer rights, or somebody with all of them."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import literal, select

from orion.contracts.permissions import Access, Door, Holders, Place
from orion.contracts.scope import ALL, PlatformRef, ScopeKind, VendorRef

SHOP = VendorRef(1, "NEWSHOP", "New shop")
MARKET = PlatformRef(1, "market", "Market")


@dataclass(eq=False)
class Limited:
    """What the real source answers, with `only` some of the permissions (None: all that it gives)."""

    source: Any
    only: frozenset[str] | None = None

    def access(self, rights: Any, place: Place, every_permission: frozenset[str]) -> Access:
        access: Access = self.source.access(rights, place, every_permission)
        return access if self.only is None else replace(access, permissions=access.permissions & self.only)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.source, name)


class Everybody:
    """Whoever signs in may do everything at a vendor and in an installation that have no rows at all."""

    def rights(self, user_id: Any, place: Place) -> Any:
        return literal("{}")

    def vendor_id(self, place: Place) -> Any:
        return select(literal(SHOP.id)).scalar_subquery() if place.vendor_code else None

    def access(self, rights: Any, place: Place, every_permission: frozenset[str]) -> Access:
        doors = (Door("vendor", SHOP.code, SHOP.name), Door("admin", None, "Installation"))
        if place.vendor_code is None:
            return Access(ScopeKind.INSTALLATION, ALL, ALL, every_permission, None, None, (), doors)
        mine = frozenset({SHOP.id}), frozenset({MARKET.id})
        return Access(ScopeKind.VENDOR, *mine, every_permission, SHOP, None, (MARKET,), doors)

    def everything_at(self, place: Place) -> Access:
        return self.access(None, place, frozenset())

    def vendors_named(self, codes: Any) -> dict[str, int]:
        return {SHOP.code: SHOP.id} if SHOP.code in codes else {}

    def sellers(self) -> dict[str, frozenset[int]]:
        return {MARKET.code: frozenset({SHOP.id})}

    def grants(self, module: str) -> dict[str, list[str]]:
        return {}

    def set_grants(self, module: str, grants: Any) -> None: ...

    def people_with(self, permission: str) -> tuple[int, ...]:
        return ()

    def holders(self) -> tuple[Holders, ...]:
        return ()
