"""The audit log: what stands in it, who may read it, and that nobody changes it."""

import csv
import io
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import MultiDict

from modules.tenancy import audit, services
from modules.tenancy.audit_lists import admin
from modules.tenancy.models import AuditEntry, Vendor
from modules.tenancy.tests.conftest import SCOPE, TODAY, Town
from orion.app import create_app
from orion.contracts.audit import Subject, action, record
from orion.contracts.data import entered, session
from orion.data import bookkeeping
from orion.data.database import db
from orion.data.rules import AS_OWNER
from orion.settings import Settings
from orion.testing import close
from orion.web.listing import asked, export

pytestmark = pytest.mark.by_turns

SIGNED_IN = action("tests.signed_in", "Signed in")


def _log(town: Town, **place: Any) -> list[AuditEntry]:
    with town.reading(**place) as scope:
        return list(session().scalars(audit.entries(scope).order_by(AuditEntry.id)))


def _exported(town: Town) -> str:
    with town.app.test_request_context("/"), town.app.app_context():
        scope = town.app.extensions["orion"].command_scope()
        return "".join(export.lines(admin, scope, asked.read(admin, scope, MultiDict())))


def test_what_is_done_stands_in_the_log_of_its_place(town: Town) -> None:
    everything = [(e.action, e.subject) for e in _log(town)]
    assert everything.count(("tenancy.vendor_added", "Alpha")) == 1
    assert {e.subject for e in _log(town, vendor="ALPHA")} >= {"Alpha"}
    assert "Beta" not in {e.subject for e in _log(town, vendor="ALPHA")}


def test_a_platform_reads_what_happened_on_it_and_not_what_vendors_do_at_home(town: Town) -> None:
    with town.app.app_context():
        home = town.app.extensions["orion"].command_scope(vendor="ALPHA")
        with entered(home, write=True) as writing:
            services.add_domain(home, town.vendors["ALPHA"], "alpha.example", TODAY)
            writing.commit()
    assert "alpha.example" in {e.subject for e in _log(town, vendor="ALPHA")}
    assert "alpha.example" in {e.subject for e in _log(town)}
    on_platform = [(e.action, e.subject) for e in _log(town, platform="letz")]
    assert ("tenancy.platform_joined", "Beta") in on_platform
    assert "alpha.example" not in {subject for _action, subject in on_platform}


def test_a_vendors_log_says_on_which_platform_something_became_of_it(town: Town) -> None:
    town.leave("ALPHA", "letz")
    with town.app.app_context():
        oms = town.app.extensions["orion"].command_scope(platform="oms")
        with entered(oms, write=True) as writing:
            vendor = session().get_one(Vendor, town.vendors["ALPHA"].id)
            services.suspend(oms, vendor, "Unpaid")
            services.reopen(oms, vendor)
            writing.commit()
    told = [(e.action, (e.after or {}).get("platform")) for e in _log(town, vendor="ALPHA")]
    assert told[-5:] == [
        ("tenancy.platform_joined", "oms"),
        ("tenancy.platform_joined", "letz"),
        ("tenancy.platform_left", "letz"),
        ("tenancy.suspended_on_platform", "oms"),
        ("tenancy.reopened_on_platform", "oms"),
    ]


def test_an_entry_is_part_of_the_transaction_that_it_tells_of(town: Town) -> None:
    before = len(_log(town))
    with town.app.app_context(), entered(SCOPE, write=True) as writing:
        services.create_role(SCOPE, "vendor", "Never was", [])
        writing.rollback()
    assert len(_log(town)) == before


def test_only_differences_are_kept_and_no_secret(town: Town) -> None:
    with town.writing():
        old = {"name": "A", "zone": "UTC", "api_token": "abc", "nested": {"password": "x"}}
        new = {"name": "B", "zone": "UTC", "api_token": "def", "nested": {"password": "y"}}
        record(SCOPE, SIGNED_IN, Subject("thing", 1, "A thing"), old, new)
    last = _log(town)[-1]
    assert last.before == {"name": "A", "api_token": "•••", "nested": {"password": "•••"}}
    assert last.after == {"name": "B", "api_token": "•••", "nested": {"password": "•••"}}


def test_the_engine_records_without_a_scope(town: Town) -> None:
    with town.app.app_context():
        record(None, SIGNED_IN, Subject("person", 7, "Pat"), user_id=7, who="Pat")
        bookkeeping.flush(town.app)
    last = _log(town)[-1]
    assert (last.action, last.who, last.user_id, last.vendor_id) == ("tests.signed_in", "Pat", 7, None)


