"""The application's role on PostgreSQL: every connection takes it on, and serves nothing without the wall."""

import json
import logging
from typing import Any

from sqlalchemy import Connection

from orion.data.beginning import is_owners
from orion.data.faults import WallDown
from orion.data.laying import POLICY, ROLE, digest
from orion.data.tables import metadata, wall_of

log = logging.getLogger("orion.wall")
#: Under this name a connection remembers that it has the role, and that the wall stood.
_READY = "orion_role"

DOWN = "the database's tenant wall is down"
#: Walled tables whose rows this role can read past our policy; without any policy it reads none. `%s` is
#: a JSON object of table → policy.
_OPEN = """
    SELECT c.relname FROM json_each_text(%s::json) AS walled
    JOIN pg_class c ON c.relname = walled.key AND c.relnamespace = to_regnamespace(current_schema())
    WHERE has_table_privilege(c.oid, 'SELECT') AND NOT (
        row_security_active(c.oid) AND walled.value = coalesce((
            SELECT string_agg(p.polname || ' ' || coalesce(obj_description(p.oid, 'pg_policy'), ''), ',')
            FROM pg_policy p WHERE p.polrelid = c.oid
        ), walled.value)
    ) ORDER BY 1
"""


def take_on(connection: Connection) -> None:
    """Before a connection's first transaction: take on the role, and ask whether the wall stands.

    Raises WallDown where it doesn't; the owner's own work needs neither.
    """
    if _READY in connection.info or is_owners(connection):
        return
    driver: Any = connection.connection.dbapi_connection
    dbapi: Any = connection.dialect.dbapi
    try:
        # Policies look dear to the planner, and compiling a short statement costs more than running it.
        driver.execute(f"SET ROLE {ROLE}; SET jit = off")
    except (dbapi.DataError, dbapi.ProgrammingError) as error:
        wrong = f"the role {ROLE} can't be taken on ({str(error).splitlines()[0]}); run: orion db upgrade"
        raise WallDown(f"{DOWN}: {wrong}") from error
    open_now = _open_tables(driver)
    if open_now:
        log.critical(DOWN, extra={"problem": open_now})
        raise WallDown(f"{DOWN}: {open_now}")
    connection.info[_READY] = True


def open_tables(connection: Connection) -> str | None:
    """What is wrong with the wall as the database has it now, or None; always None on SQLite."""
    if connection.dialect.name != "postgresql":
        return None
    return _open_tables(connection.connection.dbapi_connection)


def _open_tables(driver: Any) -> str | None:
    walled = {t.name: f"{POLICY} {digest(t)}" for t in metadata.tables.values() if wall_of(t) is not None}
    found = [name for (name,) in driver.execute(_OPEN, [json.dumps(walled)])]
    if not found:
        return None
    return f"row-level security is off, or isn't the models', for {', '.join(found)}; run: orion db upgrade"
