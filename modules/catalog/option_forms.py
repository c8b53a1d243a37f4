"""The form of what a product varies in."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from flask_babel import gettext as _

from modules.catalog import options
from modules.catalog.forms import values_field
from modules.catalog.models import MOST_OPTIONS, Option, OptionValue
from modules.catalog.options import WantedOption
from orion.contracts.forms import Form, TextField, VersionField

Options = Sequence[tuple[Option, Sequence[OptionValue]]]


def options_form(there: Options) -> Form:
    """The name of each option, a field for each of its values, so that they can be renamed, and one for more;
    and the fields of another option where there may be one."""
    fields: dict[str, Any] = {"version": VersionField()}
    filled: dict[str, Any] = {"version": options.stamp(there)}
    for number in range(1, min(len(there) + 1, MOST_OPTIONS) + 1):
        option, values = there[number - 1] if number <= len(there) else (None, ())
        name = f"option{number}"
        hint = _("Empty it to take the option away.") if option else _("What it varies in, as in Colour.")
        fields[name] = TextField(_("Name"), most=options.LONGEST, hint=hint)
        filled[name] = option.name if option else ""
        for n, value in enumerate(values):
            fields[f"{name}_value{n}"] = TextField(_("Value %(num)s", num=n + 1), most=options.LONGEST)
            filled[f"{name}_value{n}"] = value.text
        fields[f"{name}_values"] = values_field(_("More values") if option else _("Its values"))
    form: Form = type("OptionsForm", (Form,), fields)(obj=SimpleNamespace(**filled))
    return form


def groups(form: Form, there: Options) -> list[tuple[str, Any, list[Any], Any]]:
    """The fields as the page shows them: a heading, the option's name, its values, and the field for more."""
    found = []
    for number in range(1, MOST_OPTIONS + 1):
        name = f"option{number}"
        if name in form:
            title = there[number - 1][0].name if number <= len(there) else _("New option")
            values = [form[one] for one in form._fields if one.startswith(f"{name}_value") and one[-1] != "s"]
            found.append((title, form[name], values, form[f"{name}_values"]))
    return found


def wanted_options(form: Form, there: Options) -> list[WantedOption]:
    """What was typed: an emptied name takes its option away, an emptied value itself."""
    wanted = []
    for number, (_title, name, fields, more) in enumerate(groups(form, there), 1):
        old = there[number - 1][1] if number <= len(there) else ()
        renamed = {value.text: field.data for value, field in zip(old, fields, strict=True) if field.data}
        if name.data or (more.data and not old):
            values = [*renamed.values(), *more.data]
            wanted.append(WantedOption(name.data, values, number if old else 0, renamed))
    return wanted
