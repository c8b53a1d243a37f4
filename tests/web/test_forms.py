"""Forms: what they refuse and keep, who wins a race, and what can be taken back."""

import re
from typing import Any

import pytest
from flask_babel import force_locale

from orion.contracts.forms import Form
from orion.testing import csrf_token
from orion.web.forms.fields import LinesField, TagsField, TextField
from orion.web.forms.numbers import MoneyField
from tests.web.conftest import HOME, Shop

pytestmark = pytest.mark.by_turns


def test_a_form_is_filled_from_its_row(shop: Shop) -> None:
    page = shop.get("/goods/1").text
    assert 'value="Cup"' in page and 'value="1.00"' in page and "What it is called." in page


def test_a_right_form_writes_and_leads_on_with_a_message(shop: Shop) -> None:
    answer = shop.post("/goods/1", name=" Tall  cup ", price="12.50", version="1")
    assert (answer.status_code, answer.location) == (303, f"{HOME}/goods")
    assert shop.rows()[0] == ("Tall cup", 1250, False, 2)
    assert "Saved." in shop.get("/goods").text


def test_a_wrong_field_answers_422_and_keeps_what_was_typed(shop: Shop) -> None:
    answer = shop.post("/goods/1", name="", price="twelve", version="1")
    assert answer.status_code == 422
    assert 'value="twelve"' in answer.text and 'aria-invalid="true"' in answer.text
    assert 'href="#name"' in answer.text and 'href="#price"' in answer.text
    assert 'aria-describedby="name-error name-hint"' in answer.text
    assert shop.rows()[0] == ("Cup", 100, False, 1)


def test_what_a_service_refuses_stands_at_its_field_and_nothing_is_written(shop: Shop) -> None:
    answer = shop.post("/goods/1", name="Refused", price="1", version="1")
    assert answer.status_code == 422
    assert answer.text.count("That name is taken.") == 2 and "Nor this." in answer.text
    assert 'value="Refused"' in answer.text
    assert shop.rows()[0] == ("Cup", 100, False, 1)


def test_a_conflict_of_a_service_answers_409(shop: Shop) -> None:
    answer = shop.post("/goods/1", name="Clash", price="1", version="1")
    assert answer.status_code == 409 and "Somebody was quicker." in answer.text
    assert shop.rows()[0] == ("Cup", 100, False, 1)


def test_a_key_that_somebody_else_has_taken_is_a_conflict_and_no_crash(shop: Shop) -> None:
    answer = shop.post("/goods/1", name="Jug", price="1", version="1")
    assert answer.status_code == 409 and 'value="Jug"' in answer.text
    assert shop.rows()[0] == ("Cup", 100, False, 1)


def test_a_form_out_of_date_shows_both_versions_and_writes_nothing(shop: Shop) -> None:
    shop.write("UPDATE goods_good SET name = 'Their cup', version = 7 WHERE id = 1")
    answer = shop.post("/goods/1", name="My cup", price="1.00", version="1")
    assert answer.status_code == 409
    assert "Their cup" in answer.text and 'value="My cup"' in answer.text and 'value="7"' in answer.text
    assert "<td>€1.00</td>" not in answer.text, "a field that nobody changed is no difference"
    assert shop.rows()[0] == ("Their cup", 100, False, 7)


def test_a_form_that_is_sent_again_writes_over_what_it_has_shown(shop: Shop) -> None:
    shop.write("UPDATE goods_good SET name = 'Their cup', version = 7 WHERE id = 1")
    assert shop.post("/goods/1", name="My cup", price="1.00", version="7").status_code == 303
    assert shop.rows()[0] == ("My cup", 100, False, 8)


def test_without_its_token_a_form_is_refused(shop: Shop) -> None:
    answer = shop.client.post(f"{HOME}/goods/1", data={"name": "x", "price": "1", "version": "1"})
    assert answer.status_code == 400
    assert shop.rows()[0] == ("Cup", 100, False, 1)


def test_a_confirmation_wants_its_word(shop: Shop) -> None:
    assert shop.post("/goods/1/close", typed="cup").status_code == 422
    assert shop.rows("gone")[0] == (False,)
    assert shop.post("/goods/1/close", typed="Cup").status_code == 303
    assert bool(shop.rows("gone")[0][0])


# -- many at once ---------------------------------------------------------------------------------


def _undo_url(page: str) -> str:
    _, _, rest = page.partition('action="/vendor/ACME/undo/')
    return "/undo/" + rest.partition('"')[0]


def test_an_action_changes_what_is_checked_and_can_be_taken_back(shop: Shop) -> None:
    assert shop.post("/goods", action="remove", row=["1", "3"]).status_code == 303
    assert [bool(row[0]) for row in shop.rows("gone")] == [True, False, True, False]
    page = shop.get("/goods").text
    assert "Removed 2." in page
    answer = shop.post(_undo_url(page))
    assert (answer.status_code, answer.location) == (303, f"{HOME}/goods")
    assert [bool(row[0]) for row in shop.rows("gone")] == [False] * 4
    assert "Put back 2." in shop.get("/goods").text


def test_an_undo_works_once(shop: Shop) -> None:
    shop.post("/goods", action="remove", row=["1"])
    url = _undo_url(shop.get("/goods").text)
    shop.post(url)
    shop.get("/goods")
    shop.post("/goods", action="remove", row=["1"])
    shop.get("/goods")
    shop.post(url)
    assert "any more" in shop.get("/goods").text
    assert bool(shop.rows("gone")[0][0])


