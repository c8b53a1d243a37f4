"""The database knows its tables after a mass write."""

from flask import Flask
from sqlalchemy import text

from orion.contracts.data import entered, session, system_scope

LOOKED_AT = {
    "sqlite": "SELECT DISTINCT tbl FROM sqlite_stat1",
    "postgresql": "SELECT DISTINCT tablename FROM pg_stats WHERE schemaname = 'public'",
}


def test_after_the_seeds_the_database_knows_how_its_tables_are_filled(demo: Flask) -> None:
    with demo.app_context(), entered(system_scope("command")) as reading:
        dialect = session().connection().dialect.name
        known = reading.scalars(text(LOOKED_AT[dialect])).all()
    assert len(known) > 5
