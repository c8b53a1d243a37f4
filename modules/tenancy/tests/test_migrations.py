"""What becomes of the rows of a portal that is older than its tables."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from orion.app import create_app
from orion.settings import Settings
from orion.testing import close
from orion.testing.older import Older, older

HOLDERS = ("tenancy_membership", "tenancy_invitation")
TAKE = (
    "UPDATE {} SET role_id = NULL, own_role_id = (SELECT id FROM tenancy_own_role WHERE platform_id = :there)"
)


@pytest.fixture
def before_own_roles(own_database: str, settings: Settings) -> Iterator[Older]:
    """A portal with rows from before a platform's own roles were held to it."""
    app = create_app(replace(settings, database_url=own_database))
    yield older(app, "tenancy", "tenancy_0005")
    close(app)


def test_people_keep_their_roles_and_nobody_takes_another_platforms(before_own_roles: Older) -> None:
    portal, here, there = before_own_roles, before_own_roles.world.here, before_own_roles.world.there
    before = portal.rows()
    assert all(before[table] for table in (*HOLDERS, "tenancy_own_role"))
    portal.upgrade()
    assert portal.rows_like(before) == before
    for table in HOLDERS:
        assert portal.run(f"{TAKE.format(table)} WHERE platform_id = :there", there=there) == 1
        with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
            portal.run(f"{TAKE.format(table)} WHERE platform_id = :here", here=here, there=there)
        with pytest.raises(IntegrityError, match=r"(?i)check"):
            portal.run(f"{TAKE.format(table)} WHERE level = 'installation'", there=there)


def test_who_is_on_a_platform_stays_so_when_platforms_learn_to_suspend(
    own_database: str, settings: Settings
) -> None:
    app = create_app(replace(settings, database_url=own_database))
    portal = older(app, "tenancy", "tenancy_0006")
    portal.run(
        "UPDATE tenancy_vendor_platform SET status = 'ended' WHERE platform_id = :id", id=portal.world.here
    )
    before = portal.rows()
    portal.upgrade()
    assert portal.rows_like(before) == before
    there = len(before["tenancy_vendor_platform"])
    assert portal.run("UPDATE tenancy_vendor_platform SET status = 'suspended'") == there
    with pytest.raises(IntegrityError, match=r"(?i)check"):
        portal.run("UPDATE tenancy_vendor_platform SET status = 'asleep'")
    close(app)


def test_what_texts_are_found_and_sorted_by_is_made_anew_and_the_log_is_closed_again(
    own_database: str, settings: Settings
) -> None:
    app = create_app(replace(settings, database_url=own_database))
    portal = older(app, "tenancy", "tenancy_0008")
    columns = [name for name in next(iter(portal.rows()["tenancy_audit_entry"].values())) if name != "id"]
    texts = {"public_id": "'before'", "who_norm": "'søren'", "subject_norm": "'łodz'"}
    portal.run(
        f"INSERT INTO tenancy_audit_entry ({', '.join(columns)}) "
        f"SELECT {', '.join(texts.get(name, name) for name in columns)} FROM tenancy_audit_entry LIMIT 1"
    )
    portal.run("UPDATE tenancy_platform SET name = 'Łódź ' || id")
    portal.upgrade()
    rows = portal.rows()
    assert all(row["name_norm"] == f"lodz {id_}" for id_, row in rows["tenancy_platform"].items())
    entry = next(row for row in rows["tenancy_audit_entry"].values() if row["public_id"] == "before")
    assert (entry["who_norm"], entry["subject_norm"]) == ("soren", "lodz")
    with pytest.raises(DBAPIError, match="only added to"):
        portal.run("UPDATE tenancy_audit_entry SET who_norm = ''")
    close(app)
