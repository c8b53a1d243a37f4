"""Which passwords are refused beyond their length."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orion.identity.guessable import is_guessable
from orion.testing import PASSWORD, House
from tests.identity.conftest import KEEPER


@pytest.mark.parametrize(
    "password",
    [
        "password123",
        "P@ssw0rd2024!",
        "qwertyuiop",
        "1q2w3e4r5t6y",
        "0987654321",
        "147258369000",
        "iloveyou-123",
        "abcabcabcabc",
        "aaaaaaaaaaaa",
        "123qwe123qwe",
        "welcome-2026",
        "qazwsxedcrfv",
        "adalovelace1",
    ],
)
def test_what_everybody_tries_first_is_guessable(password: str) -> None:
    assert is_guessable(password, ["ada", "lovelace"])


@pytest.mark.parametrize(
    "password",
    [
        "three brave new words",
        "correct horse battery staple",
        "kT9#vLm2qXzz",
        "2847192837465",
        "a long and good password",
        "пароль из четырёх слов",
        "ada likes bergamot tea",
    ],
)
def test_what_holds_more_than_that_is_not(password: str) -> None:
    assert not is_guessable(password, ["ada", "lovelace"])


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("new", ["password123", "keeper-orion-2026", "portal-shop-example-1"])
def test_nobody_changes_to_a_guessable_password(house: House, sign_in: Any, post: Any, new: str) -> None:
    app: Flask = house.app(public_url="https://shop.portal.example", trusted_hosts="localhost")
    client: FlaskClient = sign_in(KEEPER, app=app)
    fields = {"password": PASSWORD, "new_password": new, "new_password_confirm": new}
    answer = post(client, "/account/password", **fields)
    assert answer.status_code == 422
    assert "easily guessed" in answer.text
