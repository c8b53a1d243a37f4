"""The session's row and its cookie."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, select, update

from orion.data import bookkeeping
from orion.identity.models import SessionRow, User
from orion.identity.visit import hash_of
from orion.networks import prefix_of
from orion.testing import PASSWORD, House, csrf_token
from tests.identity.conftest import KEEPER, cookie

PAGE = "/account/sessions"


@pytest.fixture
def signed_in(site: Flask, sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    """The keeper's browser."""
    return sign_in(KEEPER, app=site)


def test_only_a_hash_of_the_cookie_is_kept(signed_in: FlaskClient, rows: Any) -> None:
    with rows() as session:
        row = session.scalars(select(SessionRow)).one()
    value = cookie(signed_in) or ""
    assert row.id_hash == hash_of(value)
    assert value not in row.data


def test_an_id_that_was_planted_is_never_adopted(client: FlaskClient, site: Flask, post: Any) -> None:
    client.set_cookie("orion_staff", "planted")
    post(client, "/login", email=KEEPER, password=PASSWORD)
    assert cookie(client) not in (None, "planted")
    attacker = site.test_client()
    attacker.set_cookie("orion_staff", "planted")
    assert attacker.get(PAGE).status_code == 302


@pytest.mark.parametrize("forged", ["x", "' OR 1=1 --", "0" * 64, "\x00", "ü" * 300])
def test_a_forged_id_is_a_stranger(client: FlaskClient, forged: str) -> None:
    client.set_cookie("orion_staff", forged)
    assert client.get(PAGE).status_code == 302


def test_the_hash_of_a_session_is_no_key_to_it(signed_in: FlaskClient, site: Flask) -> None:
    thief = site.test_client()
    thief.set_cookie("orion_staff", hash_of(cookie(signed_in) or ""))
    assert thief.get(PAGE).status_code == 302


def test_a_visitors_cookie_says_nothing_about_who_somebody_is(
    site: Flask, client: FlaskClient, person: Callable[[], User]
) -> None:
    values = {"_user_id": person().fs_uniquifier, "_fresh": True, "csrf_token": "x"}
    signer = URLSafeTimedSerializer(site.secret_key or "", salt="orion-visitor")
    client.set_cookie("orion_visitor", str(signer.dumps(values)))
    assert client.get(PAGE).status_code == 302


def test_strangers_leave_no_row(client: FlaskClient, rows: Any) -> None:
    client.get("/login")
    client.get("/reset")
    with rows() as session:
        assert session.scalar(select(func.count()).select_from(SessionRow)) == 0


def test_signing_in_gives_a_form_token_of_its_own(site: Flask, client: FlaskClient, post: Any) -> None:
    before = csrf_token(client.get("/login").text)
    post(client, "/login", email=KEEPER, password=PASSWORD)
    answer = client.post("/logout", data={"csrf_token": before})
    assert answer.status_code == 400


