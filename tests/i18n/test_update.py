"""A merge adds, marks and keeps: no word of a translator is lost, and twice is as good as once."""

from pathlib import Path

import pytest

from orion.contracts.errors import Invalid
from orion.i18n import po
from orion.i18n.extract import Source, Template
from orion.i18n.parsing import read
from orion.i18n.update import locale_named, update

FRENCH = """\
# Catalog of the shop.
msgid ""
msgstr ""
"Language: fr\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

# I ask the owner about this one.
#: modules/shop/old.py:1
msgid "Good day"
msgstr ""
"Bon"
"jour"

#: manifests/shop.yaml:3
msgctxt "shop.menu.goods"
msgid "Goods"
msgstr "Marchandises"

#: modules/shop/old.py:2
msgid "Nothing is left on this shelf."
msgstr "Il ne reste rien sur ce rayon."

#: modules/shop/old.py:3
msgid "Lift"
msgstr "Ascenseur"
"""
NOW = [
    Source(None, "Good day", None, "modules/shop/a.py", 7),
    Source(None, "Nothing is left on that shelf.", None, "modules/shop/a.py", 8),
    Source(None, "%(num)s guest", "%(num)s guests", "modules/shop/a.py", 9),
    Source("shop.menu.goods", "All goods", None, "manifests/shop.yaml", 3),
]


def template(*sources: Source, code: str = "shop") -> dict[str, Template]:
    return {code: Template(code, sources)}


@pytest.fixture
def french(tmp_path: Path) -> Path:
    file = tmp_path / "fr/LC_MESSAGES/shop.po"
    file.parent.mkdir(parents=True)
    file.write_text(FRENCH)
    return file


def entries(file: Path) -> dict[po.Key, po.Entry]:
    return {entry.key: entry for entry in read(file.read_bytes(), file.name).entries}


def test_a_text_that_stays_keeps_its_comments_and_lines(french: Path) -> None:
    update(french.parents[2], "fr", template(*NOW))

    kept = """
# I ask the owner about this one.
#: modules/shop/a.py:7
msgid "Good day"
msgstr ""
"Bon"
"jour"
"""
    assert kept in french.read_text()


def test_places_that_another_tool_put_on_one_line_stay_there(french: Path) -> None:
    twice = [Source(None, "Good day", None, "modules/shop/a.py", line) for line in (7, 8)]
    french.write_text(FRENCH.replace("modules/shop/old.py:1", "modules/shop/a.py:7 modules/shop/a.py:8"))
    update(french.parents[2], "fr", template(*twice))

    assert "#: modules/shop/a.py:7 modules/shop/a.py:8\n" in french.read_text()


def test_a_second_merge_changes_nothing(french: Path) -> None:
    update(french.parents[2], "fr", template(*NOW))
    (merge,) = update(french.parents[2], "fr", template(*NOW))

    assert not merge.written


def test_a_text_that_is_nearly_the_same_is_fuzzy_and_says_what_it_was(french: Path) -> None:
    update(french.parents[2], "fr", template(*NOW))
    found = entries(french)[None, "Nothing is left on that shelf."]

    assert found.fuzzy and found.texts == ["Il ne reste rien sur ce rayon."]
    assert found.before == (None, "Nothing is left on this shelf.", None)
    assert found.context is None


def test_a_label_that_is_reworded_is_told_from_a_guess(french: Path) -> None:
    update(french.parents[2], "fr", template(*NOW))
    found = entries(french)["shop.menu.goods", "All goods"]

    assert found.renamed and found.label and found.texts == ["Marchandises"]
    assert found.before == ("shop.menu.goods", "Goods", None)


def test_a_text_that_gets_a_context_is_offered_what_it_was_without(french: Path) -> None:
    update(french.parents[2], "fr", template(*NOW, Source("of goods", "Lift", None, "modules/shop/a.py", 9)))
    found = entries(french)["of goods", "Lift"]

    assert found.fuzzy and found.texts == ["Ascenseur"]
    assert found.before == (None, "Lift", None)


def test_what_is_gone_stays_at_the_end_and_comes_back(french: Path) -> None:
    update(french.parents[2], "fr", template(*NOW))
    assert french.read_text().endswith('#~ msgid "Lift"\n#~ msgstr "Ascenseur"\n')

    update(french.parents[2], "fr", template(*NOW, Source(None, "Lift", None, "modules/shop/a.py", 10)))
    assert not entries(french)[None, "Lift"].obsolete
    assert entries(french)[None, "Lift"].texts == ["Ascenseur"]


def test_the_order_of_a_catalog_stays_and_new_ones_follow_their_neighbours(french: Path) -> None:
    update(french.parents[2], "fr", template(*NOW))
    texts = [entry.key[1] for entry in read(french.read_bytes(), "fr").messages]

    assert texts == ["Good day", "All goods", "Nothing is left on that shelf.", "%(num)s guest"]


def test_a_message_of_two_modules_is_filled_from_the_other(french: Path) -> None:
    update(french.parents[2], "fr", template(NOW[0], code="till"))

    assert entries(french.with_name("till.po"))[None, "Good day"].texts == ["Bonjour"]


def test_a_message_that_gets_a_plural_keeps_its_word_fuzzy(french: Path) -> None:
    update(french.parents[2], "fr", template(Source(None, "Lift", "Lifts", "modules/shop/a.py", 1)))
    found = entries(french)[None, "Lift"]

    assert found.fuzzy and found.texts == ["Ascenseur", ""]


@pytest.mark.parametrize(("locale", "forms"), [("ar", 6), ("de", 2), ("ja", 1), ("pt_BR", 2)])
def test_a_new_locale_has_its_own_number_of_plurals(tmp_path: Path, locale: str, forms: int) -> None:
    update(tmp_path, locale, template(*NOW))
    file = read((tmp_path / locale / "LC_MESSAGES/shop.po").read_bytes(), "shop.po")

    assert file.fields["language"] == locale
    assert file.fields["plural-forms"].startswith(f"nplurals={forms};")
    assert [len(entry.strings) for entry in file.messages if entry.plural] == [forms]


def test_a_catalog_with_a_mistake_is_left_as_it_is_and_named(french: Path) -> None:
    broken = FRENCH.replace('msgstr "Ascenseur"', 'msgstr "Ascenseur')
    french.write_text(broken)
    (merge,) = update(french.parents[2], "fr", template(*NOW))

    assert french.read_text() == broken
    assert [(one.line, one.code) for one in merge.problems] == [(26, "ORN403")]


def test_catalogs_of_modules_that_are_not_there_are_left_alone(french: Path) -> None:
    update(french.parents[2], "fr", template(*NOW, code="till"))

    assert french.read_text() == FRENCH


def test_line_ends_of_windows_stay(french: Path) -> None:
    french.write_bytes(FRENCH.replace("\n", "\r\n").encode())
    update(french.parents[2], "fr", template(*NOW))

    assert french.read_bytes().count(b"\n") == french.read_bytes().count(b"\r\n") > 20


def test_a_locale_is_named_as_people_write_it() -> None:
    assert [locale_named(name) for name in ("pt", "pt-br", "zh_Hant")] == ["pt", "pt_BR", "zh_Hant"]
    with pytest.raises(Invalid, match="is no locale"):
        locale_named("klingon")
