"""What the values of a column prove about how they are written. Nothing proved, nothing assumed."""

from dataclasses import dataclass, field
from decimal import Decimal

from flask_babel import gettext as _

from orion.tabular.dates import ORDERS, readings
from orion.tabular.errors import TableError
from orion.tabular.numbers import read_number

#: Values that a column remembers having seen, and how long they are at most: repeated ones prove nothing new.
_REMEMBERED, _LONGEST = 20_000, 64


@dataclass(frozen=True, slots=True)
class Proof:
    """The value that settled how a column is to be read: `reading` is ".", ",", DMY, MDY or YMD."""

    column: str
    reading: str
    value: str
    line: int


@dataclass(slots=True)
class Evidence:
    """What one column has shown so far. Feed it with `see`, then ask `verdict`."""

    column: str
    _seen: set[str] = field(default_factory=set)

    def see(self, text: str, line: int) -> None:
        """Take a value into account (trimmed, not empty)."""
        if text in self._seen:
            return
        if len(self._seen) < _REMEMBERED and len(text) <= _LONGEST:
            self._seen.add(text)
        self._weigh(text, line)

    @property
    def settled(self) -> bool:
        """Whether no further value can change the verdict."""
        return False

    def verdict(self) -> tuple[str, Proof | None]:
        """How the column is read, and the value that proves it. Raises TableError."""
        raise NotImplementedError

    def _weigh(self, text: str, line: int) -> None:
        raise NotImplementedError


@dataclass(slots=True)
class DecimalEvidence(Evidence):
    """Whether a column writes a decimal point or a decimal comma.

    In a column of whole numbers a reading that isn't whole is none. `usual` is the sign that the format is
    known to write; it settles what values leave open.
    """

    whole: bool = False
    usual: str = ""
    _only: dict[str, tuple[str, int]] = field(default_factory=dict)
    _open: tuple[str, int] | None = None

    def _weigh(self, text: str, line: int) -> None:
        number = read_number(text)
        point, comma = number.point, number.comma
        if self.whole:
            point, comma = _whole(point), _whole(comma)
        if point == comma:
            return
        if point is not None and comma is not None:
            self._open = self._open or (text, line)
        else:
            self._only.setdefault("." if comma is None else ",", (text, line))

    @property
    def proved(self) -> str:
        """The sign that values of the column prove; empty where none do, or where they contradict."""
        return next(iter(self._only)) if len(self._only) == 1 else ""

    def verdict(self) -> tuple[str, Proof | None]:
        """The decimal sign and its proof. Raises TableError when the values don't settle it."""
        if len(self._only) == 2:
            raise self._contradiction()
        if self._only:
            (sign, (value, line)), *_rest = self._only.items()
            return sign, Proof(self.column, sign, value, line)
        if self._open and not self.usual:
            raise self._undecided(*self._open)
        return self.usual or ".", None

    def _undecided(self, value: str, line: int) -> TableError:
        number = read_number(value)
        message = _(
            'The column "%(column)s" can be read in two ways: "%(value)s" (line %(line)s) is %(point)s or '
            '%(comma)s. State which, with `decimal: "."` in a mapping file or --decimal.',
            column=self.column,
            value=value,
            line=line,
            point=number.point,
            comma=number.comma,
        )
        return TableError(message, line=line)

    def _contradiction(self) -> TableError:
        (first, line), (second, other) = self._only["."], self._only[","]
        return TableError(
            _(
                'The column "%(column)s" writes both "%(first)s" (line %(line)s) and "%(second)s" (line '
                '%(other)s). State which is right, with `decimal: "."` in a mapping file or --decimal.',
                column=self.column,
                first=first,
                line=line,
                second=second,
                other=other,
            )
        )


def _whole(value: Decimal | None) -> Decimal | None:
    """The value if it is a whole number."""
    return value if value is not None and value == value.to_integral_value() else None


@dataclass(slots=True)
class DateEvidence(Evidence):
    """In which order a column writes day, month and year."""

    _against: dict[str, tuple[str, int]] = field(default_factory=dict)
    _open: dict[frozenset[str], tuple[str, int]] = field(default_factory=dict)

    def _weigh(self, text: str, line: int) -> None:
        found = readings(text)
        if not found:
            return
        for order in ORDERS:
            if order not in found:
                self._against.setdefault(order, (text, line))
        if len(set(found.values())) > 1:
            self._open.setdefault(frozenset(found), (text, line))

    def verdict(self) -> tuple[str, Proof | None]:
        """The order and its proof. Raises TableError when not exactly one order reads every value."""
        left = [order for order in ORDERS if order not in self._against]
        if not left:
            raise self._contradiction()
        still_open = next((v for orders, v in self._open.items() if len(orders & set(left)) > 1), None)
        if still_open:
            raise self._undecided(*still_open)
        if len(left) > 1:
            return left[0], None
        rival = next(o for o in ("MDY", "DMY", "YMD") if o in self._against and o != left[0])
        return left[0], Proof(self.column, left[0], *self._against[rival])

    def _undecided(self, value: str, line: int) -> TableError:
        ways = "; ".join(f"{order}: {moment:%Y-%m-%d}" for order, moment in sorted(readings(value).items()))
        message = _(
            'The dates in "%(column)s" can be read in several ways: "%(value)s" (line %(line)s) is %(ways)s. '
            "State which, with `dates: DMY` or `dates: MDY` in a mapping file or --dates.",
            column=self.column,
            value=value,
            line=line,
            ways=ways,
        )
        return TableError(message, line=line)

    def _contradiction(self) -> TableError:
        (first, line), (second, other) = self._against["DMY"], self._against["MDY"]
        return TableError(
            _(
                'The dates in "%(column)s" contradict each other: "%(first)s" (line %(line)s) and '
                '"%(second)s" (line %(other)s) are not written in one order. State which is right, '
                "with `dates: DMY` or `dates: MDY` in a mapping file or --dates.",
                column=self.column,
                first=first,
                line=line,
                second=second,
                other=other,
            )
        )


@dataclass(slots=True)
class FloatIdEvidence(Evidence):
    """Whether every id of a column is written as a number with .0, as spreadsheets do."""

    floats: bool = True

    def _weigh(self, text: str, line: int) -> None:
        self.floats = self.floats and text.endswith(".0") and text[:-2].isdecimal() and text.isascii()

    @property
    def settled(self) -> bool:
        """See Evidence."""
        return not self.floats

    def verdict(self) -> tuple[str, Proof | None]:
        """ "float" when all values seen are such, else "text"."""
        return ("float" if self.floats and self._seen else "text"), None
