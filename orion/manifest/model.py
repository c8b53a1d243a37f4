"""What a valid manifest says, frozen. Every part remembers where it stands in its file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from orion.manifest.document import Document, Path

#: The document of a manifest that was not read from a file.
_UNREAD = Document("", (), {})


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A part of a manifest: its path inside the document, and the 1-based place of its first character."""

    line: int = 0
    column: int = 0
    path: Path = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Feature(Placed):
    """A flag of a module. `id` is its own (`customer_view`), `full_id` names it everywhere else.

    `vendors` are the codes of those that may have it; empty: all.
    """

    id: str
    description: str
    default: bool = True
    vendors: tuple[str, ...] = ()
    module: str = ""

    @property
    def full_id(self) -> str:
        """`customers.customer_view`"""
        return f"{self.module}.{self.id}"

    @property
    def label_key(self) -> str:
        """The context of its description in catalogs."""
        return f"{self.module}.features.{self.id}"


@dataclass(frozen=True, slots=True)
class Permission(Placed):
    """Something that a role may allow."""

    id: str
    label_key: str
    label: str
    description_key: str = ""
    description: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class MenuItem(Placed):
    """A link in a menu; permission and feature are those of the page behind `route`."""

    id: str
    label_key: str
    label: str
    icon: str | None
    route: str
    order: int = 100


@dataclass(frozen=True, slots=True)
class MenuSection(Placed):
    """A section of a menu. Without a label it joins the one of that id, which another module describes."""

    id: str
    label_key: str = ""
    label: str = ""
    icon: str | None = None
    order: int = 100
    items: tuple[MenuItem, ...] = ()

    @property
    def joins(self) -> bool:
        """Whether this only adds items to a section that is described elsewhere."""
        return not self.label


@dataclass(frozen=True, slots=True)
class Metric(Placed):
    """A figure. `links` gives a route for each frontend, `filter` the URL parameters of the rows it counts.

    `fresh_for` is in seconds, None where the data version alone decides.
    """

    query: str
    label_key: str = ""
    label: str = ""
    frontends: tuple[str, ...] = ()
    permission: str | None = None
    feature: str | None = None
    kind: str = "count"
    period: bool = False
    cost: str = "fast"
    icon: str | None = None
    order: int = 100
    fresh_for: int | None = None
    links: Mapping[str, str] = field(default_factory=_nothing, hash=False)
    filter: Mapping[str, str] = field(default_factory=_nothing, hash=False)
    total_of: str | None = None

    @property
    def module(self) -> str:
        """The code of the module that answers it."""
        return self.query.partition(".")[0]

    @property
    def name(self) -> str:
        """The function in the module's metrics.py."""
        return self.query.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Panel(Placed):
    """A fragment (`orders.history`) that its module puts on a slot of another module's page."""

    id: str
    slot: str
    label_key: str = ""
    label: str = ""
    permission: str | None = None
    feature: str | None = None
    order: int = 100

    @property
    def module(self) -> str:
        """The code of the module that draws it."""
        return self.id.partition(".")[0]

    @property
    def name(self) -> str:
        """The function in the module's panels.py."""
        return self.id.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Listen(Placed):
    """A function in the module's listeners.py that hears an event of another module."""

    event: str
    function: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """One module's manifest. `digest` is the SHA-256 of its text in hexadecimal."""

    code: str
    name: str
    description: str
    version: str
    core: bool = False
    enabled: bool = True
    requires: tuple[str, ...] = ()
    requires_orion: str | None = None
    features: tuple[Feature, ...] = ()
    permissions: tuple[Permission, ...] = ()
    menus: Mapping[str, tuple[MenuSection, ...]] = field(default_factory=_nothing, hash=False)
    metrics: tuple[Metric, ...] = ()
    panels: tuple[Panel, ...] = ()
    listens: tuple[Listen, ...] = ()
    personal: Mapping[str, tuple[str, ...]] = field(default_factory=_nothing, hash=False)
    file: str = ""
    digest: str = ""
    document: Document = field(default=_UNREAD, repr=False, compare=False)

    @property
    def name_key(self) -> str:
        """The context of the module's name in catalogs."""
        return f"{self.code}.module.name"

    @property
    def description_key(self) -> str:
        """The context of the module's description in catalogs."""
        return f"{self.code}.module.description"

    def category_key(self, category: str) -> str:
        """The context of a category of permissions in catalogs."""
        return f"{self.code}.category.{category}"


@dataclass(frozen=True, slots=True)
class PlatformManifest:
    """What differs on one platform. `features` are by full id, `labels` by label key and then locale.

    `hue` is a colour angle in steps of 10, None for Orion's own.
    """

    code: str
    modules: Mapping[str, bool] = field(default_factory=_nothing, hash=False)
    features: Mapping[str, bool] = field(default_factory=_nothing, hash=False)
    hue: int | None = None
    locales: tuple[str, ...] = ()
    labels: Mapping[str, Mapping[str, str]] = field(default_factory=_nothing, hash=False)
    file: str = ""
    digest: str = ""
    document: Document = field(default=_UNREAD, repr=False, compare=False)
