"""Which text of each manifest is served: its own if it is good, else the last good one that is known."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask

from orion.contracts.pages import PageSpec
from orion.data.texts import Edit, last_good, remember
from orion.loader import LoadedModule
from orion.manifest.checks import ModuleFacts, PageFact, cross_check
from orion.manifest.diagnostics import Diagnostic
from orion.manifest.load import Reading, check_set, parse_module, parse_platform
from orion.manifest.model import Manifest, PlatformManifest

Manifests = dict[str, Manifest]


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts of manifests, held against the code of the modules that are there."""

    app: Flask
    modules: Mapping[str, LoadedModule]
    icons: frozenset[str] | None
    #: Texts that were found good, by code (`platforms/letz` for a platform's file).
    good: dict[str, bytes] = field(default_factory=dict)

    def served(self, reading: Reading) -> tuple[Manifests, list[str], list[Diagnostic]]:
        """(manifests to serve, codes whose last good text they are, all diagnostics).

        A broken file is replaced first, so that what leans on it is checked against what is served.
        """
        kept = {code: self._last_good(code) for code in sorted(set(reading.texts) - set(reading.manifests))}
        stale = {code: manifest for code, manifest in kept.items() if manifest is not None}
        manifests, older_files = {**reading.manifests, **stale}, {one.file for one in stale.values()}
        found = self._checked(manifests, reading)
        wrong = self._wrong(found)
        # What is wrong with an older text stands on lines that nobody sees: the file's own faults come first.
        found = [one for one in found if one.file not in older_files]
        for code in sorted(wrong & set(manifests)):
            older = None if code in stale else self._last_good(code)
            if older is not None and self._fits(older, manifests, reading):
                manifests[code] = stale[code] = older
            else:
                del manifests[code]
                stale.pop(code, None)
        good = {code: reading.texts[code] for code in manifests if code not in stale}
        self.good.update(good)
        return manifests, sorted(stale), sorted({*reading.diagnostics, *found})

    def platforms(self, reading: Reading) -> dict[str, PlatformManifest]:
        """Platform files, a broken one as it last was: what it switches off must not come on."""
        texts, good = reading.platform_texts, dict(reading.platforms)
        self.good.update({f"platforms/{code}": texts[code] for code in good})
        for code in sorted(set(texts) - set(good)):
            text = last_good(self.app, f"platforms/{code}")
            kept = parse_platform(text, f"platforms/{code}.yaml")[0] if text else None
            if kept is not None:
                good[code] = kept
        return good

    def keep(self) -> dict[str, Edit]:
        """Keep the good texts; gives those that are other ones than when anybody last read them."""
        return remember(self.app, self.good)

    def owner(self, diagnostic: Diagnostic) -> str | None:
        """The module that a diagnostic is about: of its manifest, or of a file in its folder."""
        file = Path(diagnostic.file)
        if file.suffix == ".yaml":
            return file.stem if file.parent.name != "platforms" else None
        inside = (code for code, m in self.modules.items() if file.absolute().is_relative_to(m.folder))
        return next(inside, None)

    def _wrong(self, diagnostics: Iterable[Diagnostic]) -> set[str]:
        """Codes of the modules in whose manifest or code there is an error."""
        owners = (self.owner(d) for d in diagnostics if d.severity == "error")
        return {code for code in owners if code}

    def _fits(self, manifest: Manifest, others: Manifests, reading: Reading) -> bool:
        """Whether an older manifest agrees with the code and the manifests of today."""
        return manifest.code not in self._wrong(self._checked({**others, manifest.code: manifest}, reading))

    def _last_good(self, code: str) -> Manifest | None:
        text = last_good(self.app, code)
        return parse_module(text, f"manifests/{code}.yaml")[0] if text else None

    def _checked(self, manifests: Manifests, reading: Reading) -> list[Diagnostic]:
        facts = {code: facts_of(module) for code, module in self.modules.items() if not module.error}
        return [*check_set(manifests, known=reading.texts), *cross_check(manifests, facts, self.icons)]


def facts_of(module: LoadedModule) -> ModuleFacts:
    """What cross-checks need to know of a module's code."""
    return ModuleFacts(
        code=module.code,
        pages=tuple(_page_fact(spec) for spec in module.pages),
        metric_functions=tuple(module.functions("metrics")),
        panel_functions=tuple(module.functions("panels")),
        listener_functions=tuple(module.functions("listeners")),
        undeclared=module.undeclared,
        import_error=module.error,
    )


def _page_fact(spec: PageSpec) -> PageFact:
    return PageFact(
        rule=spec.rule,
        methods=tuple(sorted(spec.methods)),
        endpoint=spec.endpoint,
        permission=spec.permission,
        public=spec.public,
        feature=spec.feature,
        frontend=spec.frontend,
        file=spec.file,
        line=spec.line,
    )
