"""What happens to accounts stands in the audit log."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from modules.tenancy.models import AuditEntry
from orion.contracts.data import entered, system_scope
from orion.data import bookkeeping
from orion.identity import services
from orion.identity.attempts import FREE
from orion.testing import PASSWORD, csrf_token

OWNER, NEW = "owner@orion.example", "three brave new words"


@pytest.fixture
def log(demo: Flask) -> Callable[[], list[AuditEntry]]:
    """The entries about accounts, in their order; how the demo's own people were made is left out."""

    def read() -> list[AuditEntry]:
        bookkeeping.flush(demo)
        about = AuditEntry.action.startswith("orion.")
        theirs = select(AuditEntry).where(about, AuditEntry.action != "orion.account_made")
        with demo.app_context(), entered(system_scope("command")) as session:
            return list(session.scalars(theirs.order_by(AuditEntry.id)))

    return read


def _send(client: FlaskClient, page: str, to: str = "", **fields: str) -> None:
    token = csrf_token(client.get(page).text)
    client.post(to or page, data={"csrf_token": token, **fields})


def test_a_sign_in_says_who_from_where_and_with_what(
    log: Callable[[], list[AuditEntry]], sign_in: Callable[..., FlaskClient]
) -> None:
    sign_in(OWNER)
    (entry,) = log()
    assert (entry.action, entry.after, entry.network) == (
        "orion.signed_in",
        {"with": "password"},
        "127.0.0.0/24",
    )
    assert OWNER in entry.who


def test_wrong_passwords_in_a_row_are_told_once(demo: Flask, log: Callable[[], list[AuditEntry]]) -> None:
    for _ in range(FREE + 3):
        _send(demo.test_client(), "/login", email=OWNER, password="not the password")
    assert [(e.action, e.after) for e in log()] == [("orion.sign_in_held_up", {"tries": FREE})]


def test_a_new_password_and_ended_sessions_are_told_without_a_secret(
    log: Callable[[], list[AuditEntry]], sign_in: Callable[..., FlaskClient]
) -> None:
    client = sign_in(OWNER)
    _send(client, "/account/sessions", to="/account/sessions/end-others")
    fields = {"password": PASSWORD, "new_password": NEW, "new_password_confirm": NEW}
    _send(client, "/account/password", **fields)
    found = log()
    assert [e.action for e in found] == [
        "orion.signed_in",
        "orion.sessions_ended",
        "orion.password_changed",
    ]
    assert not any(NEW in str(vars(e)) for e in found)


def test_an_operator_who_resets_a_second_factor_is_told_with_the_reason(
    demo: Flask, log: Callable[[], list[AuditEntry]]
) -> None:
    with demo.app_context():
        services.reset_second_factor(OWNER, "phone fell into the sea")
    (entry,) = log()
    assert (entry.action, entry.after) == ("orion.factors_reset", {"reason": "phone fell into the sea"})
