"""Codes of an app and recovery codes: set up, asked for, used once."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from passlib.totp import TOTP  # type: ignore[import-untyped]
from sqlalchemy import func, select, update

from orion.identity.attempts import FREE
from orion.identity.commands import users
from orion.identity.models import RecoveryCode, SessionRow, User, now
from orion.identity.second_factor import SIGN_IN
from orion.testing import PASSWORD, House, csrf_token
from tests.identity.conftest import KEEPER, cookie, words

pytestmark = pytest.mark.by_turns

SECURITY, APP, SECOND = "/account/security", "/account/security/app", "/login/second-factor"


@pytest.fixture
def site(house: House) -> Flask:
    """The counts in the database alone."""
    return house.app(rate_limits=False)


class App:
    """An authenticator app. `code` is the current one, later ones by `after` periods."""

    def __init__(self, key: str) -> None:
        self.key = key

    def code(self, after: int = 0) -> str:
        made = TOTP(key=self.key)
        now = made.generate().counter
        return str(made.generate(time=(now + after) * 30).token)


def _secret(html: str) -> str:
    found = re.search(r'<code class="secret">([A-Z2-7 ]+)</code>', html)
    assert found is not None
    return found[1].replace(" ", "")


def _codes(html: str) -> list[str]:
    return re.findall(r"<li><code>([a-z0-9-]+)</code>", html)


def _hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)
    assert found is not None
    return unescape(found[1])


@pytest.fixture
def signed_in(site: Flask, sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    """The keeper's browser."""
    return sign_in(KEEPER, app=site)


@pytest.fixture
def set_up(signed_in: FlaskClient) -> tuple[App, list[str]]:
    """The keeper's app and recovery codes. The code before the current one was the first."""
    page = signed_in.get(APP).text
    app = App(_secret(page))
    form = {"csrf_token": csrf_token(page), "key": _hidden(page, "key")}
    answer = signed_in.post(APP, data=form | {"code": app.code(-1)})
    if answer.status_code == 422:  # The clock went on to the next code in between.
        answer = signed_in.post(APP, data=form | {"code": app.code(-1)})
    assert answer.status_code == 200, words(answer.text)
    return app, _codes(answer.text)


@pytest.fixture
def half_way(site: Flask, set_up: Any, post: Any) -> FlaskClient:
    """A browser where the keeper has given the password."""
    client = site.test_client()
    answer = post(client, "/login?next=/account/sessions", email=KEEPER, password=PASSWORD)
    assert (answer.status_code, answer.location) == (303, SECOND)
    return client


def _give(client: FlaskClient, by: str, **fields: str) -> Any:
    token = csrf_token(client.get(SECOND).text)
    return client.post(SECOND, data={"csrf_token": token, "by": by, **fields})


def _late(client: FlaskClient, code: str) -> Any:
    token = csrf_token(client.get("/login").text)
    return client.post(SECOND, data={"csrf_token": token, "by": "code", "code": code})


def test_setting_up_shows_ten_recovery_codes_this_once(
    signed_in: FlaskClient, set_up: tuple[App, list[str]]
) -> None:
    codes = set_up[1]
    assert len(set(codes)) == 10
    page = signed_in.get(SECURITY).text
    assert "10 of 10 left" in page
    assert not any(code in page for code in codes)


def test_a_wrong_code_sets_nothing_up_and_keeps_the_key(
    signed_in: FlaskClient, person: Callable[[], User]
) -> None:
    page = signed_in.get(APP).text
    form = {"csrf_token": csrf_token(page), "key": _hidden(page, "key"), "code": "000000"}
    answer = signed_in.post(APP, data=form)
    assert answer.status_code == 422
    assert _secret(answer.text) == _secret(page)
    assert person().totp_secret is None


def test_the_key_of_somebody_else_is_not_taken(signed_in: FlaskClient, person: Callable[[], User]) -> None:
    page = signed_in.get(APP).text
    answer = signed_in.post(APP, data={"csrf_token": csrf_token(page), "key": "forged", "code": "1"})
    assert (answer.status_code, answer.location) == (303, APP)
    assert person().totp_secret is None


def test_the_password_alone_opens_nothing(half_way: FlaskClient) -> None:
    for page in ("/account/sessions", "/vendor/ACME/", "/admin/", SECURITY):
        assert half_way.get(page).status_code == 302
    assert cookie(half_way) is None


def test_the_cookie_of_the_half_way_is_no_session(half_way: FlaskClient, site: Flask) -> None:
    thief = site.test_client()
    thief.set_cookie("orion_staff", cookie(half_way, "orion_half") or "")
    assert thief.get("/account/sessions").status_code == 302


def test_a_code_signs_in_with_a_new_session_and_leads_on(
    half_way: FlaskClient, set_up: tuple[App, list[str]], rows: Any
) -> None:
    before = cookie(half_way, "orion_half")
    answer = _give(half_way, "code", code=set_up[0].code())
    assert (answer.status_code, answer.location) == (303, "/account/sessions")
    assert cookie(half_way) not in (None, before)
    assert cookie(half_way, "orion_half") is None
    with rows() as session:
        assert session.scalar(select(func.count()).where(SessionRow.realm == "half")) == 0