@pytest.mark.parametrize(
    "statement", ["UPDATE tenancy_audit_entry SET who = 'x'", "DELETE FROM tenancy_audit_entry"]
)
def test_nobody_changes_or_removes_an_entry(town: Town, statement: str) -> None:
    with town.app.app_context(), db.engines["write"].connect() as connection:
        connection = connection.execution_options(**AS_OWNER)
        with pytest.raises(DBAPIError, match=r"only added to|permission denied"):
            connection.execute(text(statement))


def test_a_switch_in_a_manifest_is_written_down_once(
    database: str, settings: Settings, tmp_path: Path
) -> None:
    here = replace(settings, database_url=database, manifests=tmp_path / "manifests")
    shutil.copytree(settings.manifests, here.manifests)
    apps = [create_app(here), create_app(here)]
    file = here.manifests / "tenancy.yaml"
    file.write_text(file.read_text().replace('version: "1.0.0"', 'version: "1.0.1"'))
    for app in apps:
        with app.app_context():
            app.extensions["orion"].refresh()
            bookkeeping.flush(app)
    with apps[0].app_context(), entered(SCOPE) as reading:
        entry = reading.scalars(select(AuditEntry).where(AuditEntry.action == "orion.manifest_changed")).one()
    for app in apps:
        close(app)
    assert (entry.subject, entry.after) == ("tenancy.yaml", {"lines": ['version: "1.0.1"']})


@pytest.fixture
def owner(demo: Flask, sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    """The owner of a vendor of the demo."""
    return sign_in("owner@orion.example")


def test_the_page_narrows_and_leads_to_an_entry(owner: FlaskClient, demo: Flask) -> None:
    home = "/vendor/WIZAMART/audit"
    page = owner.get(home).text
    assert "Person added to the team" in page and "Stan Staff" in page
    narrowed = owner.get(f"{home}?action=tenancy.domain_added").text
    assert "wizamart.example" in narrowed and "Stan Staff" not in narrowed.partition("<tbody>")[2]
    assert "Olga Owner" in owner.get(f"{home}?q=olga").text
    assert owner.get(f"{home}?action=tenancy.nothing").status_code == 200
    with demo.app_context(), entered(SCOPE) as reading:
        entry = reading.scalar(select(AuditEntry).where(AuditEntry.subject == "Stan Staff", AuditEntry.copy))
        other = reading.scalar(select(AuditEntry).where(AuditEntry.subject == "Bea Books", AuditEntry.copy))
    assert "Orders and products" in owner.get(f"{home}/{entry.public_id}").text
    assert owner.get(f"{home}/{other.public_id}").status_code == 404
    assert owner.get(f"{home}/nothing").status_code == 404


def test_the_export_is_what_the_page_shows(owner: FlaskClient) -> None:
    answer = owner.get("/vendor/WIZAMART/audit?action=tenancy.domain_added&export=csv")
    assert answer.mimetype == "text/csv" and "attachment" in answer.headers["Content-Disposition"]
    lines = answer.text.splitlines()
    assert len(lines) == 3 and "wizamart.example" in answer.text and "luxbooks" not in answer.text


def test_the_export_says_what_stood_there_before_and_after(town: Town) -> None:
    with town.writing():
        old, new = {"name": "Old", "on": True}, {"name": "New", "on": True}
        record(SCOPE, SIGNED_IN, Subject("thing", 1, "A thing"), old, new)
    rows = csv.DictReader(io.StringIO(_exported(town)))
    row = next(row for row in rows if row["To what or whom"] == "A thing")
    assert row["Action"] == SIGNED_IN.id and row["What was done"] == str(SIGNED_IN.label)
    assert json.loads(row["Before"]) == {"name": "Old"} and json.loads(row["After"]) == {"name": "New"}


def test_a_formula_stays_a_text_in_the_export(town: Town) -> None:
    with town.writing():
        record(SCOPE, SIGNED_IN, Subject("thing", 1, "=cmd|' /C calc'!A0"))
    text_ = _exported(town)
    assert "'=cmd" in text_ and ",=cmd" not in text_


def test_without_the_permission_there_is_no_log(demo: Flask, sign_in: Callable[..., FlaskClient]) -> None:
    staff = sign_in("staff@orion.example")
    assert staff.get("/vendor/WIZAMART/audit").status_code == 403
    assert staff.get("/vendor/WIZAMART/audit?export=csv").status_code == 403
