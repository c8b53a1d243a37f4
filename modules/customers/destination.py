"""Customers as a place that tables go to: see Destination."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from modules.customers.imports import TARGET
from modules.customers.models import Activity, Address, Customer, CustomerPlatform, Note, Tag
from modules.customers.services import TEXTS, ensure
from orion.contracts.addresses import country_name
from orion.contracts.data import session
from orion.contracts.formats import day
from orion.contracts.models import normalise
from orion.contracts.periods import local_date
from orion.contracts.scope import Scope
from orion.contracts.tabular import (
    CHANGED,
    NEW,
    UNCHANGED,
    Change,
    Destination,
    Published,
    Rejected,
    Row,
    Rules,
    Shown,
    Thing,
    Verdict,
)
from orion.contracts.tabular import Note as Remark

WORDS = {
    "name": _l("Name"),
    "email": _l("Email address"),
    "phone": _l("Phone"),
    "country": _l("Country"),
    "joined_on": _l("Customer since"),
}
#: What tells customers apart: of each row the first that it says.
KEYS = ("own", "reference", "email")
NO_KEY = _l("says neither a number nor an address")
ERASED = _l("This customer was erased: nothing can be written about them any more.")
Facts = Mapping[str, Any]


class Customers(Destination):
    """See Destination."""

    target = TARGET
    label = _l("Customers")
    permission = "customers.edit"
    names = ("name", "email", "reference")
    own = ("email",)
    words = WORDS

    def key(self, row: Row) -> str:
        """See Destination."""
        known = _keys(row.values)
        return next((f"{name}:{known[name]}" for name in KEYS if known[name]), "")

    def thing(self, rows: Sequence[Row], rules: Rules) -> tuple[Thing | None, list[Rejected]]:
        """See Destination. What a row leaves empty, a later one of the same customer may say."""
        data = dict.fromkeys((*KEYS, *WORDS), "")
        notes: list[Remark] = []
        said_in: dict[str, int] = {}
        for row in rows:
            for name, text in {**_keys(row.values), **_facts(row.values)}.items():
                if len(text) > TEXTS.get(name, len(text)):
                    cut = _l("%(field)s is cut to %(num)s characters", field=WORDS[name], num=TEXTS[name])
                    notes.append(Remark(row.line, cut))
                    text = text[: TEXTS[name]].rstrip()
                if text and not data[name]:
                    data[name], said_in[name] = text, row.line
                elif text and text != data[name]:
                    other = _l(
                        "“%(value)s” is not taken: line %(line)s says “%(other)s”",
                        value=text[:80], line=said_in[name], other=data[name][:80],
                    )  # fmt: skip
                    notes.append(Remark(row.line, other))
        title = next(text for name in (*self.names, "own") if (text := data[name]))
        lines = tuple(row.line for row in rows)
        return Thing(self.key(rows[0]), title[:300], lines, data, 1, tuple(notes)), []

    def compare(
        self, scope: Scope, things: Sequence[Thing], *, platform_id: int | None = None
    ) -> list[Verdict]:
        """See Destination. What a table leaves empty changes nothing."""
        found = _find([thing.data for thing in things])
        return [_verdict(thing.data, one) for thing, one in zip(things, found, strict=True)]

    def publish(
        self, scope: Scope, things: Sequence[Thing], *, platform_id: int | None, now: datetime
    ) -> list[Published | str]:
        """See Destination."""
        made = _make(scope, [thing.data for thing in things], local_date(now, scope.zone))
        found = _find([thing.data for thing in things], lock=True)
        verdicts = [_verdict(thing.data, one) for thing, one in zip(things, found, strict=True)]
        befores: dict[int, Facts | None] = {}
        for one, verdict in zip(found, verdicts, strict=True):
            if one is None or verdict.problem:
                continue
            befores.setdefault(one.id, None if one.id in made else _known(one))
            _write(one, {change.what: change.after for change in verdict.changes})
        session().flush()
        return [
            str(verdict.reason) if one is None or verdict.problem else _published(one, befores[one.id])
            for one, verdict in zip(found, verdicts, strict=True)
        ]

    def take_back(
        self, scope: Scope, published: Mapping[int, dict[str, Any] | None], *, at: datetime
    ) -> list[int]:
        """See Destination. A customer who was edited since, or has bought, is left alone."""
        asked = select(Customer).where(Customer.id.in_(published)).order_by(Customer.id)
        there = session().scalars(asked.with_for_update(of=Customer)).all()
        busy, left = _busy([one.id for one in there]), list[int]()
        for one in there:
            before = published[one.id] or {}
            if _known(one) != before.get("now") or (before["was"] is None and one.id in busy):
                left.append(one.id)
            elif before["was"] is None:
                session().delete(one)
            else:
                _write(one, before["was"])
        session().flush()
        return left

    def shown(self, thing: Thing, currency: str) -> Shown:
        """See Destination."""
        facts = [(str(label), _shown(name, thing.data[name])) for name, label in WORDS.items()]
        return Shown([(_("Customer number"), thing.data["reference"]), *facts])

    def said(self, scope: Scope, change: Change, currency: str) -> tuple[str, str, str]:
        """See Destination."""
        return str(WORDS[change.what]), _shown(change.what, change.before), _shown(change.what, change.after)


CUSTOMERS = Customers()
destinations = (CUSTOMERS,)


def _keys(said: Facts) -> dict[str, str]:
    """What a row may be known by."""
    return {name: str(said.get(name) or "").strip() for name in KEYS}


def _facts(said: Facts) -> dict[str, str]:
    """What a row says of a customer, as texts."""
    texts = {name: " ".join(str(said[name] or "").split()) for name in ("name", "phone", "country")}
    both = " ".join(text for key in ("first_name", "last_name") if (text := said[key]))
    joined = said["joined_on"].isoformat() if said["joined_on"] else ""
    return {**texts, "name": texts["name"] or both, "joined_on": joined}


def _find(wanted: Sequence[Facts], lock: bool = False) -> list[Customer | None]:
    """The customer whom each means: by id, by number, or else by address.

    Who has a number is known by the address of one without: of somebody who was entered by hand, say.
    """
    ids = _by(Customer.public_id, (one["own"] for one in wanted), lock)
    numbers = _by(Customer.reference, (one["reference"] for one in wanted), lock)
    first = [ids.get(one["own"]) or numbers.get(one["reference"]) for one in wanted]
    left = [one["email"] for one, found in zip(wanted, first, strict=True) if found is None]
    emails = _by(Customer.email_norm, map(normalise, left), lock)
    taken: set[int] = set()
    found: list[Customer | None] = []
    for one, known in zip(wanted, first, strict=True):
        there = known or emails.get(normalise(one["email"]))
        if known is None and there is not None and one["reference"]:
            numbered = there.reference not in ("", _number(one["email"]))
            there = None if numbered or there.id in taken else there
            taken |= {there.id} if there else set()
        found.append(there)
    return found


def _by(column: Any, texts: Iterable[str], lock: bool) -> dict[str, Customer]:
    """Customers by what a column says of them; of several the one who came first."""
    wanted = {text for text in texts if text}
    if not wanted:
        return {}
    asked = select(Customer).where(column.in_(wanted)).order_by(Customer.id.desc())
    rows = session().scalars(asked.with_for_update(of=Customer) if lock else asked)
    return {getattr(one, column.key): one for one in rows}


def _number(email: str) -> str:
    """The number of a customer who has none."""
    return email.casefold()[:120]


def _verdict(data: Facts, there: Customer | None) -> Verdict:
    if there is None:
        known = data["reference"] or data["email"]
        return Verdict(NEW) if known else Verdict(NEW, problem="no_key", reason=NO_KEY)
    changes = tuple(_changes(data, there))
    if changes and there.erased_at is not None:
        return Verdict(CHANGED, problem="erased", reason=ERASED)
    return Verdict(CHANGED if changes else UNCHANGED, changes)


def _changes(data: Facts, there: Customer) -> Iterable[Change]:
    known = _known(there)
    for name in WORDS:
        said, was = data[name], known[name]
        same = not said or said == was or (name == "email" and normalise(said) == normalise(was))
        if not same and (name != "joined_on" or said < was):
            yield Change(name, "", was, said)


def _known(one: Customer) -> dict[str, str]:
    """What is known of a customer, as texts."""
    return {name: str(getattr(one, name)) for name in WORDS}


def _make(scope: Scope, wanted: Sequence[Facts], on: date) -> set[int]:
    """Make customers who aren't there (row ids), those with a number first: another row may mean one of them
    by the address."""
    made: set[int] = set()
    for numbered in (True, False):
        part = [one for one in wanted if bool(one["reference"]) is numbered]
        new = [one for one, there in zip(part, _find(part), strict=True) if there is None]
        rows = [{**one, **_told(one, on)} for one in new if one["reference"] or one["email"]]
        made |= set(ensure(scope, rows).values()) if rows else set()
    return made


def _told(one: Facts, on: date) -> dict[str, Any]:
    """What `ensure` wants to know besides."""
    joined = date.fromisoformat(one["joined_on"]) if one["joined_on"] else on
    return {"reference": one["reference"] or _number(one["email"]), "joined_on": joined}


def _write(one: Customer, texts: Mapping[str, str]) -> None:
    """Let a customer be known by texts (see `_known`)."""
    for name, text in texts.items():
        setattr(one, name, date.fromisoformat(text) if name == "joined_on" else text)


def _published(one: Customer, was: Facts | None) -> Published:
    now = _known(one)
    state = NEW if was is None else UNCHANGED if was == now else CHANGED
    return Published(one.id, {"was": was, "now": now}, state)


def _busy(ids: Sequence[int]) -> set[int]:
    """Customers (row ids) on whom something hangs."""
    found: set[int] = set()
    for model in (Activity, Address, CustomerPlatform, Note, Tag):
        mine = select(model.customer_id).where(model.customer_id.in_(ids))
        found |= set(session().scalars(mine.distinct()))
    return found


def _shown(name: str, value: str) -> str:
    if name == "joined_on":
        return day(date.fromisoformat(value)) if value else ""
    return country_name(value) if name == "country" else value
