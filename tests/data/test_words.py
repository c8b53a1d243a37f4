"""What texts are found by, and what a search asks for."""

import pytest

from orion.data.words import LONGEST, MOST_WORDS, terms, words


def found(text: str, typed: str) -> bool:
    """Whether each word that is typed begins a word of the text."""
    return all(any(word.startswith(term) for word in words([text])) for term in terms(typed))


def test_words_are_found_whole_and_in_parts() -> None:
    assert words(["Tumblers (set of four)", "P-001-RED"]) == {
        *("tumblers", "set", "of", "four"),
        *("p-001-red", "p", "001", "red"),
    }


def test_a_search_asks_for_words_without_the_signs_around_them() -> None:
    assert terms("  (Ångström p-0!  — ") == ["angstrom", "p-0"]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Ada Lovelace", "Lovelace"),
        ("Ada Lovelace", "love ada"),
        ("Cup, blue", "blue"),
        ("ida@lumen.example", "lumen"),
        ("ida@lumen.example", "Ida@Lumen.example"),
        ("abc-123", "123"),
        ("abc-123", "ABC-1"),
        ("Fabryka Łódź", "lodz"),
        ("O’Brien", "o'brien"),
        ("O'Brien", "brien"),
        ("كوب أزرق من الخزف", "أزرق"),
        ("كوب أزرق من الخزف", "ازرق كوب"),
        ("كوب ١٢٣", "123"),
        ("Die Rindfleischetikettierungsüberwachung", "rindfleischetikettierungsüber"),
        ("Große Kaffeekanne", "grosse kaffee"),
        (f"Ein {'Donau' * 40}", "Donau" * 40),
    ],
)
def test_a_text_is_found_by_the_beginning_of_any_of_its_words(text: str, typed: str) -> None:
    assert found(text, typed)


@pytest.mark.parametrize(("text", "typed"), [("Ada Lovelace", "ada byron"), ("Teapot", "pot")])
def test_a_text_is_not_found_by_a_word_that_none_begins_with(text: str, typed: str) -> None:
    assert not found(text, typed)


def test_a_long_text_has_so_many_words_of_so_many_characters_at_most() -> None:
    kept = words([" ".join(f"{number}{'x' * 300}" for number in range(1000))])
    assert len(kept) == MOST_WORDS
    assert max(map(len, kept)) == LONGEST


def test_signs_alone_are_no_word() -> None:
    assert words(["— ☕ ?!"]) == set()
