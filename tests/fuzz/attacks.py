"""Questions with other people's ids in them, each beside the same question with an id that never was."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from tests.fuzz.browser import Question
from tests.fuzz.crawl import FRAGMENT, Reached
from tests.fuzz.judge import is_public, names_place
from tests.fuzz.planting import Cell
from tests.fuzz.stage import PLACE, Person, Stage, place_of
from tests.fuzz.words import never, words_in

#: Headers that somebody might believe to say who asks, or where.
TOLD = (
    "X-Vendor", "X-Vendor-Id", "X-Tenant", "X-Platform", "X-Orion-Vendor", "X-User", "X-Forwarded-User",
    "X-Original-URL", "X-Rewrite-URL", "X-Forwarded-Prefix", "X-HTTP-Method-Override", "Referer",
    "HX-Current-URL", "HX-Target", "HX-Trigger", "HX-Prompt", "HX-Boosted", "If-None-Match", "Cookie-Vendor",
    "Authorization", "From", "Accept-Language", "Range",
)  # fmt: skip
#: Parameters that a page may know though no link shows them.
GUESSED = (
    "id", "vendor", "vendor_id", "vendor_code", "platform", "platform_id", "customer", "customer_id",
    "order", "order_id", "user", "user_id", "role", "role_id", "public_id", "sku", "number", "email", "q",
    "ids", "scope",
    "after", "before", "sort", "next", "lang", "export", "format", "count", "period", "inline",
)  # fmt: skip
_SECRET = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w-]{14,}")
#: Ids of rows that mean "yes" and "no" as well.
SWITCHES = frozenset({"0", "1"})
WAYS = ((), FRAGMENT, (("Accept", "application/json"),), (("HX-Request", "true"), ("HX-Boosted", "true")))


@dataclass(frozen=True, slots=True)
class Attack:
    """`foreign` is to be answered as `never` is; `values` leads from the foreign values to the others. With
    no values it is one question alone."""

    foreign: Question
    never: Question | None = None
    values: dict[str, str] = field(default_factory=dict)


class Attacker:
    """Makes up questions for one person out of what they, and what others, were led to."""

    def __init__(
        self, stage: Stage, person: Person, own: Reached, others: Sequence[Reached], rng: random.Random
    ) -> None:
        self.stage, self.person, self.own, self.rng = stage, person, own, rng
        self.theirs = [address for reached in others for address in reached.all_addresses]
        self.their_cursors = _cursors(self.theirs)
        self.columns = sorted(stage.holdings.values)
        self._foreign: dict[tuple[tuple[str, str], str], list[str]] = {}

    def make(self) -> Attack | None:
        """One attack; None where this draw leads to nothing."""
        ways = {
            self.in_path: 20,
            self.in_query: 25,
            self.verbatim: 14,
            self.transplanted: 6,
            self.switched: 6,
            self.told: 6,
            self.cursor: 6,
            self.visit: 17,
        }
        return self.rng.choices([*ways], weights=[*ways.values()])[0]()

    # -- where a foreign value may stand ----------------------------------------------------------

    def in_path(self) -> Attack | None:
        """An own address, with a foreign value for one part of its path."""
        split = urlsplit(self._own_address())
        parts = split.path.split("/")
        places = [n for n, part in enumerate(parts) if part and self.stage.holdings.column_of(unquote(part))]
        if not places:
            places = [len(parts) - 1] if parts[-1] else [len(parts) - 2]
        at = self.rng.choice(places)
        value = self.foreign_value(split.geturl(), like=unquote(parts[at]), name="public_id")
        if value is None:
            return None
        return self._pair(
            lambda v: split._replace(path="/".join([*parts[:at], quote(v, safe=""), *parts[at + 1 :]])), value
        )

    def in_query(self) -> Attack | None:
        """An own address, with a foreign value for a parameter that it has, or that some page has."""
        address = self._own_address()
        split = urlsplit(address)
        pairs = parse_qsl(split.query, keep_blank_values=True)
        name = self.rng.choice([*(n for n, _v in pairs), *self._names(split.path), self.rng.choice(GUESSED)])
        value = self.foreign_value(address, like=dict(pairs).get(name, ""), name=name)
        if value is None or value in self._offers(split.path, name):
            return None
        if name == "q" and value.isdigit():  # Many an own text holds a digit.
            return None
        rest = [(n, v) for n, v in pairs if n != name]
        if self.rng.random() < 0.15:
            rest = pairs  # the same parameter twice
        return self._pair(lambda v: split._replace(query=urlencode([*rest, (name, v)])), value)

    def verbatim(self) -> Attack | None:
        """An address of somebody else, as they have it."""
        if not self.theirs:
            return None
        address = self.rng.choice(self.theirs)
        values = {value: never(value, self.rng) for value in self.foreign_in(address)}
        return (
            self._attack(as_sent(address), put(address, values), values)
            if values
            else Attack(self._question(address))
        )

    def transplanted(self) -> Attack | None:
        """An address of somebody else, moved to an own place."""
        if not self.theirs or not self.person.places:
            return None
        moved = self.moved(self.rng.choice(self.theirs))
        values = {value: never(value, self.rng) for value in (*self.foreign_in(moved), *self._tokens(moved))}
        return self._attack(as_sent(moved), put(moved, values), values) if values else None

    def moved(self, address: str) -> str:
        """An address at an own place instead of its own, where it has one."""
        code = self.rng.choice([*self.person.places])
        return PLACE.sub("/admin" if code == "" else f"/vendor/{quote(code)}", address, count=1)

    def _tokens(self, address: str) -> list[str]:
        """Parts of an address that look as if they were a secret, and that nobody here is known to have."""
        own = {part for one in self.own.all_addresses for part in urlsplit(one).path.split("/")}
        own |= {part for part in urlsplit(address).path.split("/") if self.stage.holdings.column_of(part)}
        return [
            part for part in urlsplit(address).path.split("/") if _SECRET.fullmatch(part) and part not in own
        ]

    def switched(self) -> Attack | None:
        """An own address, on a platform that is not one's own."""
        address = self._own_address()
        mine = {platform for sight in self.person.places.values() for platform in sight.platforms}
        mine |= self._public_at(address)
        codes = [code for code, row_id in self.stage.map.platforms.items() if row_id not in mine]
        split = urlsplit(address)
        if not codes or (self.person.places.get("") and self.person.places[""].everything):
            return None
        pairs = [pair for pair in parse_qsl(split.query) if pair[0] not in ("platform", "after", "before")]
        code = self.rng.choice(codes)
        return self._pair(lambda v: split._replace(query=urlencode([*pairs, ("platform", v)])), code)

    def _public_at(self, address: str) -> set[int]:
        """The platforms on which everybody may read a shop's page: those that its vendor is on."""
        vendor = self.stage.map.vendors.get(place_of(address)[1]) if is_public(address) else None
        return {platform for one, platform in self.stage.map.now if one == vendor}

    def told(self) -> Attack | None:
        """An own address, with headers that name somebody else."""
        address = self._own_address()
        value = self.foreign_value(address, like="", name=self.rng.choice(("code", "public_id", "id")))
        if value is None:
            return None
        instead = never(value, self.rng)
        names = self.rng.sample(TOLD, 4)
        one, other = (tuple((name, _latin(v)) for name in names) for v in (value, instead))
        question = self._question(address)
        # What a header says is repeated nowhere: both are compared as they are.
        return Attack(replace(question, headers=one), replace(question, headers=other))

    def cursor(self) -> Attack | None:
        """An own list, from where somebody else's page of it begins."""
        if not self.their_cursors:
            return None
        name, value = self.rng.choice(self.their_cursors)
        split = urlsplit(self._own_address())
        pairs = [pair for pair in parse_qsl(split.query) if pair[0] not in ("after", "before")]
        forged = never(value, self.rng) if words_in(value) else _forged(value)
        mine = value in self.own_cursors()
        one, other = (split._replace(query=urlencode([*pairs, (name, v)])).geturl() for v in (value, forged))
        return Attack(self._question(one)) if mine else self._attack(one, other, {value: forged})

    def visit(self) -> Attack:
        """An own address, asked in one of the ways in which pages are."""
        address = self._own_address()
        if self.rng.random() < 0.2:
            address += ("&" if "?" in address else "?") + self.rng.choice(
                ("inline=1", "lang=fr", "count=exact", "period=12m", "period=7d")
            )
        method = "HEAD" if self.rng.random() < 0.05 else "GET"
        return Attack(Question(method, address, headers=self.rng.choice(WAYS)))

    # -- values -----------------------------------------------------------------------------------

    def foreign_value(self, address: str, like: str, name: str) -> str | None:
        """A value of somebody else: of the column that this one is of, or of one with such a name."""
        where = self.stage.holdings.column_of(like)
        if where is None or self.rng.random() < 0.15:
            alike = [column for column in self.columns if _alike(column, name)]
            where = self.rng.choice(alike if alike and self.rng.random() < 0.7 else self.columns)
        key = (where, str(place_of(address)))
        if key not in self._foreign:
            # A column may have lost its last value since this person was first looked at.
            cells = self.stage.holdings.values.get(where, {})
            self._foreign[key] = [
                v for v, cell in cells.items() if v not in SWITCHES and self.is_foreign(cell, address)
            ]
        values = self._foreign[key]
        return self.rng.choice(values) if values else None

    def is_foreign(self, cell: Cell, address: str) -> bool:
        """Whether a row is unknown to this person at the place of an address."""
        sight = self.stage.sight(self.person, address)
        if names_place(cell) and is_public(address):
            return False
        if sight is None or names_place(cell) or cell.table == "orion_user":
            sights = list(self.person.places.values())
        else:
            sights = [sight]
        own = cell.table == "orion_user" and cell.row_id == self.person.user_id
        return not own and not any(sight.sees(owner) for sight in sights for owner in cell.owners)

    def foreign_in(self, address: str) -> list[str]:
        """Values in an address that are somebody else's."""
        split = urlsplit(address)
        parts = [unquote(part) for part in split.path.split("/") if part]
        parts += [value for _name, value in parse_qsl(split.query)]
        known = self.stage.holdings.known
        return [
            part for part in dict.fromkeys(parts) if part in known and self.is_foreign(known[part], address)
        ]

    # -- questions --------------------------------------------------------------------------------

    def _own_address(self) -> str:
        shapes = list(self.own.addresses.values())
        return self.rng.choice(self.rng.choice(shapes)) if shapes else "/login"

    def _names(self, path: str) -> list[str]:
        """Parameters of the forms that lead to a path."""
        return [
            f.name for form in self.own.read_forms if urlsplit(form.action).path == path for f in form.fields
        ]

    def _offers(self, path: str, name: str) -> set[str]:
        """What one's own page offers for a parameter: a number may be the id of somebody else's row, and of
        another table's own one."""
        own = [form for form in self.own.read_forms if urlsplit(form.action).path == path]
        offering = (field for form in own for field in form.fields if field.name == name)
        return {value for field in offering for value in field.offers}

    def own_cursors(self) -> set[str]:
        """Cursors of this person's own lists, those included to which somebody else at the same vendor, or at
        the same platform, came: a cursor is signed for its question and its place."""
        shared = [address for address in self.theirs if self._is_at(address)]
        return {value for _name, value in _cursors([*self.own.all_addresses, *shared])}

    def _is_at(self, address: str) -> bool:
        """Whether an address is at a place where this person works, with a platform at one of theirs."""
        frontend, vendor, platform = place_of(address)
        sight = self.person.places.get(vendor) if frontend in ("admin", "vendor") else None
        if sight is None or vendor or sight.everything:
            return sight is not None
        return self.stage.map.platforms.get(platform or "") in sight.platforms

    def _pair(self, put: Any, value: str) -> Attack:
        instead = never(value, self.rng)
        return self._attack(put(value).geturl(), put(instead).geturl(), {value: instead})

    def _attack(self, foreign: str, other: str, values: dict[str, str]) -> Attack:
        one = self._question(foreign)
        return Attack(one, replace(one, address=other), values)

    def _question(self, address: str) -> Question:
        return Question("GET", address, headers=self.rng.choice(WAYS))


