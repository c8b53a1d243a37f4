"""PostgreSQL's own wall: policies on every walled table, and a role that may do no more than it must.

It is laid by every `upgrade` from the models' marks, so that no revision can forget it. What is laid is
said by the policy's comment: a table whose comment is right is left alone, and locked for nothing.
"""

from collections.abc import Iterable
from hashlib import sha256

from sqlalchemy import Connection, Table, text

from orion.data.policies import POSTGRESQL, readable, writable
from orion.data.tables import metadata, wall_of

#: Whose rights every connection of the application has. It logs in nowhere and owns nothing.
ROLE = "orion_app"
POLICY = "orion_wall"
#: Under this name a table's `info` says that its rows are never changed nor deleted.
APPEND_ONLY = "append_only"

_MAKE_ROLE = f"""
    DO $$ BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
            CREATE ROLE {ROLE} NOLOGIN;
        END IF;
    EXCEPTION WHEN duplicate_object OR unique_violation THEN
        NULL;  -- Another database of this server was migrated at the same time.
    END $$
"""
_LAID = """
    SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity,
           (SELECT coalesce(json_object_agg(p.polname, obj_description(p.oid, 'pg_policy')), '{}')
            FROM pg_policy p WHERE p.polrelid = c.oid)
    FROM pg_class c
    WHERE c.relnamespace = to_regnamespace(current_schema()) AND c.relkind IN ('r', 'p')
"""
_SEQUENCES = """
    SELECT s.relname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')
    WHERE s.relkind = 'S' AND d.refobjid = CAST(:table AS regclass)
"""


class NoRole(RuntimeError):
    """The role can't be made or taken on by the user of the database's URL; the message says what helps."""


def rights(table: Table) -> tuple[str, ...]:
    """What the application may do with a table's rows."""
    return ("SELECT", "INSERT") if table.info.get(APPEND_ONLY) else ("SELECT", "INSERT", "UPDATE", "DELETE")


def digest(table: Table) -> str:
    """What tells a table's policy from another one."""
    return sha256("|".join((readable(table, POSTGRESQL), writable(table, POSTGRESQL))).encode()).hexdigest()[
        :16
    ]


def lay(connection: Connection, tables: Iterable[str], only_read: Iterable[str] = ()) -> None:
    """Fence and grant the tables of these names that are there. `only_read` may be read and that is all.

    Does nothing on SQLite, whose readers are fenced by `orion.data.views`. Raises NoRole.
    """
    if connection.dialect.name != "postgresql":
        return
    make_role(connection)
    laid = {name: (fenced, policies) for name, fenced, policies in connection.execute(text(_LAID))}
    todo = []
    for name in sorted(set(tables) & set(laid)):
        todo += _fence(metadata.tables[name], *laid[name])
        todo += _grant(connection, name, rights(metadata.tables[name]))
    for name in sorted(set(only_read) & set(laid)):
        todo += _grant(connection, name, ("SELECT",))
    if todo:
        connection.exec_driver_sql("; ".join(todo))


def take_down(connection: Connection, tables: Iterable[str]) -> None:
    """Drop the policies of these tables, which then give nobody a row: a table that one asks can go."""
    if connection.dialect.name == "postgresql":
        laid = {name: policies for name, _fenced, policies in connection.execute(text(_LAID))}
        for name in sorted(set(tables) & set(laid)):
            for policy in laid[name]:
                connection.exec_driver_sql(f'DROP POLICY "{policy}" ON "{name}"')


def make_role(connection: Connection) -> None:
    """See that the role is there, and that the connection's user may take it on. Raises NoRole."""
    known = "SET" if connection.dialect.server_version_info >= (16,) else "MEMBER"  # type: ignore[operator]
    may = text("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = session_user")
    there = text(f"SELECT pg_has_role(session_user, oid, '{known}') FROM pg_roles WHERE rolname = '{ROLE}'")
    member = connection.scalar(there)
    if member is None and connection.scalar(may):
        connection.exec_driver_sql(_MAKE_ROLE)
        member = connection.scalar(there)
    if member is False and connection.scalar(may):
        connection.exec_driver_sql(f"GRANT {ROLE} TO SESSION_USER")
        member = True
    if not member:
        raise NoRole(
            f"the database's user may not take on the role {ROLE}: let a superuser run"
            f" CREATE ROLE {ROLE} NOLOGIN (where there is none) and GRANT {ROLE} TO this user"
        )


def _fence(table: Table, fenced: bool, policies: dict[str, str | None]) -> list[str]:
    """What brings a table's policies to what its model says; nothing where they are."""
    name = f'"{table.name}"'
    drop = [f'DROP POLICY "{policy}" ON {name}' for policy in sorted(policies)]
    if wall_of(table) is None:
        off = f"ALTER TABLE {name} DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY"
        return [*drop, off] if fenced or policies else []
    if fenced and policies == {POLICY: digest(table)}:
        return []
    return [
        *drop,
        f"CREATE POLICY {POLICY} ON {name}"
        f" USING ({readable(table, POSTGRESQL)}) WITH CHECK ({writable(table, POSTGRESQL)})",
        f"COMMENT ON POLICY {POLICY} ON {name} IS '{digest(table)}'",
        f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
    ]


def _grant(connection: Connection, name: str, granted: Iterable[str]) -> list[str]:
    """Nobody but the owner may do anything with a table, and the application what was granted."""
    sequences = connection.scalars(text(_SEQUENCES), {"table": f'"{name}"'}).all()
    statements = [f'REVOKE ALL ON "{name}" FROM PUBLIC, {ROLE}']
    statements.append(f'GRANT {", ".join(granted)} ON "{name}" TO {ROLE}')
    for sequence in sequences:
        statements.append(f'REVOKE ALL ON SEQUENCE "{sequence}" FROM PUBLIC, {ROLE}')
        statements.append(f'GRANT USAGE ON SEQUENCE "{sequence}" TO {ROLE}')
    return statements
