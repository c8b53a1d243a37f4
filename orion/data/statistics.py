"""What the database knows of its tables' contents, so that it chooses the right index."""

from orion.data.database import db
from orion.data.revisions import owned

#: Rows of an index that SQLite looks at: enough to tell them apart, a fraction of a second.
ROWS = 1000


def analyse() -> None:
    """Look at the tables again after a mass write; outside of frames, in an app context.

    PostgreSQL would do so by itself within minutes, in which it reads a full table as an empty one.
    """
    engine = db.engines["write"]
    with owned(engine) as connection, connection.begin():
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA analysis_limit = {ROWS}")
        connection.exec_driver_sql("ANALYZE")
