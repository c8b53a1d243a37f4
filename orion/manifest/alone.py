"""What one manifest says of itself, beyond its schema."""

from collections.abc import Iterator

from orion.manifest.diagnostics import ERROR, WARNING, Diagnostic, did_you_mean, shortened
from orion.manifest.document import Path
from orion.manifest.model import Manifest, MenuSection, Metric, Panel, Permission
from orion.manifest.saying import sentence

#: Kinds whose value is the total of a list's column.
_SUMMED = ("money", "quantity", "bytes")


def check_alone(manifest: Manifest) -> list[Diagnostic]:
    """Label keys, ids, and what is named and not declared."""
    return _Checks(manifest).run()


class _Checks:
    """What one manifest says of itself."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self.prefix = f"{manifest.code}."
        self.permissions = [one.id for one in manifest.permissions]
        self.features = [one.id for one in manifest.features]
        self.found: list[Diagnostic] = []

    def run(self) -> list[Diagnostic]:
        manifest = self.manifest
        if manifest.core and not manifest.enabled:
            self._add(("enabled",), "ORN316", sentence("a core module stays on"), severity=WARNING)
        self._label_keys()
        self._unique("permissions", "id", [one.id for one in manifest.permissions])
        self._unique("metrics", "query", [one.query for one in manifest.metrics])
        self._unique("panels", "panel", [one.id for one in manifest.panels])
        for frontend, sections in manifest.menus.items():
            self._menu(frontend, sections)
        for metric in manifest.metrics:
            self._metric(metric)
        for panel in manifest.panels:
            self._gate(panel)
        self._personal()
        return self.found

    def _add(
        self, path: Path, code: str, message: str, hint: str = "", *, key: bool = False, severity: str = ERROR
    ) -> None:
        document = self.manifest.document
        self.found.append(document.diagnostic(path, code, message, key=key, hint=hint, severity=severity))

    def _label_keys(self) -> None:
        for path, key in _keys_of(self.manifest):
            if not key.startswith(self.prefix):
                self._add(path, "ORN304", self._not_begun(key))

    def _not_begun(self, name: str) -> str:
        begin = shortened(self.prefix)
        return sentence("%(name)s does not begin with %(begin)s", name=shortened(name), begin=begin)

    def _unique(self, part: str, key: str, ids: list[str]) -> None:
        for i, one in enumerate(ids):
            if not one.startswith(self.prefix):
                self._add((part, i, key), "ORN306", self._not_begun(one))
            if one in ids[:i]:
                self._twice((part, i, key), one, (part, ids.index(one), key))

    def _twice(self, path: Path, name: str, first: Path) -> None:
        line = self.manifest.document.mark(first).line
        self._add(
            path,
            "ORN305",
            sentence("%(name)s is used twice", name=shortened(name)),
            hint=sentence("first on line %(line)s", line=line),
        )

    def _menu(self, frontend: str, sections: tuple[MenuSection, ...]) -> None:
        seen: dict[str, Path] = {}
        for section in sections:
            first = seen.setdefault(section.id, section.path)
            if first != section.path:
                self._twice((*section.path, "id"), section.id, (*first, "id"))
            items: dict[str, Path] = {}
            for item in section.items:
                first = items.setdefault(item.id, item.path)
                if first != item.path:
                    self._twice((*item.path, "id"), item.id, (*first, "id"))

    def _metric(self, metric: Metric) -> None:
        self._gate(metric)
        for frontend in metric.links:
            if frontend not in metric.frontends:
                message = sentence(
                    "the metric is not shown on the frontend %(frontend)s", frontend=shortened(frontend)
                )
                self._add(
                    (*metric.path, "links", frontend),
                    "ORN309",
                    message,
                    sentence('add it to "frontends"'),
                    key=True,
                )
        if metric.total_of and metric.kind not in _SUMMED:
            message = sentence("a metric of kind %(kind)s has no total", kind=metric.kind)
            self._add(
                (*metric.path, "total_of"),
                "ORN310",
                message,
                sentence("only %(kinds)s have one", kinds=", ".join(_SUMMED)),
            )

    def _gate(self, part: Metric | Panel) -> None:
        """The permission and feature that a part names."""
        for key, code, declared in (
            ("permission", "ORN307", self.permissions),
            ("feature", "ORN308", self.features),
        ):
            name = getattr(part, key)
            if name and name not in declared:
                messages = {
                    "permission": sentence(
                        "the module declares no permission %(name)s", name=shortened(name)
                    ),
                    "feature": sentence("the module declares no feature %(name)s", name=shortened(name)),
                }
                self._add((*part.path, key), code, messages[key], did_you_mean(name, declared))

    def _personal(self) -> None:
        prefix = f"{self.manifest.code}_"
        for table in self.manifest.personal:
            if not table.startswith(prefix):
                message = sentence("%(table)s is no table of this module", table=shortened(table))
                self._add(
                    ("personal", table),
                    "ORN317",
                    message,
                    sentence("its tables begin with %(begin)s", begin=prefix),
                    key=True,
                )


def _keys_of(manifest: Manifest) -> Iterator[tuple[Path, str]]:
    """Every label key that can be written, with its path."""
    parts: list[Permission | Metric | Panel] = [*manifest.permissions, *manifest.metrics, *manifest.panels]
    for part in parts:
        yield (*part.path, "label_key"), part.label_key
    for permission in manifest.permissions:
        yield (*permission.path, "description_key"), permission.description_key
    for section in (s for sections in manifest.menus.values() for s in sections):
        if section.label_key:
            yield (*section.path, "label_key"), section.label_key
        for item in section.items:
            yield (*item.path, "label_key"), item.label_key
