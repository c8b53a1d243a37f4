"""The forms of imports."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField

from modules.catalog.api import PRODUCTS
from modules.marketplace.correcting import texts_of
from modules.marketplace.models import Staged
from orion.contracts.forms import ChoiceField, Form, LinesField, TextField
from orion.contracts.scope import Scope
from orion.contracts.tabular import ENCODINGS, Mapping, Understood

ACCEPTED = ".csv,.tsv,.txt,.gz,text/csv,text/tab-separated-values,application/gzip"
#: What a choice says where the file itself is to say it, and where no column is to be taken.
BY_FILE, NOWHERE = "", "-"
DELIMITERS = ((",", _l("Comma")), (";", _l("Semicolon")), ("\t", _l("Tab")), ("|", _l("Pipe")))
#: Fields that often hold long texts.
LONG = ("description", "tags")


class UploadForm(Form):
    """A file, and where what it brings shall show."""

    file = FileField(_l("File"), render_kw={"accept": ACCEPTED})
    show_on = ChoiceField(
        _l("Show new products on"), hint=_l("Those that are active; the others stay drafts.")
    )


class MappingForm(Form):
    """How the file is written; the columns of fields are added by `mapping_form`."""

    encoding = ChoiceField(_l("Encoding"))
    delimiter = ChoiceField(_l("Cells are parted by"))
    decimal = ChoiceField(_l("Decimal sign"))


def upload_form(platforms: list[tuple[str, str]]) -> UploadForm:
    """The upload form for a vendor's platforms."""
    form = UploadForm()
    form.show_on.options = [(BY_FILE, _("No platform yet")), *platforms]
    if len(platforms) < 2:
        form.show_on.data = form.show_on.data or (platforms[0][0] if platforms else BY_FILE)
    return form


def mapping_form(seen: Understood, stated: Mapping) -> MappingForm:
    """The form of what was understood of a file: each field with the column that it is read from."""
    asked = PRODUCTS.target.fields if seen.columns else ()
    fields = {f"field_{one.key}": ChoiceField(one.label, search=False) for one in asked}
    kind = type("WholeMappingForm", (MappingForm,), fields)
    data = {name: getattr(stated, name) or BY_FILE for name in ("encoding", "delimiter", "decimal")}
    data |= {f"field_{one.key}": seen.mapping.columns.get(one.key) or NOWHERE for one in asked}
    form: Any = kind(data=data)
    by_file = (BY_FILE, _("As the file shows"))
    form.encoding.options = [by_file, *((name, name) for name in ENCODINGS)]
    form.delimiter.options = [by_file, *DELIMITERS]
    form.decimal.options = [by_file, (".", _("Point: 1,234.56")), (",", _("Comma: 1.234,56"))]
    columns = [(NOWHERE, _("– not in the file –")), *((c, c) for c in dict.fromkeys(seen.columns) if c)]
    for name in fields:
        form[name].options = columns
    return form  # type: ignore[no-any-return]


def wanted_mapping(form: MappingForm, seen: Understood) -> Mapping:
    """What the form states. Columns that were recognised and left as they are stay recognised."""
    stated = {name: form[name].data or None for name in ("encoding", "delimiter", "decimal")}
    same = all(stated[name] in (None, getattr(seen, name)) for name in ("encoding", "delimiter"))
    columns: dict[str, str | None] = {}
    for key in PRODUCTS.target.keys if seen.columns and same else ():
        chosen = form[f"field_{key}"].data
        if chosen == NOWHERE and key in seen.mapping.columns:
            columns[key] = None
        elif chosen not in (None, NOWHERE):
            columns[key] = chosen
    return Mapping(columns=columns, **stated)


def correction_form(scope: Scope, staged: Staged) -> Form:
    """A rejected row: the field that is wrong first, then everything else that it says."""
    texts = texts_of(staged)
    keys = [staged.field] if staged.field in PRODUCTS.target.keys else []
    keys += [key for key in PRODUCTS.target.keys if key in texts and key not in keys]
    if not texts:
        keys = ["title", "sku", "price"]
    fields = {
        f"field_{key}": (LinesField if key in LONG else TextField)(
            PRODUCTS.target.field(key).label, most=20_000
        )
        for key in keys
    }
    kind = type("CorrectionForm", (Form,), fields)
    form: Form = kind(data={f"field_{key}": texts.get(key, "") for key in keys})
    return form


def corrected(form: Form) -> dict[str, str]:
    """The texts of a correction by field."""
    return {name.removeprefix("field_"): str(value or "") for name, value in form.given().items()}
