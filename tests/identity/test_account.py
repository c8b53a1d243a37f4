"""The pages about oneself."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import Babel
from sqlalchemy import select

from orion.identity.agents import device
from orion.identity.models import SessionRow, User
from orion.identity.services import create_user
from orion.testing import PASSWORD
from tests.identity.conftest import KEEPER, cookie

pytestmark = pytest.mark.by_turns

PAGE = "/account/sessions"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/17.5 Mobile/15E148 Safari/604.1"
)
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 "
    "Safari/537.36 Edg/126.0.0.0"
)


@pytest.fixture
def two(site: Flask, sign_in: Callable[..., FlaskClient]) -> tuple[FlaskClient, FlaskClient]:
    """Two browsers of the keeper."""
    return sign_in(KEEPER, app=site), sign_in(KEEPER, app=site)


def _ends(html: str) -> list[str]:
    return re.findall(r'action="(/account/sessions/\w+/end)"', html)


def test_the_account_leads_to_its_first_page(two: tuple[FlaskClient, FlaskClient]) -> None:
    assert two[0].get("/account/").headers["Location"] == "/account/security"


def test_a_person_sees_their_sessions_and_which_is_this_one(two: tuple[FlaskClient, FlaskClient]) -> None:
    html = two[0].get(PAGE, headers={"User-Agent": FIREFOX}).text
    assert html.count("127.0.0.0/24") == 2
    assert html.count("This one") == 1
    assert len(_ends(html)) == 1


def test_a_person_ends_another_of_their_sessions(two: tuple[FlaskClient, FlaskClient], post: Any) -> None:
    mine, other = two
    answer = post(mine, PAGE, to=_ends(mine.get(PAGE).text)[0])
    assert answer.status_code == 303
    assert "The session has ended." in mine.get(PAGE).text
    assert other.get(PAGE).status_code == 302


def test_a_message_is_shown_once(two: tuple[FlaskClient, FlaskClient], post: Any) -> None:
    mine = two[0]
    post(mine, PAGE, to=_ends(mine.get(PAGE).text)[0])
    assert "The session has ended." in mine.get(PAGE).text
    assert "The session has ended." not in mine.get(PAGE).text


def test_a_person_ends_all_their_other_sessions(
    site: Flask, two: tuple[FlaskClient, FlaskClient], sign_in: Callable[..., FlaskClient], post: Any
) -> None:
    third = sign_in(KEEPER, app=site)
    assert post(third, PAGE, to="/account/sessions/end-others").status_code == 303
    html = third.get(PAGE).text
    assert "2 sessions have ended." in html
    assert [client.get(PAGE).status_code for client in two] == [302, 302]


def test_ending_ones_own_session_is_signing_out(
    two: tuple[FlaskClient, FlaskClient], post: Any, rows: Any
) -> None:
    mine, other = two
    theirs = _ends(other.get(PAGE).text)[0]
    answer = post(mine, PAGE, to=theirs)
    assert answer.headers["Location"] == "/login"
    assert cookie(mine) is None
    assert mine.get(PAGE).status_code == 302
    assert other.get(PAGE).status_code == 200


def test_somebody_elses_session_cannot_be_ended_or_told_from_none(
    site: Flask,
    two: tuple[FlaskClient, FlaskClient],
    sign_in: Callable[..., FlaskClient],
    post: Any,
    rows: Any,
) -> None:
    with site.app_context():
        create_user("other@orion.example", "Other", PASSWORD)
    other = sign_in("other@orion.example", app=site)
    with rows() as session:
        keepers = select(User.id).where(User.email == KEEPER).scalar_subquery()
        theirs = session.scalars(select(SessionRow.public_id).where(SessionRow.user_id == keepers)).first()
    known = post(other, PAGE, to=f"/account/sessions/{theirs}/end")
    unknown = post(other, PAGE, to="/account/sessions/aaaaaaaaaaaaaa/end")
    assert known.status_code == unknown.status_code == 404
    assert [client.get(PAGE).status_code for client in two] == [200, 200]


@pytest.mark.parametrize("to", ["/account/sessions/end-others", "/account/sessions/aaaaaaaaaaaaaa/end"])
def test_ending_sessions_needs_the_forms_token(two: tuple[FlaskClient, FlaskClient], to: str) -> None:
    assert two[0].post(to).status_code == 400
    assert two[1].get(PAGE).status_code == 200


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (FIREFOX, "Firefox on Linux"),
        (SAFARI, "Safari on iPhone"),
        (EDGE, "Edge on Windows"),
        ("curl/8.5.0", "curl"),
        ("", "Unknown device"),
    ],
)
def test_a_device_is_named_in_words(user_agent: str, name: str) -> None:
    app = Flask("devices")
    Babel(app)
    with app.test_request_context():
        assert device(user_agent) == name
