"""Source files of every module and of the engine: templates, texts, names."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from orion.checking import check_installation
from orion.loader import package_folder
from orion.settings import ROOT, Settings

pytestmark = pytest.mark.only_on("sqlite")
#: What marks a text for translation → which of its arguments are texts.
TEXTS = dict.fromkeys(("_", "_l", "gettext", "lazy_gettext"), slice(0, 1))
TEXTS |= dict.fromkeys(("pgettext", "lazy_pgettext"), slice(1, 2))
TEXTS |= dict.fromkeys(("ngettext", "lazy_ngettext"), slice(0, 2))
TEXTS |= {"npgettext": slice(1, 3)}
#: Libraries that few pages need, and that cost much time or memory: they are imported where they are used.
DEAR = ("alembic", "dns", "flask_migrate", "markdown_it", "PIL", "python_calamine", "qrcode", "xlsxwriter")
AT_THE_START = re.compile(rf"^(?:import|from) (?:{'|'.join(DEAR)})\b.*", re.M)
PLACEHOLDER = re.compile(r"%(?!\(\w+\)s|%)")
FOLDERS = [ROOT / "orion", *(folder for folder in [package_folder(Settings())] if folder)]
SOURCES = [file for folder in FOLDERS for file in sorted(folder.rglob("*.py")) if "tests" not in file.parts]


def test_every_template_compiles(app: Flask) -> None:
    names = app.jinja_env.list_templates(extensions=["html", "txt"])
    assert len(names) > 30
    for name in names:
        app.jinja_env.get_template(name)


def test_texts_in_templates_have_named_placeholders(app: Flask) -> None:
    texts = [text for name in app.jinja_env.list_templates() for text in _in_template(app, name)]
    assert len(texts) > 50
    assert [text for text in texts if PLACEHOLDER.search(text)] == []


def _in_template(app: Flask, name: str) -> Iterator[str]:
    source = app.jinja_env.loader.get_source(app.jinja_env, name)[0]  # type: ignore[union-attr]
    for _line, _function, message in app.jinja_env.extract_translations(source):
        yield from (part for part in (message if isinstance(message, tuple) else (message,)) if part)


def test_texts_in_code_are_written_out_with_named_placeholders() -> None:
    wrong, found = [], 0
    for file in SOURCES:
        for line, text in _in_code(file):
            found += 1
            if text is None or PLACEHOLDER.search(text):
                wrong.append(f"{file.relative_to(ROOT)}:{line}: {text}")
    assert found > 100
    assert wrong == []


def _in_code(file: Path) -> Iterator[tuple[int, str | None]]:
    """Line and text of what is marked for translation; None where an f-string or a sum stands."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
            for argument in node.args[TEXTS.get(name, slice(0))]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.lineno, argument.value
                elif isinstance(argument, ast.JoinedStr | ast.BinOp):
                    yield argument.lineno, None


def test_what_few_pages_need_is_not_imported_when_a_worker_starts() -> None:
    files = [file for file in SOURCES if "migrations" not in file.parts]
    found = [(file, AT_THE_START.findall(file.read_text(encoding="utf-8"))) for file in files]
    assert [f"{file.relative_to(ROOT)}: {lines[0]}" for file, lines in found if lines] == []


def test_a_package_of_a_module_is_a_docstring(code: str) -> None:
    folder = package_folder(Settings())
    assert folder is not None
    for file in (folder / "__init__.py", folder / code / "__init__.py"):
        body = ast.parse(file.read_text(encoding="utf-8")).body
        assert len(body) == 1 and isinstance(body[0], ast.Expr), file
        assert isinstance(body[0].value, ast.Constant) and isinstance(body[0].value.value, str), file


def test_orion_check_finds_nothing_here_but_a_feature_that_is_still_to_come() -> None:
    found = [(one.code, one.source.strip().partition(":")[0]) for one in check_installation(Settings())]
    assert found == [("ORN318", "customer_authentication")]


def test_what_all_modules_share_names_none(code: str) -> None:
    shared = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").glob("orion.*")]
    named = re.compile(rf"(?<![\w.-]){re.escape(code)}[./_]")
    assert len(shared) > 20
    assert [str(f) for f in shared if named.search(f.read_text(encoding="utf-8"))] == []


def test_what_is_installed_by_all_names_no_module(code: str) -> None:
    for name in ("pyproject.toml", "Makefile"):
        assert not re.search(rf"\b{re.escape(code)}\b", (ROOT / name).read_text(encoding="utf-8")), name
