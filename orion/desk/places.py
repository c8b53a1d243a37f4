"""Places: where somebody's things are kept, as the wall knows it."""

from dataclasses import dataclass

from orion.contracts.scope import Everything, Scope


@dataclass(frozen=True, slots=True)
class Spot:
    """The owner of rows that are kept at a place, and the place as text."""

    vendor_id: int | None = None
    platform_id: int | None = None

    @property
    def text(self) -> str:
        """`vendor/7`, `platform/2`, or `installation`."""
        if self.vendor_id is not None:
            return f"vendor/{self.vendor_id}"
        return "installation" if self.platform_id is None else f"platform/{self.platform_id}"

    @property
    def owner(self) -> dict[str, int | None]:
        """The columns that say whose rows they are."""
        return {"vendor_id": self.vendor_id, "platform_id": self.platform_id}


def spot_of(scope: Scope) -> Spot | None:
    """Where things of this scope are kept: with the vendor, with the platform that is looked at, or with the
    installation. Who runs several platforms and looks at all has them with the first. None for nobody."""
    if scope.vendor is not None:
        return Spot(vendor_id=scope.vendor.id)
    if scope.platform is not None:
        return Spot(platform_id=scope.platform.id)
    if isinstance(scope.platforms, Everything):
        return Spot()
    return Spot(platform_id=min(scope.platforms)) if scope.platforms else None
