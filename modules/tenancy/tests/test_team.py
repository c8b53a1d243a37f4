"""Teams and roles: who may give what to whom, and what people see of it at their next click."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from modules.tenancy import queries, services
from modules.tenancy.models import AuditEntry, Invitation, Membership, OwnRole, Role
from modules.tenancy.tests.conftest import SCOPE
from orion.contracts.data import entered, session
from orion.contracts.errors import Conflict, Forbidden, Invalid, NotFound
from orion.contracts.people import User, create_user
from orion.contracts.scope import Scope
from orion.identity.services import deactivate
from orion.testing import PASSWORD, csrf_token

pytestmark = pytest.mark.by_turns

HOME = "/vendor/WIZAMART"


@dataclass
class Team:
    """The demo, seen from WIZAMART."""

    app: Flask

    @contextmanager
    def writing(self, *only: str, vendor: str = "WIZAMART") -> Iterator[Scope]:
        """A transaction of somebody with these rights alone (default: all)."""
        with self.app.app_context():
            scope = self.app.extensions["orion"].command_scope(vendor=vendor)
            scope = replace(scope, permissions=frozenset(only)) if only else scope
            with entered(scope, write=True) as writing:
                yield scope
                writing.commit()

    def member(self, email: str) -> Membership:
        """The membership of a person in the frame that is entered."""
        found = select(Membership).join(User, User.id == Membership.user_id).where(User.email == email)
        return session().scalars(found).one()

    def role(self, name: str) -> str:
        """The key of a role at a vendor."""
        for kind in (Role, OwnRole):
            found = session().scalar(select(kind).where(kind.level == "vendor", kind.name == name))
            if found:
                return found.key
        raise AssertionError(name)


@pytest.fixture
def team(demo: Flask) -> Team:
    """See Team."""
    return Team(demo)


def send(client: FlaskClient, address: str, **form: Any) -> Any:
    """Send a form with its token."""
    token = csrf_token(client.get("/account/sessions").text) or csrf_token(client.get("/login").text)
    return client.post(address, data={"csrf_token": token, **form})


# -- rules ----------------------------------------------------------------------------------------


def test_nobody_gives_a_role_that_allows_more_than_their_own(team: Team) -> None:
    with team.writing("tenancy.team_manage", "customers.view") as scope:
        here = services.post_here(scope)
        with pytest.raises(Invalid) as refused:
            services.invite(scope, here, email="x@orion.example", role=team.role("Owner"), inviter="")
    assert "role" in refused.value.errors


def test_nobody_puts_a_right_into_a_role_that_they_lack(team: Team) -> None:
    with pytest.raises(Invalid) as refused, team.writing("tenancy.roles_manage") as scope:
        services.create_own_role(
            scope, services.post_here(scope), name="More", permissions=["customers.view"]
        )
    assert "permissions" in refused.value.errors


def test_who_may_do_less_does_not_touch_who_may_do_more(team: Team) -> None:
    with pytest.raises(Forbidden), team.writing("tenancy.team_manage") as scope:
        services.remove_member(scope, team.member("owner@orion.example"))
    with pytest.raises(Forbidden), team.writing("tenancy.team_manage") as scope:
        services.change_role(scope, team.member("owner@orion.example"), team.role("Packing table"))


def test_the_last_administrator_can_neither_go_nor_be_demoted(team: Team) -> None:
    with pytest.raises(Conflict), team.writing() as scope:
        services.change_role(scope, team.member("owner@orion.example"), team.role("Orders and products"))
    with pytest.raises(Conflict), team.writing() as scope:
        services.remove_member(scope, team.member("owner@orion.example"))


def test_with_a_second_administrator_the_first_may_go(team: Team) -> None:
    with team.writing() as scope:
        services.change_role(scope, team.member("staff@orion.example"), team.role("Owner"))
        services.remove_member(scope, team.member("owner@orion.example"))
    with pytest.raises(Conflict), team.writing() as scope:
        services.remove_member(scope, team.member("staff@orion.example"))


def test_an_administrator_who_cannot_sign_in_is_none(team: Team) -> None:
    with team.writing() as scope:
        services.change_role(scope, team.member("staff@orion.example"), team.role("Owner"))
    with team.app.app_context():
        deactivate("staff@orion.example")
    with pytest.raises(Conflict), team.writing() as scope:
        services.remove_member(scope, team.member("owner@orion.example"))


def test_a_role_that_is_emptied_leaves_nobody_without_an_administrator(team: Team) -> None:
    with team.writing() as scope:
        post = services.post_here(scope)
        role = services.create_own_role(scope, post, name="Chief", permissions=["tenancy.team_manage"])
        services.change_role(scope, team.member("staff@orion.example"), role.key)
        services.remove_member(scope, team.member("owner@orion.example"))
        with pytest.raises(Conflict):
            services.edit_role(scope, post, role, name="Chief", permissions=["customers.view"])


def test_what_a_role_grants_of_modules_that_are_off_stays_parked(team: Team) -> None:
    with team.writing() as scope:
        post = services.post_here(scope)
        role = services.role_here(post, team.role("Packing table"))
        role.permissions = ["customers.edit", "gone.see"]
        services.edit_role(scope, post, role, name="Packing table", permissions=["customers.view"])
        assert (role.permissions, services.parked(role)) == (["customers.view", "gone.see"], ["gone.see"])


def test_a_role_that_somebody_holds_stays(team: Team) -> None:
    with team.writing() as scope:
        role = services.role_here(services.post_here(scope), team.role("Packing table"))
        services.change_role(scope, team.member("staff@orion.example"), role.key)
        with pytest.raises(Conflict):
            services.remove_role(scope, role)


def test_a_role_goes_with_the_invitations_to_it(team: Team) -> None:
    with team.app.test_request_context(), team.writing() as scope:
        post = services.post_here(scope)
        role = services.role_here(post, team.role("Packing table"))
        for email in ("one@mail.example", "two@mail.example"):
            services.invite(scope, post, email=email, role=role.key, inviter="Olga")
        asked = select(func.count()).select_from(Invitation).where(Invitation.own_role_id == role.id)
        assert (session().scalar(asked) or 0) >= 2
        services.remove_role(scope, role)
        assert session().scalar(asked) == 0


def test_a_vendor_sees_and_gives_no_role_of_another(team: Team) -> None:
    with team.writing() as scope:
        key = team.role("Packing table")
        assert key in [role.key for role in services.offered(services.post_here(scope))]
    with team.writing(vendor="LUXBOOKS") as scope:
        post = services.post_here(scope)
        assert key not in [role.key for role in services.offered(post)]
        with pytest.raises(NotFound):
            services.role_here(post, key)
        with pytest.raises(Invalid):
            services.change_role(scope, team.member("books@orion.example"), key)


def test_a_vendor_changes_no_role_that_is_offered_to_everybody(team: Team) -> None:
    with team.writing() as scope:
        post = services.post_here(scope)
        role = services.role_here(post, team.role("Orders and products"))
        with pytest.raises(Forbidden):
            services.edit_role(scope, post, role, name="Mine", permissions=[])


# -- pages ----------------------------------------------------------------------------------------


@pytest.fixture
def owner(demo: Flask, sign_in: Callable[..., FlaskClient]) -> FlaskClient:
    """The owner of WIZAMART."""
    return sign_in("owner@orion.example")


def _row(client: FlaskClient, name: str, home: str = HOME) -> str:
    """The address of somebody's page in the team."""
    found = re.search(rf'href="({home}/team/[^"]+)">{name}<', client.get(f"{home}/team").text)
    assert found, name
    return found[1]


