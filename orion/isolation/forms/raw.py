"""SQL that names the table itself. It is refused, whatever the scope: nobody's criteria are in it."""

from contextlib import closing
from typing import Any

from sqlalchemy import Column, MetaData, Table, column, func, lambda_stmt, literal_column, select, table, text
from sqlalchemy.orm import aliased

from orion.isolation.forms import reading
from orion.isolation.forms.reads import ENTITIES, keys_of, rows_of
from orion.isolation.heights import Height
from orion.isolation.target import Target

#: What no guard of the session or the engine can see is for the database itself to stop.
DATABASE = (Height.POLICIES, Height.VIEWS)
RAW = (Height.ENGINE, Height.POLICIES, Height.VIEWS)


def _sql(t: Target, name: str | None = None) -> str:
    return f"SELECT {t.sql_key} FROM {name or t.table.name} WHERE {t.sql_made}"


def _found(t: Target, s: Any, sql: str) -> Any:
    return rows_of(s.execute(text(sql)))


def _one_there(t: Target) -> str:
    """A condition that is true when the victim is there."""
    return f"EXISTS (SELECT 1 FROM {t.table.name} WHERE {t.sql_is([t.victim])})"


def _told(t: Target, answer: Any) -> Any:
    return [t.victim.key] if answer else []


TEXTS = {
    "text": lambda t: _sql(t),
    "text in capitals": lambda t: f"SELECT {t.sql_key} FROM {t.table.name.upper()} WHERE {t.sql_made}",
    "quoted text": lambda t: _sql(t, f'"{t.table.name}"'),
    "text with a schema": lambda t: _sql(t, f"{t.schema}.{t.table.name}"),
    "text with a quoted schema": lambda t: _sql(t, f'"{t.schema}" . "{t.table.name}"'),
    "text with comments": lambda t: _sql(t, f"/**/{t.table.name}--\n"),
    "text with an alias": lambda t: f"SELECT {t.sql_key} FROM {t.table.name} AS x WHERE {t.sql_made}",
    "text with a CTE": lambda t: f"WITH x AS ({_sql(t)}) SELECT * FROM x",
    "text with a subquery": lambda t: f"SELECT * FROM ({_sql(t)}) AS x",
    "text with a union": lambda t: f"SELECT {t.sql_nulls} WHERE 1 = 0 UNION {_sql(t)}",
    "text with a join": lambda t: (
        f"SELECT {t.sql_key} FROM (SELECT 1 AS one) AS x JOIN {t.table.name} ON x.one = 1 WHERE {t.sql_made}"
    ),
}


def _text_form(name: str, sql: Any) -> None:
    @reading(name, *RAW, legal=False, everywhere=True)
    def _text(t: Target, s: Any) -> Any:
        return _found(t, s, sql(t))


for _name, _make in TEXTS.items():
    _text_form(_name, _make)


@reading("text in brackets", *RAW, legal=False, everywhere=True, only="sqlite")
def _brackets(t: Target, s: Any) -> Any:
    return _found(t, s, _sql(t, f"[{t.table.name}]"))


@reading("text that is a table", *RAW, legal=False, everywhere=True, only="postgresql")
def _table(t: Target, s: Any) -> Any:
    return _found(t, s, f"SELECT {t.sql_key} FROM (TABLE {t.table.name}) AS x WHERE {t.sql_made}")


@reading("text with an escaped name", *RAW, legal=False, everywhere=True, only="postgresql")
def _escaped(t: Target, s: Any) -> Any:
    name = t.table.name
    return _found(t, s, _sql(t, f'U&"{name[:-1]}\\{ord(name[-1]):04x}"'))


@reading("SQL inside of SQL", *DATABASE, legal=None, only="postgresql")
def _inside(t: Target, s: Any) -> Any:
    name, condition = t.table.name, t.sql_is([t.victim]).replace("'", "''")
    sql = f"query_to_xml('SELECT 1 FROM {name[:3]}' || '{name[3:]} WHERE {condition}', false, false, '')"
    return _told(t, "row" in s.scalar(text(f"SELECT {sql}::text")))


@reading("text with options of the data layer", *RAW, legal=False, everywhere=True)
def _options(t: Target, s: Any) -> Any:
    options = {"orion_fenced": True, "orion_door": True, "orion_owner": True, "orion_again": t.table.name}
    return rows_of(s.execute(text(_sql(t)), execution_options=options))


