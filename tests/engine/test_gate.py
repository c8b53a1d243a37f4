"""The gate: what is off isn't there, and what one may not do is refused."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from orion.app import create_app
from orion.data.rules import AS_OWNER
from orion.settings import Settings
from orion.testing import close

pytestmark = pytest.mark.by_turns

SignIn = Callable[..., FlaskClient]
OWN = "/vendor/WIZAMART"


@pytest.fixture
def owner(sign_in: SignIn) -> FlaskClient:
    return sign_in("owner@orion.example")


def test_nobody_is_sent_to_the_login_page(demo: Any, client: FlaskClient) -> None:
    answer = client.get(f"{OWN}/")
    assert answer.status_code in (302, 303)
    assert "/login" in answer.location


def test_htmx_of_nobody_is_told_to_go_there(demo: Any, client: FlaskClient) -> None:
    answer = client.get(f"{OWN}/tiles/customers.total", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/login")


def test_anothers_vendor_answers_like_one_that_never_existed(owner: FlaskClient) -> None:
    foreign, invented = owner.get("/vendor/LUXBOOKS/"), owner.get("/vendor/NOSUCH/")
    assert foreign.status_code == invented.status_code == 404
    assert foreign.text.replace("LUXBOOKS", "NOSUCH") == invented.text


def test_anothers_platform_answers_like_one_that_never_existed(sign_in: SignIn) -> None:
    books = sign_in("books@orion.example")
    assert books.get("/vendor/LUXBOOKS/?platform=letz").status_code == 200
    assert books.get("/vendor/LUXBOOKS/?platform=oms").status_code == 404
    assert books.get("/vendor/LUXBOOKS/?platform=nosuch").status_code == 404


def test_a_page_without_the_permission_is_refused(sign_in: SignIn) -> None:
    staff = sign_in("staff@orion.example")
    assert staff.get(f"{OWN}/customers").status_code == 403


def test_the_menu_holds_what_one_may_open_and_nothing_else(sign_in: SignIn) -> None:
    home = sign_in("staff@orion.example").get(f"{OWN}/").text
    assert f'href="{OWN}/customers"' not in home
    assert f'href="{OWN}/team"' not in home


def test_a_tile_does_not_lead_to_a_page_that_is_off(
    demo_database: str, settings: Settings, sign_in: SignIn, tmp_path: Path
) -> None:
    manifests = Path(shutil.copytree(settings.manifests, tmp_path / "manifests"))
    file = manifests / "customers.yaml"
    on = "customer_view: View customer profiles"
    assert on in file.read_text()
    file.write_text(file.read_text().replace(on, "customer_view: {description: Off, default: false}"))
    app = create_app(replace(settings, manifests=manifests, database_url=demo_database))
    home = sign_in("owner@orion.example", app=app).get(f"{OWN}/").text
    assert 'id="tile-customers-total"' in home
    assert f'href="{OWN}/customers' not in home
    close(app)


def test_a_vendor_has_no_part_in_the_administration(owner: FlaskClient) -> None:
    assert owner.get("/admin/").status_code == 403


def test_a_platforms_administrator_sees_its_vendors_alone(sign_in: SignIn) -> None:
    page = sign_in("platform@orion.example").get("/admin/vendors").text
    assert "WIZAMART" in page
    assert "LUXBOOKS" not in page


def test_links_stay_on_the_platform_that_was_chosen(owner: FlaskClient) -> None:
    assert f"{OWN}/customers?platform=oms" in owner.get(f"{OWN}/?platform=oms").text


def test_the_first_page_after_signing_in_is_the_persons_own(owner: FlaskClient) -> None:
    assert owner.get("/").location == f"{OWN}/"


def test_rights_change_at_the_next_request(demo: Any, owner: FlaskClient) -> None:
    from sqlalchemy import text

    from orion.data.database import db

    assert owner.get(f"{OWN}/team").status_code == 200
    with demo.app_context(), db.engines["write"].begin() as connection:
        connection.execution_options(**AS_OWNER).execute(
            text("DELETE FROM tenancy_membership WHERE level = 'vendor'")
        )
    assert owner.get(f"{OWN}/team").status_code == 404
