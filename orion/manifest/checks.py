"""Manifests against the code of their modules, and the code against its manifest."""

import linecache
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from orion.manifest.diagnostics import ERROR, Diagnostic, did_you_mean, shortened
from orion.manifest.document import Path as At
from orion.manifest.model import Manifest, MenuItem, MenuSection, Metric
from orion.manifest.saying import sentence


@dataclass(frozen=True, slots=True)
class PageFact:
    """A page as the code has it: `rule` is Flask's, permission and feature are full ids."""

    rule: str
    methods: tuple[str, ...] = ("GET",)
    endpoint: str = ""
    permission: str | None = None
    public: bool = False
    feature: str | None = None
    frontend: str | None = None
    file: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class ModuleFacts:
    """What a module's code has. `undeclared` are rules without a policy; `import_error` is one line."""

    code: str
    pages: tuple[PageFact, ...] = ()
    metric_functions: tuple[str, ...] = ()
    panel_functions: tuple[str, ...] = ()
    listener_functions: tuple[str, ...] = ()
    undeclared: tuple[str, ...] = ()
    import_error: str | None = None


def cross_check(
    manifests: Mapping[str, Manifest], facts: Mapping[str, ModuleFacts], icons: Collection[str] | None
) -> list[Diagnostic]:
    """Where manifests and code disagree, sorted by place.

    Modules without facts are passed over. `icons` are the names of all icons, None where that is not known.
    """
    pages = [page for fact in facts.values() for page in fact.pages]
    found: list[Diagnostic] = []
    for code, manifest in manifests.items():
        if icons is not None:
            found += _icons(manifest, icons)
        if code not in facts:
            continue
        fact = facts[code]
        if fact.import_error:
            message = sentence(
                "%(module)s can't be imported: %(error)s", module=code, error=fact.import_error
            )
            found.append(_at(manifest, ("code",), "ORN335", message))
            continue
        found += [*_functions(manifest, fact), *_routes(manifest, pages), *_pages(manifest, fact, manifests)]
    return sorted(found)


def shape(route: str) -> str:
    """A route without its query and the names of its variables: `/vendor/*/customers`."""
    return re.sub(r"<[^>]*>|\{[^}]*\}", "*", route.partition("?")[0]).rstrip("/")


def as_route(rule: str) -> str:
    """Flask's rule as manifests write it: `{vendor_code}` for `<vendor_code>`."""
    return re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule)


def shown(file: str) -> str:
    """A file as people name it: from the working directory if it lies there."""
    path, here = Path(file), Path.cwd()
    return path.relative_to(here).as_posix() if path.is_absolute() and path.is_relative_to(here) else file


def _at(
    manifest: Manifest, path: At, code: str, message: str, hint: str = "", *, key: bool = False
) -> Diagnostic:
    return manifest.document.diagnostic(path, code, message, hint=hint, key=key)


# -- functions ------------------------------------------------------------------------------------


def _functions(manifest: Manifest, fact: ModuleFacts) -> Iterator[Diagnostic]:
    metrics = {metric.name: metric for metric in manifest.metrics if metric.module == manifest.code}
    for name, metric in metrics.items():
        path = (*metric.path, "query")
        yield from _missing(manifest, path, "ORN320", "metrics", name, fact.metric_functions)
    for name in fact.metric_functions:
        if name not in metrics:
            message = sentence(
                "the function %(name)s of %(file)s is no metric",
                name=shortened(name),
                file=f"{manifest.code}/metrics.py",
            )
            hint = did_you_mean(name, metrics) or sentence("declare it, or begin its name with _")
            yield _at(manifest, ("metrics",), "ORN321", message, hint, key=True)
    for panel in manifest.panels:
        path = (*panel.path, "panel")
        yield from _missing(manifest, path, "ORN322", "panels", panel.name, fact.panel_functions)
    for listen in manifest.listens:
        yield from _missing(
            manifest, listen.path, "ORN323", "listeners", listen.function, fact.listener_functions
        )


