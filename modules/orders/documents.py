"""Documents as they come from elsewhere, before they are orders."""

from dataclasses import astuple, dataclass
from datetime import date, datetime
from hashlib import sha256

from modules.orders.states import ON_THE_WAY

#: Steps that a sale took before it came here, the earliest first: status, moment.
History = tuple[tuple[str, datetime], ...]


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One line. `total` (signed) and `tax` are in minor units; `unit_price` is an exact decimal or ""."""

    sku: str
    title: str
    quantity: int
    total: int
    unit_price: str = ""
    tax: int | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A sale or refund on one platform. `placed_at` is aware; `business_date` its date at the vendor's.

    `customer` is the source's own reference, None for a guest. `status` and `history` count for a new
    sale alone; by default it has been delivered, long ago. `content_hash` may be given by whoever
    knows the source better; by default it covers everything here.
    """

    number: str
    kind: str
    placed_at: datetime
    business_date: date
    currency: str
    lines: tuple[DocumentLine, ...]
    customer: str | None = None
    customer_name: str = ""
    country: str = ""
    origin_number: str = ""
    status: str = "delivered"
    history: History = ()
    content_hash: str = ""

    @property
    def total(self) -> int:
        """Minor units, signed."""
        return sum(line.total for line in self.lines)

    @property
    def units(self) -> int:
        """Sum of the quantities."""
        return sum(line.quantity for line in self.lines)

    @property
    def first_status(self) -> str:
        """The status of a new order made from this."""
        return "refunded" if self.kind == "refund" else self.status

    @property
    def has_left(self) -> bool:
        """Whether what was sold had left the house when this was written."""
        return self.first_status in ON_THE_WAY

    @property
    def digest(self) -> str:
        """Tells whether two readings of a document have the same contents."""
        return self.content_hash or sha256(repr(astuple(self)).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Taken:
    """How many documents were new, had other contents than before, or brought nothing."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: "Taken") -> "Taken":
        return Taken(self.new + other.new, self.changed + other.changed, self.unchanged + other.unchanged)
