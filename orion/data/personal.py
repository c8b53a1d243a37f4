"""What is known of one person, across modules: read it all, wipe it, or give it to another row.

Tables of modules that are off are part of it: what was written while they were on is still there. Rows are
found by their foreign keys to the person's own row.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Delete, ForeignKeyConstraint, Table, Update, delete, inspect, select, update

from orion.contracts.errors import WallError
from orion.contracts.scope import Scope, ScopeKind
from orion.data import versions, words
from orion.data.database import session
from orion.data.rules import DOOR, KEY, entered_scope
from orion.data.tables import metadata

#: Table → its columns with personal data.
Declared = Mapping[str, Sequence[str]]


def rows_of(scope: Scope, person: Any, declared: Declared) -> dict[str, list[dict[str, Any]]]:
    """Table → rows about a person (a loaded row of theirs), whole but for keys of the database."""
    found = {}
    for table, mine in _tables(scope, person, declared):
        shown = [column for column in table.columns if not _is_key(column)]
        statement = select(*shown).where(*mine).order_by(*table.primary_key.columns)
        rows = session().connection().execute(statement, execution_options={DOOR: KEY}).mappings()
        found[table.name] = [dict(row) for row in rows]
    return {name: rows for name, rows in found.items() if rows}


def wipe(scope: Scope, person: Any, declared: Declared) -> dict[str, int]:
    """Empty the declared columns of every row about a person; table → how many rows had any.

    Words by which the person is found go whole, and so do those of other rows that nothing says any more.
    """
    changed, others = {}, []
    for table, mine in _tables(scope, person, declared):
        values = {column.name: _nothing(column) for column in _with_norms(table, declared[table.name])}
        kept = words.kept_of(table)
        if kept is not None:
            asked = select(table.c.id).where(*mine)
            found = session().connection().scalars(asked, execution_options={DOOR: KEY})
            others.append((kept, found.all()))
        emptied: Any = update(table).values(values) if words.kept_in(table) is None else delete(table)
        changed[table.name] = _run(scope, table, emptied.where(*mine))
    for kept, ids in others:
        words.renew(session().connection(), kept, ids)
    return {name: number for name, number in changed.items() if number}


def repoint(scope: Scope, person: Any, other: Any, but: Sequence[str] = ()) -> dict[str, int]:
    """Let rows that refer to a person refer to another of the same vendor; table → how many.

    Tables named in `but` are left to the caller; words stay with the row whose they are.
    """
    own, changed = inspect(person).mapper.local_table, {}
    for table in metadata.tables.values():
        left = table.name in but or words.kept_in(table) is not None
        for key in _keys_to(table, own) if not left else ():
            column = _id_column(key)
            mine = (table.c.vendor_id == _vendor(scope), column == person.id)
            statement = update(table).where(*mine).values({column.name: other.id})
            changed[table.name] = _run(scope, table, statement)
    return {name: number for name, number in changed.items() if number}


def _tables(scope: Scope, person: Any, declared: Declared) -> Iterator[tuple[Table, Sequence[Any]]]:
    """The declared tables with the conditions for rows about the person."""
    own, vendor = inspect(person).mapper.local_table, _vendor(scope)
    for name in declared:
        table = metadata.tables.get(name)
        if table is own:
            yield table, (table.c.vendor_id == vendor, table.c.id == person.id)
        elif table is not None:
            for key in _keys_to(table, own):
                yield table, (table.c.vendor_id == vendor, _id_column(key) == person.id)


def _keys_to(table: Table, own: Table) -> list[ForeignKeyConstraint]:
    return [key for key in table.foreign_key_constraints if key.referred_table is own]


def _id_column(key: ForeignKeyConstraint) -> Column[Any]:
    return next(element.parent for element in key.elements if element.column.name == "id")


def _vendor(scope: Scope) -> int:
    """The one vendor whose rows these are: the statements here pass the wall, so they say it themselves."""
    if scope.kind is not ScopeKind.VENDOR or scope.vendor is None or scope.key != entered_scope().key:
        raise WallError("a person's data are handled in the scope of their vendor")
    return scope.vendor.id


def _is_key(column: Column[Any]) -> bool:
    return column.primary_key or bool(column.foreign_keys) or column.name.endswith("_norm")


def _with_norms(table: Table, names: Sequence[str]) -> list[Column[Any]]:
    """The columns, and those that hold the same for searching."""
    return [table.c[n] for name in names for n in (name, f"{name}_norm") if n in table.c]


def _nothing(column: Column[Any]) -> Any:
    if column.nullable:
        return None
    return {dict: {}, list: [], int: 0}.get(column.type.python_type, "")


def _run(scope: Scope, table: Table, statement: Update | Delete) -> int:
    writing = session()
    writing.flush()
    done: Any = writing.connection().execute(statement, execution_options={DOOR: KEY})
    if done.rowcount:
        versions.touch(writing, versions.module_of(table), _vendor(scope))
    return int(done.rowcount)
