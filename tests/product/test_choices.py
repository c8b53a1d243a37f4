"""What a vendor switches off for itself: at once, for itself alone, and never on."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orion.cli import orion
from orion.contracts.scope import system_scope
from orion.data.choices import Choices
from orion.data.database import entered
from orion.manifest.model import PlatformManifest
from orion.testing import client_of, csrf_token

pytestmark = pytest.mark.by_turns

PAGE = "/vendor/WIZAMART/settings/modules"


@pytest.fixture(scope="module")
def owner(portal: Flask) -> FlaskClient:
    """Whoever owns WIZAMART, a vendor on two platforms."""
    return client_of(portal, "owner@orion.example")


@pytest.fixture(autouse=True)
def _as_it_was(portal: Flask) -> Iterator[None]:
    """After each test every vendor has everything again."""
    yield
    with portal.app_context(), entered(system_scope("command"), write=True) as writing:
        for row in writing.query(Choices):
            writing.delete(row)
        writing.commit()


def version(html: str) -> str:
    return re.findall(r'name="version"[^>]*value="(\d+)"', html)[0]


def boxes(html: str) -> dict[str, bool]:
    """Each box of the form and whether it is checked."""
    found = re.findall(r'<input type="checkbox"([^>]*name="on"[^>]*)>', html)
    return {re.findall(r'value="([^"]+)"', one)[0]: " checked" in one for one in found}


def send(client: FlaskClient, without: set[str], cascade: bool = False, at: str | None = None) -> Any:
    """Save the form with everything on but these names."""
    html = client.get(PAGE).text
    on = [name for name in boxes(html) if name not in without]
    form = {"csrf_token": csrf_token(html), "version": at or version(html), "on": on}
    return client.post(PAGE, data=form | ({"cascade": "y"} if cascade else {}))


def test_a_vendor_without_choices_has_all_that_its_platforms_give(owner: FlaskClient) -> None:
    found = boxes(owner.get(PAGE).text)
    assert {"marketplace", "orders.order_entry", "customers.customer_export"} <= {
        n for n, on in found.items() if on
    }
    assert not {"tenancy", "customers"} & found.keys()
    assert PAGE in owner.get("/vendor/WIZAMART/settings").text


def test_what_is_switched_off_is_gone_at_the_next_request_and_there_for_others(
    owner: FlaskClient, portal: Flask
) -> None:
    assert "marketplace." in owner.get("/vendor/WIZAMART/").text
    assert send(owner, {"marketplace", "orders.order_entry"}).status_code == 303
    home = owner.get("/vendor/WIZAMART/").text
    assert "marketplace." not in home
    assert "/vendor/WIZAMART/imports" not in home
    for path in ("imports", "orders/new", "tiles/marketplace.staging"):
        assert owner.get(f"/vendor/WIZAMART/{path}").status_code == 404, path
    assert owner.get("/vendor/WIZAMART/orders").status_code == 200
    assert "/vendor/WIZAMART/imports" not in owner.get("/vendor/WIZAMART/search?q=impo").text
    other = client_of(portal, "books@orion.example")
    assert other.get("/vendor/LUXBOOKS/imports").status_code == 200
    assert not boxes(owner.get(PAGE).text)["marketplace"]
    assert send(owner, set()).status_code == 303
    assert owner.get("/vendor/WIZAMART/imports").status_code == 200


def test_a_module_that_others_need_goes_with_them_or_not_at_all(owner: FlaskClient) -> None:
    refused = send(owner, {"catalog"})
    assert refused.status_code == 409
    assert ": switch it off too, or leave what it needs on." in refused.text
    assert owner.get("/vendor/WIZAMART/products").status_code == 200
    assert send(owner, {"catalog"}, cascade=True).status_code == 303
    assert {name for name, on in boxes(owner.get(PAGE).text).items() if not on} == {
        "catalog",
        "inventory",
        "marketplace",
    }


def test_a_form_that_is_out_of_date_shows_both_versions(owner: FlaskClient) -> None:
    at = version(owner.get(PAGE).text)
    assert send(owner, {"cms"}).status_code == 303
    late = send(owner, {"orders.order_papers"}, at=at)
    assert late.status_code == 409
    assert "Saved now" in late.text
    assert owner.get("/vendor/WIZAMART/pages").status_code == 404


def test_what_is_off_above_is_not_offered_and_said_with_its_level(
    owner: FlaskClient, portal: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = portal.extensions["orion"]
    off = {code: PlatformManifest(code, modules={"cms": False}) for code in ("oms", "letz")}
    monkeypatch.setattr(here, "registry", replace(here.registry, version="x", platforms=off))
    html = owner.get(PAGE).text
    assert "cms" not in boxes(html)
    assert "Off on letz and oms" in html or "Off on oms and letz" in html
    forged = owner.post(
        PAGE, data={"csrf_token": csrf_token(html), "version": version(html), "on": ["cms", "orders"]}
    )
    assert forged.status_code == 422


def test_what_one_of_two_platforms_has_off_is_offered_and_said(
    owner: FlaskClient, portal: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = portal.extensions["orion"]
    off = {"letz": PlatformManifest("letz", modules={"cms": False})}
    monkeypatch.setattr(here, "registry", replace(here.registry, version="y", platforms=off))
    html = owner.get(PAGE).text
    assert boxes(html)["cms"]
    assert html.count("Off on letz in any case.") > 1


def test_it_is_in_the_log_and_can_be_taken_back(owner: FlaskClient) -> None:
    answer = send(owner, {"cms"})
    after = owner.get(answer.location).text
    assert "What a vendor uses was changed" in owner.get("/vendor/WIZAMART/audit").text
    undo = re.findall(r'action="(/undo/[^"]+|[^"]*undo[^"]*)"', after)[0]
    assert owner.post(undo, data={"csrf_token": csrf_token(after)}).status_code == 303
    assert owner.get("/vendor/WIZAMART/pages").status_code == 200


def test_the_commands_know_it(owner: FlaskClient, portal: Flask) -> None:
    send(owner, {"cms", "orders.order_entry"})
    run = portal.test_cli_runner()
    said = json.loads(run.invoke(orion, ["modules", "why", "cms", "--vendor", "WIZAMART", "--json"]).stdout)
    assert (said[0]["on"], said[0]["level"]) == (False, "vendor WIZAMART")
    lines = run.invoke(orion, ["features", "list", "--vendor", "WIZAMART"]).stdout.splitlines()
    assert [line.split()[1] for line in lines if line.startswith("orders.order_entry")] == ["off"]


def test_without_the_permission_there_is_no_such_page(portal: Flask) -> None:
    staff = client_of(portal, "staff@orion.example")
    assert staff.get(PAGE).status_code == 403
