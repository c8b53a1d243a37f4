"""What a module needs to import tables: a Target says what it wants, a Destination where it goes, and the
rest is the engine's."""

from orion.tabular.destination import (
    CHANGED,
    NEW,
    UNCHANGED,
    Change,
    Destination,
    Note,
    Published,
    Rules,
    Thing,
    Verdict,
)
from orion.tabular.errors import TableError
from orion.tabular.grouping import grouped
from orion.tabular.importing import Import, Statement, open_import
from orion.tabular.mapping import Join, Mapping, read_mapping
from orion.tabular.report import Report, rejected_sheet
from orion.tabular.rows import Rejected, Row, reread
from orion.tabular.survey import Plan, plan_again
from orion.tabular.target import Field, Format, Target
from orion.tabular.understanding import ENCODINGS, Understood, understand

__all__ = [
    "CHANGED",
    "ENCODINGS",
    "NEW",
    "UNCHANGED",
    "Change",
    "Destination",
    "Field",
    "Format",
    "Import",
    "Join",
    "Mapping",
    "Note",
    "Plan",
    "Published",
    "Rejected",
    "Report",
    "Row",
    "Rules",
    "Statement",
    "TableError",
    "Target",
    "Thing",
    "Understood",
    "Verdict",
    "grouped",
    "open_import",
    "plan_again",
    "read_mapping",
    "rejected_sheet",
    "reread",
    "understand",
]
