"""Changing a password, and getting back in by mail."""

import re
import socket
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from flask.testing import FlaskClient
from flask_security import hash_password
from sqlalchemy import func, select

from orion.identity.models import SessionRow
from orion.testing import PASSWORD, House, csrf_token
from tests.identity.conftest import KEEPER, words

pytestmark = pytest.mark.by_turns

NEW = "three brave new words"
PAGE = "/account/sessions"


class Inbox:
    """A mail server's handler that keeps what arrives."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))  # type: ignore[arg-type]
        return "250 Taken"


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, str]]:
    """A real mail server, and its address."""
    taken = Inbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(taken, hostname="127.0.0.1", port=port)
    server.start()
    yield taken, f"smtp://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def mailing(house: House, inbox: tuple[Inbox, str]) -> Flask:
    """Orion that sends its mail to that server."""
    return house.app(mail_url=inbox[1])


def _change(
    client: FlaskClient, post: Any, old: str = PASSWORD, new: str = NEW, again: str | None = None
) -> Any:
    fields = {"password": old, "new_password": new, "new_password_confirm": again or new}
    return post(client, "/account/password", **fields)


def _link(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    found = re.search(r"http://localhost(/reset/\S+)", body.get_content())
    assert found is not None
    return found[1]


def _ask(app: Flask, post: Any, email: str = KEEPER) -> Any:
    answer = post(app.test_client(), "/reset", email=email)
    app.extensions["orion_mail"].flush()
    return answer


def test_a_changed_password_counts_and_the_old_one_does_not(
    site: Flask, sign_in: Callable[..., FlaskClient], post: Any
) -> None:
    client = sign_in(KEEPER, app=site)
    assert _change(client, post).headers["Location"] == PAGE
    assert "Your password has been changed." in client.get(PAGE).text
    assert post(site.test_client(), "/login", email=KEEPER, password=PASSWORD).status_code == 422
    sign_in(KEEPER, password=NEW, app=site)


def test_a_new_password_ends_every_other_session_and_keeps_this_one(
    site: Flask, sign_in: Callable[..., FlaskClient], post: Any, rows: Any
) -> None:
    client, other = sign_in(KEEPER, app=site), sign_in(KEEPER, app=site)
    _change(client, post)
    assert client.get(PAGE).status_code == 200
    assert other.get(PAGE).status_code == 302
    with rows() as session:
        assert session.scalar(select(func.count()).select_from(SessionRow)) == 1


def test_a_cookie_copied_before_the_change_is_dead(
    site: Flask, sign_in: Callable[..., FlaskClient], post: Any
) -> None:
    client = sign_in(KEEPER, app=site)
    before = client.get_cookie("orion_staff")
    assert before is not None
    _change(client, post)
    thief = site.test_client()
    thief.set_cookie("orion_staff", before.value)
    assert thief.get(PAGE).status_code == 302


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"old": "not the password"}, "This password is wrong."),
        ({"new": "short"}, "A password has at least 10 characters."),
        ({"again": "something else"}, "The two passwords differ."),
        ({"new": PASSWORD}, "The new password is the old one."),
    ],
)
def test_a_change_that_breaks_a_rule_says_which(
    site: Flask, sign_in: Callable[..., FlaskClient], post: Any, fields: dict[str, str], sentence: str
) -> None:
    client = sign_in(KEEPER, app=site)
    answer = _change(client, post, **fields)
    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_forgotten_password_is_replaced_through_the_mail(
    mailing: Flask, inbox: tuple[Inbox, str], sign_in: Callable[..., FlaskClient], post: Any
) -> None:
    elsewhere = sign_in(KEEPER, app=mailing)
    _ask(mailing, post)
    (mail,) = inbox[0].mails
    assert mail["To"] == KEEPER
    answer = post(mailing.test_client(), _link(mail), password=NEW, password_confirm=NEW)
    assert answer.headers["Location"] == "/login"
    assert elsewhere.get(PAGE).status_code == 302
    sign_in(KEEPER, password=NEW, app=mailing)
    mailing.extensions["orion_mail"].flush()
    assert [m["Subject"] for m in inbox[0].mails] == ["Choose a new password", "Your password has been reset"]


def test_a_link_works_once(mailing: Flask, inbox: tuple[Inbox, str], post: Any) -> None:
    _ask(mailing, post)
    link = _link(inbox[0].mails[0])
    post(mailing.test_client(), link, password=NEW, password_confirm=NEW)
    again = mailing.test_client().get(link)
    assert (again.status_code, again.headers["Location"]) == (302, "/reset")


@pytest.mark.parametrize("link", ["/reset/x", "/reset/" + "A" * 200 + ".x.y"])
def test_a_forged_link_is_refused(client: FlaskClient, link: str) -> None:
    answer = client.get(link, follow_redirects=True)
    assert "This link has been used already, or is not whole." in answer.text


def test_asking_for_an_unknown_person_reads_the_same_and_sends_nothing(
    mailing: Flask, inbox: tuple[Inbox, str], post: Any
) -> None:
    known, unknown = _ask(mailing, post), _ask(mailing, post, "nobody@orion.example")
    assert known.status_code == unknown.status_code == 200
    assert words(known.text) == words(unknown.text).replace("nobody@", "keeper@")
    assert len(inbox[0].mails) == 1


@pytest.mark.parametrize("typed", ["", "no-address", "two@@orion.example"])
def test_what_is_no_address_is_said_at_its_field_and_no_mail_goes_out(
    mailing: Flask, inbox: tuple[Inbox, str], post: Any, typed: str
) -> None:
    answer = _ask(mailing, post, typed)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    said = "This is not an e-mail address." if typed else "Enter your e-mail address."
    assert said in answer.text
    assert "is on its way" not in answer.text
    assert inbox[0].mails == []


def test_without_a_mail_server_everybody_reads_the_same_apology(house: House, post: Any) -> None:
    app = house.app(mail_url="smtp://127.0.0.1:1")
    for email in (KEEPER, "nobody@orion.example"):
        answer = post(app.test_client(), "/reset", email=email)
        assert answer.status_code == 503
        assert "No mail can be sent at the moment." in answer.text


def test_a_password_is_changed_even_when_no_mail_can_be_sent(
    house: House, sign_in: Callable[..., FlaskClient], post: Any
) -> None:
    app = house.app(mail_url="smtp://127.0.0.1:1")
    assert _change(sign_in(KEEPER, app=app), post).status_code == 302
    sign_in(KEEPER, password=NEW, app=app)


def test_the_host_header_does_not_choose_where_a_link_leads(
    house: House, inbox: tuple[Inbox, str], post: Any
) -> None:
    app = house.app(mail_url=inbox[1], public_url="https://portal.example", trusted_hosts="evil.example")
    client = app.test_client()
    base = "http://evil.example"
    token = csrf_token(client.get("/reset", base_url=base).text)
    client.post("/reset", data={"email": KEEPER, "csrf_token": token}, base_url=base)
    app.extensions["orion_mail"].flush()
    text = inbox[0].mails[0].as_string()
    assert "https://portal.example/reset/" in text
    assert "evil.example" not in text


def test_the_demo_shows_its_mail_on_a_page(site: Flask, post: Any) -> None:
    _ask(site, post)
    html = site.test_client().get("/_mail").text
    assert "Choose a new password" in html
    assert KEEPER in html


def test_there_is_no_such_page_outside_the_demo(house: House) -> None:
    assert house.app(demo=False).test_client().get("/_mail").status_code == 404


@pytest.mark.parametrize(
    ("page", "fields"),
    [
        ("/login", {"password": "current-password"}),
        (
            "/account/password",
            {
                "password": "current-password",
                "new_password": "new-password",
                "new_password_confirm": "new-password",
            },
        ),
    ],
)
def test_what_is_typed_is_hidden_and_known_to_password_managers(
    site: Flask, sign_in: Callable[..., FlaskClient], page: str, fields: dict[str, str]
) -> None:
    client = site.test_client() if page == "/login" else sign_in(KEEPER, app=site)
    inputs = [tag for tag in re.findall(r"<input[^>]*>", client.get(page).text) if 'type="password"' in tag]
    found = {_attribute(tag, "name"): _attribute(tag, "autocomplete") for tag in inputs}
    assert found == fields
    assert "onpaste" not in client.get(page).text


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'\s{name}="([^"]*)"', tag)
    assert found is not None, tag
    return found[1]


def test_a_password_counts_exactly_as_it_was_typed(
    site: Flask, sign_in: Callable[..., FlaskClient], post: Any
) -> None:
    new = "Ein sehr langer Satz mit Leerzeichen, Zeichen wie ß und 🐙, " * 2
    assert len(new) > 100
    assert _change(sign_in(KEEPER, app=site), post, new=new).status_code == 302
    for other in (new.lower(), new[:72], new.replace(" ", ""), f"{new}x"):
        assert post(site.test_client(), "/login", email=KEEPER, password=other).status_code == 422
    sign_in(KEEPER, password=new, app=site)


def test_passwords_are_kept_as_argon2id_of_todays_strength(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orion.identity.security.WEAK", {})
    with house.app().app_context():
        kept = hash_password(NEW)
    found = re.fullmatch(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$.*", kept)
    assert found is not None
    memory, times, _lanes = map(int, found.groups())
    assert memory >= 19_456 and times >= 2


def test_a_link_ends_after_four_hours(
    mailing: Flask, inbox: tuple[Inbox, str], post: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ask(mailing, post)
    link, later = _link(inbox[0].mails[0]), time.time() + 4 * 3600 + 60
    assert mailing.test_client().get(link).status_code == 200
    monkeypatch.setattr("itsdangerous.timed.time.time", lambda: later)
    answer = mailing.test_client().get(link)
    assert answer.status_code in (302, 303)
    assert link not in answer.location


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("email", [KEEPER, "nobody@orion.example"])
def test_a_password_of_any_length_is_wrong_for_known_and_unknown(
    client: FlaskClient, post: Any, email: str
) -> None:
    answer = post(client, "/login", email=email, password="long " * 20_000)
    assert answer.status_code == 422
    assert "password is wrong" in answer.text


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("long", ["old", "new"])
def test_a_change_takes_no_password_without_end(
    site: Flask, sign_in: Callable[..., FlaskClient], post: Any, long: str
) -> None:
    client, text = sign_in(KEEPER, app=site), "".join(chr(33 + n * 7 % 90) for n in range(20_000))
    answer = _change(client, post, **{long: text})
    assert answer.status_code == 422
    assert long == "old" or "200 characters at most" in answer.text


@pytest.mark.only_on("sqlite")
def test_a_confirmation_takes_a_password_of_any_length(
    site: Flask, sign_in: Callable[..., FlaskClient], post: Any
) -> None:
    client = sign_in(KEEPER, app=site)
    answer = post(client, "/account/confirm", confirm_password="long " * 20_000)
    assert answer.status_code == 422
