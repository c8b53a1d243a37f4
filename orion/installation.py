"""One running Orion: its modules, and the registry that is swapped whole when a file changes."""

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from orion.contracts.audit import AuditKeeper
from orion.contracts.errors import Conflict, NotFound
from orion.contracts.permissions import Access, PermissionSource, Place
from orion.contracts.scope import ALL, PlatformRef, Scope, ScopeKind, VendorRef
from orion.data.choices import read_off
from orion.data.histories import ENGINE
from orion.data.migrate import behind
from orion.loader import in_one_line, load_modules
from orion.manifest.diagnostics import Diagnostic, said_at
from orion.manifest.load import Reading, read_folder
from orion.manifest.meaning import check_vendors, named_vendors
from orion.manifest.model import Manifest, PlatformManifest
from orion.manifest.saying import sentence
from orion.metrics.provider import ModuleProvider
from orion.product.changes import note_by_hand
from orion.registry import AtVendor, ModuleState, Registry, State
from orion.served import Texts
from orion.settings import Settings

log = logging.getLogger("orion")


class Installation:
    """What `app.extensions["orion"]` holds. `registry` is read once a request and never changed in place."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app = app
        self.settings = settings
        #: When this process read the modules' Python files, in seconds since 1970.
        self.started = time.time()
        self.modules = load_modules(settings)
        self.icons: frozenset[str] | None = None
        self.registry = Registry(version="", states={}, manifests={})
        self.pages = {spec.endpoint: spec for module in self.modules.values() for spec in module.pages}
        self._behind: frozenset[str] = frozenset()
        self._seen: tuple[object, ...] | None = None
        self._refreshing = threading.Lock()
        self._texts: Mapping[str, bytes] = {}

    @property
    def behind(self) -> frozenset[str]:
        """Codes of modules whose tables are behind their migrations."""
        return self._behind

    @property
    def permission_source(self) -> PermissionSource | None:
        """Whoever keeps memberships, of the modules that are on."""
        sources = (self.modules[code].permission_source for code in self.registry.on if code in self.modules)
        return next((source for source in sources if source is not None), None)

    @property
    def audit_keeper(self) -> AuditKeeper | None:
        """Whoever keeps the audit log, of the modules that are on."""
        keepers = (self.modules[code].audit_keeper for code in self.registry.on if code in self.modules)
        return next((keeper for keeper in keepers if keeper is not None), None)

    def refresh(self) -> bool:
        """Read the manifests again if a file has changed, or migrations were behind. True when swapped."""
        with self._refreshing:
            return self._refresh()

    def _refresh(self) -> bool:
        seen = self.stamps()
        if seen == self._seen and not self._waits_for_tables:
            return False
        was_behind = self._behind
        self._behind = behind(self.app, self.modules)
        if seen == self._seen and self._behind == was_behind:
            return False
        self._seen = seen
        texts = Texts(self.app, self.modules, self.icons)
        self.registry = self._build(read_folder(self.settings.manifests), texts)
        self._texts = texts.good
        edits = texts.keep()
        if edits:
            note_by_hand(self.app, edits)
        log.info("registry swapped", extra={"version": self.registry.version, "on": self.registry.on})
        return True

    @property
    def _waits_for_tables(self) -> bool:
        """Whether something would be on if its tables were there: what is off waits for none."""
        quarantined = State.QUARANTINED.value
        return any(code == ENGINE or self.registry.state(code) == quarantined for code in self._behind)

    def fail(self, code: str, error: BaseException) -> None:
        """Quarantine a module that can't be taken on by the application, and what requires it."""
        self.modules[code] = replace(self.modules[code], failed=in_one_line(error))
        self._seen = None
        self.refresh()

    def would_be(self, reading: Reading) -> Registry:
        """The registry that these files would give. Nothing is kept, and nothing is swapped."""
        return self._build(reading, Texts(self.app, self.modules, self.icons))

    def stamps(self) -> tuple[object, ...]:
        """What tells that a file of the manifests folder has changed, come or gone."""
        return tuple(_stamp(file) for file in sorted(self.settings.manifests.glob("**/*.yaml")))

    def is_known(self, stamps: tuple[object, ...]) -> bool:
        """Whether the files with these stamps are what was read last."""
        return stamps == self._seen

    def is_cut_off(self) -> bool:
        """Whether a file is only the beginning of what was read last: somebody may still be saving it."""
        for name, known in self._texts.items():
            try:
                now = (self.settings.manifests / f"{name}.yaml").read_bytes().rstrip()
            except OSError:
                continue
            if len(now) < len(known.rstrip()) and known.startswith(now):
                return True
        return False

    # -- building -----------------------------------------------------------------------------

    def _build(self, reading: Reading, texts: Texts) -> Registry:
        manifests, stale, diagnostics = texts.served(reading)
        diagnostics += self._vendors(manifests)
        platforms = texts.platforms(reading)
        states = self._states(manifests, reading, texts, diagnostics)
        on = [code for code in states if states[code].state is State.ON]
        served = {code: manifests[code] for code in _in_order(manifests)}
        states = {code: states[code] for code in (*served, *(c for c in states if c not in served))}
        return Registry(
            version=_digest(served, states, platforms),
            states=states,
            manifests=served,
            platforms=platforms,
            pages={spec.endpoint: spec for code in on for spec in self.modules[code].pages},
            providers={code: ModuleProvider(code, self.modules[code].parts.get("metrics")) for code in on},
            panel_functions=self._named(on, "panels"),
            listener_functions={
                (code, name): function
                for code in on
                for name, function in self.modules[code].functions("listeners").items()
            },
            diagnostics=tuple(diagnostics),
            stale_manifests=tuple(stale),
        )

    def _vendors(self, manifests: Mapping[str, Manifest]) -> list[Diagnostic]:
        """Vendors that features name and nobody knows."""
        named = named_vendors(manifests)
        there = self.known_vendors(named) if named else None
        return check_vendors(manifests, there) if there is not None else []

    def known_vendors(self, codes: Collection[str]) -> Collection[str] | None:
        """Those of some codes that are a vendor's; None where nobody can tell now."""
        sources = (module.permission_source for module in self.modules.values())
        source = next((one for one in sources if one is not None), None)
        try:
            with self.app.app_context():
                return source.vendors_named(codes) if source else None
        except SQLAlchemyError:  # There is no database or no table yet.
            return None

    def _named(self, on: list[str], part: str) -> dict[str, Callable[..., Any]]:
        return {
            f"{code}.{name}": function
            for code in on
            for name, function in self.modules[code].functions(part).items()
        }

    def _states(
        self,
        manifests: Mapping[str, Manifest],
        reading: Reading,
        texts: Texts,
        diagnostics: list[Diagnostic],
    ) -> dict[str, ModuleState]:
        states: dict[str, ModuleState] = {}
        for code in _in_order(manifests):
            states[code] = self._state(manifests[code], states)
        for code in sorted(set(reading.texts) - set(manifests)):
            first = next((d for d in diagnostics if texts.owner(d) == code), None)
            reason = said_at(first) if first else sentence("no valid manifest")
            states[code] = ModuleState(code, State.QUARANTINED, reason)
        for code in sorted(set(self.modules) - set(states)):
            states[code] = ModuleState(
                code, State.OFF, sentence("there is no %(file)s", file=f"manifests/{code}.yaml")
            )
        return states

    def _state(self, manifest: Manifest, known: Mapping[str, ModuleState]) -> ModuleState:
        code, module = manifest.code, self.modules.get(manifest.code)
        if module is None:
            return ModuleState(code, State.QUARANTINED, self._unknown(code))
        if module.error:
            return ModuleState(
                code, State.QUARANTINED, sentence("cannot be imported: %(error)s", error=module.error)
            )
        if module.failed:
            return ModuleState(
                code,
                State.QUARANTINED,
                sentence("what it does at the start fails: %(error)s", error=module.failed),
            )
        if module.undeclared:
            return ModuleState(
                code,
                State.QUARANTINED,
                sentence("states no permission for %(page)s", page=module.undeclared[0]),
            )
        if self.settings.safe_mode and not manifest.core:
            return ModuleState(
                code, State.OFF, sentence("this is safe mode (ORION_SAFE_MODE): core modules alone")
            )
        if not manifest.enabled and not manifest.core:
            return ModuleState(code, State.OFF, sentence("its manifest says enabled: false"))
        if code in self._behind:
            return ModuleState(
                code, State.QUARANTINED, sentence("its tables are behind its migrations: orion db upgrade")
            )
        for need in manifest.requires:
            state = known.get(need)
            if state is None or state.state is not State.ON:
                worse = State.QUARANTINED if state is None or state.state is State.QUARANTINED else State.OFF
                return ModuleState(code, worse, _requires(need, state))
        return ModuleState(code, State.ON)

    def _unknown(self, code: str) -> str:
        """Why there is no Python to a manifest: none at all, or none when this process began."""
        package = self.settings.root / self.settings.modules_package / code
        if package.is_dir():
            return sentence("its Python is newer than this process: restart it")
        return sentence("there is no folder %(folder)s", folder=f"modules/{code}")

    # -- scopes -------------------------------------------------------------------------------

    def command_scope(self, vendor: str | None = None, platform: str | None = None) -> Scope:
        """The scope of a command: every right at a place, or over the installation.

        Raises NotFound for an unknown vendor or platform, and Conflict while whoever knows them is off.
        """
        source = self.permission_source
        place = Place("vendor" if vendor else "admin", vendor, platform)
        if vendor is None and platform is None:
            return self.installation_scope()
        if source is None:
            raise Conflict(_("Nothing that knows vendors is on. `orion modules list` says why."))
        try:
            access = source.everything_at(place)
        except NotFound as error:
            where = " ".join(code for code in (vendor, platform) if code)
            raise NotFound(
                error.message or _("There is no such vendor or platform: %(code)s", code=where)
            ) from None
        return self.scope_of(access, user_id=None, permissions=self.registry.permissions)

    def installation_scope(self) -> Scope:
        """All rows and all rights."""
        return Scope(
            kind=ScopeKind.INSTALLATION,
            vendors=ALL,
            platforms=ALL,
            permissions=self.registry.permissions,
            features=self.registry.features(),
            zone=self.settings.default_zone,
        )

    def visitor_scope(
        self, vendor: str | None, platform: str | None, *, locale: str, registry: Registry
    ) -> Scope:
        """The scope of anybody in a vendor's shop: that vendor's rows and no permission.

        Raises NotFound for a vendor that doesn't exist or isn't active, and for a platform on which it isn't.
        """
        source = self.permission_source
        access = source.everything_at(Place("shop", vendor, platform)) if source and vendor else None
        if access is None or access.vendor is None or access.vendor.status != "active":
            raise NotFound()
        nothing: frozenset[str] = frozenset()
        return self.scope_of(access, user_id=None, permissions=nothing, locale=locale, registry=registry)

    def scope_of(
        self,
        access: Access,
        *,
        user_id: int | None,
        permissions: frozenset[str] | None = None,
        locale: str = "en",
        versions: Mapping[str, int] | None = None,
        off: frozenset[str] | None = None,
        registry: Registry | None = None,
    ) -> Scope:
        """The scope that an access gives, with the features that are on there. `off` is what the vendor has
        switched off, which is read where it isn't given."""
        codes = [p.code for p in ([access.platform] if access.platform else access.platforms_here)]
        if access.kind is ScopeKind.INSTALLATION:
            codes = []
        return Scope(
            kind=access.kind,
            vendors=access.vendors,
            platforms=access.platforms,
            user_id=user_id,
            permissions=access.permissions if permissions is None else permissions,
            features=(registry or self.registry).features(codes or None, at_vendor(access.vendor, off)),
            locale=locale,
            zone=access.zone or self.settings.default_zone,
            currency=access.currency,
            vendor=access.vendor,
            platform=access.platform,
            acting=access.acting,
            suspended=_suspended(access),
            versions=versions or {},
        )