def test_an_undo_ends_after_a_quarter_of_an_hour(shop: Shop) -> None:
    shop.post("/goods", action="remove", row=["1"])
    url = _undo_url(shop.get("/goods").text)
    shop.write("UPDATE orion_undo SET expires_at = '2020-01-01 00:00:00+00:00'")
    shop.post(url)
    assert bool(shop.rows("gone")[0][0])


def test_an_undo_of_what_is_not_there_any_more_says_so_and_changes_nothing(shop: Shop) -> None:
    shop.post("/goods", action="remove", row=["1", "3"])
    url = _undo_url(shop.get("/goods").text)
    shop.write("DELETE FROM goods_good WHERE id = 3")
    assert shop.post(url).status_code == 303
    assert "any more" in shop.get("/goods").text
    assert bool(shop.rows("gone")[0][0])


def test_an_undo_at_another_place_is_not_there(shop: Shop) -> None:
    shop.post("/goods", action="remove", row=["1"])
    token = _undo_url(shop.get("/goods").text)
    answer = shop.client.post(f"/admin{token}", data={"csrf_token": _token(shop)})
    assert answer.status_code == 303
    assert bool(shop.rows("gone")[0][0])


def _token(shop: Shop) -> str:
    return csrf_token(shop.client.get("/account/sessions").text)


def test_all_that_match_are_those_of_the_filter_on_every_page(shop: Shop) -> None:
    assert "All 3 that match" in shop.get("/goods").text
    shop.post("/goods", action="remove", all="yes")
    assert [bool(row[0]) for row in shop.rows("gone")] == [True, True, True, False]
    shop.write("UPDATE goods_good SET gone = false")
    shop.post("/goods?name=Cup", action="remove", all="yes")
    assert [bool(row[0]) for row in shop.rows("gone")] == [True, False, False, False]


def test_rows_of_others_are_not_there(shop: Shop) -> None:
    foreign, never = (shop.post("/goods", action="remove", row=[n]) for n in ("4", "99"))
    assert (foreign.status_code, never.status_code) == (422, 422)
    assert foreign.text.count("None of these") == never.text.count("None of these") == 1
    assert not shop.rows("gone")[3][0]


def test_an_action_without_anything_checked_says_so(shop: Shop) -> None:
    answer = shop.post("/goods", action="remove")
    assert answer.status_code == 422 and "Check the entries" in answer.text


def test_an_action_that_needs_more_asks_for_it(shop: Shop) -> None:
    asked = shop.post("/goods", action="reprice", row=["1", "2"])
    assert asked.status_code == 200 and "2 entries" in asked.text and 'name="price"' in asked.text
    assert asked.text.count('type="hidden" name="row"') == 2
    wrong = shop.post("/goods", action="reprice", row=["1", "2"], go="yes", price="x")
    assert wrong.status_code == 422
    assert shop.post("/goods", action="reprice", row=["1", "2"], go="yes", price="5").status_code == 303
    assert [row[0] for row in shop.rows("price")] == [500, 500, 300, 9]


def test_an_action_that_is_refused_leaves_nothing_behind(shop: Shop) -> None:
    answer = shop.post("/goods", action="reprice", row=["1"], go="yes", price="6.66")
    assert answer.status_code == 422 and "Not that price." in answer.text
    assert shop.rows("price")[0] == (100,)


# -- fields ---------------------------------------------------------------------------------------


def _read(shop: Shop, field: Any, text: str, lang: str = "en", **form: Any) -> Any:
    """What a field makes of a text: its value, or its error's sentence."""

    class One(Form):
        value = field

    with shop.app.test_request_context("/", method="POST", data={"value": text}), force_locale(lang):
        made = One(meta={"csrf": False}, **form)
        return made.given()["value"] if made.validate() else made.value.errors[0]


def test_money_is_read_as_it_is_written_where_the_reader_lives(shop: Shop) -> None:
    assert _read(shop, MoneyField("m"), "1,234.56", money_in="EUR") == 123456
    assert _read(shop, MoneyField("m"), "1.234,56", "de", money_in="EUR") == 123456
    assert _read(shop, MoneyField("m"), "1234", money_in="JPY") == 1234
    assert _read(shop, MoneyField("m"), "1.234", money_in="KWD") == 1234


def test_money_that_the_currency_does_not_know_is_refused(shop: Shop) -> None:
    for text, currency in (
        ("1.5", "JPY"),
        ("1.001", "EUR"),
        ("-1", "EUR"),
        ("1e5", "EUR"),
        ("9" * 30, "EUR"),
    ):
        assert isinstance(_read(shop, MoneyField("m"), text, money_in=currency), str), text
    for text in ("NaN", "Infinity", "1,2,3", "--1", "€5"):
        assert "such as" in _read(shop, MoneyField("m"), text, money_in="EUR"), text
    assert _read(shop, MoneyField("m", negative=True), "-1", money_in="EUR") == -100


def test_texts_lose_what_no_page_shows(shop: Shop) -> None:
    assert _read(shop, TextField("t"), " a\0b \t\n c ") == "a b c"
    assert _read(shop, LinesField("t"), "a \r\nb\0\r\n") == "a\nb"
    assert "longer" in _read(shop, TextField("t", most=3), "abcd")


def test_tags_are_kept_once(shop: Shop) -> None:
    assert _read(shop, TagsField("t"), "Red, blue ,RED,, été; Ete") == ["Red", "blue", "été"]


def test_tags_are_parted_by_arabic_commas_too(shop: Shop) -> None:
    assert _read(shop, TagsField("t"), "أحمر، أزرق؛ أخضر") == ["أحمر", "أزرق", "أخضر"]


def test_what_is_in_a_field_reads_in_its_own_direction(shop: Shop) -> None:
    page = shop.get("/goods/1").text
    assert re.search(r'<input[^>]* dir="auto"[^>]* value="Cup"', page)
