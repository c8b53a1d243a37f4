"""What holds for every template, of the shell and of every module found."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask, render_template
from flask_babel import Babel, force_locale
from flask_wtf import CSRFProtect

from orion.contracts.money import Money
from orion.web import assets, charts, formats, forms, icons, styleguide

ROOT = Path(__file__).resolve().parents[2]
OURS = ROOT / "templates"
PAGES = sorted([*OURS.rglob("*.html"), *ROOT.glob("modules/*/templates/**/*.html")])
TEXTS = sorted([*PAGES, *OURS.rglob("*.txt")])


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


NOW = datetime(2026, 11, 23, 14, 5, tzinfo=UTC)


@pytest.fixture
def bare(tmp_path: Path) -> Flask:
    """An application without fetched front-end files, and with nothing but the shell's templates."""
    app = Flask("bare", root_path=str(ROOT), template_folder=str(OURS), static_folder=None)
    app.config["SECRET_KEY"] = "test"
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "extensions": ["jinja2.ext.do"]}
    Babel(app)
    CSRFProtect(app)
    assets.init_app(app, tmp_path)
    charts.init_app(app)
    forms.init_app(app)
    formats.init_app(app)
    icons.Icons(app, tmp_path / "vendor", [OURS])
    app.add_url_rule("/", "styleguide", lambda: render_template("styleguide.html", **styleguide.examples()))
    return app


@pytest.mark.parametrize("path", sorted(OURS.rglob("*.html")), ids=named)
def test_a_template_of_the_shell_compiles(bare: Flask, path: Path) -> None:
    bare.jinja_env.get_template(str(path.relative_to(OURS)))


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_template_has_no_inline_style_or_script(path: Path) -> None:
    text = path.read_text()
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:|hx-on|\bjs:", text)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", text))


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_htmx_attributes_stand_in_macros_alone(path: Path) -> None:
    outside = re.sub(r"{%-?\s*macro\b.*?endmacro", "", path.read_text(), flags=re.S)
    assert not re.search(r"\shx-[a-z]", outside)


@pytest.mark.parametrize("path", PAGES, ids=named)
def test_a_page_trusts_no_text(path: Path) -> None:
    assert "|safe" not in path.read_text().replace(" ", "")
    assert "autoescape" not in path.read_text()


@pytest.mark.parametrize("path", TEXTS, ids=named)
def test_translated_text_has_named_placeholders_only(path: Path) -> None:
    for text in re.findall(r"""\b(?:_|n?gettext|pgettext)\(\s*"((?:[^"\\]|\\.)*)\"""", path.read_text()):
        assert not re.search(r"%(?!\(\w+\)[sd]|%)|\{", text), text


def test_the_style_guide_shows_every_macro(bare: Flask) -> None:
    guide = "".join(path.read_text() for path in [OURS / "styleguide.html", *OURS.glob("styleguide/*.html")])
    offered = set(re.findall(r"{%-?\s*macro (\w+)", (OURS / "_ui.html").read_text()))
    of_a_form = {"field", "single", "choices", "field_errors", "error_summary", "csrf"}
    assert {name for name in offered if not re.search(rf"\b{name}\(", guide)} <= of_a_form


def test_pages_work_before_the_front_end_files_are_fetched(bare: Flask) -> None:
    page = bare.test_client().get("/")
    assert page.status_code == 200
    assert "/static/vendor/htmx.min.js" in page.text


def test_a_page_says_what_its_macros_are_given(bare: Flask) -> None:
    page = bare.test_client().get("/").text
    assert "Enter an address with an @ in it." in page
    assert 'aria-sort="descending"' in page
    assert "<polyline" in page


@pytest.mark.parametrize("code", [400, 403, 404, 409, 422, 429, 500, 503])
def test_an_error_reads_the_same_as_page_and_as_fragment(bare: Flask, code: int) -> None:
    with bare.test_request_context("/x"):
        page = bare.jinja_env.get_template("errors/page.html").render(code=code)
        fragment = bare.jinja_env.get_template("errors/_fragment.html").render(code=code)
    heading = re.search(r"<h2>(.+?)</h2>", fragment)
    assert heading and f"<h1>{heading[1]}</h1>" in page
    assert "<html" not in fragment


def test_an_error_never_shows_markup_of_its_message(bare: Flask) -> None:
    with bare.test_request_context("/x"):
        page = bare.jinja_env.get_template("errors/page.html").render(code=404, message="<b>x</b>")
    assert "&lt;b&gt;" in page


def test_a_space_stands_between_the_code_of_a_currency_and_its_number(bare: Flask) -> None:
    said = []
    for lang in ("en", "de", "fr"):
        with bare.test_request_context(), force_locale(lang):
            said.append(formats.money(Money(123450, "CHF")).replace("\u202f", " ").replace("\xa0", " "))
    assert said == ["CHF 1,234.50", "1.234,50 CHF", "1 234,50 CHF"]


def test_arabic_has_the_sign_of_money_before_it_and_a_word_for_bytes(bare: Flask) -> None:
    with bare.test_request_context(), force_locale("ar"):
        assert formats.money(Money(-750, "EUR")) == "\u200f\u200e-7.50\xa0€"
        assert formats.size(957) == "957 بايت"


@pytest.mark.parametrize(
    "lang, text",
    [("en", "3 hours ago"), ("fr", "il y a 3 heures"), ("de", "vor 3 Stunden"), ("ar", "قبل 3 ساعات")],
)
def test_a_moment_of_this_week_is_told_by_how_long_ago_it_was(bare: Flask, lang: str, text: str) -> None:
    with bare.test_request_context(), force_locale(lang):
        said = formats.lately(NOW - timedelta(hours=3), NOW)
        exact = formats.moment(NOW - timedelta(hours=3))
    assert said == f'<time datetime="2026-11-23T11:05:00+00:00" title="{exact}">{text}</time>'


def test_a_moment_before_is_told_by_its_date_and_one_of_now_is_past_too(bare: Flask) -> None:
    with bare.test_request_context():
        assert ">11/16/26, 2:05\u202fPM<" in formats.lately(NOW - timedelta(days=7), NOW)
        assert ">1 second ago<" in formats.lately(NOW, NOW)
        assert formats.lately(None) == ""


def test_weights_and_lists_are_written_as_the_language_writes_them(bare: Flask) -> None:
    said = {}
    for lang in ("en", "de", "ar"):
        with bare.test_request_context(), force_locale(lang):
            said[lang] = [formats.weight(850), formats.weight(1255), formats.joined("AB")]
    assert said == {
        "en": ["850 g", "1.255 kg", "A and B"],
        "de": ["850 g", "1,255 kg", "A und B"],
        "ar": ["850 غرام", "1.255 كغم", "A وB"],
    }
