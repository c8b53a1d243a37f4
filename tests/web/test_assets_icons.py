"""Icons: one sprite of the names in use."""

import re
from pathlib import Path

import pytest
from flask import Flask

from orion.testing import need
from orion.web import assets, icons

ROOT = Path(__file__).resolve().parents[2]
BELL = (
    '<svg xmlns="http://www.w3.org/2000/svg" fill="none" viewBox="0 0 24 24" stroke-width="1.5" onload="x()">'
    '<path stroke-linecap="round" onclick="y()" d="M1 2Z"/><circle cx="3" cy="4" r="5" fill="red"/></svg>'
)


@pytest.fixture
def vendor(tmp_path: Path) -> Path:
    """A folder as set-up makes it, with two icons."""
    (tmp_path / "heroicons").mkdir()
    for name in ("bell", "user-group"):
        (tmp_path / "heroicons" / f"{name}.svg").write_text(BELL)
    return tmp_path


def test_the_sprite_holds_the_known_icons_that_are_named(vendor: Path) -> None:
    assert icons.sprite(["bell", "no-such-icon"], vendor).names == {"bell"}


def test_a_symbol_keeps_geometry_and_nothing_else(vendor: Path) -> None:
    assert icons.sprite(["bell"], vendor).text == (
        '<svg xmlns="http://www.w3.org/2000/svg"><symbol id="bell" viewBox="0 0 24 24">'
        '<path d="M1 2Z"/><circle cx="3" cy="4" r="5"/></symbol></svg>'
    )


def test_the_digest_follows_the_content(vendor: Path) -> None:
    both = icons.sprite(["bell", "user-group"], vendor)
    assert both.digest == icons.sprite(["user-group", "bell", "bell"], vendor).digest
    assert both.digest != icons.sprite(["bell"], vendor).digest


def test_templates_name_icons_by_macro_and_by_argument(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text(
        """{{ icon("bell") }}{{ icon('check') }}{{ empty(a, icon_name="inbox") }}"""
    )
    assert icons.names_in_templates([tmp_path]) == {"bell", "check", "inbox"}


def test_before_set_up_there_are_no_icons_and_nothing_breaks(tmp_path: Path) -> None:
    assert icons.available(tmp_path) == frozenset()
    assert icons.sprite(["bell"], tmp_path).names == frozenset()


def test_the_sprite_is_served_to_be_kept(vendor: Path) -> None:
    app = Flask(__name__, static_folder=None)
    assets.init_app(app, vendor)
    found = icons.Icons(app, vendor, [])
    found.use(["bell"])
    url, _mark, name = found.href("bell").partition("#")
    response = app.test_client().get(url)
    assert (name, response.mimetype) == ("bell", "image/svg+xml")
    assert response.headers["Cache-Control"] == assets.IMMUTABLE


def test_an_outdated_sprite_address_gives_the_current_one_unkept(vendor: Path) -> None:
    app = Flask(__name__, static_folder=None)
    assets.init_app(app, vendor)
    found = icons.Icons(app, vendor, [])
    before = found.href("bell").partition("#")[0]
    found.use(["bell"])
    response = app.test_client().get(before)
    assert 'id="bell"' in response.text
    assert response.headers["Cache-Control"] == "no-cache"


def test_every_icon_of_our_templates_exists() -> None:
    known = icons.available(ROOT / "static" / "vendor")
    need("the front-end files of `make setup`", bool(known))
    folders = [ROOT / "templates", *ROOT.glob("modules/*/templates")]
    assert icons.names_in_templates(folders) - known == set()


def test_every_icon_that_a_template_computes_is_named_somewhere() -> None:
    """A name in an expression, as in `icon(a if x else b)`, can't be found, so it is named in a comment."""
    known = icons.available(ROOT / "static" / "vendor")
    need("the front-end files of `make setup`", bool(known))
    named = icons.names_in_templates([ROOT / "templates"])
    for path in sorted((ROOT / "templates").rglob("*.html")):
        for expression in re.findall(r"set (?:picture|pictures|usual)\b(.*?)%}", path.read_text(), re.S):
            literal = set(re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)*)"', expression)) & known
            assert literal <= named, path.name