@reading("connection with options of the data layer", *RAW, legal=False, everywhere=True)
def _connection_options(t: Target, s: Any) -> Any:
    options = {"orion_fenced": True, "orion_door": True, "orion_owner": True}
    try:
        return rows_of(s.connection().execution_options(**options).execute(text(_sql(t))))
    finally:  # They would stay with the connection, and so with all attacks after this one.
        s.connection().execution_options(**dict.fromkeys(options))


# -- tables ---------------------------------------------------------------------------------------


@reading("table", *RAW, legal=False, everywhere=True)
def _core(t: Target, s: Any) -> Any:
    return rows_of(s.execute(select(*t.table.primary_key).where(t.made(t.core))))


@reading("alias of a table", *RAW, legal=False, everywhere=True)
def _core_alias(t: Target, s: Any) -> Any:
    other = t.table.alias("x")
    return rows_of(s.execute(select(*(other.c[c.name] for c in t.table.primary_key)).where(t.made(other.c))))


@reading("count of a table", *RAW, legal=False, everywhere=True)
def _core_count(t: Target, s: Any) -> Any:
    return s.scalar(select(func.count()).select_from(t.table).where(t.made(t.core)))


@reading("table in a scalar subquery", *RAW, legal=False, everywhere=True)
def _core_scalar(t: Target, s: Any) -> Any:
    one = select(next(iter(t.table.primary_key))).where(t.is_row(t.victim, t.core))
    return _told(t, s.scalar(select(one.scalar_subquery())) is not None)


@reading("table beside its own entity", *RAW, legal=False)
def _beside(t: Target, s: Any) -> Any:
    other = t.table.alias()
    keys = [other.c[c.name] for c in t.table.primary_key]
    return rows_of(s.execute(select(*keys).select_from(t.model).join(other, t.made(other.c)).where(t.made())))


@reading("table among its own entity's", *RAW, legal=False)
def _own_subquery(t: Target, s: Any) -> Any:
    inner = t.table.alias()
    there = select(inner.c[next(iter(t.table.primary_key)).name]).where(t.is_row(t.victim, inner.c))
    return _told(t, s.scalar(select(func.count()).select_from(t.model).where(t.made(), there.exists())))


@reading("table of another description", *RAW, legal=False, everywhere=True)
def _described(t: Target, s: Any) -> Any:
    other = Table(t.table.name, MetaData(), *(Column(c.name, c.type) for c in t.table.primary_key))
    return rows_of(s.execute(select(other).where(t.made(other.c))))


@reading("lightweight table", *RAW, legal=False, everywhere=True)
def _lightweight(t: Target, s: Any) -> Any:
    other = table(t.table.name, *(column(c.name, c.type) for c in t.table.primary_key))
    return rows_of(s.execute(select(other).where(t.made(other.c))))


@reading("entity's table", *RAW, legal=False, everywhere=True)
def _entitys_table(t: Target, s: Any) -> Any:
    return rows_of(
        s.execute(t.model.__table__.select().with_only_columns(*t.table.primary_key).where(t.made(t.core)))
    )


# -- entities from SQL ----------------------------------------------------------------------------


@reading("entity from text", *RAW, legal=False)
def _from_text(t: Target, s: Any) -> Any:
    sql = text(f"SELECT * FROM {t.table.name} WHERE {t.sql_made}")
    return keys_of(s.scalars(select(t.model).from_statement(sql)))


@reading("entity from text with columns", *ENTITIES, legal=False)
def _from_columns(t: Target, s: Any) -> Any:
    sql = text(f"SELECT * FROM {t.table.name} WHERE {t.sql_made}").columns(*t.table.columns)
    return keys_of(s.scalars(select(aliased(t.model, sql.subquery()))))


@reading("entity from a table's rows", *RAW, legal=False)
def _from_table(t: Target, s: Any) -> Any:
    return keys_of(s.scalars(select(t.model).from_statement(select(t.table).where(t.made(t.core)))))


@reading("entity of a table's subquery", *ENTITIES, legal=False)
def _of_table(t: Target, s: Any) -> Any:
    return keys_of(s.scalars(select(aliased(t.model, select(t.table).where(t.made(t.core)).subquery()))))


