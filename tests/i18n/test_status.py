"""How far a catalog is: every message counts once, and what lacks is named with its places."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from orion.i18n.extract import Source, Template
from orion.i18n.status import Lack, coverage, rows, table, templates_on_disk, totals

GERMAN = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Good day"
msgstr "Guten Tag"

#, fuzzy
#| msgid "Good morning"
msgid "Good evening"
msgstr "Guten Morgen"

msgctxt "shop.menu.goods"
msgid "Goods"
msgstr "Waren"

#, fuzzy
#| msgctxt "shop.menu.shelves"
#| msgid "Shelf"
msgctxt "shop.menu.shelves"
msgid "Shelves"
msgstr "Regal"

msgid "%(num)s guest"
msgid_plural "%(num)s guests"
msgstr[0] "%(num)s Gast"
msgstr[1] ""

#~ msgid "Lift"
#~ msgstr "Aufzug"
"""
SOURCES = [
    Source(None, "Good day", None, "modules/shop/a.py", 1),
    Source(None, "Good evening", None, "modules/shop/a.py", 2),
    Source(None, "Good night", None, "modules/shop/a.py", 3),
    Source(None, "%(num)s guest", "%(num)s guests", "modules/shop/a.py", 4),
    Source("shop.menu.goods", "All goods", None, "manifests/shop.yaml", 5),
    Source("shop.menu.shelves", "Shelves", None, "manifests/shop.yaml", 6),
]
TEMPLATES = {"shop": Template("shop", SOURCES)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    file = tmp_path / "de/LC_MESSAGES/shop.po"
    file.parent.mkdir(parents=True)
    file.write_text(GERMAN)
    return tmp_path


def test_every_message_counts_once(folder: Path) -> None:
    (one,) = coverage(folder, TEMPLATES, ["de"])

    numbers = (one.translated, one.fuzzy, one.stale, one.missing, one.obsolete, one.total)
    assert numbers == (1, 1, 2, 2, 1, 6)
    assert one.percent == 16.6


def test_what_lacks_is_named_with_its_places_and_the_english_of_before(folder: Path) -> None:
    (one,) = coverage(folder, TEMPLATES, ["de"])
    lacks = {lack.text: lack for lack in one.lacks}

    assert lacks["Good night"] == Lack("missing", None, "Good night", None, ("modules/shop/a.py:3",))
    assert lacks["Good evening"][0::6] == ("fuzzy", "Good morning")
    assert lacks["All goods"][0::6] == ("stale", "Goods")
    assert lacks["Shelves"][0::6] == ("stale", "Shelf")
    assert (lacks["%(num)s guest"].state, lacks["%(num)s guest"].line) == ("missing", 25)


def test_a_region_has_what_its_language_has(folder: Path) -> None:
    (folder / "de_AT/LC_MESSAGES").mkdir(parents=True)
    (one,) = coverage(folder, TEMPLATES, ["de_AT"])

    assert (one.translated, one.inherited, one.missing) == (0, 1, 5)


def test_a_locale_without_a_catalog_lacks_all_and_english_nothing_of_nothing(folder: Path) -> None:
    found = coverage(folder, TEMPLATES, ["fr"])

    assert [one.missing for one in found] == [6]
    assert totals([*found, *coverage(folder, TEMPLATES, ["de"])]) == {"fr": 0.0, "de": 16.6}


def test_a_catalog_with_a_mistake_counts_what_can_be_read_and_names_it(folder: Path) -> None:
    file = folder / "de/LC_MESSAGES/shop.po"
    file.write_text(GERMAN.replace('"Guten Morgen"', '"Guten Morgen'))
    (one,) = coverage(folder, TEMPLATES, ["de"])

    assert one.translated == 1
    assert [problem.line for problem in one.problems] == [12]


def test_templates_that_were_written_are_as_good_as_those_from_the_source(folder: Path) -> None:
    (folder / "templates").mkdir()
    (folder / "templates/shop.pot").write_text(TEMPLATES["shop"].text())
    again = templates_on_disk(folder, ["shop", "absent"])

    assert list(again) == ["shop"]
    assert coverage(folder, again, ["de"]) == coverage(folder, TEMPLATES, ["de"])


def test_the_command_answers_for_modules_that_are_on(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    from orion.i18n import extract
    from orion.i18n.commands import i18n

    monkeypatch.setattr(extract, "templates", lambda _settings: TEMPLATES)
    result = CliRunner().invoke(i18n, ["status", "--locale", "eo", "--json"])

    (row,) = json.loads(result.output)
    assert (row["locale"], row["module"], row["missing"]) == ("eo", "shop", 6)


def test_people_read_a_table_and_programs_may_have_each_message(folder: Path) -> None:
    found = coverage(folder, TEMPLATES, ["de"])
    lines = list(table(found, lacks=True))

    assert lines[1].split() == ["de", "shop", "1", "1", "2", "2", "1", "6", "16.6%"]
    assert any("'Good night'" in line and "modules/shop/a.py:3" in line for line in lines)
    assert {lack["text"] for lack in rows(found, lacks=True)[0]["lacks"]} == {s.text for s in SOURCES[1:]}
