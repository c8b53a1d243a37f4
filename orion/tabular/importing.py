"""The road from a file and what was stated about it to rows: every import takes it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from flask_babel import gettext as _

from orion.tabular.errors import TableError, Unreadable
from orion.tabular.join import join_tables
from orion.tabular.mapping import Join, Mapping, read_mapping
from orion.tabular.reading import Rows, open_table
from orion.tabular.recognition import recognise
from orion.tabular.rows import Rejected, Row, rows
from orion.tabular.survey import Plan, survey
from orion.tabular.target import Target
from orion.tabular.values import converter


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
    beside: tuple[Path, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """A file that has been read once, and is ready to be read for its rows."""

    table: Rows
    plan: Plan

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
    table = open_table(path, encoding=mapping.encoding, delimiter=mapping.delimiter, name=stated.name)
    joined = join_tables(table, mapping.joins, path.parent, mapping.encoding)
    mapping = recognise(joined.columns, target, mapping)
    return Import(joined, survey(joined, mapping, target, beat))


def _stated(target: Target, stated: Statement) -> Mapping:
    """The mapping file, with what was stated beside it on top."""
    given_mapping = stated.mapping or Mapping()
    mapping = given_mapping if isinstance(given_mapping, Mapping) else read_mapping(given_mapping, target)
    names = ("encoding", "delimiter", "dates", "decimal", "currency")
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
