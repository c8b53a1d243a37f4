"""What manifests and platform files say of each other."""

import re
from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

import orion
from orion.manifest.alone import check_alone
from orion.manifest.diagnostics import WARNING, Diagnostic, did_you_mean, shortened
from orion.manifest.model import Manifest, PlatformManifest
from orion.manifest.saying import sentence
from orion.manifest.texts import texts_of


def check_set(
    manifests: Mapping[str, Manifest], known: Collection[str] = (), orion_version: str | None = None
) -> list[Diagnostic]:
    """What is wrong with manifests that are valid one by one, sorted by place.

    `known` are codes of modules that have a manifest which can't be read now: to require one is no mistake.
    """
    found: list[Diagnostic] = []
    for manifest in manifests.values():
        found += check_alone(manifest)
        found += _requirements(manifest, {*manifests, *known})
        found += _versions(manifest, orion_version)
    return sorted([*found, *_circles(manifests), *_shared_sections(manifests)])


def check_platforms(
    platforms: Mapping[str, PlatformManifest], manifests: Mapping[str, Manifest], known: Collection[str] = ()
) -> list[Diagnostic]:
    """Warnings for what platform files name and nobody has. `known` as in `check_set`."""
    codes = {*manifests, *known}
    features = {f.full_id for manifest in manifests.values() for f in manifest.features}
    labels = {text.context for manifest in manifests.values() for text in texts_of(manifest)}
    found: list[Diagnostic] = []
    for platform in platforms.values():
        unread = codes - set(manifests)
        found += _absent(platform, "modules", "ORN313", codes, frozenset())
        found += _absent(platform, "features", "ORN314", features, unread)
        found += _absent(platform, "labels", "ORN315", labels, unread)
        found += _core_off(platform, manifests)
    return sorted(found)


def check_vendors(manifests: Mapping[str, Manifest], there: Collection[str]) -> list[Diagnostic]:
    """Warnings for vendors that features name and nobody knows; `there` are the codes that exist."""
    return sorted(
        manifest.document.diagnostic(
            ("features", feature.id, "vendors", i),
            "ORN319",
            sentence("there is no vendor %(name)s: this is ignored", name=shortened(code)),
            severity=WARNING,
        )
        for manifest in manifests.values()
        for feature in manifest.features
        for i, code in enumerate(feature.vendors)
        if code not in there
    )


def named_vendors(manifests: Mapping[str, Manifest]) -> frozenset[str]:
    """The codes of all vendors that features name."""
    return frozenset(code for m in manifests.values() for feature in m.features for code in feature.vendors)


def _absent(
    platform: PlatformManifest,
    part: str,
    code: str,
    there: Collection[str],
    unread: Collection[str],
) -> Iterator[Diagnostic]:
    for name in getattr(platform, part):
        if name not in there and name.partition(".")[0] not in unread:
            messages = {
                "modules": sentence("there is no module %(name)s: this is ignored", name=shortened(name)),
                "features": sentence("there is no feature %(name)s: this is ignored", name=shortened(name)),
                "labels": sentence("there is no label %(name)s: this is ignored", name=shortened(name)),
            }
            hint = did_you_mean(name, there)
            yield platform.document.diagnostic(
                (part, name), code, messages[part], key=True, hint=hint, severity=WARNING
            )


def _core_off(platform: PlatformManifest, manifests: Mapping[str, Manifest]) -> Iterator[Diagnostic]:
    for code, wanted in platform.modules.items():
        if not wanted and code in manifests and manifests[code].core:
            message = sentence("%(module)s is a core module and stays on", module=shortened(code))
            yield platform.document.diagnostic(("modules", code), "ORN316", message, severity=WARNING)


def _requirements(manifest: Manifest, there: Collection[str]) -> Iterator[Diagnostic]:
    for i, code in enumerate(manifest.requires):
        if code and code not in there:
            message = sentence(
                "%(module)s requires %(other)s, which has no manifest",
                module=manifest.code,
                other=shortened(code),
            )
            yield manifest.document.diagnostic(
                ("requires", i), "ORN302", message, hint=did_you_mean(code, there)
            )


def _circles(manifests: Mapping[str, Manifest]) -> Iterator[Diagnostic]:
    """One finding at each module of a circle. Circles that share no module are all found."""
    graph = {code: set(m.requires) & set(manifests) for code, m in manifests.items()}
    while True:
        try:
            TopologicalSorter(graph).prepare()
            return
        except CycleError as error:
            circle = error.args[1]
        for needed, code in pairwise(circle):
            requires = manifests[code].requires
            message = sentence(
                "modules require each other in a circle: %(circle)s", circle=" → ".join(reversed(circle))
            )
            yield manifests[code].document.diagnostic(("requires", requires.index(needed)), "ORN303", message)
        graph = {code: needs - set(circle) for code, needs in graph.items() if code not in circle}


def _shared_sections(manifests: Mapping[str, Manifest]) -> Iterator[Diagnostic]:
    """Sections that two modules describe, and joined ones that nobody does."""
    for frontend in sorted({f for manifest in manifests.values() for f in manifest.menus}):
        owners: dict[str, str] = {}
        parts = [(m, s) for m in manifests.values() for s in m.menus.get(frontend, ())]
        for manifest, section in parts:
            if not section.joins and owners.setdefault(section.id, manifest.code) != manifest.code:
                message = sentence(
                    "the section %(section)s is described by %(module)s already",
                    section=shortened(section.id),
                    module=owners[section.id],
                )
                hint = sentence("join it with id and items alone")
                yield manifest.document.diagnostic((*section.path, "id"), "ORN305", message, hint=hint)
        for manifest, section in parts:
            if section.joins and section.id not in owners:
                message = sentence(
                    "no module describes the section %(section)s: its items are not shown",
                    section=shortened(section.id),
                )
                hint = did_you_mean(section.id, owners)
                place = (*section.path, "id")
                yield manifest.document.diagnostic(place, "ORN311", message, hint=hint, severity=WARNING)


def _versions(manifest: Manifest, version: str | None) -> Iterator[Diagnostic]:
    version = version or getattr(orion, "__version__", None)
    if manifest.requires_orion and version and not fits(version, manifest.requires_orion):
        message = sentence(
            "%(module)s needs Orion %(wanted)s, and this is %(version)s",
            module=manifest.code,
            wanted=manifest.requires_orion,
            version=version,
        )
        yield manifest.document.diagnostic(("requires_orion",), "ORN312", message)


def fits(version: str, wanted: str) -> bool:
    """Whether a version lies in `>=0.1, <2`. Missing numbers are 0."""
    mine = _numbers(version)
    for condition in wanted.split(","):
        bound = _numbers(condition)
        if not (mine >= bound if condition.strip().startswith(">=") else mine < bound):
            return False
    return True


def _numbers(version: str) -> tuple[int, ...]:
    found = [int(number) for number in re.findall(r"\d+", version)[:3]]
    return tuple(found + [0] * (3 - len(found)))