def _requires(need: str, state: ModuleState | None) -> str:
    """Why a module that requires another one is as that is."""
    if state is None:
        return sentence("it requires %(module)s, which is absent", module=need)
    if state.state is State.QUARANTINED:
        return sentence("it requires %(module)s, which is quarantined", module=need)
    return sentence("it requires %(module)s, which is off", module=need)


def at_vendor(vendor: VendorRef | None, off: frozenset[str] | None = None) -> AtVendor | None:
    """A vendor as the registry asks for it; without `off`, with what it has switched off by now."""
    if vendor is None:
        return None
    return AtVendor(vendor.code, read_off(vendor.id) if off is None else off)


def _stamp(file: Path) -> tuple[object, ...]:
    """What tells that a file has changed, gone, or become something that can't be read."""
    try:
        found = file.stat()
    except OSError:
        return (str(file),)
    return (str(file), found.st_mtime_ns, found.st_size, found.st_ino)


def _in_order(manifests: Mapping[str, Manifest]) -> list[str]:
    """Codes so that each module comes after what it requires; alphabetical otherwise."""
    graph = {code: sorted(set(m.requires) & set(manifests)) for code, m in sorted(manifests.items())}
    try:
        return list(TopologicalSorter(graph).static_order())
    except CycleError:
        return sorted(manifests)


def _digest(
    manifests: Mapping[str, Manifest],
    states: Mapping[str, ModuleState],
    platforms: Mapping[str, PlatformManifest],
) -> str:
    known = [(code, m.digest) for code, m in manifests.items()]
    known += [(code, str(state)) for code, state in states.items()]
    known += [(code, repr(platform)) for code, platform in sorted(platforms.items())]
    return hashlib.sha256(repr(known).encode()).hexdigest()[:12]


def _suspended(access: Access) -> tuple[PlatformRef, ...]:
    here = () if access.vendor is None else access.platforms_here
    return tuple(p for p in here if p.status == "suspended" and p.id in access.platforms)
