"""/admin/modules: every module and manifest, why it is as it is, and what is wrong."""

from typing import Any

from flask import Flask, current_app, g, request, url_for
from flask.typing import ResponseReturnValue

from orion.contracts.errors import NotFound
from orion.contracts.pages import PREFIXES, engine_page, render
from orion.contracts.permissions import MANAGE_MODULES, Place
from orion.contracts.scope import Scope
from orion.installation import Installation, at_vendor
from orion.manifest.model import PlatformManifest
from orion.product import described, overview, revision_pages, switch_pages
from orion.product.levels import at_the_top, codes_here, is_undecided, platform_here, platforms_here
from orion.product.why import decisions, verdict
from orion.product.writing import may_write
from orion.registry import Registry
from orion.web.labels import label


def init_app(app: Flask) -> None:
    """Register the pages."""
    reading: tuple[tuple[str, str, Any], ...] = (
        ("index", "/modules", index),
        ("module", "/modules/<code>", module),
        ("platform", "/manifests/platforms/<code>", platform_file),
        ("revisions", "/manifests/revisions", revision_pages.revisions),
        ("revision", "/manifests/revisions/<public_id>", revision_pages.revision),
    )
    changing: tuple[tuple[str, str, Any], ...] = (
        ("switch", "/modules/<code>/switch", switch_pages.switch),
        ("feature", "/modules/<code>/features/<name>/switch", switch_pages.feature),
        ("rollback", "/manifests/revisions/<public_id>/back", revision_pages.rollback),
    )
    for pages, methods in ((reading, ("GET",)), (changing, ("GET", "POST"))):
        for name, rule, view in pages:
            page = engine_page("admin", permission=MANAGE_MODULES, fresh="POST" in methods)(view)
            app.add_url_rule(PREFIXES["admin"] + rule, f"modules.{name}", page, methods=list(methods))
    app.jinja_env.globals["manifest_place"] = place_url


def here() -> Installation:
    """The installation of this request."""
    found: Installation = current_app.extensions["orion"]
    return found


def place_url(file: str, line: int = 0) -> str | None:
    """Where a line of a manifest is shown; None for other files."""
    platform, anchor = overview.platform_of(file), f"L{line}" if line else None
    if platform is not None:
        return url_for("modules.platform", code=platform, _anchor=anchor)
    name = file.rpartition("/")[2]
    if not name.endswith(".yaml"):
        return None
    return url_for("modules.module", code=name.removesuffix(".yaml"), _anchor=anchor)


def index(scope: Scope) -> ResponseReturnValue:
    """Every module with its state and the reason, and all that is wrong."""
    orion, registry, top = here(), _registry(), at_the_top(scope)
    codes = codes_here(scope)
    rows = overview.module_rows(orion, registry, [] if top else codes)
    return render(
        "product/modules.html",
        rows=[(row, _name(registry, row.code)) for row in rows],
        platforms=[(one, registry.platforms.get(one.code)) for one in platforms_here(scope)],
        findings=overview.findings(orion, registry, None if top else codes),
        top=top,
        safe=orion.settings.safe_mode,
        writable=may_write(orion.settings),
    )


def module(scope: Scope, code: str) -> ResponseReturnValue:
    """One module: what its manifest says, rendered and as text, and which level decided what."""
    orion, registry = here(), _registry()
    if code not in registry.states and code not in overview.unknown_packages(orion):
        raise NotFound()
    top, codes = at_the_top(scope), codes_here(scope)
    manifest = registry.manifests.get(code)
    levels = overview.at_levels(registry, code, codes, top) if code in registry.states else []
    return render(
        "product/module.html",
        row=overview.module_row(orion, registry, code, [] if top else codes, 0),
        name=_name(registry, code),
        manifest=manifest,
        description=label(manifest.description_key, manifest.description) if manifest else "",
        brings=described.parts(orion, manifest) if manifest else [],
        features=described.features(manifest, levels[0][1]) if manifest and levels else [],
        levels=levels,
        switch=None if manifest is None or manifest.core else _switch(scope, registry, code),
        undecided=is_undecided(scope),
        vendor=_at_vendor(scope, registry, code),
        **_text(orion, registry, code),
    )


def platform_file(scope: Scope, code: str) -> ResponseReturnValue:
    """A platform's file as text, with what is wrong beside the lines."""
    orion, registry = here(), _registry()
    if code not in codes_here(scope) and not (at_the_top(scope) and code in _files(registry)):
        raise NotFound()
    file = registry.platforms.get(code, PlatformManifest(code))
    return render("product/platform.html", platform=file, **_text(orion, registry, f"platforms/{code}"))


def _files(registry: Registry) -> set[str]:
    """Platforms that have a file, whether anybody knows them or not."""
    named = {overview.platform_of(found.file) for found in registry.diagnostics}
    return {*registry.platforms, *(code for code in named if code)}


def _registry() -> Registry:
    registry: Registry = g.registry
    return registry


def _name(registry: Registry, code: str) -> str:
    manifest = registry.manifests.get(code)
    return label(manifest.name_key, manifest.name) if manifest else code


def _switch(scope: Scope, registry: Registry, code: str) -> str | None:
    """Which way a module can be switched here: to `on` or `off`; None where it isn't clear where."""
    if is_undecided(scope):
        return None
    file = registry.platforms.get(platform_here(scope) or "")
    wanted = registry.manifests[code].enabled and (file is None or file.modules.get(code, True))
    return "off" if wanted else "on"


def _text(orion: Installation, registry: Registry, name: str) -> dict[str, Any]:
    """A file's lines with what is wrong in each."""
    lines, found = overview.text_of(orion, name), overview.of_file(registry, f"{name}.yaml")
    shown = [(number, line, found.get(number, [])) for number, line in enumerate(lines or [""], 1)]
    file = f"{orion.settings.manifests.name}/{name}.yaml"
    return {"file": file, "is_there": lines is not None, "lines": shown}


def _at_vendor(scope: Scope, registry: Registry, code: str) -> dict[str, Any] | None:
    """What counts at the vendor that `?vendor=` names, on those of its platforms that are seen here."""
    asked, orion = request.args.get("vendor", "").strip(), here()
    if not asked or orion.permission_source is None or code not in registry.states:
        return None
    if not asked.isprintable():
        raise NotFound()
    access = orion.permission_source.everything_at(Place("vendor", asked))
    if access.vendor is None or access.vendor.id not in scope.vendors:
        raise NotFound()
    codes = [one.code for one in access.platforms_here if one.id in scope.platforms]
    found = decisions(registry, code, codes, at_vendor(access.vendor))
    return {"ref": access.vendor, "decided": {name: verdict(all_) for name, all_ in found.items()}}
