"""Light, dark or as the device says: chosen without JavaScript, kept in a cookie."""

import pytest
from flask.testing import FlaskClient

from orion.testing import csrf_token

pytestmark = pytest.mark.only_on("sqlite")


def choose(client: FlaskClient, theme: str, **form: str):
    token = csrf_token(client.get("/login").text)
    return client.post("/account/theme", data={"theme": theme, "csrf_token": token, **form})


def test_the_choice_shows_on_the_next_page(client: FlaskClient) -> None:
    choose(client, "dark", next="/login")
    assert 'data-theme="dark"' in client.get("/login").text


def test_without_a_choice_the_device_decides(client: FlaskClient) -> None:
    assert 'data-theme="auto"' in client.get("/login").text


def test_one_comes_back_to_where_one_was(client: FlaskClient) -> None:
    response = choose(client, "light", next="/vendor/X/orders?q=1")
    assert (response.status_code, response.location) == (303, "/vendor/X/orders?q=1")


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil", ""])
def test_another_site_is_no_place_to_come_back_to(client: FlaskClient, target: str) -> None:
    assert choose(client, "light", next=target).location == "/"


def test_an_unknown_theme_is_refused(client: FlaskClient) -> None:
    response = choose(client, "sepia", next="/login")
    assert response.status_code == 422
    assert "orion_theme" not in response.headers.get("Set-Cookie", "")


def test_over_https_the_cookie_is_bound_to_this_host(client: FlaskClient) -> None:
    base = "https://localhost"
    form = {"theme": "dark", "csrf_token": csrf_token(client.get("/login", base_url=base).text)}
    cookie = client.post("/account/theme", data=form, base_url=base).headers["Set-Cookie"]
    assert cookie.startswith("__Host-orion_theme=dark") and "Secure" in cookie
    assert 'data-theme="dark"' in client.get("/login", base_url=base).text
    assert 'data-theme="auto"' in client.get("/login").text
