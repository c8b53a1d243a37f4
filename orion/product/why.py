"""Which level decided that a module or a feature is on or off, and the line that says so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from orion.contracts.errors import NotFound
from orion.manifest.diagnostics import none_such
from orion.manifest.document import Document, Path
from orion.manifest.model import Feature, Manifest, PlatformManifest
from orion.manifest.saying import in_words
from orion.registry import AtVendor, Registry, State
from orion.web.formats import joined

INSTALLATION = "installation"


@dataclass(frozen=True, slots=True)
class Decision:
    """`name` (a module's code, or a feature's full id) is on or off, as `level` decided.

    `level` is "installation", "platform CODE" or "vendor CODE". `file` and `line`
    are "" and 0 where no file says so.
    """

    name: str
    on: bool
    level: str
    reason: str
    file: str = ""
    line: int = 0

    @property
    def place(self) -> str:
        """`manifests/orders.yaml:7`, or "" where no file says so."""
        return f"{self.file}:{self.line}" if self.file else ""


def decisions(
    registry: Registry, code: str, platforms: Sequence[str] = (), vendor: AtVendor | None = None
) -> dict[str, list[Decision]]:
    """Name → a decision for each platform (without any: the installation's), the module's name first; at a
    vendor, where one is given.

    Raises NotFound for a module that nobody knows.
    """
    if code not in registry.states:
        raise NotFound(none_such("module", code, registry.states))
    manifest = registry.manifests.get(code)
    files: list[PlatformManifest | None] = [
        registry.platforms.get(one, PlatformManifest(one)) for one in platforms
    ]
    files = files or [None]
    found = {code: [_module_at(registry, code, file, vendor) for file in files]}
    for feature in manifest.features if manifest else ():
        found[feature.full_id] = [_feature_at(registry, feature, file, vendor) for file in files]
    return found


def verdict(decided: Sequence[Decision]) -> Decision:
    """The decision that counts: on several platforms a thing is on where any of them has it on."""
    return next((one for one in decided if one.on), decided[0])


def _module_at(
    registry: Registry, code: str, file: PlatformManifest | None, vendor: AtVendor | None
) -> Decision:
    """What is left of a module at a vendor, which may switch off what the levels above have on."""
    above = _module(registry, code, file)
    if vendor is None or not above.on:
        return above
    for one in _with_needs(registry, code):
        if one in vendor.off and not registry.manifests[one].core:
            reason = _("its team has switched it off")
            if one != code:
                reason = _("it requires %(module)s, which its team has switched off", module=one)
            return Decision(code, False, f"vendor {vendor.code}", reason)
    return above


def _feature_at(
    registry: Registry, feature: Feature, file: PlatformManifest | None, vendor: AtVendor | None
) -> Decision:
    """The same for a feature, which may also be for some vendors alone."""
    above = _feature(registry, feature, file)
    if not above.on:
        return above
    if feature.vendors and (vendor is None or vendor.code not in feature.vendors):
        document = registry.manifests[feature.module].document
        reason = _("it is for %(vendors)s alone", vendors=joined(feature.vendors))
        said = ("features", feature.id, "vendors")
        return _said(feature.full_id, vendor is None, INSTALLATION, reason, document, said)
    if vendor is None:
        return above
    module = _module_at(registry, feature.module, file, vendor)
    if not module.on:
        return replace(module, name=feature.full_id, reason=_("%(module)s is off", module=feature.module))
    if feature.full_id in vendor.off:
        return Decision(feature.full_id, False, f"vendor {vendor.code}", _("its team has switched it off"))
    return above


def _module(registry: Registry, code: str, file: PlatformManifest | None) -> Decision:
    here = _installed(registry, code)
    if file is None or not here.on:
        return here
    off = next((one for one in _with_needs(registry, code) if _switched_off(registry, one, file)), None)
    if off is not None:
        reason = _("modules says %(line)s", line=f"{off}: false")
        if off != code:
            reason = _("it requires %(module)s, and %(reason)s", module=off, reason=reason)
        return _said(code, False, f"platform {file.code}", reason, file.document, ("modules", off))
    if code in file.modules and not registry.manifests[code].core:
        return _said(
            code,
            True,
            f"platform {file.code}",
            _("modules says %(line)s", line=f"{code}: true"),
            file.document,
            ("modules", code),
        )
    return here


def _installed(registry: Registry, code: str) -> Decision:
    manifest, state = registry.manifests.get(code), registry.states[code]
    if manifest is None:
        return Decision(code, False, INSTALLATION, in_words(state.reason))
    on = state.state is State.ON
    path, reason = _grounds(registry, manifest, on, in_words(state.reason))
    if code in registry.stale_manifests:
        reason = _("%(reason)s (the last good text; the file is broken)", reason=reason)
    return _said(code, on, INSTALLATION, reason, manifest.document, path)


def _grounds(registry: Registry, manifest: Manifest, on: bool, reason: str) -> tuple[Path, str]:
    """The path in its manifest that decided over a module, and in words."""
    if on and manifest.core:
        return ("core",), _("a core module is always on")
    if on:
        return ("enabled",), _("its manifest is there, and says nothing else")
    if not manifest.enabled:
        return ("enabled",), reason
    for i, need in enumerate(manifest.requires):
        if registry.state(need) != State.ON.value:
            beneath = _installed(registry, need) if need in registry.states else None
            because = f": {beneath.reason}, {beneath.place}" if beneath and beneath.place else ""
            return ("requires", i), reason + because
    return ("code",), reason


def _with_needs(registry: Registry, code: str) -> Iterator[str]:
    """A module, and all that it requires."""
    yield code
    for need in registry.manifests[code].requires:
        yield from _with_needs(registry, need)


def _switched_off(registry: Registry, code: str, file: PlatformManifest) -> bool:
    return not file.modules.get(code, True) and not registry.manifests[code].core


def _feature(registry: Registry, feature: Feature, file: PlatformManifest | None) -> Decision:
    module = _module(registry, feature.module, file)
    if not module.on:
        return replace(module, name=feature.full_id, reason=_("%(module)s is off", module=feature.module))
    if file is not None and feature.full_id in file.features:
        on = file.features[feature.full_id]
        reason = _("features says %(line)s", line=f"{feature.full_id}: {str(on).lower()}")
        said = ("features", feature.full_id)
        return _said(feature.full_id, on, f"platform {file.code}", reason, file.document, said)
    document = registry.manifests[feature.module].document
    path: Path = ("features", feature.id)
    reason = _("on by default")
    if (*path, "default") in document.keys:
        path = (*path, "default")
        reason = _("its default is %(value)s", value=str(feature.default).lower())
    return _said(feature.full_id, feature.default, INSTALLATION, reason, document, path)


def _said(name: str, on: bool, level: str, reason: str, document: Document, path: Path) -> Decision:
    """A decision with the line of a key or of a list's entry; of what isn't written, the line of `code`."""
    places = document.keys if path in document.keys else document.values
    place = places[path] if path in places else document.mark(("code",), key=True)
    return Decision(name, on, level, reason, document.file, place.line)
