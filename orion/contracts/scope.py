"""Who asks, where, and with what rights: the one argument that goes first everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final


class Everything:
    """The set that contains every id; `ALL` is its only instance."""

    def __contains__(self, _item: object) -> bool:
        return True

    def __repr__(self) -> str:
        return "ALL"

    def __reduce__(self) -> str:
        return "ALL"


ALL: Final = Everything()
Ids = frozenset[int] | Everything
NO_IDS: Final[frozenset[int]] = frozenset()


class ScopeKind(StrEnum):
    """The five kinds of scope, and `system` for the machine's own work (with a reason)."""

    NONE = "none"
    VENDOR = "vendor"
    VENDOR_ON_PLATFORM = "vendor_on_platform"
    PLATFORM = "platform"
    INSTALLATION = "installation"
    SYSTEM = "system"


#: The machine's own work that may see all rows. Each use is logged.
SYSTEM_REASONS: Final = frozenset(
    {
        "migrate",
        "seed",
        "sign_in",
        "verify_rollups",
        "verify_isolation",
        "bookkeeping",
        "command",
        "onboarding",
        "jobs",
    }
)


@dataclass(frozen=True, slots=True)
class VendorRef:
    """A vendor as the engine needs to know it: `id` is the row's key, `code` stands in URLs."""

    id: int
    code: str
    name: str
    currency: str = "EUR"
    zone: str = "UTC"
    locale: str = "en"
    #: What it translates its texts into: language tags.
    languages: tuple[str, ...] = ()
    status: str = "active"
    #: Why it is suspended.
    status_reason: str = ""


@dataclass(frozen=True, slots=True)
class PlatformRef:
    """A platform as the engine needs to know it; at a vendor, with how the vendor is on it."""

    id: int
    code: str
    name: str
    status: str = "active"
    #: Why the vendor is suspended there.
    status_reason: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows and rights of one question.

    `vendors` and `platforms` are sets of row ids, or ALL. `permissions` holds permission ids
    (`orders.view`), `features` the full ids of the features that are on here
    (`customers.customer_view`). `versions` maps a module to the data version that this question
    sees; it belongs to cache keys and not to equality. `acting` is why somebody of a platform acts here
    for a vendor, empty for everybody who belongs here. `suspended` are the platforms of these on which the
    vendor is suspended: what is of them may be read and not changed.
    """

    kind: ScopeKind = ScopeKind.NONE
    vendors: Ids = NO_IDS
    platforms: Ids = NO_IDS
    user_id: int | None = None
    permissions: frozenset[str] = frozenset()
    features: frozenset[str] = frozenset()
    locale: str = "en"
    zone: str = "UTC"
    currency: str = "EUR"
    vendor: VendorRef | None = None
    platform: PlatformRef | None = None
    reason: str | None = None
    acting: str = ""
    suspended: tuple[PlatformRef, ...] = ()
    versions: Mapping[str, int] = field(default_factory=dict, compare=False, hash=False, repr=False)

    def __post_init__(self) -> None:
        if self.kind is ScopeKind.SYSTEM and self.reason not in SYSTEM_REASONS:
            raise ValueError(f"system scope needs one of the known reasons, not {self.reason!r}")

    def allows(self, permission: str) -> bool:
        """Whether this person holds the permission here."""
        return permission in self.permissions

    def has(self, feature: str) -> bool:
        """Whether the feature (full id) is on here."""
        return feature in self.features

    @property
    def is_shut(self) -> bool:
        """Whether nothing here may be changed: the vendor is suspended, or is so on every platform here."""
        if self.vendor is not None and self.vendor.status != "active":
            return True
        return bool(self.suspended) and not self.for_changes().platforms

    def for_changes(self) -> "Scope":
        """The scope in which things are changed: without the platforms that have suspended the vendor."""
        if not self.suspended or isinstance(self.platforms, Everything):
            return self
        return replace(self, platforms=self.platforms - {platform.id for platform in self.suspended})

    def vendor_ids(self, on_platform_rows: bool) -> Ids:
        """The vendors whose rows may be seen.

        A platform reads all rows that were made on it, those of vendors that have left included;
        of rows that belong to a vendor alone it sees only today's vendors.
        """
        if self.kind is ScopeKind.PLATFORM and on_platform_rows:
            return ALL
        return self.vendors

    @property
    def key(self) -> tuple[object, ...]:
        """What tells two scopes' rows apart: the head of every cache key."""
        vendors = "*" if isinstance(self.vendors, Everything) else tuple(sorted(self.vendors))
        platforms = "*" if isinstance(self.platforms, Everything) else tuple(sorted(self.platforms))
        return (self.kind.value, vendors, platforms)


#: Nobody, nowhere: sees no rows.
NOBODY: Final = Scope()


def system_scope(reason: str) -> Scope:
    """A scope that sees all rows, for the machine's own work.

    Raises ValueError when the reason isn't one of SYSTEM_REASONS.
    """
    return Scope(kind=ScopeKind.SYSTEM, vendors=ALL, platforms=ALL, reason=reason)