def test_rights_change_at_the_next_request(
    owner: FlaskClient, sign_in: Callable[..., FlaskClient], team: Team
) -> None:
    staff = sign_in("staff@orion.example")
    assert (staff.get(f"{HOME}/").status_code, staff.get(f"{HOME}/customers").status_code) == (200, 403)
    with team.writing():
        keys = {name: team.role(name) for name in ("Owner", "Packing table")}
    page = _row(owner, "Stan Staff")
    assert send(owner, page, role=keys["Owner"]).status_code == 303
    assert staff.get(f"{HOME}/customers").status_code == 200
    assert send(owner, page, role=keys["Packing table"]).status_code == 303
    assert staff.get(f"{HOME}/customers").status_code == 403
    assert send(owner, f"{page}/remove").status_code == 303
    assert staff.get(f"{HOME}/").status_code == 404


def test_somebody_who_was_removed_can_be_put_back_at_once(
    owner: FlaskClient, sign_in: Callable[..., FlaskClient]
) -> None:
    staff = sign_in("staff@orion.example")
    send(owner, f"{_row(owner, 'Stan Staff')}/remove")
    undo = re.search(rf'action="({HOME}/undo/[^"]+)"', owner.get(f"{HOME}/team").text)
    assert undo and staff.get(f"{HOME}/").status_code == 404
    send(owner, undo[1])
    assert staff.get(f"{HOME}/").status_code == 200


def test_the_last_owner_is_told_why_they_stay(owner: FlaskClient, team: Team) -> None:
    page = _row(owner, "Olga Owner")
    with team.writing():
        key = team.role("Packing table")
    answer = send(owner, page, role=key)
    assert answer.status_code == 409 and "Somebody must be left" in answer.text
    assert send(owner, f"{page}/remove").status_code == 409


