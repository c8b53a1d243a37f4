"""Second factors as a person uses them: passkeys of a virtual authenticator, and codes without a script."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from passlib.totp import TOTP  # type: ignore[import-untyped]
from playwright.sync_api import Browser

from orion.testing import PASSWORD
from tests.browser.conftest import COLOURS, TAGS, Server, Visiting, Visitor, violations, visiting

pytestmark = [pytest.mark.browser, pytest.mark.only_on("sqlite")]

OWNER = "owner@orion.example"
AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def named_visitor(browser: Browser, own_server: Server) -> Visiting:
    """Somebody who opens a demo of the test's own by its name: no passkey works at a number."""
    return visiting(browser, replace(own_server, url=own_server.url.replace("127.0.0.1", "localhost")))


@dataclass
class Device:
    """A virtual authenticator. Its person touches it, or does not."""

    session: Any
    id: str

    def touched(self, yes: bool) -> None:
        arguments = {"authenticatorId": self.id, "enabled": yes}
        self.session.send("WebAuthn.setAutomaticPresenceSimulation", arguments)


@pytest.fixture
def device(ada: Visitor) -> Device:
    """The device of `ada`."""
    return ada.device  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def ada(named_visitor: Visiting) -> Iterator[Visitor]:
    """The owner, with a device that can hold passkeys."""
    with named_visitor() as v:
        session = v.page.context.new_cdp_session(v.page)
        session.send("WebAuthn.enable")
        made = session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
        v.device = Device(session, made["authenticatorId"])  # type: ignore[attr-defined]
        v.sign_in(OWNER, anew=True)
        yield v


def _add_passkey(v: Visitor, name: str = "My laptop") -> None:
    v.go("/account/security")
    v.page.fill("input[name=name]", name)
    v.follow("text=Add a passkey")


def _sign_out(v: Visitor) -> None:
    v.page.context.clear_cookies()


def _give_password(v: Visitor) -> None:
    v.go("/login")
    v.page.fill("input[name=email]", OWNER)
    v.page.fill("input[name=password]", PASSWORD)
    v.follow("main button[type=submit]")


def _code(v: Visitor, after: int = 0) -> str:
    key = v.page.locator("code.secret").inner_text().replace(" ", "")
    return _at(key, after)


def _at(key: str, after: int = 0) -> str:
    app = TOTP(key=key)
    return str(app.generate(time=(app.generate().counter + after) * 30).token)


def test_a_passkey_is_added_and_signs_in_alone(ada: Visitor) -> None:
    _add_passkey(ada)
    assert ada.page.locator("h1").inner_text() == "Your recovery codes"
    assert ada.page.locator(".codes li").count() == 10
    ada.follow("text=I have kept them")
    assert "My laptop" in ada.page.locator("main").inner_text()
    _sign_out(ada)
    # A browser that offers no passkeys in fields: else it may answer before the button is found.
    ada.page.add_init_script("PublicKeyCredential.isConditionalMediationAvailable = async () => false")
    ada.go("/login?next=/vendor/WIZAMART/orders")
    ada.follow("text=Sign in with a passkey")
    assert ada.page.url.endswith("/vendor/WIZAMART/orders")
    assert ada.troubles == []


def test_a_passkey_is_offered_where_the_address_is_typed(ada: Visitor) -> None:
    _add_passkey(ada)
    _sign_out(ada)
    with ada.page.expect_navigation(url="**/vendor/WIZAMART/"):
        ada.go("/login")


def test_a_passkey_is_the_second_factor_after_a_password(ada: Visitor, device: Device) -> None:
    _add_passkey(ada)
    _sign_out(ada)
    device.touched(False)
    _give_password(ada)
    assert ada.page.url.endswith("/login/second-factor")
    device.touched(True)
    ada.follow("text=Use a passkey")
    assert ada.page.url.endswith("/vendor/WIZAMART/")


def test_a_passkey_confirms_that_it_is_you(ada: Visitor) -> None:
    _add_passkey(ada)
    ada.go("/account/confirm?next=/account/sessions")
    ada.follow("text=Confirm with a passkey")
    assert ada.page.url.endswith("/account/sessions")


def test_a_passkey_is_renamed_and_removed(ada: Visitor) -> None:
    _add_passkey(ada)
    ada.go("/account/security")
    ada.page.click("text=Rename")
    ada.page.locator(".keys input[name=name]").fill("The old laptop")
    ada.follow(".keys form:has(input[name=name]) button")
    assert "The old laptop" in ada.page.locator(".keys").inner_text()
    ada.page.click(".keys summary:has-text('Remove')")
    ada.follow("text=Remove for good")
    assert ada.page.locator(".keys").count() == 0
    assert "You sign in with a password alone" in ada.page.locator("main").inner_text()


def test_a_device_that_has_one_already_says_so(ada: Visitor) -> None:
    _add_passkey(ada)
    ada.go("/account/security")
    ada.page.click("text=Add a passkey")
    ada.page.locator("text=This device has a passkey for you already.").wait_for()


def test_an_app_is_set_up_and_asked_for_without_a_script(own_visitor: Visiting) -> None:
    with own_visitor(javascript=False) as v:
        v.sign_in(OWNER, anew=True)
        v.go("/account/security")
        v.follow("text=Set up")
        key = v.page.locator("code.secret").inner_text().replace(" ", "")
        v.page.fill("input[name=code]", _at(key, -1))
        v.follow("text=Check and switch on")
        recovery = v.page.locator(".codes code").first.inner_text()
        _sign_out(v)
        for field, value, button in (
            ("code", _at(key), "Go on"),
            ("recovery_code", recovery, "Use the recovery code"),
        ):
            _give_password(v)
            if field == "recovery_code":
                v.page.click("text=I have none of these with me")
            v.page.fill(f"input[name={field}]", value)
            v.follow(f"text={button}")
            assert v.page.url.endswith("/vendor/WIZAMART/")
            _sign_out(v)


def test_without_a_script_the_pages_say_what_passkeys_need(named_visitor: Visiting) -> None:
    with named_visitor(javascript=False) as v:
        v.go("/login")
        assert "Passkeys need a browser that knows them" in v.page.locator("main").inner_text()
        assert not v.page.locator("text=Sign in with a passkey").is_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_where_one_has_second_factors(
    ada: Visitor, device: Device, axe: str, width: int
) -> None:
    ada.page.set_viewport_size({"width": width, "height": 900})
    found: dict[str, Any] = {}

    def look(name: str) -> None:
        for scheme in ("light", "dark"):
            ada.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            found[f"{name} {scheme}"] = violations(ada.page, axe, TAGS if scheme == "light" else COLOURS)
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        found[f"{name} wider"] = ada.page.evaluate(wider)

    _add_passkey(ada)
    device.touched(False)
    look("codes")
    ada.go("/account/security/app")
    ada.page.fill("input[name=code]", "000000")
    ada.follow("text=Check and switch on")
    look("app, wrong code")
    ada.page.fill("input[name=code]", _code(ada))
    ada.follow("text=Check and switch on")
    ada.page.click(".keys summary:has-text('Remove')")
    look("all set up")
    ada.go("/account/confirm?next=/")
    look("confirm")
    _sign_out(ada)
    _give_password(ada)
    ada.page.click("text=I have none of these with me")
    look("second factor")
    assert {page: wrong for page, wrong in found.items() if wrong} == {}
