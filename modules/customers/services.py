"""Writes: finding or creating customers in bulk, and noting when and where they acted."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from modules.customers.models import Activity, Customer, CustomerPlatform
from modules.tenancy.api import Vendor
from orion.contracts.data import insert_rows, session, upsert_add
from orion.contracts.errors import Invalid
from orion.contracts.models import normalise, public_id
from orion.contracts.scope import Scope

#: Values in one IN list: below SQLite's and psycopg's limits with room to spare.
CHUNK = 500
#: What a customer is told by, and how many characters of it are kept.
TEXTS = {"name": 200, "email": 254, "phone": 40, "country": 80}
_LONGEST_REFERENCE = 120
_PLACE = ("vendor_id", "customer_id", "platform_id")


def ensure(scope: Scope, rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Find or create customers of the scope's one vendor by `reference`; reference → row id.

    A row has `reference` and `joined_on` (local date), and may have name, email, phone, country:
    these fill what is empty and overwrite nothing. An earlier date moves `joined_on` back. Raises
    Invalid for an empty reference, or one of more than 120 characters.
    """
    wanted: dict[str, dict[str, Any]] = {}
    for row in rows:
        wanted[row["reference"]] = _merged(wanted.get(row["reference"]), row)
    known = _find(scope, wanted)
    if len(known) < len(wanted):
        _wait_for_others(scope)
        known = _find(scope, wanted)
    for reference, customer in known.items():
        _fill(customer, wanted[reference])
    ids = {reference: customer.id for reference, customer in known.items()}
    missing = [row for reference, row in wanted.items() if reference not in known]
    made = insert_rows(scope, Customer, [_new(scope, row) for row in missing])
    return ids | {row["reference"]: id_ for row, id_ in zip(missing, made, strict=True)}


def record_activity(scope: Scope, rows: Iterable[Mapping[str, Any]]) -> None:
    """Add to the days on which customers of the scope's one vendor acted.

    A row has `customer_id`, `platform_id`, `business_date` and `times`, the difference (negative
    when something is taken back; 0 for what is no purchase, and still shows that they acted there).
    """
    sums: dict[tuple[int, int, date], int] = {}
    for row in rows:
        key = (row["customer_id"], row["platform_id"], row["business_date"])
        sums[key] = sums.get(key, 0) + row["times"]
    days = [
        {**_place(scope, customer, platform), "business_date": on, "times": times}
        for (customer, platform, on), times in sums.items()
        if times
    ]
    seen = [
        {**_place(scope, customer, platform), "first_on": on, "last_on": on}
        for (customer, platform, on), times in sums.items()
        if times >= 0
    ]
    upsert_add(scope, Activity, days, keys=(*_PLACE, "business_date"), add=("times",))
    upsert_add(scope, CustomerPlatform, seen, keys=_PLACE, add=(), least=("first_on",), greatest=("last_on",))


def _vendor(scope: Scope) -> int:
    if scope.vendor is None:
        raise ValueError("customers are written for one vendor at a time")
    return scope.vendor.id


def _place(scope: Scope, customer: int, platform: int) -> dict[str, Any]:
    return dict(zip(_PLACE, (_vendor(scope), customer, platform), strict=True))


def _wait_for_others(scope: Scope) -> None:
    """One transaction at a time makes customers of a vendor: two would both make the same one.

    This lock lets the vendor be referred to meanwhile. On SQLite a writer is alone anyway.
    """
    mine = select(Vendor.id).where(Vendor.id == _vendor(scope))
    session().execute(mine.with_for_update(key_share=True)).all()


def _merged(before: Mapping[str, Any] | None, row: Mapping[str, Any]) -> dict[str, Any]:
    if not 0 < len(row["reference"]) <= _LONGEST_REFERENCE:
        raise Invalid(
            _("A customer's reference has between 1 and %(num)s characters.", num=_LONGEST_REFERENCE)
        )
    before = before or {}
    texts = {key: before.get(key) or (row.get(key) or "")[:most] for key, most in TEXTS.items()}
    first = min(row["joined_on"], before.get("joined_on", row["joined_on"]))
    return {"reference": row["reference"], "joined_on": first, **texts}


def _find(scope: Scope, references: Iterable[str]) -> dict[str, Customer]:
    wanted, found = list(references), {}
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        for customer in session().scalars(
            select(Customer).where(Customer.vendor_id == _vendor(scope), Customer.reference.in_(part))
        ):
            found[customer.reference] = customer
    return found


def _fill(customer: Customer, row: Mapping[str, Any]) -> None:
    for key in TEXTS:
        if row[key] and not getattr(customer, key):
            setattr(customer, key, row[key])
    if row["joined_on"] < customer.joined_on:
        customer.joined_on = row["joined_on"]


def _new(scope: Scope, row: Mapping[str, Any]) -> dict[str, Any]:
    norms = {f"{key}_norm": normalise(row[key]) for key in ("reference", "name", "email")}
    return {"vendor_id": _vendor(scope), "public_id": public_id(), **row, **norms}
