"""Switching in the browser: the plan first, nothing over what others saved, and a way back."""

import os
from dataclasses import replace
from unittest.mock import patch

import pytest
from sqlalchemy import func, select, update

from orion.cli import orion
from orion.contracts.scope import system_scope
from orion.data.database import entered
from orion.data.tables import metadata
from orion.product.models import Revision
from orion.product.writing import may_write
from tests.product.board import ADMIN, OWNER, PLATFORM, Board, value_of

pytestmark = pytest.mark.by_turns

CMS_OFF = "/admin/modules/cms/switch?to=off"


def _newest(at: Board) -> Revision:
    found: Revision = at.rows(select(Revision).order_by(Revision.id.desc()).limit(1))[0][0]
    return found


def _revisions(at: Board) -> int:
    return int(at.rows(select(func.count()).select_from(Revision))[0][0])


def test_the_plan_comes_first_and_the_button_does_it_at_once(at: Board) -> None:
    before = at.text("cms.yaml")
    plan = at.get(CMS_OFF).text
    assert "/vendor/{vendor_code}/pages" in plan and "cms.pages" in plan and "Owner" in plan
    assert at.text("cms.yaml") == before
    answer = at.send(CMS_OFF, page=plan, why="Nobody writes")
    assert (answer.status_code, answer.location) == (303, "/admin/modules/cms")
    assert at.text("cms.yaml") == before.replace('version: "1.0.0"', 'version: "1.0.0"\nenabled: false')
    assert at.get("/vendor/WIZAMART/pages", OWNER).status_code == 404
    again = at.send("/admin/modules/cms/switch?to=on")
    assert again.status_code == 303
    assert at.get("/vendor/WIZAMART/pages", OWNER).status_code == 200


def test_a_change_is_kept_with_who_when_why_and_both_texts_and_stands_in_the_audit_log(at: Board) -> None:
    before = at.text("cms.yaml")
    at.send(CMS_OFF, why="Nobody writes")
    row = _newest(at)
    assert (row.file, row.how, row.why) == ("cms", "page", "Nobody writes")
    assert ADMIN in row.who
    assert (row.before or b"").decode() == before
    assert (row.after or b"").decode() == at.text("cms.yaml")
    audit = metadata.tables["tenancy_audit_entry"]
    entry = at.rows(select(audit).where(audit.c.subject_key == "cms").order_by(audit.c.id.desc()))[0]
    assert entry.after == {"lines": ["enabled: false"], "why": "Nobody writes"}
    assert ADMIN in entry.who
    listed = at.get("/admin/manifests/revisions?file=cms").text
    assert "Nobody writes" in listed and f"/admin/manifests/revisions/{row.public_id}" in listed
    assert "enabled: false" in at.get(f"/admin/manifests/revisions/{row.public_id}").text


def test_the_watcher_takes_no_change_of_the_page_for_one_by_hand(at: Board) -> None:
    at.send(CMS_OFF)
    number = _revisions(at)
    assert not at.orion.refresh()
    assert _revisions(at) == number


def test_what_an_editor_saves_is_noted_as_by_hand_and_can_be_taken_back(at: Board) -> None:
    before = at.text("orders.yaml")
    at.edit("orders.yaml", "label: All orders", "label: Everything sold")
    row = _newest(at)
    assert (row.file, row.how) == ("orders", "hand")
    back = f"/admin/manifests/revisions/{row.public_id}/back"
    assert "Everything sold" in at.get(back).text
    assert at.send(back, why="Too bold").status_code == 303
    assert at.text("orders.yaml") == before
    assert (_newest(at).how, _newest(at).why) == ("rollback", "Too bold")


def test_who_saves_in_the_browser_is_not_taken_for_who_saved_with_an_editor(at: Board) -> None:
    file = at.folder / "orders.yaml"
    file.write_text(at.text("orders.yaml").replace("label: All orders", "label: Everything sold", 1))
    at.send(CMS_OFF)
    audit = metadata.tables["tenancy_audit_entry"]
    entries = at.rows(select(audit).where(audit.c.subject_key == "orders").order_by(audit.c.id.desc()))
    assert "Everything sold" in str(entries[0].after)
    assert (entries[0].who, entries[0].network, entries[0].request) == ("", "", "")


def test_what_a_command_does_is_kept_too(at: Board) -> None:
    ran = at.app.test_cli_runner().invoke(orion, ["modules", "disable", "cms", "--why", "Quiet"])
    assert ran.exit_code == 0, ran.exception
    assert (_newest(at).file, _newest(at).how, _newest(at).why) == ("cms", "command", "Quiet")
    number = _revisions(at)
    at.orion.refresh()
    assert _revisions(at) == number


