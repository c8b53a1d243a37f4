"""The road from a file and what was stated about it to rows: every import takes it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from flask_babel import gettext as _

from orion.tabular.errors import TableError, Unreadable
from orion.tabular.join import join_tables
from orion.tabular.mapping import Join, Mapping, read_mapping
from orion.tabular.packing import tables_in
from orion.tabular.reading import Rows, Written, open_table
from orion.tabular.recognition import format_of, recognise
from orion.tabular.rows import MASKED, Rejected, Row, rows
from orion.tabular.shapes import shaped
from orion.tabular.stacking import Part, Stacked
from orion.tabular.survey import Plan, survey
from orion.tabular.target import Format, Target
from orion.tabular.values import converter
from orion.tabular.workbook import Sheet

#: Tables of one archive that are looked at.
MOST_TABLES = 20


@dataclass(frozen=True, slots=True)
class Statement:
    """What a person stated beside the file; each wins over what the mapping file says.

    `mapping` is a file, or what it would say. `beside` are files of the same export, named relative to the
    working folder. `name` is what people call the file.
    """

    mapping: Path | Mapping | None = None
    encoding: str | None = None
    delimiter: str | None = None
    dates: str | None = None
    decimal: str | None = None
    currency: str | None = None
    table: str | None = None
    header: int | None = None
    beside: tuple[Path, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """A file that has been read once, and is ready to be read for its rows."""

    table: Rows
    plan: Plan
    written: Written

    @property
    def mapping(self) -> Mapping:
        """Which column is which field, and what holds for the whole file."""
        return self.plan.mapping

    def rows(self, texts: bool = False) -> Iterator[Row | Rejected]:
        """Every row of the file, with the `texts` of its fields where that is asked for."""
        return rows(self.table, self.plan, texts)


def open_import(
    path: Path,
    target: Target,
    stated: Statement,
    currency: str | None = None,
    beat: Callable[[], None] | None = None,
) -> Import:
    """Open a file, recognise its columns and survey its values.

    `beat` is called now and then on the way through a large file.

    `currency` is what money is in where nobody states it. Raises TableError when anything is left
    that would have to be guessed; nothing is written.
    """
    mapping = _stated(target, stated)
    mapping = replace(mapping, currency=mapping.currency or currency)
    table, more = opened(path, target, mapping, stated.name)
    parts, joins = _parts(target, mapping, path.parent, more)
    joined = join_tables(table, joins, path.parent, mapping.encoding)
    found, mapping = fitted(joined, target, mapping)
    if isinstance(table, Sheet):  # Cells of workbooks are no text that could be taken for a formula.
        options = {name: rule for name, rule in mapping.options.items() if name != MASKED}
        mapping = replace(mapping, options=options)
    if parts:
        known = {key: column for key, column in mapping.columns.items() if column}
        found = Stacked(found, known, parts)
        mapping = replace(mapping, columns={**mapping.columns, **{key: key for key in found.added}})
    return Import(found, survey(found, mapping, target, beat), table)


def fitted(table: Rows, target: Target, mapping: Mapping, *, whole: bool = True) -> tuple[Rows, Mapping]:
    """A table in the shape that its format asks for, and which column is which field.

    Raises TableError, unless it need not be `whole`, where a field that is needed comes from nowhere.
    """
    form = format_of(table.columns, target)
    found = shaped(table, form.shapes, whole) if form else table
    stated = replace(mapping, format=form.name if form else None)
    return found, recognise(found.columns, target, stated, whole=whole)


def opened(
    path: Path, target: Target, mapping: Mapping, name: str = "", whole: bool = True
) -> tuple[Written, list[tuple[Rows, Format]]]:
    """The table of a file, and those of an archive whose rows go on where it ends. Unless `whole`, its
    beginning is all that is looked at. Raises TableError."""

    def table(which: str) -> Written:
        return open_table(
            path,
            encoding=mapping.encoding,
            delimiter=mapping.delimiter,
            name=name,
            table=which,
            header=mapping.header,
            whole=whole,
        )

    inside = [] if mapping.table else tables_in(path)
    if 1 < len(inside) <= MOST_TABLES:
        found = [(one, format_of(one.columns, target)) for one in map(table, inside)]
        more = [(one, form) for one, form in found if form is not None and form.stacked]
        rest = [one for one, form in found if form is None or not form.stacked]
        if len(rest) == 1:
            return rest[0], list(more)
    return table(mapping.table or ""), []


def _parts(
    target: Target, mapping: Mapping, folder: Path, more: list[tuple[Rows, Format]]
) -> tuple[list[Part], tuple[Join, ...]]:
    """The tables that go on where the first ends, of an archive or given beside, and the other files."""
    parts, others = [_part(target, mapping, *one) for one in more], []
    for join in mapping.joins:
        table = open_table(folder / join.file, encoding=mapping.encoding)
        form = format_of(table.columns, target)
        if form is None or not form.stacked or join.on:
            others.append(join)
        else:
            parts.append(_part(target, mapping, table, form))
    return parts, tuple(others)


def _part(target: Target, mapping: Mapping, table: Rows, form: Format) -> Part:
    _found, read = fitted(table, target, Mapping(currency=mapping.currency), whole=False)
    columns = {key: column for key, column in read.columns.items() if column}
    return Part(shaped(table, form.shapes), columns, form.constants)


def _stated(target: Target, stated: Statement) -> Mapping:
    """The mapping file, with what was stated beside it on top."""
    given_mapping = stated.mapping or Mapping()
    mapping = given_mapping if isinstance(given_mapping, Mapping) else read_mapping(given_mapping, target)
    names = ("encoding", "delimiter", "dates", "decimal", "currency", "table", "header")
    given = {name: value for name in names if (value := getattr(stated, name)) is not None}
    if stated.currency is not None:
        given["currency"] = _currency(stated.currency)
    beside = tuple(Join(str(path.absolute())) for path in stated.beside)
    return replace(mapping, **given, joins=(*mapping.joins, *beside))


def _currency(code: str) -> str:
    try:
        return str(converter("currency", "")(code))
    except Unreadable:
        raise TableError(_('"%(code)s" is no currency: write it like EUR.', code=code)) from None
