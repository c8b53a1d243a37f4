"""Another e-mail address: confirmed by a mail to it, told to the old one, and nobody learns who is known."""

import re
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_security.recoverable import generate_reset_password_token
from sqlalchemy import select, update

from orion.contracts.scope import system_scope
from orion.data.database import entered
from orion.identity.models import SessionRow, User, now
from orion.identity.services import create_user
from orion.testing import PASSWORD, House
from tests.identity.conftest import KEEPER, cookie, words

pytestmark = pytest.mark.by_turns

PAGE = "/account/email"
NEW, TAKEN = "new@orion.example", "taken@orion.example"


@pytest.fixture
def signed_in(site: Flask, sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    """The keeper's browser."""
    with site.app_context():
        create_user(TAKEN, "Somebody else", PASSWORD)
    return sign_in(KEEPER, app=site)


@pytest.fixture
def mails(site: Flask, house: House) -> Callable[[], list[EmailMessage]]:
    """Every mail that was sent, in its order."""

    def read() -> list[EmailMessage]:
        site.extensions["orion_mail"].flush()
        files = sorted(Path(house.settings.mail_url.removeprefix("file://")).glob("*.eml"))
        return [message_from_bytes(f.read_bytes(), policy=policy.default) for f in files]  # type: ignore[misc]

    return read


def _link(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    found = re.search(r"http://localhost(/account/email/\S+)", body.get_content() if body else "")
    assert found is not None
    return found[1]


@pytest.fixture
def link(signed_in: FlaskClient, post: Any, mails: Callable[[], list[EmailMessage]]) -> str:
    """The link that went to the new address."""
    assert post(signed_in, PAGE, email=NEW.upper()).status_code == 303
    (mail,) = mails()
    assert mail["To"] == NEW
    return _link(mail)


def test_the_new_address_counts_after_its_link_was_followed(
    site: Flask, signed_in: FlaskClient, link: str, post: Any, sign_in: Callable[..., FlaskClient]
) -> None:
    assert post(site.test_client(), "/login", email=NEW, password=PASSWORD).status_code == 422
    assert signed_in.get(link).status_code == 200
    assert post(site.test_client(), "/login", email=NEW, password=PASSWORD).status_code == 422
    assert post(signed_in, link).status_code == 303
    sign_in(NEW, app=site)
    assert post(site.test_client(), "/login", email=KEEPER, password=PASSWORD).status_code == 422


def test_the_old_address_is_told(
    signed_in: FlaskClient, link: str, post: Any, mails: Callable[[], list[EmailMessage]]
) -> None:
    post(signed_in, link)
    last = mails()[-1]
    assert (last["To"], last["Subject"]) == (KEEPER, "Your e-mail address has been changed")


def test_an_address_that_somebody_has_reads_the_same_and_is_not_given(
    signed_in: FlaskClient, post: Any, mails: Callable[[], list[EmailMessage]]
) -> None:
    pages = {}
    for email in (NEW, TAKEN):
        answer = post(signed_in, PAGE, email=email)
        assert (answer.status_code, answer.location) == (303, PAGE)
        pages[email] = words(signed_in.get(PAGE).text).replace(email, "…")
    assert pages[NEW] == pages[TAKEN]
    first, second = mails()
    assert (first["To"], second["To"]) == (NEW, TAKEN)
    assert "/account/email/" not in second.as_string()


def test_whoever_has_the_address_is_told_in_their_own_language(
    signed_in: FlaskClient, post: Any, rows: Callable[[], Any], mails: Callable[[], list[EmailMessage]]
) -> None:
    with rows() as writing:
        writing.scalars(select(User).where(User.email == TAKEN)).one().locale = "de"
    post(signed_in, PAGE, email=TAKEN)
    (mail,) = mails()
    assert mail["Subject"] == "Jemand wollte Ihre Adresse verwenden"


def test_a_link_is_good_for_its_own_account_alone(
    site: Flask, link: str, sign_in: Callable[..., FlaskClient], post: Any
) -> None:
    other = sign_in(TAKEN, app=site)
    answer = other.get(link)
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert site.test_client().get(link).status_code == 302


def test_a_link_works_once_and_ends_with_another_change(signed_in: FlaskClient, link: str, post: Any) -> None:
    post(signed_in, link)
    assert signed_in.get(link).location == PAGE


@pytest.mark.parametrize("token", ["x", "a.b.c", "é"])
def test_a_forged_link_changes_nothing(signed_in: FlaskClient, token: str) -> None:
    assert signed_in.get(f"{PAGE}/{token}").location == PAGE


def test_an_address_that_was_taken_meanwhile_is_not_given(
    site: Flask, signed_in: FlaskClient, link: str, post: Any, person: Callable[[], User]
) -> None:
    with site.app_context():
        create_user(NEW, "Quicker", PASSWORD)
    assert "used already" in signed_in.get(post(signed_in, link, to=link).location or PAGE).text
    assert person().email == KEEPER


def test_the_change_ends_other_sessions_and_gives_this_one_a_new_id(
    site: Flask, signed_in: FlaskClient, link: str, post: Any, sign_in: Callable[..., FlaskClient]
) -> None:
    other, before = sign_in(KEEPER, app=site), cookie(signed_in)
    post(signed_in, link)
    assert other.get(PAGE).status_code == 302
    assert signed_in.get(PAGE).status_code == 200
    assert cookie(signed_in) != before


def test_a_reset_link_in_the_old_mailbox_is_dead(
    site: Flask, signed_in: FlaskClient, link: str, post: Any, person: Callable[[], User]
) -> None:
    with site.app_context(), entered(system_scope("command")):
        token = generate_reset_password_token(person())  # type: ignore[no-untyped-call]
    post(signed_in, link)
    assert site.test_client().get(f"/reset/{token}").location == "/reset"


def test_a_change_asks_again_who_one_is(signed_in: FlaskClient, rows: Any) -> None:
    with rows() as session:
        session.execute(update(SessionRow).values(fresh_until=now()))
    assert signed_in.get(PAGE).location == f"/account/confirm?next={PAGE}"


@pytest.mark.parametrize("email", ["", "nonsense", KEEPER])
def test_what_is_no_other_address_is_refused(signed_in: FlaskClient, post: Any, email: str) -> None:
    assert post(signed_in, PAGE, email=email).status_code == 422


def test_so_many_mails_to_others_are_sent_and_no_more(signed_in: FlaskClient, post: Any) -> None:
    statuses = [post(signed_in, PAGE, email=f"{n}@orion.example").status_code for n in range(6)]
    assert statuses == [303] * 5 + [429]


def test_so_many_reset_mails_go_to_an_address_known_or_not(site: Flask, post: Any) -> None:
    for email in (KEEPER, "nobody@orion.example"):
        statuses = [post(site.test_client(), "/reset", email=email).status_code for _ in range(6)]
        assert statuses == [200] * 5 + [429]
