"""PostgreSQL's own wall stands as the models say, and nothing is served while it doesn't."""

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import click
import pytest
from flask import Flask
from sqlalchemy import Connection, create_engine, make_url, text

from orion import serving
from orion.app import create_app
from orion.data import health, laying, migrate, role
from orion.data.database import db, entered
from orion.data.faults import WallDown
from orion.data.histories import histories
from orion.data.revisions import owned
from orion.data.tables import metadata, wall_of
from orion.settings import Settings
from orion.testing import close
from tests.data.fence import SYSTEM

pytestmark = pytest.mark.only_on("postgresql")

CATALOG = """
    SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, c.relacl::text,
           array(SELECT (p.polname, p.polcmd, p.polpermissive, p.polroles, pg_get_expr(p.polqual, p.polrelid),
                         pg_get_expr(p.polwithcheck, p.polrelid), obj_description(p.oid, 'pg_policy'))::text
                 FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'S', 'v', 'm')
    ORDER BY 1
"""
GRANTS = """
    SELECT c.relkind, c.relname, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a
    WHERE c.relnamespace = 'public'::regnamespace AND a.grantee IN
          (0, (SELECT oid FROM pg_roles WHERE rolname = :role))
"""


@pytest.fixture
def orion(app: Flask) -> Iterator[Flask]:
    """Orion, migrated, in its context."""
    with app.app_context():
        yield app


@pytest.fixture
def app(database: str, settings: Settings) -> Iterator[Flask]:
    """Orion with the modules of this checkout, migrated, without rows."""
    made = create_app(replace(settings, database_url=database))
    yield made
    close(made)


def _catalog(connection: Connection) -> list[Any]:
    return [tuple(row) for row in connection.execute(text(CATALOG))]


def _as_owner(statement: str) -> None:
    with owned(db.engines["write"]) as connection:
        connection.execute(text(statement))
        connection.commit()


def _walled(app: Flask) -> list[str]:
    known = {name for history in histories(app) for name in history.tables}
    return sorted(t.name for t in metadata.tables.values() if wall_of(t) is not None and t.name in known)


def test_the_catalogs_policies_are_those_of_the_models(orion: Flask) -> None:
    with owned(db.engines["write"]) as connection:
        before = _catalog(connection)
        for name in _walled(orion):
            connection.execute(text(f'DROP POLICY {laying.POLICY} ON "{name}"'))
            connection.execute(text(f'ALTER TABLE "{name}" NO FORCE ROW LEVEL SECURITY'))
        for history in histories(orion):
            laying.lay(connection, history.tables, only_read=[history.version_table])
        assert _catalog(connection) == before
    fenced = {row[0] for row in before if row[1] and row[2] and len(row[4]) == 1}
    assert fenced == set(_walled(orion)) != set()


def test_the_application_has_the_rights_that_the_models_give_and_no_others(orion: Flask) -> None:
    known, versions = set(), {history.version_table for history in histories(orion)}
    for history in histories(orion):
        known |= {(name, right) for name in history.tables for right in laying.rights(metadata.tables[name])}
    with owned(db.engines["write"]) as connection:
        rows = connection.execute(text(GRANTS), {"role": laying.ROLE}).all()
    assert {(name, right) for kind, name, right in rows if kind != "S"} == known | {
        (name, "SELECT") for name in versions
    }
    assert {right for kind, _name, right in rows if kind == "S"} == {"USAGE"}


def test_the_application_owns_nothing_and_logs_in_nowhere(orion: Flask) -> None:
    with owned(db.engines["write"]) as connection:
        found = connection.execute(
            text(
                "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,"
                " (SELECT count(*) FROM pg_class WHERE relowner = r.oid)"
                " FROM pg_roles r WHERE rolname = :role"
            ),
            {"role": laying.ROLE},
        ).one()
    assert tuple(found) == (False, False, False, False, False, 0)


def test_every_transaction_is_the_applications_but_those_that_change_tables(orion: Flask) -> None:
    who = text("SELECT current_user")
    for write in (False, True):
        with entered(SYSTEM, write=write) as session:
            assert session.scalar(who) == laying.ROLE
    with owned(db.engines["write"]) as connection:
        assert connection.scalar(who) != laying.ROLE
    with entered(SYSTEM, write=True) as session:
        assert session.scalar(who) == laying.ROLE