def _missing(
    manifest: Manifest, path: At, code: str, part: str, name: str, there: Collection[str]
) -> Iterator[Diagnostic]:
    if name not in there:
        message = sentence(
            "%(file)s has no function %(name)s", file=f"{manifest.code}/{part}.py", name=shortened(name)
        )
        yield _at(manifest, path, code, message, did_you_mean(name, there))


# -- routes ---------------------------------------------------------------------------------------


def _routes(manifest: Manifest, pages: Collection[PageFact]) -> Iterator[Diagnostic]:
    by_shape = {shape(page.rule): page for page in pages if "GET" in page.methods}
    for path, frontend, route in _named_routes(manifest):
        page = by_shape.get(shape(route))
        if page is None:
            hint = did_you_mean(route, (as_route(page.rule) for page in by_shape.values()), cutoff=0.85)
            yield _at(
                manifest, path, "ORN330", sentence("no page answers %(route)s", route=shortened(route)), hint
            )
        elif page.frontend not in (None, frontend):
            message = sentence(
                "%(route)s is a page of the frontend %(frontend)s",
                route=shortened(route),
                frontend=page.frontend,
            )
            yield _at(manifest, path, "ORN337", message)


def _named_routes(manifest: Manifest) -> Iterator[tuple[At, str, str]]:
    for frontend, sections in manifest.menus.items():
        for item in (item for section in sections for item in section.items):
            yield (*item.path, "route"), frontend, item.route
    for metric in manifest.metrics:
        for frontend, route in metric.links.items():
            yield (*metric.path, "links", frontend), frontend, route


# -- pages ----------------------------------------------------------------------------------------


def _pages(manifest: Manifest, fact: ModuleFacts, manifests: Mapping[str, Manifest]) -> Iterator[Diagnostic]:
    for rule in fact.undeclared:
        yield _at(manifest, ("code",), "ORN331", _unstated(rule))
    near = [manifest, *(manifests[code] for code in manifest.requires if code in manifests)]
    unread = {code for code in manifest.requires if code not in manifests}
    permissions = {one.id for other in near for one in other.permissions}
    features = {one.full_id for other in near for one in other.features}
    for page in fact.pages:
        if not page.public and page.permission is None:
            yield _on_page(page, manifest, "ORN331", _unstated(page.rule))
        if page.permission and page.permission not in permissions and _module(page.permission) not in unread:
            message = sentence(
                "the page's permission %(name)s is not declared", name=shortened(page.permission)
            )
            yield _on_page(page, manifest, "ORN332", message, did_you_mean(page.permission, permissions))
        if page.feature and page.feature not in features and _module(page.feature) not in unread:
            message = sentence("the page's feature %(name)s is not declared", name=shortened(page.feature))
            yield _on_page(page, manifest, "ORN333", message, did_you_mean(page.feature, features))


def _unstated(rule: str) -> str:
    page = shortened(rule)
    return sentence("the page %(page)s states neither a permission nor that it is public", page=page)


def _module(name: str) -> str:
    return name.partition(".")[0]


def _on_page(page: PageFact, manifest: Manifest, code: str, message: str, hint: str = "") -> Diagnostic:
    if not page.file:
        return _at(manifest, ("code",), code, message, hint)
    source = linecache.getline(page.file, page.line).rstrip("\n")
    column = len(source) - len(source.lstrip()) + 1
    return Diagnostic(shown(page.file), page.line, column, code, ERROR, message, source, hint)


# -- icons ----------------------------------------------------------------------------------------


def _icons(manifest: Manifest, icons: Collection[str]) -> Iterator[Diagnostic]:
    sections = [section for sections in manifest.menus.values() for section in sections]
    items = [item for section in sections for item in section.items]
    parts: list[MenuSection | MenuItem | Metric] = [*sections, *items, *manifest.metrics]
    for part in parts:
        if part.icon and part.icon not in icons:
            message = sentence("there is no icon %(name)s", name=shortened(part.icon))
            yield _at(manifest, (*part.path, "icon"), "ORN334", message, did_you_mean(part.icon, icons))
