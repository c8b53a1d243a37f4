"""Who may import whom: read from the syntax tree, so that nothing needs to be imported to know."""

import ast
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from orion.manifest.checks import shown
from orion.manifest.diagnostics import ERROR, Diagnostic

_LOADERS = ("import_module", "__import__")


@dataclass(frozen=True, slots=True)
class _Import:
    """One imported name in full (`package.module.api`) and its place."""

    name: str
    line: int
    column: int


def check_imports(package_dir: Path, package: str, code: str, requires: Collection[str]) -> list[Diagnostic]:
    """What a module's files import and may not, sorted by place. `package_dir` is the folder of all modules.

    A module may import `orion.contracts`, itself, and the `api` of what it requires; its tests may
    import anything of the engine besides.
    """
    found: list[Diagnostic] = []
    for path in sorted((package_dir / code).rglob("*.py")):
        inside = path.relative_to(package_dir / code)
        rule = _Rule(package, code, frozenset(requires), is_test="tests" in inside.parts)
        name = (package, code, *inside.with_suffix("").parts)
        found += check_source(path.read_bytes(), shown(str(path)), name, rule)
    return sorted(found)


def check_engine(orion_dir: Path, package: str, codes: Collection[str]) -> list[Diagnostic]:
    """Where the engine imports a module or names one (`<package>.<code>`), comments and texts included."""
    found: list[Diagnostic] = []
    names = "|".join(re.escape(code) for code in sorted(codes))
    named = re.compile(rf"(?<![\w.]){re.escape(package)}\.({names})\b" if names else r"(?!)")
    for path in sorted(orion_dir.rglob("*.py")):
        text, file = path.read_bytes(), shown(str(path))
        parts = ("orion", *path.relative_to(orion_dir).with_suffix("").parts)
        found += check_source(text, file, parts, _EngineRule(package))
        found += _names(text.decode("utf-8", "replace"), file, named)
    return sorted(_once_a_line(found))


@dataclass(frozen=True, slots=True)
class _Rule:
    """What one file of a module may import."""

    package: str
    code: str
    requires: frozenset[str]
    is_test: bool = False

    def against(self, name: str) -> tuple[str, str, str] | None:
        """Code, message and hint of a forbidden import, None for an allowed one."""
        parts = name.split(".")
        if parts[0] == "orion":
            return self._engine(name, parts)
        if parts[0] != self.package or len(parts) < 2 or parts[1] == self.code:
            return None
        if parts[1] not in self.requires:
            hint = f'add {parts[1]} to "requires", or listen to its events'
            return "ORN341", f"{self.code} imports {name}, and does not require {parts[1]}", hint
        if len(parts) > 2 and parts[2] == "api":
            return None
        return "ORN342", f"{self.code} imports {name}", f"import only {self.package}.{parts[1]}.api"

    def _engine(self, name: str, parts: list[str]) -> tuple[str, str, str] | None:
        if self.is_test or (len(parts) > 1 and parts[1] == "contracts"):
            return None
        return "ORN340", f"{self.code} imports {name}", "a module may import orion.contracts alone"


@dataclass(frozen=True, slots=True)
class _EngineRule:
    """The engine imports no module."""

    package: str

    def against(self, name: str) -> tuple[str, str, str] | None:
        """As in `_Rule`."""
        if name.split(".")[0] != self.package:
            return None
        return "ORN344", f"the engine imports {name}", "modules are reached by the loader alone"


def check_source(
    text: bytes, file: str, module: tuple[str, ...], rule: _Rule | _EngineRule
) -> Iterator[Diagnostic]:
    """One file's imports against a rule. `module` is its dotted name in parts, `__init__` included."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError) as error:
        line, column = getattr(error, "lineno", None) or 1, getattr(error, "offset", None) or 1
        message = f"this is not Python: {getattr(error, 'msg', None) or error}"
        yield Diagnostic(file, line, column, "ORN343", ERROR, message)
        return
    lines = text.decode("utf-8", "replace").splitlines()
    for one in _imports(tree, module):
        wrong = rule.against(one.name)
        if wrong is not None:
            code, message, hint = wrong
            source = lines[one.line - 1] if one.line <= len(lines) else ""
            yield Diagnostic(file, one.line, one.column, code, ERROR, message, source, hint)


def _imports(tree: ast.AST, module: tuple[str, ...]) -> Iterator[_Import]:
    """Every import, those under TYPE_CHECKING and those by `import_module("…")` included."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield _Import(alias.name, node.lineno, node.col_offset + 1)
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, module)
            for alias in node.names:
                name = base if alias.name == "*" else f"{base}.{alias.name}"
                yield _Import(name, node.lineno, node.col_offset + 1)
        elif isinstance(node, ast.Call) and (loaded := _loaded(node)):
            yield _Import(loaded, node.lineno, node.col_offset + 1)


def _base(node: ast.ImportFrom, module: tuple[str, ...]) -> str:
    """The full name of what is imported from; a relative one starts at the file's own package."""
    if not node.level:
        return node.module or ""
    start = module[: max(0, len(module) - node.level)]
    return ".".join([*start, *([node.module] if node.module else [])])


def _loaded(node: ast.Call) -> str | None:
    """The constant name that `import_module` is called with."""
    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", None)
    first = node.args[0] if node.args else None
    if called in _LOADERS and isinstance(first, ast.Constant) and isinstance(first.value, str):
        return first.value
    return None


def _names(text: str, file: str, named: re.Pattern[str]) -> Iterator[Diagnostic]:
    for number, line in enumerate(text.splitlines(), start=1):
        for match in named.finditer(line):
            message = f"the engine names {match[0]}"
            column = match.start() + 1
            yield Diagnostic(file, number, column, "ORN344", ERROR, message, line, "it knows no module")


def _once_a_line(found: list[Diagnostic]) -> list[Diagnostic]:
    """An import also names what it imports: the first finding of a line says enough."""
    lines = {(one.file, one.line): one for one in reversed(sorted(found))}
    return list(lines.values())