BREACHES = {
    "off": "ALTER TABLE tenancy_vendor DISABLE ROW LEVEL SECURITY",
    "another policy": "CREATE POLICY generous ON tenancy_vendor USING (true)",
    "another rule": f"ALTER TABLE tenancy_vendor DISABLE ROW LEVEL SECURITY; DROP POLICY {laying.POLICY} ON"
    " tenancy_vendor",
}


@pytest.mark.parametrize("breach", BREACHES)
def test_nothing_is_served_while_the_wall_is_down_and_an_upgrade_raises_it(
    orion: Flask, settings: Settings, database: str, monkeypatch: pytest.MonkeyPatch, breach: str
) -> None:
    client = orion.test_client()
    assert client.get("/readyz").status_code == 200
    for statement in BREACHES[breach].split(";"):
        _as_owner(statement)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json["problem"] == role.DOWN
    assert "tenancy_vendor" in (health.problem(orion) or "")
    with pytest.raises(click.ClickException, match=r"wall is down.*tenancy_vendor.*orion db upgrade"):
        serving.serve(replace(settings, database_url=database), "127.0.0.1", 0)
    monkeypatch.setenv("ORION_DATABASE_URL", database)
    monkeypatch.setenv("ORION_DATA", str(settings.data))
    with pytest.raises(WallDown):
        create_app()
    assert migrate.upgrade(orion) == []
    assert client.get("/readyz").status_code == 200


def test_a_new_connection_is_used_only_while_the_wall_stands(orion: Flask) -> None:
    _as_owner(BREACHES["off"])
    db.engines[None].dispose()
    with entered(SYSTEM) as session, pytest.raises(WallDown, match="tenancy_vendor"):
        session.execute(text("SELECT 1"))
    migrate.upgrade(orion)
    with entered(SYSTEM) as session:
        session.execute(text("SELECT 1"))


def test_a_module_that_is_gone_keeps_its_wall(orion: Flask) -> None:
    with owned(db.engines["write"]) as connection:
        before = _catalog(connection)
    engine, *modules = histories(orion)
    migrate.upgrade(orion, [engine, *(history for history in modules if history.code == "tenancy")])
    with owned(db.engines["write"]) as connection:
        assert _catalog(connection) == before


# -- a database whose owner is no superuser -------------------------------------------------------


@pytest.fixture
def owners(empty_database: str) -> Iterator[tuple[str, Callable[[str], None]]]:
    """(URL, do): an empty database as its owner's, who may do nothing else; and what a superuser does."""
    name = f"orion_owner_{uuid.uuid4().hex[:8]}"
    engine = create_engine(empty_database, isolation_level="AUTOCOMMIT")

    def do(statement: str) -> None:
        with engine.connect() as connection:
            connection.execute(text(statement.replace("OWNER", name)))

    database = make_url(empty_database).database
    do("CREATE ROLE OWNER LOGIN NOSUPERUSER")
    do(f'ALTER DATABASE "{database}" owner TO OWNER')
    yield make_url(empty_database).set(username=name).render_as_string(hide_password=False), do
    do("REASSIGN owned BY OWNER TO CURRENT_USER")
    do("DROP owned BY OWNER")
    do("DROP ROLE OWNER")
    engine.dispose()


def test_an_owner_who_may_not_take_on_the_role_is_told_what_to_do(
    owners: tuple[str, Callable[[str], None]], app: Flask, settings: Settings
) -> None:
    url, do = owners
    made = create_app(replace(settings, database_url=url))
    with pytest.raises(migrate.MigrationFailed, match="let a superuser run"):
        migrate.upgrade(made)
    assert "can't be taken on" in (health.problem(made) or "")
    do(f"GRANT {laying.ROLE} TO OWNER")
    migrate.upgrade(made)
    assert health.problem(made) is None
    close(made)


def test_an_owner_without_further_rights_is_fenced_as_well(
    owners: tuple[str, Callable[[str], None]], app: Flask, settings: Settings
) -> None:
    url, do = owners
    do(f"GRANT {laying.ROLE} TO OWNER")
    made = create_app(replace(settings, database_url=url))
    migrate.upgrade(made)
    with made.app_context(), owned(db.engines["write"]) as connection:
        connection.execute(
            text("INSERT INTO tenancy_platform (code, name, created_at) VALUES ('x', 'X', now())")
        )
        assert connection.scalar(text("SELECT count(*) FROM tenancy_platform")) == 1
        for name in ("kind", "vendors", "platforms"):
            connection.execute(text(f"SET LOCAL app.{name} = ''"))
        assert connection.scalar(text("SELECT count(*) FROM tenancy_platform")) == 0
    close(made)
