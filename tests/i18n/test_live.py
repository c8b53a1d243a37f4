"""Catalogs as they lie in folders: what counts, what is kept, what is left out. No application is needed."""

import os
from pathlib import Path

import pytest

from orion.i18n.catalogs import CatalogDomain
from orion.i18n.held import Keeper
from tests.i18n.test_catalogs import entry

HEAD = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


def save(folder: Path, locale: str, text: str, name: str = "alpha") -> Path:
    """Write a catalog with a header, as one that is older than this moment: its time tells it from others."""
    file = folder / locale / "LC_MESSAGES" / f"{name}.po"
    file.parent.mkdir(parents=True, exist_ok=True)
    known = file.stat().st_mtime_ns if file.exists() else 1_700_000_000_000_000_000
    file.write_text(HEAD + text)
    os.utime(file, ns=(known + 1_000_000_000,) * 2)
    return file


def said(domain: CatalogDomain, text: str = "Good day", locale: str = "de") -> str:
    return domain.words(locale).gettext(text)


def live(folder: Path, own: Path | None = None, kept: Path | None = None) -> CatalogDomain:
    return CatalogDomain(*filter(None, (own, folder)), live=True, keeper=Keeper(kept))


# -- live -----------------------------------------------------------------------------------------


def test_a_saved_catalog_counts_at_once_without_anybody_being_told(tmp_path: Path) -> None:
    domain = live(tmp_path)
    assert said(domain) == "Good day"
    save(tmp_path, "de", entry("Good day", "Guten Tag"))
    assert said(domain) == "Guten Tag"
    save(tmp_path, "de", entry("Good day", "Servus"))
    assert said(domain) == "Servus"


def test_two_savings_in_the_same_tick_of_the_clock_both_count(tmp_path: Path) -> None:
    domain = live(tmp_path)
    file = save(tmp_path, "de", entry("Good day", "Eins"))
    os.utime(file)
    moment = file.stat().st_mtime_ns
    assert said(domain) == "Eins"
    file.write_text(HEAD + entry("Good day", "Zwei"))
    os.utime(file, ns=(moment, moment))
    assert said(domain) == "Zwei"


def test_a_locale_is_read_when_somebody_asks_for_it(tmp_path: Path) -> None:
    for locale in ("de", "fr"):
        save(tmp_path, locale, entry("Good day", locale))
    domain = live(tmp_path)
    assert said(domain) == "de"
    assert {path.parts[-3] for path in domain._held} == {"de"}


def test_a_process_that_begins_while_a_catalog_is_broken_has_its_last_good_words(tmp_path: Path) -> None:
    words, kept = tmp_path / "translations", tmp_path / "kept"
    save(words, "de", entry("Good day", "Guten Tag"))
    assert said(live(words, kept=kept)) == "Guten Tag"
    file = save(words, "de", 'msgid "Good day"\nmsgstr "Guten Ab')
    begun = live(words, kept=kept)
    assert said(begun) == "Guten Tag"
    assert begun.broken[file].line == 5


def test_what_is_broken_is_known_before_anybody_asks_for_its_language(tmp_path: Path) -> None:
    file = save(tmp_path, "de", "nonsense\n")
    domain = live(tmp_path)
    domain.refresh()
    assert list(domain.broken) == [file]
    file.unlink()
    domain.refresh()
    assert domain.broken == {}


# -- which one counts -----------------------------------------------------------------------------


def test_the_installations_own_words_come_before_those_that_orion_brings(tmp_path: Path) -> None:
    brought, own = tmp_path / "brought", tmp_path / "own"
    save(brought, "de", entry("Good day", "Guten Tag") + entry("Bye", "Tschüss"))
    save(own, "de", entry("Good day", "Moin"))
    domain = live(brought, own)
    assert (said(domain), said(domain, "Bye")) == ("Moin", "Tschüss")


def test_an_installation_rewords_english_too_for_every_language_that_has_no_word(tmp_path: Path) -> None:
    brought, own = tmp_path / "brought", tmp_path / "own"
    save(brought, "de", entry("Bye", "Tschüss"))
    save(own, "en", entry("Good day", "Hello") + entry("Bye", "So long"))
    domain = live(brought, own)
    assert [said(domain, text) for text in ("Good day", "Bye")] == ["Hello", "Tschüss"]
    assert said(domain, locale="en") == "Hello"


def test_of_two_modules_with_the_same_message_the_engine_counts_and_then_the_first_name(
    tmp_path: Path,
) -> None:
    for name in ("zebra", "alpha", "orion"):
        save(tmp_path, "de", entry("Good day", name) + (entry("Bye", name) if name != "orion" else ""), name)
    domain = live(tmp_path)
    assert (said(domain), said(domain, "Bye")) == ("orion", "alpha")


# -- labels ---------------------------------------------------------------------------------------


def test_a_label_that_is_worded_anew_in_english_keeps_its_translation(tmp_path: Path) -> None:
    save(tmp_path, "de", entry("All customers", "Alle Kunden", "customers.menu.all"))
    words = live(tmp_path).words("de")
    assert words.label("customers.menu.all", "Every customer") == "Alle Kunden"
    assert words.pgettext("customers.menu.all", "Every customer") == "Every customer"


