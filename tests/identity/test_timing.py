"""How long signing in takes tells nothing."""

import statistics
import time
from typing import Any

import pytest
from flask import Flask
from flask_security import hash_password
from sqlalchemy import delete, update

from orion.identity.models import Tries, User
from orion.testing import PASSWORD, House, csrf_token
from tests.identity.conftest import KEEPER

TRIES, ROUNDS = 12, 3
#: How much longer the one may take than the other.
MOST = 0.10


@pytest.fixture
def site(house: House, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Passwords cost here what they cost everywhere but in tests."""
    monkeypatch.setattr("orion.identity.security.WEAK", {})
    return house.app(rate_limits=False)


@pytest.mark.only_on("sqlite")
def test_a_known_and_an_unknown_person_are_refused_in_the_same_time(site: Flask, rows: Any) -> None:
    with site.test_request_context():
        strong = hash_password(PASSWORD)
    with rows() as session:
        session.execute(update(User).values(password=strong))
    client = site.test_client()
    token = csrf_token(client.get("/login").text)

    def refused(email: str) -> float:
        begun = time.perf_counter()
        answer = client.post("/login", data={"csrf_token": token, "email": email, "password": "wrong words"})
        took = time.perf_counter() - begun
        assert answer.status_code == 422
        return took

    def difference() -> float:
        took: dict[str, list[float]] = {KEEPER: [], "nobody@orion.example": []}
        for _ in range(TRIES):
            for email, times in took.items():
                times.append(refused(email))
            with rows() as session:
                session.execute(delete(Tries))
        known, unknown = (statistics.median(times) for times in took.values())
        assert min(known, unknown) > 0.02, "the passwords cost nothing here: this measures nothing"
        return abs(known - unknown) / min(known, unknown)

    # On a busy machine one round may be off; a real difference is in all of them.
    assert any(difference() < MOST for _ in range(ROUNDS))


def test_a_refusal_has_the_same_headers_and_cookies(site: Flask) -> None:
    def refused(email: str) -> Any:
        client = site.test_client()
        token = csrf_token(client.get("/login").text)
        return client.post("/login", data={"csrf_token": token, "email": email, "password": "wrong words"})

    def said(answer: Any) -> Any:
        varying = {"x-request-id", "content-length", "set-cookie"}
        headers = {name.lower(): value for name, value in answer.headers.items()}
        cookies = [line.partition("=")[0] for line in answer.headers.getlist("Set-Cookie")]
        return {name: value for name, value in headers.items() if name not in varying}, cookies

    assert said(refused(KEEPER)) == said(refused("nobody@orion.example"))
