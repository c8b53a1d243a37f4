"""The forms of imports."""

from collections.abc import Iterable
from collections.abc import Mapping as Dict
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField

from modules.marketplace import files, queries, targets
from modules.marketplace.models import Import, Staged
from modules.marketplace.words import READINGS
from orion.contracts.forms import ChoiceField, Form, LinesField, TextField, currencies
from orion.contracts.scope import Scope
from orion.contracts.tabular import ENCODINGS, Mapping, Target, Understood

ACCEPTED = (
    ".csv,.tsv,.txt,.xlsx,.xls,.ods,.xml,.rss,.atom,.gz,.zip,text/csv,text/tab-separated-values,"
    "application/xml,text/xml,application/gzip,application/zip"
)
#: What a choice says where the file itself is to say it, and where no column is to be taken.
BY_FILE, NOWHERE = "", "-"
DELIMITERS = ((",", _l("Comma")), (";", _l("Semicolon")), ("\t", _l("Tab")), ("|", _l("Pipe")))
#: How a file is written, as far as it can be stated; orders of dates.
WRITTEN = ("table", "encoding", "delimiter", "decimal", "dates", "currency")
ORDERS = ("DMY", "MDY", "YMD")
#: Fields that often hold long texts.
LONG = ("description", "tags")


class UploadForm(Form):
    """A file, and where what it brings shall show."""

    file = FileField(_l("File"), render_kw={"accept": ACCEPTED})
    show_on = ChoiceField(
        _l("Show new products on"),
        hint=_l("Those that are active; the others stay drafts. Of orders it is where they were placed."),
    )


class MappingForm(Form):
    """What the file is, and how it is written; the columns of fields are added by `mapping_form`."""

    what = ChoiceField(_l("What the file is"), search=False)
    show_on = ChoiceField(_l("Platform that this was on"), search=False)
    table = ChoiceField(_l("Table of the file"), search=False)
    encoding = ChoiceField(_l("Encoding"), search=False)
    delimiter = ChoiceField(_l("Cells are parted by"), search=False)
    decimal = ChoiceField(_l("Decimal sign"), search=False)
    dates = ChoiceField(_l("Order of dates"), search=False)
    currency = ChoiceField(_l("Currency of amounts that name none"))


class MappingFileForm(Form):
    """A mapping file."""

    file = FileField(_l("Mapping file"), render_kw={"accept": ".yaml,.yml"})


def upload_form(platforms: list[tuple[str, str]]) -> UploadForm:
    """The upload form for a vendor's platforms."""
    form = UploadForm()
    form.show_on.options = [(BY_FILE, _("No platform yet")), *platforms]
    if len(platforms) < 2:
        form.show_on.data = form.show_on.data or (platforms[0][0] if platforms else BY_FILE)
    return form


def mapping_form(
    scope: Scope, found: Import, seen: Understood, proposed: Dict[str, str], *, fresh: bool = False
) -> MappingForm:
    """The form of what was understood of a file: each field with the column that it is read from, or that is
    `proposed` for it. A `fresh` one says nothing of what was sent."""
    offered, target, stated = targets.offered(scope), targets.of(scope, found).target, files.mapping_of(found)
    asked = target.fields if seen.columns else ()
    fields = {f"field_{one.key}": ChoiceField(one.label, search=False) for one in asked}
    kind = type("WholeMappingForm", (MappingForm,), fields)
    data = {name: getattr(stated, name) or seen.guessed.get(name) or BY_FILE for name in WRITTEN}
    data["show_on"] = found.show_on
    chosen = {**proposed, **{key: column or NOWHERE for key, column in seen.mapping.columns.items()}}
    data |= {f"field_{one.key}": chosen.get(one.key, NOWHERE) for one in asked}
    form: Any = kind(data={"what": found.target, **data}, **({"formdata": None} if fresh else {}))
    form.show_on.options = [(BY_FILE, _("Choose a platform")), *queries.platforms(scope)]
    form.what.options = [(name, one.label) for name, one in offered.items()]
    by_file = (BY_FILE, _("As the file shows"))
    form.table.options = [by_file, *_with(stated.table, [(name, name) for name in seen.tables])]
    form.encoding.options = [by_file, *_with(stated.encoding, [(name, name) for name in ENCODINGS])]
    form.delimiter.options = [by_file, *_with(stated.delimiter, DELIMITERS)]
    form.decimal.options = [by_file, (".", _("Point: 1,234.56")), (",", _("Comma: 1.234,56"))]
    form.dates.options = [by_file, *_with(stated.dates, [(order, READINGS[order]) for order in ORDERS])]
    form.currency.options = [(BY_FILE, scope.currency), *currencies()]
    columns = [(NOWHERE, _("– not in the file –")), *((c, c) for c in dict.fromkeys(seen.columns) if c)]
    for name in fields:
        form[name].options = columns
    kinds = {one.kind for one in target.fields}
    unwanted = {
        "table": not seen.tables and not stated.table,
        "what": len(offered) < 2,
        "show_on": not targets.of(scope, found).on_platform,
        "dates": not kinds & {"date", "datetime"},
        "currency": "currency" not in kinds,
    }
    for name, off in unwanted.items():
        if off:
            del form[name]
    return form  # type: ignore[no-any-return]


def _with(stated: str | None, options: Iterable[tuple[str, object]]) -> list[tuple[str, object]]:
    """Options, and what was stated where it is none of them: a mapping file may say more."""
    listed = list(options)
    return listed if not stated or stated in dict(listed) else [*listed, (stated, stated)]


def wanted_mapping(form: MappingForm, found: Import, seen: Understood) -> Mapping:
    """What the form states. Columns that were recognised and left as they are stay recognised."""
    stated = {name: (form[name].data or None) if name in form else None for name in WRITTEN}
    same = all(stated[name] in (None, getattr(seen, name)) for name in ("encoding", "delimiter"))
    same = same and wanted_target(form, found) == found.target
    same = same and stated["table"] == files.mapping_of(found).table
    columns: dict[str, str | None] = {}
    names = [name for name in form.data if name.startswith("field_")] if seen.columns and same else []
    for key in (name.removeprefix("field_") for name in names):
        chosen = form[f"field_{key}"].data
        if chosen == NOWHERE and key in seen.mapping.columns:
            columns[key] = None
        elif chosen not in (None, NOWHERE):
            columns[key] = chosen
    return Mapping(columns=columns, **stated)


def wanted_target(form: MappingForm, found: Import) -> str:
    """What the form says that the file is."""
    return str(form["what"].data or found.target) if "what" in form else found.target


def correction_form(target: Target, staged: Staged, texts: Dict[str, str], columns: Iterable[str]) -> Form:
    """A row with its texts by field: the field that is wrong first, then everything else that it says, then
    what it leaves empty of the fields that have `columns`."""
    wrong = [staged.field] if staged.field in target.keys else []
    empty = [key for key in columns if key in target.keys and key not in texts]
    keys = list(dict.fromkeys([*wrong, *(key for key in target.keys if key in texts), *empty]))
    fields = {
        f"field_{key}": (LinesField if key in LONG else TextField)(target.field(key).label, most=20_000)
        for key in keys
    }
    kind = type("CorrectionForm", (Form,), fields)
    form: Form = kind(data={f"field_{key}": texts.get(key, "") for key in keys})
    return form


def corrected(form: Form) -> dict[str, str]:
    """The texts of a correction by field."""
    return {name.removeprefix("field_"): str(value or "") for name, value in form.given().items()}