def put(address: str, values: dict[str, str]) -> str:
    """An address with other values in the place of some: whole parts of its path, and whole parameters."""
    split = urlsplit(address)
    parts = [
        quote(values[unquote(part)], safe="") if unquote(part) in values else part
        for part in split.path.split("/")
    ]
    pairs = parse_qsl(split.query, keep_blank_values=True)
    query = urlencode([(n, values.get(v, v)) for n, v in pairs])
    return split._replace(path="/".join(parts), query=query).geturl()


def as_sent(address: str) -> str:
    """An address in the spelling that `put` gives it: pages repeat it as it was sent."""
    split = urlsplit(address)
    return split._replace(query=urlencode(parse_qsl(split.query, keep_blank_values=True))).geturl()


def _cursors(addresses: Sequence[str]) -> list[tuple[str, str]]:
    pairs = {
        pair
        for address in addresses
        for pair in parse_qsl(urlsplit(address).query)
        if pair[0] in ("after", "before")
    }
    return sorted(pairs)


def _alike(column: tuple[str, str], name: str) -> bool:
    """Whether a parameter's name sounds like a column: `vendor_id` like tenancy_vendor.id."""
    table, field_name = column
    words = set(re.split(r"[_\W]+", name)) - {""}
    return bool(words & {field_name, *field_name.split("_")}) or (
        name.endswith("id") and bool(words & set(table.split("_")))
    )


def _latin(value: str) -> str:
    return value.encode("ascii", "ignore").decode().replace("\n", " ")


def _forged(cursor: str) -> str:
    return cursor[:-3] + ("AAA" if cursor[-3:] != "AAA" else "BBB")