@reading("statement in a lambda", *ENTITIES, legal=None)
def _lambda(t: Target, s: Any) -> Any:
    model, condition = t.model, t.made()
    statement = lambda_stmt(lambda: select(model))
    statement += lambda chosen: chosen.where(condition)
    return keys_of(s.scalars(statement))


# -- SQL in an expression -------------------------------------------------------------------------


@reading("text in where", *RAW, legal=False, everywhere=True)
def _where(t: Target, s: Any) -> Any:
    return _told(t, s.scalars(select(literal_column("1")).where(text(_one_there(t)))).all())


@reading("text in its own entity's where", *RAW, legal=False)
def _own_where(t: Target, s: Any) -> Any:
    return _told(t, s.scalar(select(func.count()).select_from(t.model).where(t.made(), text(_one_there(t)))))


@reading("literal column", *RAW, legal=False, everywhere=True)
def _literal(t: Target, s: Any) -> Any:
    first = next(iter(t.table.primary_key)).name
    sql = f"(SELECT {first} FROM {t.table.name} WHERE {t.sql_is([t.victim])})"
    return _told(t, s.scalar(select(literal_column(sql))) is not None)


@reading("text in order by", *RAW, legal=False, everywhere=True)
def _order_by(t: Target, s: Any) -> Any:
    one: Any
    two: Any
    one, two = literal_column("1").label("n"), literal_column("2").label("n")
    order = text(f"CASE WHEN {_one_there(t)} THEN -n ELSE n END")
    both = select(one).union_all(select(two)).subquery()
    return _told(t, s.scalars(select(both.c.n).order_by(order)).first() == 2)


@reading("text in a prefix", *RAW, legal=False, everywhere=True)
def _prefix(t: Target, s: Any) -> Any:
    return _told(t, s.execute(select(literal_column("1")).prefix_with(text(f"{_one_there(t)}, "))).first()[0])


@reading("text in an operator", *RAW, legal=False, everywhere=True)
def _operator(t: Target, s: Any) -> Any:
    first = next(iter(t.table.primary_key)).name
    sql = f"= (SELECT count(*) FROM {t.table.name} WHERE {t.sql_is([t.victim])}) AND 1 ="
    return _told(t, s.scalar(select(literal_column("1").op(sql)(literal_column("1")))) and first)


@reading("text in a suffix", *RAW, legal=False, everywhere=True)
def _suffix(t: Target, s: Any) -> Any:
    rest = text(f"UNION ALL {_sql(t)}")
    nulls: list[Any] = [literal_column(part) for part in t.sql_nulls.split(", ")]
    return rows_of(s.execute(select(*nulls).suffix_with(rest)))


@reading("text in a hint", *RAW, legal=False, everywhere=True)
def _hint(t: Target, s: Any) -> Any:
    nulls: list[Any] = [literal_column(part) for part in t.sql_nulls.split(", ")]
    return rows_of(s.execute(select(*nulls).with_statement_hint(f"UNION ALL {_sql(t)}", t.arena.dialect)))


# -- connections ----------------------------------------------------------------------------------


@reading("entity on a connection", *RAW, legal=False, everywhere=True)
def _entity_on_connection(t: Target, s: Any) -> Any:
    return rows_of(s.connection().execute(select(*t.pk()).where(t.made())))


@reading("table on a connection", *RAW, legal=False, everywhere=True)
def _table_on_connection(t: Target, s: Any) -> Any:
    return rows_of(s.connection().execute(select(*t.table.primary_key).where(t.made(t.core))))


@reading("driver's SQL", *RAW, legal=False, everywhere=True)
def _driver(t: Target, s: Any) -> Any:
    return rows_of(s.connection().exec_driver_sql(_sql(t)))


@reading("driver's own cursor", *DATABASE, legal=None, applies=lambda t: t.arena.may_be_raw)
def _cursor(t: Target, s: Any) -> Any:
    with closing(s.connection().connection.cursor()) as cursor:
        cursor.execute(_sql(t))
        return rows_of(cursor.fetchall())


@reading("copy to the client", *DATABASE, legal=None, only="postgresql")
def _copy(t: Target, s: Any) -> Any:
    with s.connection().connection.cursor() as cursor, cursor.copy(f"COPY ({_sql(t)}) TO STDOUT") as rows:
        return [tuple(map(int, row)) for row in rows.rows()]