def test_another_save_meanwhile_is_a_conflict_that_shows_both_and_can_be_sent_again(at: Board) -> None:
    plan = at.get(CMS_OFF).text
    at.edit("cms.yaml", "name: Content", "name: Words")
    answer = at.send(CMS_OFF, page=plan, why="Mine")
    assert answer.status_code == 409
    theirs, _, yours = answer.text.partition("what you want to save")
    assert "name: Words" in theirs.partition("what they saved")[2]
    assert "enabled: false" in yours
    assert "enabled: false" not in at.text("cms.yaml")
    assert value_of(answer.text, "base") != value_of(plan, "base")
    assert at.send(CMS_OFF, page=answer.text).status_code == 303
    assert "name: Words" in at.text("cms.yaml") and "enabled: false" in at.text("cms.yaml")


def test_what_others_need_is_refused_by_name_and_goes_with_them_when_that_is_wanted(at: Board) -> None:
    alone = "/admin/modules/catalog/switch?to=off"
    page = at.get(alone).text
    assert "catalog is required by inventory, marketplace" in page
    assert at.send(alone).status_code == 409
    along = f"{alone}&cascade=yes"
    assert 'href="/admin/modules/catalog/switch?to=off&amp;cascade=yes"' in page
    assert at.send(along).status_code == 303
    assert [at.orion.registry.state(one) for one in ("catalog", "inventory", "marketplace")] == ["off"] * 3


def test_a_platforms_administrator_switches_the_own_platform_alone(at: Board) -> None:
    before = at.text("cms.yaml")
    assert at.send(CMS_OFF, PLATFORM).status_code == 303
    assert at.text("cms.yaml") == before
    assert "cms: false" in at.text("platforms/oms.yaml")
    assert at.get("/vendor/WIZAMART/pages?platform=oms", OWNER).status_code == 404
    assert at.get("/vendor/WIZAMART/pages?platform=letz", OWNER).status_code == 200
    at.edit("platforms/letz.yaml", "hue: 150", "hue: 160")
    listed = at.get("/admin/manifests/revisions", PLATFORM).text
    assert "platforms/oms.yaml" in listed and "letz" not in listed
    foreign = _newest(at).public_id
    for page in (foreign, f"{foreign}/back"):
        assert at.get(f"/admin/manifests/revisions/{page}", PLATFORM).status_code == 404
    own = at.get("/admin/modules/cms/switch?to=on", PLATFORM).text
    assert at.send(f"{CMS_OFF}&platform=letz", PLATFORM, page=own).status_code == 404


def test_a_feature_is_switched_where_it_is_asked_for(at: Board) -> None:
    off = "/admin/modules/orders/features/order_papers/switch?to=off"
    assert at.send(f"{off}&platform=letz").status_code == 303
    assert "orders.order_papers: false" in at.text("platforms/letz.yaml")
    assert at.send(off).status_code == 303
    assert "order_papers: {description: Packing slips and invoices, default: false}" in at.text("orders.yaml")


def test_where_nothing_can_be_written_the_plan_is_shown_without_a_button(at: Board) -> None:
    at.orion.settings = replace(at.orion.settings, edit_manifests=False)
    try:
        page = at.get(CMS_OFF).text
        assert "/vendor/{vendor_code}/pages" in page
        assert "The manifests can't be changed here" in page and 'name="why"' not in page
        assert at.send(CMS_OFF, base="x").status_code == 403
    finally:
        at.orion.settings = replace(at.orion.settings, edit_manifests=True)
    with patch.object(os, "access", lambda *_asked: False):
        assert not may_write(at.orion.settings)


def test_a_folder_that_refuses_the_file_leaves_no_trace(at: Board) -> None:
    number, plan = _revisions(at), at.get(CMS_OFF).text
    with patch("tempfile.mkstemp", side_effect=OSError(30, "Read-only file system")):
        answer = at.send(CMS_OFF, page=plan)
    assert answer.status_code == 409 and "Read-only file system" in answer.text
    assert _revisions(at) == number


def test_who_it_is_is_asked_again_and_a_form_without_token_is_refused(at: Board) -> None:
    before, page = at.text("cms.yaml"), at.get(CMS_OFF).text
    bare = {"base": value_of(page, "base"), "csrf_token": "x"}
    assert at.clients[ADMIN].post(CMS_OFF, data=bare).status_code == 400
    sessions = metadata.tables["orion_session"]
    with at.app.app_context(), entered(system_scope("command"), write=True) as writing:
        writing.execute(update(sessions).values(fresh_until=sessions.c.created_at))
        writing.commit()
    try:
        assert at.get(CMS_OFF).status_code == 302
        asked = at.send(CMS_OFF, page=page)
        assert asked.status_code == 401 and "confirm_password" in asked.text
        assert at.text("cms.yaml") == before
    finally:
        at.clients.clear()
