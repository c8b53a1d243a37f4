"""The words by whose beginning rows are found, kept in tables of their own beside the rows.

A word is found by a range of an index, which row-level security lets be used. A model of words says of which
row's columns they are (`__words__`, see `orion.contracts.models.WordOf`): whoever writes such a row, in a
flush, in bulk or by wiping it, has its words written here in the same transaction.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    String,
    Table,
    bindparam,
    delete,
    event,
    func,
    inspect,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert as insert_on_postgresql
from sqlalchemy.dialects.sqlite import insert as insert_on_sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import ORMExecuteState, Session, aliased
from sqlalchemy.sql.expression import FunctionElement

from orion.contracts.errors import WallError
from orion.data.database import OrionSession
from orion.data.folding import normalise
from orion.data.rules import DOOR, KEY, key_of
from orion.data.tables import metadata

#: Words of one row that are kept, characters of each, and terms that one search asks for.
MOST_WORDS, LONGEST, MOST_TERMS = 200, 120, 12
#: No text sorts behind it.
LAST_CHARACTER = "\U0010ffff"
#: Rows of which words are read or written in one go.
AT_ONCE = 500
#: Under this name a table's `info` says of which columns its rows are the words: (table, columns).
KEPT = "words_of"
_PART = re.compile(r"[^\W_]+")


def words(texts: Iterable[str]) -> set[str]:
    """What texts are found by: each of their words, and the parts of words like `ab-12`. Of an e-mail address
    the last part says nothing, and would be a word of nearly everybody."""
    found: dict[str, None] = {}
    for text in texts:
        for word in _words(text):
            if word.isalnum():  # As most are.
                found[word[:LONGEST]] = None
                continue
            telling = word.rpartition(".")[0] if "@" in word else word
            parts = _PART.findall(telling or word)
            found.update(dict.fromkeys(one[:LONGEST] for one in (word, *parts)))
    return set(list(found)[:MOST_WORDS])


def terms(text: str) -> list[str]:
    """What a search asks for: the words of its text as they were typed."""
    return list(dict.fromkeys(word[:LONGEST] for word in _words(text)))


def _words(text: str) -> list[str]:
    """Normalised words without the signs around them; signs alone are no word."""
    each = (word if word.isalnum() else _stripped(word) for word in normalise(text).split())
    return [word for word in each if word]


def _stripped(word: str) -> str:
    inner = list(_PART.finditer(word))
    return word[inner[0].start() : inner[-1].end()] if inner else ""


# -- which words are whose ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Kept:
    """A table of words: `columns` of the rows of `of` have them. `keys` are pairs of a column here and the
    one there that it equals; `row` is the one that equals the row's id."""

    table: Table
    of: Table
    columns: tuple[str, ...]
    keys: tuple[tuple[str, str], ...]
    row: str

    @property
    def id(self) -> Column[Any]:
        """The column that says of which row a word is."""
        return self.table.c[self.row]


@cache
def kept_in(table: Table) -> Kept | None:
    """What a table of words keeps; None for a table of anything else."""
    if KEPT not in table.info:
        return None
    name, columns = table.info[KEPT]
    key = next(key for key in table.foreign_key_constraints if key.referred_table.name == name)
    keys = tuple((element.parent.name, element.column.name) for element in key.elements)
    row = next(here for here, there in keys if there == "id")
    return Kept(table, key.referred_table, tuple(columns), keys, row)


def kept_of(table: Table) -> Kept | None:
    """Where the words of a table's rows are; None for rows that are not found by words."""
    name = table.info.get("words")
    return kept_in(metadata.tables[name]) if name else None


def mark(table: Table, of: Table, columns: Sequence[str]) -> None:
    """Say that a table keeps the words of columns of another one."""
    table.info[KEPT] = (of.name, tuple(columns))
    of.info["words"] = table.name


def found_by(model: Any, key: Any, texts: Sequence[str]) -> ColumnElement[bool]:
    """For each of the terms, of which there is one at least: a word of the row whose id is `key` begins with
    it. `model` is that of the words, or one with `word` and a single foreign key to the rows."""
    names = _keys(model)
    # The longest is begun with by fewest.
    first, *others = sorted(_told_apart(texts), key=len, reverse=True)[:MOST_TERMS]
    found = select(getattr(model, names[-1])).where(*_begin(model, first))
    for term in others:
        other = aliased(model)
        mine, same = ([getattr(one, name) for name in names] for one in (model, other))
        found = found.where(tuple_(*mine).in_(select(*same).where(*_begin(other, term))))
    return _Among(key, found.correlate(None).scalar_subquery())


def _keys(model: Any) -> list[str]:
    """Names of the attributes that say of which row a word is, that of its id last."""
    table: Table = inspect(model).local_table
    key = max(table.foreign_key_constraints, key=lambda one: len(one.elements))
    ordered = sorted(key.elements, key=lambda element: element.column.name == "id")
    return [key_of(inspect(model), element.parent.name) for element in ordered]


