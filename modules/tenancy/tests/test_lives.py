"""Vendors: how they begin, what they say of themselves, and how they are shut and helped."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from modules.tenancy.models import AuditEntry, Role, Support, Vendor, VendorPlatform
from modules.tenancy.tests.conftest import SCOPE
from modules.tenancy.tests.test_team import send
from orion.contracts.data import entered
from orion.contracts.people import User

pytestmark = pytest.mark.by_turns

HOME = "/vendor/WIZAMART"
Client = Callable[..., FlaskClient]


@pytest.fixture
def admin(demo: Flask, sign_in: Client) -> FlaskClient:
    """Who runs the installation."""
    return sign_in("admin@orion.example")


@pytest.fixture
def paul(demo: Flask, sign_in: Client) -> FlaskClient:
    """Who runs the platform oms alone."""
    return sign_in("platform@orion.example")


@pytest.fixture
def owner(demo: Flask, sign_in: Client) -> FlaskClient:
    """The owner of WIZAMART, which is on both platforms."""
    return sign_in("owner@orion.example")


@pytest.fixture
def rows(demo: Flask) -> Iterator[Any]:
    """A look at all rows."""
    with demo.app_context(), entered(SCOPE) as reading:
        yield reading


def _role(client: FlaskClient, address: str) -> str:
    found = re.search(r'<option value="(s\d+)"[^>]*>Owner<', client.get(address).text)
    assert found
    return found[1]


def _vendor(client: FlaskClient, code: str, platforms: list[str], email: str = "first@orion.example") -> Any:
    new = "/admin/vendors/new"
    facts = {"name": "Neu", "code": code, "zone": "Europe/Berlin", "currency": "EUR", "email": email}
    return send(client, new, platforms=platforms, role=_role(client, new), **facts)


# -- beginning ------------------------------------------------------------------------------------


def test_a_platform_begins_a_vendor_and_invites_its_owner(paul: FlaskClient, demo: Flask, rows: Any) -> None:
    made = _vendor(paul, "NEU", ["oms"])
    assert (made.status_code, made.location) == (303, "/admin/vendors/NEU")
    assert "Neu" in paul.get("/admin/vendors").text
    assert "first@orion.example" in paul.get("/admin/team/invitations").text
    kept = rows.scalars(select(AuditEntry.action).where(AuditEntry.subject == "Neu", ~AuditEntry.copy)).all()
    assert sorted(kept) == ["tenancy.platform_joined", "tenancy.vendor_added"]


def test_a_platform_begins_no_vendor_elsewhere(paul: FlaskClient) -> None:
    assert _vendor(paul, "NEU", ["letz"]).status_code == 422
    assert _vendor(paul, "NEU", []).status_code == 422


def test_what_is_wrong_with_a_new_vendor_stands_at_its_field(admin: FlaskClient) -> None:
    taken = _vendor(admin, "WIZAMART", ["oms"])
    assert taken.status_code == 422 and 'href="#code"' in taken.text
    assert 'value="first@orion.example"' in taken.text
    small = _vendor(admin, "neu neu", ["oms"])
    assert small.status_code == 422 and 'href="#code"' in small.text


def test_only_the_installation_adds_platforms(admin: FlaskClient, paul: FlaskClient) -> None:
    assert send(paul, "/admin/platforms/new", name="Mine", code="mine").status_code == 403
    assert send(admin, "/admin/platforms/new", name="New one", code="new").status_code == 303
    assert "New one" in admin.get("/admin/platforms").text


# -- settings -------------------------------------------------------------------------------------


def _facts(client: FlaskClient, **changed: str) -> dict[str, str]:
    page = client.get(f"{HOME}/settings").text
    version = re.search(r'name="version"[^>]* value="(\d+)"|value="(\d+)"[^>]*name="version"', page)
    assert version
    facts = {"name": "Wizamart", "zone": "Europe/Luxembourg", "currency": "EUR", "locale": "en"}
    return facts | {"version": version[1] or version[2]} | changed


def test_a_vendor_says_where_it_is(owner: FlaskClient, rows: Any) -> None:
    facts = _facts(owner, street="1, rue du Nord", city="Luxembourg", country="Luxembourg", tax_number="LU1")
    assert send(owner, f"{HOME}/settings", **facts).status_code == 303
    vendor = rows.scalars(select(Vendor).where(Vendor.code == "WIZAMART")).one()
    assert (vendor.country, vendor.tax_number) == ("LU", "LU1")
    entry = rows.scalars(select(AuditEntry).where(AuditEntry.action == "tenancy.vendor_changed")).one()
    assert entry.after["tax_number"] == "LU1" and "name" not in entry.after
    assert entry.vendor_id == vendor.id and "Olga Owner" in entry.who


def test_two_people_do_not_write_over_each_other(owner: FlaskClient) -> None:
    mine = _facts(owner, city="Esch")
    assert send(owner, f"{HOME}/settings", **_facts(owner, city="Wiltz")).status_code == 303
    late = send(owner, f"{HOME}/settings", **mine)
    assert late.status_code == 409 and "Wiltz" in late.text and 'value="Esch"' in late.text


def test_a_time_zone_that_does_not_exist_is_refused(owner: FlaskClient) -> None:
    assert send(owner, f"{HOME}/settings", **_facts(owner, zone="Mars/Base")).status_code == 422


# -- shutting -------------------------------------------------------------------------------------


def test_a_suspended_vendor_is_read_and_not_changed(admin: FlaskClient, owner: FlaskClient) -> None:
    send(admin, "/admin/vendors/WIZAMART/suspend", reason="Unpaid fees")
    page = owner.get(f"{HOME}/customers")
    assert page.status_code == 200 and "Unpaid fees" in page.text
    refused = send(owner, f"{HOME}/settings", **_facts(owner, city="Esch"))
    assert refused.status_code == 403 and "Unpaid fees" in refused.text
    assert send(admin, "/admin/vendors/WIZAMART/reopen").status_code == 303
    assert send(owner, f"{HOME}/settings", **_facts(owner, city="Esch")).status_code == 303


def _count(client: FlaskClient) -> str:
    """How many customers there are, in words."""
    return client.get("/admin/customers").text.partition("data-announce>")[2].partition("<")[0]


def test_closing_wants_the_code_and_keeps_everything(
    admin: FlaskClient, owner: FlaskClient, rows: Any
) -> None:
    before = _count(admin)
    close = "/admin/vendors/WIZAMART/close"
    assert send(admin, close, typed="wizamart").status_code == 422
    assert owner.get(f"{HOME}/customers").status_code == 200
    assert send(admin, close, typed="WIZAMART").status_code == 303
    assert owner.get(f"{HOME}/customers").status_code == 404
    assert _count(admin) == before
    vendor = rows.scalars(select(Vendor).where(Vendor.code == "WIZAMART")).one()
    assert vendor.status == "closed" and vendor.status_since is not None
    send(admin, "/admin/vendors/WIZAMART/reopen")
    assert owner.get(f"{HOME}/customers").status_code == 200


def test_a_platform_suspends_a_vendor_on_itself_alone(
    paul: FlaskClient, owner: FlaskClient, admin: FlaskClient
) -> None:
    before = _facts(owner)
    assert "Elsewhere it goes on" in paul.get("/admin/vendors/WIZAMART/suspend").text
    assert send(paul, "/admin/vendors/WIZAMART/suspend", reason="Late parcels").status_code == 303
    here = owner.get(f"{HOME}/customers?platform=oms")
    assert here.status_code == 200 and "Suspended: Late parcels. You can read" in here.text
    refused = send(owner, f"{HOME}/settings?platform=oms", **before)
    assert refused.status_code == 403 and "Late parcels" in refused.text
    assert "Suspended on Orion Market: Late parcels." in owner.get(f"{HOME}/customers").text
    assert "Late parcels" not in owner.get(f"{HOME}/customers?platform=letz").text
    assert send(owner, f"{HOME}/settings?platform=letz", **_facts(owner)).status_code == 303
    assert send(owner, f"{HOME}/settings", **_facts(owner, city="Esch")).status_code == 303
    assert "WIZAMART" in _listed(paul, "suspended") and "WIZAMART" not in _listed(paul, "active")
    assert "WIZAMART" in _listed(admin, "active") and "WIZAMART" not in _listed(admin, "suspended")
    assert "Late parcels" in paul.get("/admin/vendors/WIZAMART").text
    assert send(paul, "/admin/vendors/WIZAMART/suspend", reason="Again").status_code == 409
    assert send(paul, "/admin/vendors/WIZAMART/reopen").status_code == 303
    assert send(owner, f"{HOME}/settings?platform=oms", **_facts(owner)).status_code == 303


def _listed(client: FlaskClient, status: str) -> str:
    """The vendors of the list in a state."""
    return client.get(f"/admin/vendors?status={status}").text.partition("<tbody>")[2]


def test_suspended_on_all_its_platforms_a_vendor_is_read_and_not_changed(
    admin: FlaskClient, sign_in: Client
) -> None:
    books, home = sign_in("books@orion.example"), "/vendor/LUXBOOKS"
    there = "/admin/vendors/LUXBOOKS/suspend?platform=letz"
    assert send(admin, there, reason="Unpaid fees").status_code == 303
    assert "Unpaid fees" in books.get(f"{home}/customers").text
    assert send(books, f"{home}/settings", name="Mine").status_code == 403
    assert "LUXBOOKS" in _listed(admin, "suspended")


def test_closing_a_vendor_that_others_have_too_ends_its_time_here(
    paul: FlaskClient, owner: FlaskClient, demo: Flask
) -> None:
    page = paul.get("/admin/vendors/WIZAMART/close").text
    assert "there it goes on" in page
    closed = send(paul, "/admin/vendors/WIZAMART/close", typed="WIZAMART")
    assert (closed.status_code, closed.location) == (303, "/admin/vendors")
    assert paul.get("/admin/vendors/WIZAMART").status_code == 404
    assert send(owner, f"{HOME}/settings?platform=letz", **_facts(owner)).status_code == 303
    found = select(Vendor.status, VendorPlatform.status).join(VendorPlatform)
    with demo.app_context(), entered(SCOPE) as reading:
        states = reading.execute(found.where(Vendor.code == "WIZAMART")).all()
    assert sorted(map(tuple, states)) == [("active", "active"), ("active", "ended")]


def test_a_platform_does_not_lift_what_the_installation_has_decided(
    paul: FlaskClient, admin: FlaskClient, owner: FlaskClient
) -> None:
    send(admin, "/admin/vendors/NORDGLAS/suspend", reason="A court says so")
    assert send(paul, "/admin/vendors/NORDGLAS/reopen").status_code == 403
    send(paul, "/admin/vendors/WIZAMART/suspend", reason="Late parcels")
    send(admin, "/admin/vendors/WIZAMART/suspend", reason="A court says so")
    send(admin, "/admin/vendors/WIZAMART/reopen")
    assert "Late parcels" in owner.get(f"{HOME}/customers?platform=oms").text


def test_a_suspended_vendor_that_leaves_by_mistake_is_suspended_as_before(
    paul: FlaskClient, owner: FlaskClient
) -> None:
    send(paul, "/admin/vendors/WIZAMART/suspend", reason="Late parcels")
    send(paul, "/admin/vendors/WIZAMART/leave/oms")
    undo = re.search(r'action="(/admin/undo/[^"]+)"', paul.get("/admin/vendors").text)
    assert undo and send(paul, undo[1]).status_code == 303
    assert "Late parcels" in owner.get(f"{HOME}/customers?platform=oms").text


def test_a_vendor_that_leaves_is_no_longer_the_platforms_business(paul: FlaskClient) -> None:
    answer = send(paul, "/admin/vendors/WIZAMART/leave/oms")
    assert answer.status_code == 303
    page = paul.get("/admin/vendors").text
    assert paul.get("/admin/vendors/WIZAMART").status_code == 404
    undo = re.search(r'action="(/admin/undo/[^"]+)"', page)
    assert undo and "WIZAMART" not in page.partition("<tbody>")[2]
    assert send(paul, undo[1]).status_code == 303
    assert paul.get("/admin/vendors/WIZAMART").status_code == 200


def test_the_installation_puts_a_vendor_on_another_platform(admin: FlaskClient, paul: FlaskClient) -> None:
    assert paul.get("/admin/vendors/LUXBOOKS").status_code == 404
    assert send(admin, "/admin/vendors/LUXBOOKS/join", platform="oms").status_code == 303
    assert paul.get("/admin/vendors/LUXBOOKS").status_code == 200


def test_another_platforms_vendor_is_not_there(paul: FlaskClient) -> None:
    for page in ("settings", "suspend", "close", "join", "support", "invite"):
        foreign, never = (f"/admin/vendors/{code}/{page}" for code in ("LUXBOOKS", "NEVER"))
        assert (paul.get(foreign).status_code, paul.get(never).status_code) == (404, 404), page


# -- helping --------------------------------------------------------------------------------------


def test_whoever_helps_sees_their_platforms_part_alone(paul: FlaskClient, owner: FlaskClient) -> None:
    assert paul.get(f"{HOME}/customers").status_code == 404
    begun = send(paul, "/admin/vendors/WIZAMART/support", reason="A call about taxes", minutes="30")
    assert (begun.status_code, begun.location) == (303, f"{HOME}/")
    page = paul.get(f"{HOME}/customers").text
    assert "A call about taxes" in page and "Leave" in page
    assert "Letz Boutique" in owner.get(f"{HOME}/customers").text and "Letz Boutique" not in page
    assert paul.get(f"{HOME}/customers?platform=letz").status_code == 404
    assert paul.get("/vendor/LUXBOOKS/customers").status_code == 404


def test_what_is_done_in_support_is_in_the_vendors_log(paul: FlaskClient, owner: FlaskClient) -> None:
    send(paul, "/admin/vendors/WIZAMART/support", reason="A call", minutes="30")
    assert send(paul, f"{HOME}/settings", **_facts(paul, city="Esch")).status_code == 303
    log = owner.get(f"{HOME}/audit").text
    assert log.count("Paul Platform") >= 3 and "for support" in log
    assert "Something was changed in support" in log and "Support began" in log


def test_leaving_ends_it_at_once(paul: FlaskClient) -> None:
    send(paul, "/admin/vendors/WIZAMART/support", reason="A call", minutes="30")
    assert send(paul, f"{HOME}/support/end").status_code == 303
    assert paul.get(f"{HOME}/customers").status_code == 404


def test_a_platform_is_offered_where_there_is_another(paul: FlaskClient, admin: FlaskClient) -> None:
    join = "/admin/vendors/WIZAMART/join"
    assert join in admin.get("/admin/vendors/WIZAMART").text
    assert join not in paul.get("/admin/vendors/WIZAMART").text


def test_that_it_ended_is_written_down_once(paul: FlaskClient, owner: FlaskClient) -> None:
    send(paul, "/admin/vendors/WIZAMART/support", reason="A call", minutes="30")
    for _time in range(2):
        send(paul, f"{HOME}/support/end")
    log = owner.get(f"{HOME}/audit?action=tenancy.support_ended").text.partition("<tbody>")[2]
    assert log.count("Support ended") == 1
    assert "/support/end" not in owner.get(f"{HOME}/audit?action=orion.acted_in_support").text


def test_help_runs_out_and_ends_with_the_helpers_own_rights(paul: FlaskClient, demo: Flask) -> None:
    send(paul, "/admin/vendors/WIZAMART/support", reason="A call", minutes="15")
    with demo.app_context(), entered(SCOPE, write=True) as writing:
        for support in writing.scalars(select(Support)):
            support.expires_at = support.began_at
        writing.commit()
    assert paul.get(f"{HOME}/customers").status_code == 404
    send(paul, "/admin/vendors/WIZAMART/support", reason="A call", minutes="15")
    assert paul.get(f"{HOME}/customers").status_code == 200
    send(paul, "/admin/vendors/WIZAMART/leave/oms")
    assert paul.get(f"{HOME}/customers").status_code == 404


def test_help_ends_with_the_right_to_give_it(paul: FlaskClient, demo: Flask) -> None:
    send(paul, "/admin/vendors/WIZAMART/support", reason="A call", minutes="15")
    with demo.app_context(), entered(SCOPE, write=True) as writing:
        for role in writing.scalars(select(Role).where(Role.level == "platform")):
            role.everything, role.permissions = False, ["customers.view"]
        writing.commit()
    assert paul.get("/admin/customers").status_code == 200
    assert paul.get(f"{HOME}/customers").status_code == 404


def test_nobody_else_is_let_in_by_it(paul: FlaskClient, sign_in: Client, demo: Flask) -> None:
    send(paul, "/admin/vendors/WIZAMART/support", reason="A call", minutes="15")
    with demo.app_context(), entered(SCOPE) as reading:
        person = reading.scalar(select(User.id).where(User.email == "platform@orion.example"))
        assert reading.scalars(select(Support.user_id)).one() == person
    assert sign_in("books@orion.example").get(f"{HOME}/customers").status_code == 404


def test_support_takes_the_right_and_a_reason(owner: FlaskClient, paul: FlaskClient) -> None:
    assert owner.get("/admin/vendors/WIZAMART/support").status_code == 403
    assert send(paul, "/admin/vendors/WIZAMART/support", reason=" ", minutes="15").status_code == 422
    assert send(paul, "/admin/vendors/WIZAMART/support", reason="A call", minutes="99999").status_code == 422
    assert paul.get(f"{HOME}/customers").status_code == 404


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("code", ["WIZAMART", "NOSUCH"])
def test_a_stranger_ends_no_support_at_a_vendor_known_or_not(demo: Flask, code: str) -> None:
    assert send(demo.test_client(), f"/vendor/{code}/support/end").status_code == 403