def test_a_code_counts_once(
    site: Flask, half_way: FlaskClient, set_up: tuple[App, list[str]], post: Any
) -> None:
    code = set_up[0].code()
    assert _give(half_way, "code", code=code).status_code == 303
    other = site.test_client()
    post(other, "/login", email=KEEPER, password=PASSWORD)
    again = _give(other, "code", code=code)
    assert again.status_code == 422
    assert "used already" in again.text


def test_a_code_with_spaces_is_the_same_code(half_way: FlaskClient, set_up: tuple[App, list[str]]) -> None:
    code = set_up[0].code()
    assert _give(half_way, "code", code=f"{code[:3]} {code[3:]}").status_code == 303


def test_guesses_at_the_code_are_held_up_and_the_owner_is_told(
    half_way: FlaskClient, set_up: tuple[App, list[str]], site: Flask, post: Any
) -> None:
    statuses = [_give(half_way, "code", code="000000").status_code for _ in range(FREE + 1)]
    assert statuses == [422] * FREE + [429]
    other = site.test_client()
    post(other, "/login", email=KEEPER, password=PASSWORD)
    assert _give(other, "code", code=set_up[0].code()).status_code == 429
    site.extensions["orion_mail"].flush()
    assert "Somebody knows your password" in site.test_client().get("/_mail").text


def test_a_recovery_code_gets_in_while_codes_are_held_up(
    half_way: FlaskClient, set_up: tuple[App, list[str]]
) -> None:
    for _ in range(FREE + 1):
        _give(half_way, "code", code="000000")
    assert _give(half_way, "recovery", recovery_code=set_up[1][0]).status_code == 303


def test_a_recovery_code_works_once_however_it_is_typed(
    site: Flask, half_way: FlaskClient, set_up: tuple[App, list[str]], post: Any
) -> None:
    code = set_up[1][3]
    answer = _give(half_way, "recovery", recovery_code=code.upper().replace("-", " "))
    assert answer.status_code == 303
    assert "9 recovery codes are left." in half_way.get(SECURITY).text
    other = site.test_client()
    post(other, "/login", email=KEEPER, password=PASSWORD)
    again = _give(other, "recovery", recovery_code=code)
    assert again.status_code == 422
    assert "used already" in again.text


def test_neither_key_nor_recovery_codes_lie_open_in_the_database(
    set_up: tuple[App, list[str]], rows: Any, person: Callable[[], User]
) -> None:
    app, codes = set_up
    assert app.key not in (person().totp_secret or app.key)
    with rows() as session:
        kept = session.scalars(select(RecoveryCode.code_hash)).all()
    assert len(kept) == 10
    assert not {c.replace("-", "") for c in codes} & set(kept)
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in kept)


def test_new_recovery_codes_end_the_old_ones(
    signed_in: FlaskClient, set_up: tuple[App, list[str]], half_way: FlaskClient
) -> None:
    token = csrf_token(signed_in.get(SECURITY).text)
    fresh = _codes(signed_in.post(f"{SECURITY}/recovery-codes", data={"csrf_token": token}).text)
    assert len(fresh) == 10
    assert _give(half_way, "recovery", recovery_code=set_up[1][0]).status_code == 422
    assert _give(half_way, "recovery", recovery_code=fresh[0]).status_code == 303


def test_the_file_of_codes_holds_good_codes_of_ones_own_alone(
    signed_in: FlaskClient, set_up: tuple[App, list[str]]
) -> None:
    token = csrf_token(signed_in.get(SECURITY).text)
    form = {"csrf_token": token, "recovery_code": [*set_up[1], "not-a-code"]}
    answer = signed_in.post(f"{SECURITY}/recovery-codes/file", data=form)
    assert answer.text.split() == set_up[1]
    assert "attachment" in answer.headers["Content-Disposition"]


def test_the_half_way_is_over_after_ten_minutes(half_way: FlaskClient, set_up: Any, rows: Any) -> None:
    with rows() as session:
        session.execute(update(SessionRow).where(SessionRow.realm == "half").values(expires_at=now()))
    answer = _late(half_way, set_up[0].code())
    assert (answer.status_code, answer.location) == (303, "/login")


def test_a_new_password_ends_the_half_way(half_way: FlaskClient, set_up: Any, signed_in: FlaskClient) -> None:
    page = signed_in.get("/account/password").text
    new = "three brave new words"
    form = {"csrf_token": csrf_token(page), "password": PASSWORD, "new_password": new}
    assert signed_in.post("/account/password", data=form | {"new_password_confirm": new}).status_code == 302
    assert _late(half_way, set_up[0].code()).location == "/login"


