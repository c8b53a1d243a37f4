"""What an import wants: fields of a kind, the headers they are known by, and formats with names."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from orion.tabular.shapes import Shape

Kind = Literal["text", "identifier", "decimal", "integer", "money", "weight", "date", "datetime", "currency"]
_NOT_A_WORD = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a row may say.

    `kind`: text and identifier give str, decimal and money give Decimal, integer int, date and
    datetime their own (naive unless the value has a zone), currency an ISO 4217 code, weight a Decimal in
    grams. An identifier written as 17850.0 throughout is read as 17850. `required` is what each row must
    say, `needed` what the table must have a column for, unless it has one for each field of one of `instead`.
    `headers` are the names that columns commonly have for it, best first; `label` is a lazy string for
    people; `longest` is how many characters there is room for.
    """

    key: str
    kind: Kind
    label: Any
    required: bool = False
    needed: bool = False
    headers: tuple[str, ...] = ()
    longest: int | None = None
    instead: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """A table that many people have, known by its headers.

    All of `signature` must be there, of names in a tuple one. `columns` maps fields to headers, best first;
    those of fields that a target doesn't have are for other targets. `options` are
    rules of the format that the module's import understands. `decimal` is the sign that it writes, where
    values leave that open; `weight` is the unit of weights that name none. `shapes` are laid over the table
    before its columns are recognised. `constants` are what every row of it says. Rows of a `stacked` one
    follow those of the table that it is given beside.
    """

    name: str
    signature: tuple[str | tuple[str, ...], ...]
    columns: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    decimal: str = ""
    weight: str = "g"
    shapes: "tuple[Shape, ...]" = ()
    constants: Mapping[str, str] = field(default_factory=dict)
    stacked: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """What a table is read into. `options` maps the name of each rule that a mapping may state to
    the JSON Schema of its values."""

    name: str
    fields: tuple[Field, ...]
    formats: tuple[Format, ...] = ()
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def field(self, key: str) -> Field:
        """The field of that key. Raises KeyError."""
        return next(f for f in self.fields if f.key == key)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all fields, in order."""
        return tuple(f.key for f in self.fields)


@lru_cache(maxsize=10_000)
def normal_header(name: str) -> str:
    """A header as headers are compared: no case, no spaces, no punctuation.

    >>> normal_header("Invoice No."), normal_header("invoice_no"), normal_header("InvoiceNo")
    ('invoiceno', 'invoiceno', 'invoiceno')
    """
    return _NOT_A_WORD.sub("", name).casefold()


def fingerprint(headers: Iterable[str]) -> str:
    """What tables with the same headers have in common, however they order and write them (64 characters)."""
    forms = sorted({normal_header(name) for name in headers} - {""})
    return sha256("\n".join(forms).encode()).hexdigest()