def test_another_vendors_people_are_not_there(
    owner: FlaskClient, sign_in: Callable[..., FlaskClient], team: Team
) -> None:
    foreign = _row(sign_in("books@orion.example"), "Bea Books", "/vendor/LUXBOOKS")
    page = f"{HOME}/team/{foreign.rpartition('/')[2]}"
    assert owner.get(page).status_code == send(owner, f"{page}/remove").status_code == 404


def test_a_role_is_made_changed_and_counted(owner: FlaskClient, team: Team) -> None:
    made = send(owner, f"{HOME}/roles/new", name="Till", permissions=["customers.view"])
    assert made.status_code == 303
    page = owner.get(f"{HOME}/roles").text
    found = re.search(rf'href="({HOME}/roles/o\d+)">Till<', page)
    assert found
    form = owner.get(found[1]).text
    assert "View customers" in form and 'value="customers.view" checked' in form
    changed = send(
        owner,
        found[1],
        name="Till",
        permissions=["customers.view", "customers.edit"],
        require_2fa="y",
        version="1",
    )
    assert changed.status_code == 303
    stale = send(owner, found[1], name="Other", permissions=[], version="1")
    assert stale.status_code == 409 and "Somebody else" in stale.text
    assert send(owner, f"{found[1]}/remove").status_code == 303


def test_an_unknown_right_is_refused(owner: FlaskClient) -> None:
    answer = send(owner, f"{HOME}/roles/new", name="Till", permissions=["customers.nonsense"])
    assert answer.status_code == 422


# -- invitations ----------------------------------------------------------------------------------


def _link(app: Flask) -> str:
    """The link in the newest mail."""
    app.extensions["orion_mail"].flush()
    mail = sorted(app.extensions["orion_mail"].transport.path.glob("*.eml"))[-1].read_text()
    found = re.search(r"/account/invitations/[\w-]+", mail.replace("=\n", "").replace("=\r\n", ""))
    assert found
    return found[0]


@pytest.fixture
def invited(owner: FlaskClient, team: Team) -> Callable[[str], str]:
    """`invited(email)` → the link that the owner of WIZAMART has sent them."""

    def invite(email: str) -> str:
        with team.writing():
            key = team.role("Packing table")
        answer = send(owner, f"{HOME}/team/invite", email=email, role=key)
        assert answer.status_code == 303, answer.text
        return _link(team.app)

    return invite


def test_somebody_new_chooses_name_and_password_and_works(
    invited: Callable[[str], str], demo: Flask, sign_in: Callable[..., FlaskClient]
) -> None:
    link, stranger = invited("new@orion.example"), demo.test_client()
    page = stranger.get(link)
    assert page.status_code == 200 and "Wizamart" in page.text and "Packing table" in page.text
    chosen = "three words of her own"
    form = {"csrf_token": csrf_token(page.text), "name": "Nina New"}
    assert stranger.post(link, data={**form, "password": "short", "again": "short"}).status_code == 422
    assert stranger.post(link, data={**form, "password": chosen, "again": "other"}).status_code == 422
    assert stranger.post(link, data={**form, "password": chosen, "again": chosen}).status_code == 303
    nina = sign_in("new@orion.example", chosen)
    assert nina.get(f"{HOME}/").status_code == 200
    assert nina.get(f"{HOME}/team").status_code == 403
    assert stranger.get(link).status_code == 404, "a link works once"


def test_the_log_says_that_somebody_new_came_by_themselves(
    invited: Callable[[str], str], demo: Flask, team: Team
) -> None:
    link, chosen = invited("new@orion.example"), "three words of her own"
    send(demo.test_client(), link, name="Nina New", password=chosen, again=chosen)
    with team.writing():
        nina = session().scalar(select(User.id).where(User.email == "new@orion.example"))
        kept = select(AuditEntry.action, AuditEntry.who, AuditEntry.user_id).where(AuditEntry.user_id == nina)
        told = {action: (who, user_id) for action, who, user_id in session().execute(kept)}
    herself = ("Nina New (new@orion.example)", nina)
    assert told["tenancy.invitation_accepted"] == told["tenancy.member_added"] == herself


def test_somebody_who_has_an_account_accepts_as_themselves(
    invited: Callable[[str], str], demo: Flask, sign_in: Callable[..., FlaskClient]
) -> None:
    link = invited("books@orion.example")
    assert "Sign in" in demo.test_client().get(link).text
    bea = sign_in("books@orion.example")
    assert bea.get(f"{HOME}/").status_code == 404
    assert send(bea, link).location == f"{HOME}/"
    assert bea.get(f"{HOME}/").status_code == 200
    told = sign_in("owner@orion.example").get(f"{HOME}/notifications").text
    assert "An invitation was accepted" in told