def test_the_token_of_one_session_opens_no_form_of_another(
    site: Flask, signed_in: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    other = csrf_token(sign_in(KEEPER, app=site).get(PAGE).text)
    assert signed_in.post("/logout", data={"csrf_token": other}).status_code == 400


@pytest.mark.parametrize(
    "ended",
    [
        {"seen_at": datetime.now(UTC) - timedelta(hours=25)},
        {"expires_at": datetime.now(UTC) - timedelta(seconds=1)},
    ],
    ids=["idle", "absolute"],
)
def test_a_session_ends_at_its_limits(signed_in: FlaskClient, rows: Any, ended: dict[str, Any]) -> None:
    assert signed_in.get(PAGE).status_code == 200
    with rows() as session:
        session.execute(update(SessionRow).values(ended))
    assert signed_in.get(PAGE).status_code == 302


def test_a_session_lasts_for_twenty_hours_that_nobody_uses_it(signed_in: FlaskClient, rows: Any) -> None:
    with rows() as session:
        session.execute(update(SessionRow).values(seen_at=datetime.now(UTC) - timedelta(hours=20, minutes=1)))
    assert signed_in.get(PAGE).status_code == 200


def test_sessions_that_are_over_are_swept_at_the_next_sign_in(
    site: Flask, signed_in: FlaskClient, sign_in: Callable[..., FlaskClient], rows: Any
) -> None:
    with rows() as session:
        session.execute(update(SessionRow).values(expires_at=datetime.now(UTC) - timedelta(days=1)))
    sign_in(KEEPER, app=site)
    with rows() as session:
        assert session.scalar(select(func.count()).select_from(SessionRow)) == 1


def test_last_seen_is_noted_after_the_response_at_most_once_a_minute(
    site: Flask, signed_in: FlaskClient, rows: Any
) -> None:
    def seen(change: datetime | None = None) -> datetime:
        bookkeeping.flush(site)
        with rows() as session:
            if change:
                session.execute(update(SessionRow).values(seen_at=change))
            return session.scalars(select(SessionRow.seen_at)).one()

    long_ago = seen(datetime.now(UTC) - timedelta(minutes=5))
    signed_in.get(PAGE)
    noted = seen()
    assert noted > long_ago
    signed_in.get(PAGE)
    assert seen() == noted


def test_the_cookie_is_bound_to_the_host_exactly_when_the_request_is_https(site: Flask) -> None:
    for base, name, secure in (
        ("https://localhost", "__Host-orion_staff", True),
        ("http://localhost", "orion_staff", False),
    ):
        client = site.test_client()
        form = {"email": KEEPER, "password": PASSWORD}
        form["csrf_token"] = csrf_token(client.get("/login", base_url=base).text)
        answer = client.post("/login", data=form, base_url=base)
        line = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith(f"{name}="))
        assert ("; Secure" in line) is secure
        assert "HttpOnly" in line
        assert "SameSite=Lax" in line
        assert "Path=/;" in line
        assert "Domain" not in line
        assert client.get(PAGE, base_url=base).status_code == 200


def test_a_session_of_http_is_none_over_https(site: Flask, signed_in: FlaskClient) -> None:
    assert signed_in.get(PAGE, base_url="https://localhost").status_code == 302


def test_a_signed_in_request_reads_everything_in_one_statement(
    house: House, sign_in: Callable[..., FlaskClient], count_sql: Any
) -> None:
    house.module(
        "paper",
        manifest="""
            schema: 1
            code: paper
            name: Paper
            description: A page that reads nothing.
            version: "1.0.0"
            permissions:
              - id: paper.view
                label_key: paper.permissions.view
                label: View paper
                description_key: paper.permissions.view_desc
                description: See the page.
                category: paper
        """,
        routes_vendor="""
            from orion.contracts.pages import Pages

            pages = Pages(__name__)

            @pages.page("/papers", permission="paper.view")
            def papers(scope):
                return f"versions {dict(scope.versions)}"
        """,
    )
    app = house.app()
    client = sign_in(KEEPER, app=app)
    with count_sql(app) as statements:
        answer = client.get("/vendor/ACME/papers")
    assert answer.status_code == 200
    assert len(statements) == 1
    for table in ("orion_session", "orion_user", "orion_data_version"):
        assert table in statements[0]


def test_a_request_that_asks_nothing_of_the_session_reads_nothing(
    site: Flask, signed_in: FlaskClient, count_sql: Any
) -> None:
    with count_sql(site) as statements:
        assert signed_in.get("/healthz").status_code == 200
    assert statements == []


@pytest.mark.parametrize(
    ("address", "prefix"),
    [("192.0.2.77", "192.0.2.0/24"), ("2001:db8:1:2::7", "2001:db8:1::/48"), ("unix:", ""), (None, "")],
)
def test_an_address_is_kept_coarsely(address: str | None, prefix: str) -> None:
    assert prefix_of(address) == prefix
