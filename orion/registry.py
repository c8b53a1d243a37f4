"""Frozen answers about what is on. A request holds one registry; a change swaps it whole."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from orion.contracts.metrics import MetricsProviderProtocol
from orion.contracts.pages import PageSpec
from orion.contracts.permissions import ENGINE_PERMISSIONS
from orion.contracts.scope import Scope
from orion.manifest.diagnostics import Diagnostic
from orion.manifest.model import Feature, Manifest, MenuItem, MenuSection, Metric, Panel, PlatformManifest


class State(StrEnum):
    """What has become of a module: quarantined means that something is wrong with it."""

    ON = "on"
    OFF = "off"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class ModuleState:
    """A module's state and, where it isn't on, why: one sentence for those who run Orion."""

    code: str
    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AtVendor:
    """A vendor as the registry asks for it: its code, and what its team has switched off there, modules by
    code and features by full id."""

    code: str
    off: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A menu item that this person may follow."""

    item: MenuItem
    spec: PageSpec


@dataclass(frozen=True)
class Registry:
    """What is on, and what that means for menus, tiles, panels and pages.

    `version` changes with every manifest, platform file and state; it belongs to cache keys.
    """

    version: str
    states: Mapping[str, ModuleState]
    manifests: Mapping[str, Manifest]
    platforms: Mapping[str, PlatformManifest] = field(default_factory=dict)
    pages: Mapping[str, PageSpec] = field(default_factory=dict)
    providers: Mapping[str, MetricsProviderProtocol] = field(default_factory=dict)
    panel_functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    listener_functions: Mapping[tuple[str, str], Callable[..., Any]] = field(default_factory=dict)
    diagnostics: tuple[Diagnostic, ...] = ()
    stale_manifests: tuple[str, ...] = ()

    # -- what is on ---------------------------------------------------------------------------

    def state(self, module: str) -> str:
        """`on`, `off` or `quarantined`; a module that nobody knows is off."""
        known = self.states.get(module)
        return known.state.value if known else State.OFF.value

    def reason(self, module: str) -> str:
        """Why a module isn't on."""
        known = self.states.get(module)
        return known.reason if known else ""

    @cached_property
    def on(self) -> tuple[str, ...]:
        """Codes of the modules that are on in this installation."""
        return tuple(code for code, known in self.states.items() if known.state is State.ON)

    @cached_property
    def permissions(self) -> frozenset[str]:
        """Every permission of the engine and of the modules that are on, or would be if nothing were wrong.

        A quarantined module keeps its people, so that its tiles can tell them what has happened.
        """
        wanted = [m for code, m in self.manifests.items() if self.state(code) != State.OFF.value]
        return ENGINE_PERMISSIONS.union(p.id for manifest in wanted for p in manifest.permissions)

    def features(
        self, platforms: Iterable[str] | None = None, vendor: AtVendor | None = None
    ) -> frozenset[str]:
        """Full ids of what is on, module codes among them, for a vendor or person on these platforms.

        On several platforms a thing is on where any of them has it on. A platform may switch off
        what the installation has on, and never the other way round, except for a feature whose
        default is off. A vendor may switch off what is left. Without a `vendor` it is what any of them
        may have: who looks at many sees what one of them has.
        """
        codes = tuple(sorted(platforms)) if platforms is not None else ()
        if not codes:
            return self._on_at(None, vendor)
        return frozenset().union(*(self._on_at(code, vendor) for code in codes))

    def _on_at(self, platform: str | None, vendor: AtVendor | None) -> frozenset[str]:
        file = self.platforms.get(platform) if platform else None
        off = {code for code, wanted in file.modules.items() if not wanted} if file else set()
        off |= vendor.off if vendor else set()
        found = set()
        for code in self.on:
            if (code in off and not self.manifests[code].core) or self._requires_any(code, off):
                continue
            found.add(code)
            for feature in self.manifests[code].features:
                full = feature.full_id
                on = file.features.get(full, feature.default) if file else feature.default
                if on and full not in off and _may_have(feature, vendor):
                    found.add(full)
        return frozenset(found)

    def _requires_any(self, code: str, off: set[str]) -> bool:
        return any(
            (need in off and not self.manifests[need].core) or self._requires_any(need, off)
            for need in self.manifests[code].requires
        )

    # -- the gate -----------------------------------------------------------------------------

    def available(self, scope: Scope, spec: PageSpec) -> bool:
        """Whether the page exists here at all: its module and its feature are on."""
        return (spec.module is None or scope.has(spec.module)) and (
            not spec.feature or scope.has(spec.feature)
        )

    def allowed(self, scope: Scope, spec: PageSpec) -> bool:
        """Whether this person may see the page: the one gate for pages and menus."""
        return self.available(scope, spec) and (spec.permission is None or scope.allows(spec.permission))

    def allows(self, scope: Scope, metric: Metric) -> bool:
        """Whether this person may see the metric."""
        return scope.has(metric.module) and self._may(scope, metric)

    def _may(self, scope: Scope, part: Metric | Panel) -> bool:
        feature = part.feature
        full = feature if not feature or "." in feature else f"{part.module}.{feature}"
        return (not full or scope.has(full)) and (not part.permission or scope.allows(part.permission))

    # -- what is shown ------------------------------------------------------------------------

    def menu(self, scope: Scope, frontend: str) -> list[tuple[MenuSection, list[MenuEntry]]]:
        """Sections with the items that this person may follow, in order; empty ones are left out."""
        menu = []
        for section in self._sections(frontend):
            entries = [e for e in self._entries(section, frontend) if self.allowed(scope, e.spec)]
            if entries:
                menu.append((section, entries))
        return menu

    def _sections(self, frontend: str) -> list[MenuSection]:
        """Each section as its owner describes it (the part that joins it has no label)."""
        found: dict[str, MenuSection] = {}
        for code in self.on:
            for section in self.manifests[code].menus.get(frontend, ()):
                if section.label or section.id not in found:
                    found[section.id] = section
        described = [section for section in found.values() if section.label]
        return sorted(described, key=lambda s: (s.order, s.id))

    def _entries(self, section: MenuSection, frontend: str) -> list[MenuEntry]:
        entries = []
        for code in self.on:
            for part in self.manifests[code].menus.get(frontend, ()):
                if part.id == section.id:
                    entries += [MenuEntry(i, s) for i in part.items if (s := self.page_behind(i.route))]
        return sorted(entries, key=lambda e: (e.item.order, e.item.id))

    def page_behind(self, route: str) -> PageSpec | None:
        """The page of a manifest's route (`/vendor/{vendor_code}/customers`)."""
        return self._by_shape.get(shape(route))

    @cached_property
    def _by_shape(self) -> dict[str, PageSpec]:
        return {shape(spec.rule): spec for spec in self.pages.values() if "GET" in spec.methods}

    def tiles(self, scope: Scope, frontend: str) -> tuple[Metric, ...]:
        """The metrics that this person sees on a dashboard, in order. Computes none."""
        mine = [m for m in self._metrics.values() if frontend in m.frontends and self.allows(scope, m)]
        return tuple(sorted(mine, key=lambda m: (m.order, m.query)))

    def metric(self, query: str) -> Metric | None:
        """A metric of a module that is on, by its name (`orders.revenue`)."""
        return self._metrics.get(query)

    @cached_property
    def _metrics(self) -> dict[str, Metric]:
        return {m.query: m for code in self.on for m in self.manifests[code].metrics}

    def provider(self, module: str) -> MetricsProviderProtocol | None:
        """Who answers a module's metrics."""
        return self.providers.get(module)

    def panels(self, scope: Scope, slot: str) -> list[tuple[Panel, Callable[..., Any]]]:
        """The panels that modules put on a slot, in order, with the function behind each."""
        found = [
            (panel, self.panel_functions[panel.id])
            for code in self.on
            for panel in self.manifests[code].panels
            if panel.slot == slot and scope.has(code) and self._may(scope, panel)
        ]
        return sorted(found, key=lambda pair: (pair[0].order, pair[0].id))

    def listeners(self, scope: Scope, event: str) -> list[tuple[str, Callable[..., Any]]]:
        """The functions of modules that are on for the scope and listen to an event."""
        return [
            (code, self.listener_functions[code, listen.function])
            for code in self.on
            for listen in self.manifests[code].listens
            if listen.event == event and (scope.has(code) or not scope.features)
        ]


def _may_have(feature: Feature, vendor: AtVendor | None) -> bool:
    """Whether a feature is for this vendor, or for any where none is asked about."""
    return not feature.vendors or vendor is None or vendor.code in feature.vendors


def shape(route: str) -> str:
    """A route without the names of its variables: `/vendor/*/customers`."""
    return re.sub(r"<[^>]*>|\{[^}]*\}", "*", route.partition("?")[0]).rstrip("/")
