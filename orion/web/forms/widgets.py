"""How fields are written where WTForms has no widget that fits."""

from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape
from wtforms.widgets import Input, html_params


def _attributes(field: Any, given: dict[str, Any]) -> dict[str, Any]:
    flags = {name: getattr(field.flags, name) for name in ("required", "maxlength") if name in field.flags}
    return {"id": field.id, "name": field.name, **flags, **given}


class DateInput(Input):
    """The browser's own calendar, of the years that dates may be asked of."""

    input_type = "date"
    validation_attrs = ("required", "disabled")

    def __call__(self, field: Any, **kwargs: Any) -> Any:
        return super().__call__(field, **{"min": "1900-01-01", "max": "2200-12-31", **kwargs})


class AreaInput:
    """Several lines. A line break that a text begins with would be lost without one before it."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        attributes = html_params(rows=field.rows, **_attributes(field, kwargs))
        return Markup("<textarea %s>\r\n%s</textarea>") % (Markup(attributes), field._value())


class PickInput:
    """A list to choose from, or where it is long a field that is searched by typing."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        return self._searched(field, kwargs) if field.search else self._listed(field, kwargs)

    def _listed(self, field: Any, given: dict[str, Any]) -> Markup:
        chosen, options = field._value(), list(field.options)
        if "required" not in field.flags and "" not in {str(value) for value, _label in options}:
            options.insert(0, ("", "–"))
        elif chosen not in {str(value) for value, _label in options}:
            options.insert(0, ("", _("Choose…")))
        return Markup("<select %s>%s</select>") % (
            Markup(html_params(**_attributes(field, given))),
            Markup("").join(_option(str(value), label, str(value) == chosen) for value, label in options),
        )

    def _searched(self, field: Any, given: dict[str, Any]) -> Markup:
        names = f"{field.id}-options"
        attributes = _attributes(field, given) | {
            "value": field._value(),
            "list": names,
            "autocomplete": "off",
        }
        return Markup('<input type="text" %s><datalist id="%s">%s</datalist>') % (
            Markup(html_params(**attributes)),
            names,
            Markup("").join(Markup('<option value="%s"></option>') % label for _v, label in field.options),
        )


class ChecksInput:
    """Boxes to check, each with its label and hint, under headings where there are several groups."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        chosen = {str(value) for value in field.data or ()}
        parts, count = [], 0
        for number, (heading, options) in enumerate(field.groups):
            boxes = []
            for value, label in options:
                boxes.append(_check(field, count, str(value), label, str(value) in chosen))
                count += 1
            parts.append(_group(f"{field.id}-group-{number}", heading, Markup("").join(boxes)))
        return Markup("").join(parts)


def _option(value: str, label: object, chosen: bool) -> Markup:
    marked = Markup(" selected" if chosen else "")
    return Markup('<option value="%s"%s%s>%s</option>') % (value, _lang(label), marked, label)


def _lang(label: object) -> Markup:
    """The language of a label that says which it is in."""
    return Markup(' lang="%s"') % label.lang if hasattr(label, "lang") else Markup("")


def _group(id: str, heading: object, boxes: Markup) -> Markup:
    if not heading:
        return boxes
    named = Markup('<div role="group" aria-labelledby="%s"><p class="hint group" id="%s">%s</p>%s</div>')
    return named % (id, id, heading, boxes)


def _check(field: Any, number: int, value: str, label: Any, chosen: bool) -> Markup:
    text, hint = label if isinstance(label, tuple) else (label, "")
    # The summary of errors leads to the field's own id: the first box.
    own = field.id if number == 0 else f"{field.id}-{number}"
    described = Markup(' aria-describedby="%s-about"') % own if hint else Markup("")
    small = Markup('<small id="%s-about">%s</small>') % (own, hint) if hint else Markup("")
    box = Markup('<input type="checkbox" id="%s" name="%s" value="%s"%s%s>')
    return Markup('<div class="check">%s<div><label for="%s"%s>%s</label>%s</div></div>') % (
        box % (own, field.name, value, Markup(" checked" if chosen else ""), described),
        own,
        _lang(text),
        escape(text),
        small,
    )
