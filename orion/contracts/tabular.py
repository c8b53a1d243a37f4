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
    Shown,
    Thing,
    Verdict,
)
from orion.tabular.errors import TableError
from orion.tabular.grouping import gathered, grouped
from orion.tabular.importing import Import, Statement, open_import
from orion.tabular.mapping import Join, Mapping, mapping_text, parse_mapping, read_mapping
from orion.tabular.offers import destinations, every
from orion.tabular.proposing import propose
from orion.tabular.report import Report, rejected_sheet
from orion.tabular.rows import MASKED, Rejected, Row, reread
from orion.tabular.shapes import (
    Carried,
    Either,
    FillDown,
    Gather,
    Headed,
    InLanguages,
    Linked,
    Listed,
    Named,
    Paired,
    Unfold,
    Unpacked,
)
from orion.tabular.survey import Plan, plan_again
from orion.tabular.target import Field, Format, Target, fingerprint
from orion.tabular.understanding import ENCODINGS, Understood, understand

__all__ = [
    "CHANGED",
    "ENCODINGS",
    "MASKED",
    "NEW",
    "UNCHANGED",
    "Carried",
    "Change",
    "Destination",
    "Either",
    "Field",
    "FillDown",
    "Format",
    "Gather",
    "Headed",
    "Import",
    "InLanguages",
    "Join",
    "Linked",
    "Listed",
    "Mapping",
    "Named",
    "Note",
    "Paired",
    "Plan",
    "Published",
    "Rejected",
    "Report",
    "Row",
    "Rules",
    "Shown",
    "Statement",
    "TableError",
    "Target",
    "Thing",
    "Understood",
    "Unfold",
    "Unpacked",
    "Verdict",
    "destinations",
    "every",
    "fingerprint",
    "gathered",
    "grouped",
    "mapping_text",
    "open_import",
    "parse_mapping",
    "plan_again",
    "propose",
    "read_mapping",
    "rejected_sheet",
    "reread",
    "understand",
]