def test_nobody_accepts_for_another_person(
    invited: Callable[[str], str], sign_in: Callable[..., FlaskClient], team: Team
) -> None:
    link, staff = invited("books@orion.example"), sign_in("staff@orion.example")
    page = staff.get(link).text
    assert "books@orion.example" in page and "staff@orion.example" in page and "Sign out" in page
    send(staff, link)
    with team.writing():
        assert "Bea Books" not in [
            user.name for _m, user, *_rest in session().execute(queries.members(SCOPE))
        ]


def test_the_database_does_not_know_the_link(invited: Callable[[str], str], demo: Flask) -> None:
    token = invited("new@orion.example").rpartition("/")[2]
    with demo.app_context(), entered(SCOPE) as reading:
        for row in reading.scalars(select(Invitation)):
            assert token not in {str(value) for value in vars(row).values()}


def test_a_revoked_or_renewed_link_is_worth_nothing(
    invited: Callable[[str], str], owner: FlaskClient, demo: Flask
) -> None:
    first = invited("new@orion.example")
    listed = owner.get(f"{HOME}/team/invitations").text
    found = re.search(rf'href="({HOME}/team/invitations/[^"]+)">new@orion.example<', listed)
    assert found and owner.get(found[1]).status_code == 200
    send(owner, f"{found[1]}/again")
    second = _link(demo)
    assert first != second
    assert [demo.test_client().get(link).status_code for link in (first, second)] == [404, 200]
    send(owner, f"{found[1]}/revoke")
    assert demo.test_client().get(second).status_code == 404


def test_somebody_who_works_there_already_is_not_invited(owner: FlaskClient, team: Team) -> None:
    with team.writing():
        key = team.role("Packing table")
    answer = send(owner, f"{HOME}/team/invite", email="STAFF@orion.example", role=key)
    assert answer.status_code == 422 and "works here already" in answer.text


def test_an_invitation_that_is_too_old_is_gone(invited: Callable[[str], str], demo: Flask) -> None:
    link = invited("new@orion.example")
    with demo.app_context(), entered(SCOPE, write=True) as writing:
        for row in writing.scalars(select(Invitation)):
            row.expires_at = row.created_at
        writing.commit()
    assert demo.test_client().get(link).status_code == 404


def test_a_platform_invites_its_own_administrators(
    demo: Flask, sign_in: Callable[..., FlaskClient], team: Team
) -> None:
    paul = sign_in("platform@orion.example")
    with demo.app_context(), entered(SCOPE) as reading:
        role = reading.scalars(select(Role).where(Role.level == "platform")).first()
    assert send(paul, "/admin/team/invite", email="second@orion.example", role=role.key).status_code == 303
    with demo.app_context():
        create_user("second@orion.example", "Second", PASSWORD)
    second = sign_in("second@orion.example")
    send(second, _link(demo))
    shown = second.get("/admin/vendors").text
    assert "Wizamart" in shown and "Lux Books" not in shown


def test_several_invitations_are_taken_back_at_once_and_stand_again(
    invited: Callable[[str], str], owner: FlaskClient, demo: Flask
) -> None:
    first, second = invited("one@orion.example"), invited("two@orion.example")
    page = owner.get(f"{HOME}/team/invitations").text
    rows = re.findall(r'name="row" value="([^"]+)"', page)
    assert len(rows) == 3
    assert send(owner, f"{HOME}/team/invitations", action="revoke", row=rows).status_code == 303
    after = owner.get(f"{HOME}/team/invitations").text
    undo = re.search(rf'action="({HOME}/undo/[^"]+)"', after)
    assert undo and "3 invitations" in after
    assert [demo.test_client().get(link).status_code for link in (first, second)] == [404, 404]
    send(owner, undo[1])
    assert [demo.test_client().get(link).status_code for link in (first, second)] == [200, 200]


@pytest.mark.only_on("postgresql")
def test_two_administrators_who_remove_each_other_at_once_leave_one(team: Team) -> None:
    with team.writing() as scope:
        services.change_role(scope, team.member("staff@orion.example"), team.role("Owner"))
    start = threading.Barrier(2)
    outcomes: list[str] = []

    def remove(email: str) -> None:
        try:
            with team.writing() as scope:
                member = team.member(email)
                start.wait(10)
                services.remove_member(scope, member)
            outcomes.append("gone")
        except Conflict:
            outcomes.append("stays")

    threads = [threading.Thread(target=remove, args=(f"{who}@orion.example",)) for who in ("owner", "staff")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(outcomes) == ["gone", "stays"]