def test_the_first_second_factor_ends_the_sessions_that_came_without_one(
    site: Flask, sign_in: Callable[..., FlaskClient], request: pytest.FixtureRequest
) -> None:
    other = sign_in(KEEPER, app=site)
    own: FlaskClient = request.getfixturevalue("signed_in")
    request.getfixturevalue("set_up")
    assert other.get("/account/sessions").status_code == 302
    assert own.get("/account/sessions").status_code == 200


def test_who_removes_the_last_second_factor_signs_in_without_and_has_no_codes(
    site: Flask, signed_in: FlaskClient, set_up: Any, sign_in: Callable[..., FlaskClient], rows: Any
) -> None:
    token = csrf_token(signed_in.get(SECURITY).text)
    assert signed_in.post(f"{APP}/remove", data={"csrf_token": token}).status_code == 303
    sign_in(KEEPER, app=site).get(SECURITY)
    with rows() as session:
        assert session.scalar(select(func.count()).select_from(RecoveryCode)) == 0
    site.extensions["orion_mail"].flush()
    assert "A way to sign in was removed" in site.test_client().get("/_mail").text


@pytest.mark.parametrize("page", [APP, f"{APP}/remove", f"{SECURITY}/passkeys", f"{SECURITY}/recovery-codes"])
def test_what_changes_factors_asks_again_who_one_is(signed_in: FlaskClient, rows: Any, page: str) -> None:
    token = csrf_token(signed_in.get(SECURITY).text)
    with rows() as session:
        session.execute(update(SessionRow).values(fresh_until=SessionRow.created_at))
    answer = signed_in.post(page, data={"csrf_token": token})
    assert answer.status_code == 401
    assert "Confirm that it is you" in answer.text


def test_a_key_is_read_after_the_secret_key_has_changed_and_sealed_anew(
    house: House, set_up: tuple[App, list[str]], post: Any, person: Callable[[], User]
) -> None:
    before = person().totp_secret
    settings = house.settings
    app = house.app(
        secret_key="another-secret-another-secret", old_secret_keys=settings.secret, rate_limits=False
    )
    result = app.test_cli_runner().invoke(users, ["reseal"])
    assert result.exit_code == 0, result.output
    assert person().totp_secret != before
    newest = house.app(secret_key="another-secret-another-secret", rate_limits=False)
    client = newest.test_client()
    post(client, "/login", email=KEEPER, password=PASSWORD)
    assert _give(client, "code", code=set_up[0].code()).status_code == 303


def test_a_lost_second_factor_is_reset_with_a_reason(
    site: Flask, set_up: Any, sign_in: Callable[..., FlaskClient], signed_in: FlaskClient, caplog: Any
) -> None:
    run = site.test_cli_runner().invoke
    assert run(users, ["reset-second-factor", KEEPER]).exit_code != 0
    result = run(users, ["reset-second-factor", KEEPER, "--reason", "phone fell into the sea"])
    assert result.exit_code == 0, result.output
    assert "phone fell into the sea" in str([vars(r) for r in caplog.records])
    assert signed_in.get("/account/sessions").status_code == 302
    sign_in(KEEPER, app=site)


def test_a_new_password_by_mail_does_not_pass_by_the_second_factor(
    site: Flask, signed_in: FlaskClient, set_up: Any, post: Any
) -> None:
    printed = site.test_cli_runner().invoke(users, ["reset-link", KEEPER]).output
    link = re.search(r"(/reset/\S+)", printed)
    assert link is not None
    browser, new = site.test_client(), "three brave new words"
    assert post(browser, link[1], password=new, password_confirm=new).status_code in (302, 303)
    assert browser.get(SECURITY).status_code == 302
    assert post(browser, "/login", email=KEEPER, password=new).location == SECOND
    assert browser.get(SECURITY).status_code == 302


def test_no_line_of_the_log_holds_codes_or_keys(
    set_up: tuple[App, list[str]], half_way: FlaskClient, log_lines: list[str]
) -> None:
    app, codes = set_up
    wrong = "271828"
    assert _give(half_way, "code", code=wrong).status_code == 422
    assert _give(half_way, "recovery", recovery_code=codes[0]).status_code == 303
    assert any("second_factor.wrong" in line for line in log_lines)
    for line in log_lines:
        assert not any(secret in line for secret in (app.key, wrong, app.code(), *codes)), line


def test_a_network_sends_so_many_forms_of_signing_in(house: House) -> None:
    client = house.app().test_client()
    form = {"csrf_token": csrf_token(client.get("/login").text), "by": "code", "code": "000000"}
    statuses = [client.post(SECOND, data=form).status_code for _ in range(SIGN_IN.times + 1)]
    assert statuses == [303] * SIGN_IN.times + [429]


def test_an_app_that_is_not_set_up_is_not_removed(signed_in: FlaskClient) -> None:
    token = csrf_token(signed_in.get(SECURITY).text)
    assert signed_in.post(f"{APP}/remove", data={"csrf_token": token}).status_code == 404