def test_it_does_so_after_the_catalogs_were_brought_up_to_date(tmp_path: Path) -> None:
    renamed = '#, fuzzy\n#| msgid "All customers"\n' + entry(
        "Every customer", "Alle Kunden", "customers.menu.all"
    )
    other = '#, fuzzy\n#| msgctxt "else"\n#| msgid "Deals"\n' + entry(
        "Details", "Angebote", "customers.menu.x"
    )
    save(tmp_path, "de", renamed + other)
    words = live(tmp_path).words("de")
    assert words.label("customers.menu.all", "Every customer") == "Alle Kunden"
    assert words.label("customers.menu.x", "Details") == "Details"


def test_a_label_with_a_translation_of_its_own_words_shows_that(tmp_path: Path) -> None:
    both = entry("Old", "Alt", "x.menu.y") + entry("New", "Neu", "x.menu.y")
    save(tmp_path, "de", both)
    assert live(tmp_path).words("de").label("x.menu.y", "New") == "Neu"


# -- numbers --------------------------------------------------------------------------------------

NUMBERS = ["zero", "one", "two", "few", "many", "other"]
ORDERS = 'msgid "%(num)d order"\nmsgid_plural "%(num)d orders"\n'


def test_a_catalogs_own_rule_for_plurals_counts(tmp_path: Path) -> None:
    file = save(tmp_path, "de", "")
    head = HEAD.replace("utf-8\\n", "utf-8\\nPlural-Forms: nplurals=2; plural=n>1;\\n")
    file.write_text(head + ORDERS + 'msgstr[0] "%(num)d Auftrag"\nmsgstr[1] "%(num)d Aufträge"\n')
    words = live(tmp_path).words("de")
    assert [words.ngettext("%(num)d order", "%(num)d orders", n) % {"num": n} for n in (0, 2)] == [
        "0 Auftrag",
        "2 Aufträge",
    ]


def test_six_forms_of_a_number_are_told_apart(tmp_path: Path) -> None:
    forms = "".join(f'msgstr[{n}] "{word} %(num)d"\n' for n, word in enumerate(NUMBERS))
    save(tmp_path, "ar", ORDERS + forms)
    words = live(tmp_path).words("ar")
    found = [words.ngettext("%(num)d order", "%(num)d orders", n).split()[0] for n in (0, 1, 2, 5, 11, 100)]
    assert found == NUMBERS


def test_a_form_that_is_missing_is_english_and_no_error(tmp_path: Path) -> None:
    save(tmp_path, "de", ORDERS + 'msgstr[0] "%(num)d Auftrag"\n')
    words = live(tmp_path).words("de")
    assert words.ngettext("%(num)d order", "%(num)d orders", 1) == "%(num)d Auftrag"
    assert words.ngettext("%(num)d order", "%(num)d orders", 3) == "%(num)d orders"


# -- what would break a page ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "english, german",
    [
        ("%(name)s is here", "%(nmae)s ist da"),
        ("%(name)s is here", "%(name)d ist da"),
        ("%(name)s is here", "%(name) ist da"),
        ("%(name)s is here", "%s ist da"),
        ("%(name)s is here", "%(name)s ist zu 100 % da"),
        ("Off", "100 % aus"),
        ("<b>Stop</b>", "<b>Halt"),
        ("Stop", "<script src=x>"),
        ('<a href="/x">Go</a>', '<a href="//evil.example">Los</a>'),
    ],
)
def test_a_translation_that_would_break_the_page_is_left_out_and_named(
    english: str, german: str, tmp_path: Path
) -> None:
    quoted = [text.replace('"', '\\"') for text in (english, german)]
    file = save(tmp_path, "de", entry("Good day", "Guten Tag") + entry(*quoted))
    domain = live(tmp_path)
    assert (said(domain, english), said(domain)) == (english, "Guten Tag")
    assert [(one.line, one.text) for one in domain.troubles[file]] == [(7, english)]


@pytest.mark.parametrize(
    "english, german",
    [
        ("%(name)s has %(what)s", "%(what)s hat %(name)s"),
        ("%(name)s is here", "Da"),
        ("100%% off", "100 %% ab"),
        ("100% off", "100 % ab"),
        ("a < b", "b < a"),
        ("<b>Stop</b> now", "Jetzt <b>halt</b>"),
    ],
)
def test_other_translations_are_not(english: str, german: str, tmp_path: Path) -> None:
    save(tmp_path, "de", entry(english, german))
    assert said(live(tmp_path), english) == german


def test_the_singular_of_a_plural_may_leave_out_its_number_and_the_others_may_not_invent_one(
    tmp_path: Path,
) -> None:
    some = 'msgid "one order"\nmsgid_plural "%(num)d orders"\n'
    some += 'msgstr[0] "ein Auftrag"\nmsgstr[1] "%(num)d Aufträge"\n'
    file = save(tmp_path, "de", some + "\n" + ORDERS + 'msgstr[0] "%(num)d"\nmsgstr[1] "%(number)d"\n')
    domain = live(tmp_path)
    assert domain.words("de").ngettext("one order", "%(num)d orders", 2) == "%(num)d Aufträge"
    assert [one.text for one in domain.troubles[file]] == ["%(num)d order"]
