"""Vendors as far as an edit may mean something else for each: those that features name, and those that have
switched something off."""

from collections.abc import Iterable

from orion.contracts.permissions import PermissionSource
from orion.data.choices import every_off
from orion.manifest.meaning import named_vendors
from orion.registry import AtVendor, Registry


class Vendors:
    """Who of the vendors is special, by row id. All others are alike: a vendor whose code is "" and that has
    switched nothing off."""

    def __init__(self, source: PermissionSource | None, registries: Iterable[Registry]) -> None:
        self.named = sorted(frozenset().union(*(named_vendors(one.manifests) for one in registries)))
        known = source.vendors_named(self.named) if source and self.named else {}
        self._codes = {id_: code for code, id_ in known.items()}
        self._off = every_off() if source else {}

    def at(self, vendor_id: int) -> AtVendor:
        """A vendor as registries ask for it."""
        return AtVendor(self._codes.get(vendor_id, ""), self._off.get(vendor_id, frozenset()))

    def kinds(self) -> list[AtVendor]:
        """A vendor for each code that is named, and one for all others; none where no code is named."""
        return [AtVendor(code) for code in ("", *self.named)] if self.named else []
