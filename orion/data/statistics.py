"""What the database knows of its tables' contents, so that it chooses the right index."""

from orion.data.database import db
from orion.data.revisions import owned
from orion.data.tables import metadata

#: Rows of an index that SQLite looks at: enough to tell them apart, a fraction of a second.
ROWS = 1000


def analyse(*modules: str) -> None:
    """Look at the tables again, all or those of some modules, after a mass write or in the midst of one;
    outside of frames, in an app context.

    PostgreSQL would do so by itself within minutes, in which it reads a full table as an empty one: so does
    each check of a foreign key, and every row costs more than the one before.
    """
    engine = db.engines["write"]
    names = sorted(t.name for t in metadata.tables.values() if t.info.get("module") in modules)
    with owned(engine) as connection, connection.begin():
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA analysis_limit = {ROWS}")
        for name in names if modules else ("",):
            connection.exec_driver_sql(f"ANALYZE {name}")
