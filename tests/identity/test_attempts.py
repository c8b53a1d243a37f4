"""Guessing is slow, whoever is guessed at, and the honest owner gets in all the same."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security.recoverable import generate_reset_password_token
from sqlalchemy import select, update

from orion.contracts.errors import TooMany
from orion.identity import attempts
from orion.identity.attempts import FREE, FREE_OF_NETWORK, LONGEST_PAUSE, Counted, pause_after
from orion.identity.models import Tries, User, now
from orion.testing import PASSWORD, House, csrf_token
from tests.identity.conftest import KEEPER, words

WRONG = "not the password"
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def site(house: House) -> Flask:
    """The count in the database alone: the limit on requests would stop us sooner."""
    return house.app(rate_limits=False)


@pytest.fixture
def guess(site: Flask, post: Any) -> Callable[..., Any]:
    """`guess(password, email=…)` from a browser that nobody knows."""

    def send(password: str = WRONG, email: str = KEEPER, browser: FlaskClient | None = None) -> Any:
        return post(browser or site.test_client(), "/login", email=email, password=password)

    return send


@pytest.fixture
def asking(site: Flask) -> Iterator[None]:
    """Inside a request from another network."""
    with site.test_request_context(environ_base=ELSEWHERE):
        yield


@pytest.mark.only_on("sqlite")
def test_of_a_thousand_guesses_ten_are_tried(
    guess: Callable[..., Any], site: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    # On a busy machine a thousand guesses may take longer than the first pause.
    monkeypatch.setattr(attempts, "FIRST_PAUSE", LONGEST_PAUSE)
    client = site.test_client()
    token = csrf_token(client.get("/login").text)
    form = {"csrf_token": token, "email": KEEPER, "password": WRONG}
    statuses = [client.post("/login", data=form).status_code for _ in range(1000)]
    assert statuses[:FREE] == [422] * FREE
    assert set(statuses[FREE:]) == {429}
    held = guess(PASSWORD)
    assert held.status_code == 429
    assert 0 < int(held.headers["Retry-After"]) <= LONGEST_PAUSE.total_seconds()
    assert "too many wrong attempts" in held.text


def test_the_owner_gets_in_with_a_browser_of_before_while_strangers_guess(
    site: Flask, sign_in: Callable[..., FlaskClient], post: Any, guess: Callable[..., Any]
) -> None:
    own = sign_in(KEEPER, app=site)
    post(own, "/account/sessions", to="/logout")
    for _ in range(FREE + 1):
        guess()
    assert guess(PASSWORD).status_code == 429
    assert guess(PASSWORD, browser=own).status_code in (302, 303)


def test_a_browser_of_before_may_not_guess_for_ever_either(
    site: Flask, sign_in: Callable[..., FlaskClient], post: Any, guess: Callable[..., Any]
) -> None:
    own = sign_in(KEEPER, app=site)
    post(own, "/account/sessions", to="/logout")
    statuses = [guess(browser=own).status_code for _ in range(FREE + 2)]
    assert statuses == [422] * FREE + [429] * 2


def test_a_browser_that_one_person_knows_says_nothing_for_another(
    site: Flask, sign_in: Callable[..., FlaskClient], post: Any, guess: Callable[..., Any]
) -> None:
    own = sign_in(KEEPER, app=site)
    post(own, "/account/sessions", to="/logout")
    for _ in range(FREE):
        guess(email="nobody@orion.example")
    assert guess(email="nobody@orion.example", browser=own).status_code == 429


def test_the_owner_gets_in_by_a_new_password_from_a_mail_while_strangers_guess(
    site: Flask, post: Any, guess: Callable[..., Any], person: Callable[[], User]
) -> None:
    for _ in range(FREE + 1):
        guess()
    with site.app_context():
        token = generate_reset_password_token(person())  # type: ignore[no-untyped-call]
    browser, new = site.test_client(), "three brave new words"
    post(browser, f"/reset/{token}", password=new, password_confirm=new)
    assert guess(new).status_code == 429
    assert guess(new, browser=browser).status_code in (302, 303)


def test_a_forged_cookie_makes_no_browser_known(site: Flask, guess: Callable[..., Any]) -> None:
    for _ in range(FREE):
        guess()
    stranger = site.test_client()
    stranger.set_cookie("orion_device", '{"a":"b"}')
    assert guess(PASSWORD, browser=stranger).status_code == 429


def test_an_address_that_nobody_has_is_held_up_in_the_same_words(guess: Callable[..., Any]) -> None:
    held = {}
    for email in (KEEPER, "nobody@orion.example"):
        for _ in range(FREE):
            guess(email=email)
        held[email] = guess(email=email)
    known, unknown = held.values()
    assert known.status_code == unknown.status_code == 429
    # The number of seconds that are left may differ by one.
    same = [" ".join(w for w in words(a.text).split() if not w.isdigit()) for a in (known, unknown)]
    assert same[0] == same[1]
    assert set(known.headers.keys()) == set(unknown.headers.keys())


def test_the_right_password_ends_the_count(guess: Callable[..., Any], rows: Any) -> None:
    for _ in range(FREE - 1):
        guess()
    assert guess(PASSWORD).status_code in (302, 303)
    with rows() as session:
        assert session.scalars(select(Tries)).all() == []


def test_after_the_pause_the_right_password_counts_again(guess: Callable[..., Any], rows: Any) -> None:
    for _ in range(FREE):
        guess()
    with rows() as session:
        session.execute(update(Tries).values(held_until=now()))
    assert guess(PASSWORD).status_code in (302, 303)


def test_each_further_wrong_try_doubles_the_pause_up_to_a_limit() -> None:
    assert pause_after(9) is None
    assert [pause_after(n) for n in (10, 11, 12)] == [timedelta(seconds=s) for s in (30, 60, 120)]
    assert pause_after(1000) == LONGEST_PAUSE


def test_a_network_that_tries_many_addresses_is_held_up(asking: None) -> None:
    for n in range(FREE_OF_NETWORK):
        attempts.take(*attempts.of_account("password", f"{n}@orion.example"))
    with pytest.raises(TooMany):
        attempts.take(*attempts.of_account("password", "another@orion.example"))


def test_a_right_password_is_none_of_its_networks_wrong_tries(asking: None) -> None:
    for n in range(FREE_OF_NETWORK + 1):
        counted = attempts.of_account("password", f"{n}@orion.example")
        attempts.take(*counted)
        attempts.right(*counted)
    attempts.take(*attempts.of_account("password", "another@orion.example"))


def test_guesses_at_the_same_moment_are_counted_one_by_one(site: Flask) -> None:
    taken, together = [], threading.Barrier(8)

    def try_often() -> None:
        with site.test_request_context():
            together.wait()
            for _ in range(5):
                try:
                    attempts.take(Counted("password:somebody"))
                except TooMany:
                    continue
                taken.append(1)

    threads = [threading.Thread(target=try_often) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == FREE


def test_what_was_typed_is_not_kept(guess: Callable[..., Any], rows: Any) -> None:
    guess(email="my-secret-password")
    with rows() as session:
        (key,) = session.scalars(select(Tries.key))
    assert "secret" not in key
