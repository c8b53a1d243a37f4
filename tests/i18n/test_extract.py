"""Every word that a person reads is in a template, with its place, its context and its comments."""

import re
import tomllib
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract

from orion.contracts.errors import Invalid
from orion.i18n.extract import ENGINE, Template, module_sources, modules_on, templates, write_templates
from orion.i18n.po import Entry
from orion.manifest.load import read_folder
from orion.settings import ROOT, Settings
from orion.testing import minimal_manifest

MANIFEST = minimal_manifest(
    "shop",
    """\
    features:
      sale: Reduced prices
      fitting:
        # TRANSLATORS: A small room, with a mirror.
        description: Fitting room   # max:20
        default: false
    permissions:
      - id: shop.view
        label: View the shop
    menus:
      vendor:
        - id: goods
          label: Goods
          items:
            - id: shelves
              # Nobody's business.
              label: Shelves
              route: /vendor/{vendor_code}/shelves
    """,
)
PYTHON = """\
from flask_babel import gettext as _, lazy_gettext as _l, ngettext, pgettext

# TRANSLATORS: Said at the till.
GREETING = _l("Good day")
# max: 12
BYE = _("See you")


def said(n):
    return ngettext("%(num)d guest", "%(num)d guests", n), pgettext("of a door", "Open"), _(
        "Come %(when)s", when=_("tomorrow")
    )
"""
PAGE = """\
{# TRANSLATORS: A button. #}
<button title="{{ _("Ring the bell") }}">{{ _("Ring") }}</button>
{% trans %}Out of order{% endtrans %}
{% do say(_("Good day")) %}
"""


@pytest.fixture
def template(tmp_path: Path) -> Template:
    files = {
        "manifests/shop.yaml": MANIFEST,
        "modules/shop/things.py": PYTHON,
        "modules/shop/templates/shop/page.html": PAGE,
        "modules/shop/templates/mail/hello.txt": "{{ _('Welcome to us') }}\n",
        "modules/shop/tests/test_it.py": '_("Never seen")\n',
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return Template(
        "shop", module_sources(tmp_path, tmp_path / "modules/shop", tmp_path / "manifests/shop.yaml")
    )


def entry(template: Template, text: str, context: str | None = None) -> Entry:
    return template.entries[context, text]


def test_a_label_has_its_key_as_context_given_or_derived(template: Template) -> None:
    contexts = {context for context, _text in template.entries if context and context.startswith("shop.")}

    assert contexts == {
        "shop.module.name",
        "shop.module.description",
        "shop.features.sale",
        "shop.features.fitting",
        "shop.permissions.view",
        "shop.category.shop",
        "shop.menu.goods_section",
        "shop.menu.shelves",
    }


def test_comments_and_limits_beside_a_label_reach_the_translator(template: Template) -> None:
    fitting = entry(template, "Fitting room", "shop.features.fitting")

    assert fitting.extracted == ["TRANSLATORS: A small room, with a mirror.", "max:20"]
    assert entry(template, "Shelves", "shop.menu.shelves").extracted == []


def test_a_label_stands_at_its_own_line(template: Template) -> None:
    (place,) = entry(template, "Shelves", "shop.menu.shelves").places

    file, _, line = place.partition(":")
    assert file == "manifests/shop.yaml"
    assert MANIFEST.splitlines()[int(line) - 1].strip() == "label: Shelves"


def test_python_and_pages_and_mails_give_messages_with_places(template: Template) -> None:
    assert entry(template, "Good day").places == [
        "modules/shop/templates/shop/page.html:4",
        "modules/shop/things.py:4",
    ]
    assert entry(template, "Out of order").places == ["modules/shop/templates/shop/page.html:3"]
    assert entry(template, "Welcome to us").places == ["modules/shop/templates/mail/hello.txt:1"]
    assert entry(template, "tomorrow") and entry(template, "Come %(when)s").flags == ["python-format"]
    assert entry(template, "Open", "of a door")
    assert (None, "Never seen") not in template.entries


def test_plurals_and_comments_in_code_are_kept(template: Template) -> None:
    guests = entry(template, "%(num)d guest")

    assert guests.plural is not None and guests.plural.text == "%(num)d guests"
    assert entry(template, "Good day").extracted == ["TRANSLATORS: Said at the till."]
    assert entry(template, "See you").extracted == ["max:12"]


def test_a_module_does_not_repeat_what_the_engine_says(template: Template, tmp_path: Path) -> None:
    (tmp_path / "modules/shop/more.py").write_text('_("Never mind")\n')
    sources = module_sources(tmp_path, tmp_path / "modules/shop", tmp_path / "manifests/shop.yaml")

    assert list(Template("shop", sources, without=template).entries) == [(None, "Never mind")]


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("modules/shop/broken.py", 'ok = 1\nx = """\n', "modules/shop/broken.py:"),
        ("modules/shop/templates/a.html", "<p>\n{% if %}", "modules/shop/templates/a.html:2: "),
    ],
)
def test_what_cannot_be_parsed_is_named_with_its_line(
    tmp_path: Path, name: str, text: str, place: str
) -> None:
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).write_text(text)
    (tmp_path / "shop.yaml").write_text(MANIFEST)
    with pytest.raises(Invalid, match=re.escape(place)):
        list(module_sources(tmp_path, tmp_path / "modules/shop", tmp_path / "shop.yaml"))


def test_the_extractor_is_there_for_other_peoples_builds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    file = BytesIO(MANIFEST.encode())
    file.name = "manifests/shop.yaml"

    found = extract(project["entry-points"]["babel.extractors"]["orion_manifest"], file)

    assert ("Shelves", "shop.menu.shelves") in [(text, context) for _line, text, _said, context in found]


def test_a_second_extraction_changes_nothing_and_what_is_off_is_left_alone(tmp_path: Path) -> None:
    settings = Settings(translations=tmp_path)
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/gone.pot").write_text("as it was")
    found = templates(settings)

    first = {file.stem for file in write_templates(settings, found)}
    again = write_templates(settings, templates(settings))

    assert first == {ENGINE, *modules_on(settings)}
    assert again == []
    assert (tmp_path / "templates/gone.pot").read_text() == "as it was"


def test_a_module_that_is_off_or_misses_what_it_requires_is_not_extracted(tmp_path: Path) -> None:
    there = read_folder(ROOT / "manifests").manifests
    off = next(need for one in there.values() for need in one.requires)
    above = {code for code, one in there.items() if off in one.requires}
    for code in there:
        text = (ROOT / "manifests" / f"{code}.yaml").read_text()
        (tmp_path / f"{code}.yaml").write_text(text + ("\nenabled: false\n" if code == off else ""))

    on = set(modules_on(Settings(manifests=tmp_path)))

    assert above and {off, *above} <= set(modules_on(Settings()))
    assert not on & {off, *above}