def _begin(model: Any, term: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return model.word >= term, model.word < term + LAST_CHARACTER


def _told_apart(texts: Sequence[str]) -> list[str]:
    """Terms with which no other one begins: whatever has such a one has these."""
    return [one for one in dict.fromkeys(texts) if not any(o != one and o.startswith(one) for o in texts)]


class _Among(FunctionElement[bool]):
    """That a key is among those that a select gives.

    PostgreSQL gathers them first: it takes too many rows to begin with these words for too few, or too few
    for too many, and then reads a table from end to end.
    """

    type = Boolean()
    inherit_cache = True


@compiles(_Among, "postgresql")
def _gathered(element: _Among, compiler: Any, **options: Any) -> str:
    key, rows = (compiler.process(one, **options) for one in element.clauses)
    return f"{key} = ANY (ARRAY{rows})"


@compiles(_Among, "sqlite")
def _listed(element: _Among, compiler: Any, **options: Any) -> str:
    key, rows = (compiler.process(one, **options) for one in element.clauses)
    return f"{key} IN {rows}"


# -- keeping them ---------------------------------------------------------------------------------


def add(connection: Connection, kept: Kept, rows: Iterable[Mapping[str, Any]]) -> None:
    """Write the words of new rows (column name → value, the id included)."""
    _insert(connection, kept, ((row, words(_texts(kept, row))) for row in rows))


def renew(connection: Connection, kept: Kept, ids: Iterable[int]) -> None:
    """Make the words of rows of these ids what their columns say now."""
    wanted, names = sorted(set(ids)), dict.fromkeys((*(there for _here, there in kept.keys), *kept.columns))
    for start in range(0, len(wanted), AT_ONCE):
        part = wanted[start : start + AT_ONCE]
        asked = select(*(kept.of.c[name] for name in names)).where(kept.of.c.id.in_(part))
        _settle(connection, kept, [dict(row) for row in _run(connection, asked).mappings()])


def _settle(connection: Connection, kept: Kept, rows: Sequence[Mapping[str, Any]]) -> None:
    """Make the words of rows what they say, of which other words may be there."""
    there: dict[int, set[str]] = defaultdict(set)
    ids = [row["id"] for row in rows]
    for id_, word in _run(connection, select(kept.id, kept.table.c.word).where(kept.id.in_(ids))):
        there[id_].add(word)
    wanted = {row["id"]: words(_texts(kept, row)) for row in rows}
    for id_ in ids:
        gone = there[id_] - wanted[id_]
        if gone:
            _run(connection, delete(kept.table).where(kept.id == id_, kept.table.c.word.in_(gone)))
    _insert(connection, kept, ((row, wanted[row["id"]] - there[row["id"]]) for row in rows))


def _texts(kept: Kept, row: Mapping[str, Any]) -> list[str]:
    return [row.get(name) or "" for name in kept.columns]


def _insert(
    connection: Connection, kept: Kept, found: Iterable[tuple[Mapping[str, Any], Collection[str]]]
) -> None:
    """A word that is there already stays: who writes a row may be one who doesn't see it yet."""
    rows = [(*(row[there] for _here, there in kept.keys), word) for row, new in found for word in sorted(new)]
    if not rows:
        return
    names, statement = [*(here for here, _there in kept.keys), "word"], _missing(connection, kept)
    if connection.dialect.name == "sqlite":
        _run(connection, statement, [dict(zip(names, row, strict=True)) for row in rows])
    else:
        _run(connection, statement, dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))


def _missing(connection: Connection, kept: Kept) -> Any:
    """The statement that writes the words that are not there. PostgreSQL takes each column as a list: a row
    of parameters for each word would cost it and its driver more than the rows whose words they are."""
    if connection.dialect.name == "sqlite":
        return insert_on_sqlite(kept.table).on_conflict_do_nothing()
    names = [*(here for here, _there in kept.keys), "word"]
    types = [String() if name == "word" else kept.table.c[name].type for name in names]
    given = (bindparam(name, type_=ARRAY(kind)) for name, kind in zip(names, types, strict=True))
    new = func.unnest(*given).table_valued(*names).render_derived(name="new")
    insert = insert_on_postgresql(kept.table)
    return insert.from_select(names, select(*new.c), include_defaults=False).on_conflict_do_nothing()


def _run(connection: Connection, statement: Any, rows: Any = None) -> Any:
    return connection.execute(statement, rows, execution_options={DOOR: KEY})


@event.listens_for(OrionSession, "after_flush")
def _keep(writing: Session, _context: Any) -> None:
    """Rows were written: their words follow."""
    new, changed = defaultdict(list), defaultdict(list)
    for instance in writing.new:
        if (kept := _kept_of(instance)) is not None:
            new[kept].append(_row_of(instance, kept))
    for instance in writing.dirty:
        if (kept := _kept_of(instance)) is not None and _says_other(instance, kept):
            changed[kept].append(_row_of(instance, kept))
    for kept, rows in new.items():
        add(writing.connection(), kept, rows)
    for kept, rows in changed.items():
        _settle(writing.connection(), kept, rows)


def _kept_of(instance: Any) -> Kept | None:
    return kept_of(inspect(instance).mapper.local_table)


def _says_other(instance: Any, kept: Kept) -> bool:
    state = inspect(instance)
    return any(state.attrs[name].history.has_changes() for name in kept.columns)


def _row_of(instance: Any, kept: Kept) -> dict[str, Any]:
    return {name: getattr(instance, name) for name in (*(there for _here, there in kept.keys), *kept.columns)}


@event.listens_for(OrionSession, "do_orm_execute")
def _refuse(state: ORMExecuteState) -> None:
    """A statement that changes many rows says nothing of their words."""
    kept = kept_of(state.statement.table) if state.is_update else None  # type: ignore[attr-defined]
    if kept is not None and _changed(state) & set(kept.columns):
        raise WallError(f"rows of {kept.of.name} have words: load them to change what they say")


def _changed(state: ORMExecuteState) -> set[str]:
    """Names of the columns that an UPDATE changes."""
    statement: Any = state.statement
    given: Any = state.parameters or ()
    rows = [given] if isinstance(given, Mapping) else given
    return {getattr(key, "key", key) for key in statement._values or ()}.union(*rows)
