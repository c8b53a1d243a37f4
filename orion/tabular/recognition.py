"""Finding the columns of a target by the headers of a table."""

import re
from collections.abc import Container, Iterable
from dataclasses import replace

from flask_babel import gettext as _

from orion.tabular.errors import TableError
from orion.tabular.mapping import Mapping
from orion.tabular.target import Field, Format, Target, normal_header


def recognise(
    columns: Iterable[str], target: Target, stated: Mapping | None = None, *, whole: bool = True
) -> Mapping:
    """The mapping of a table: what is stated first, then a format with a name, then known headers.

    Raises TableError when a stated column isn't there, a header that is needed stands there twice,
    or a required field comes from nowhere (unless it need not be `whole`).
    """
    stated = stated or Mapping()
    headers = _Headers(columns)
    found = {key: headers.stated(name) for key, name in stated.columns.items() if name is not None}
    settled = set(stated.columns) | set(stated.constants)
    form = next((f for f in target.formats if f.name == stated.format), None) or _format(target, headers)
    taken = set(found.values())
    wanted = {key: names for key, names in _candidates(target, form).items() if key not in settled}
    for find in (headers.first, headers.alike):
        for key, names in wanted.items():
            column = find(names, taken) if key not in found else None
            if column is not None:
                found[key] = column
                taken.add(column)
    if whole:
        _complete(target, headers, {*found, *stated.constants})
    of_format = {**form.options, "weight": form.weight} if form else {}
    options = {**of_format, **stated.options}
    constants = {**(form.constants if form else {}), **stated.constants}
    return replace(
        stated, columns=found, constants=constants, options=options, format=form.name if form else None
    )


def format_of(columns: Iterable[str], target: Target) -> Format | None:
    """The format that a table is of: the one with the longest signature that is there whole."""
    return _format(target, _Headers(columns))


def missing(target: Target, have: Container[str]) -> tuple[Field, ...]:
    """The fields that must come from somewhere and do not: `have` are those that do."""
    return tuple(f for f in target.fields if (f.required or f.needed) and not _is_there(f, have))


def _is_there(wanted: Field, have: Container[str]) -> bool:
    return wanted.key in have or any(all(key in have for key in keys) for keys in wanted.instead)


def _format(target: Target, headers: "_Headers") -> Format | None:
    """The format whose whole signature is there; the longest signature wins."""
    fitting = [f for f in target.formats if all(headers.has_one(names) for names in f.signature)]
    return max(fitting, key=lambda f: len(f.signature), default=None)


def _candidates(target: Target, form: Format | None) -> dict[str, tuple[str, ...]]:
    """Field → headers, best first: those of the format, then the field's own."""
    own = form.columns if form else {}
    found: dict[str, tuple[str, ...]] = {}
    for wanted in target.fields:
        of_format = own.get(wanted.key, ())
        of_format = (of_format,) if isinstance(of_format, str) else of_format
        # A format that names no column for a field has none: others by its name say something else.
        found[wanted.key] = () if own.get(wanted.key) == () else (*of_format, *wanted.headers)
    return found


def _complete(target: Target, headers: "_Headers", have: set[str]) -> None:
    if without := missing(target, have):
        raise TableError(
            _(
                "The table has no column for: %(missing)s. Its columns are: %(columns)s. "
                "Name the right ones in a mapping file, or add the file that has them with --with.",
                missing=", ".join(f"{f.label} ({f.key})" for f in without),
                columns=", ".join(name for name in headers.names if name),
            )
        )


#: What stands beside a name without being one: remarks in brackets, and currencies and languages at the end.
_BESIDE = re.compile(r"\([^)]*\)|\[[^\]]*\]|[*#:]")
#: Three letters that are no currency: taxes and numbers.
_NO_CURRENCY = "TVA|VAT|IVA|BTW|KDV|DPH|TTC|EAN|UPC|SKU|URL|UVP|RRP|MPN"
_AT_THE_END = re.compile(
    rf"(?<![\s_\-])[\s_\-]+(?:in[\s_]+)?(?:(?!{_NO_CURRENCY})[A-Z]{{3}}|€|\$|£|"
    r"(?:de|en|fr|it|es|nl|pl|ro)(?:[_-][A-Za-z]{2})?)$"
)


def _core(name: str) -> str:
    """A header without what stands beside its name.

    >>> _core("Preis (EUR)"), _core("Price in USD"), _core("title_de"), _core("Preț cu TVA (lei)")
    ('Preis', 'Price', 'title', 'Preț cu TVA')
    """
    return _AT_THE_END.sub("", _BESIDE.sub("", name).rstrip())


class _Headers:
    """The headers of one table, found by their normal form."""

    def __init__(self, names: Iterable[str]) -> None:
        self.names = tuple(names)
        self._by_form: dict[str, list[str]] = {}
        self._by_core: dict[str, list[str]] = {}
        for name in self.names:
            self._by_form.setdefault(normal_header(name), []).append(name)
            self._by_core.setdefault(normal_header(_core(name)), []).append(name)

    def __contains__(self, form: str) -> bool:
        return form in self._by_form

    def has_one(self, names: str | tuple[str, ...]) -> bool:
        """Whether one of the names is there."""
        return any(normal_header(name) in self for name in ((names,) if isinstance(names, str) else names))

    def stated(self, name: str) -> str:
        """The column that a person named, exactly or in its normal form."""
        wanted = " ".join(name.split())
        if self.names.count(wanted) == 1:
            return wanted
        return self._one(normal_header(wanted), name)

    def first(self, candidates: Iterable[str], taken: set[str]) -> str | None:
        """The first of the candidates that is there and not taken."""
        for form in map(normal_header, candidates):
            if form in self._by_form and not taken.intersection(self._by_form[form]):
                return self._one(form, form)
        return None

    def alike(self, candidates: Iterable[str], taken: set[str]) -> str | None:
        """The first that is there but for a unit, a currency or a remark beside it, and for no other."""
        for form in map(normal_header, candidates):
            names = self._by_core.get(form, [])
            if len(names) == 1 and names[0] not in taken:
                return names[0]
        return None

    def _one(self, form: str, shown: str) -> str:
        names = self._by_form.get(form, [])
        if len(names) == 1:
            return names[0]
        if names:
            raise TableError(
                _('The column "%(name)s" is there %(times)s times.', name=names[0], times=len(names))
            )
        raise TableError(
            _(
                'There is no column "%(name)s". The columns are: %(columns)s.',
                name=shown,
                columns=", ".join(name for name in self.names if name),
            )
        )
