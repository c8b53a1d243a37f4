"""Writes on one customer: who they are, where they live, what the team says of them; merging and erasing."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from modules.customers.models import Activity, Address, Customer, CustomerPlatform, Note, Segment, Tag
from modules.customers.services import record_activity
from orion.contracts import audit, personal
from orion.contracts.data import insert_rows, session, upsert_add
from orion.contracts.errors import Invalid, NotFound
from orion.contracts.models import normalise
from orion.contracts.scope import Scope

MERGED = audit.action("customers.merged", _l("Two customers were merged"))
ERASED = audit.action("customers.erased", _l("A customer was erased"))
HANDED_OUT = audit.action("customers.handed_out", _l("A customer's data were handed out"))
#: What is known of a customer, and taken over by a merge where it is lacking.
FACTS = ("name", "email", "phone", "country", "locale", "reference")
#: Rows that a merge moves by itself, since two of them may be the same.
_OWN = ("customers_activity", "customers_customer_platform", "customers_tag")


def create(scope: Scope, *, now: datetime, **facts: str) -> Customer:
    """A new customer of the scope's one vendor; where one platform is looked at, somebody seen there.
    Raises Invalid (see `edit`)."""
    _check(scope, facts)
    today = now.astimezone(ZoneInfo(scope.zone)).date()
    customer = Customer(joined_on=today, created_at=now, **facts)
    session().add(customer)
    session().flush()
    if scope.platform is not None:
        there = {"customer_id": customer.id, "platform_id": scope.platform.id, "business_date": today}
        record_activity(scope, [there | {"times": 0}])
    return customer


def edit(scope: Scope, customer: Customer, **facts: str) -> Customer:
    """Change name, email, phone, country, locale or reference.

    Raises Invalid for somebody without a name and an e-mail address, and for another's reference.
    """
    _check(scope, facts, customer)
    for name, value in facts.items():
        setattr(customer, name, value)
    session().flush()
    return customer


def _check(scope: Scope, facts: Mapping[str, str], customer: Customer | None = None) -> None:
    if customer is not None and customer.erased_at is not None:
        raise Invalid(_("This customer was erased: nothing can be written about them any more."))
    if not facts.get("name") and not facts.get("email"):
        raise Invalid(errors={"name": [_("Enter a name or an e-mail address.")]})
    if facts.get("reference"):
        same = select(Customer.id).where(Customer.reference == facts["reference"])
        taken = session().scalar(same.where(Customer.id != (customer.id if customer else 0)))
        if taken is not None:
            raise Invalid(errors={"reference": [_("Another customer has this reference.")]})


# -- addresses ------------------------------------------------------------------------------------


def address(scope: Scope, customer: Customer, public_id: str) -> Address:
    """One of a customer's addresses. Raises NotFound."""
    found = session().scalar(
        select(Address).where(Address.customer_id == customer.id, Address.public_id == public_id)
    )
    if found is None:
        raise NotFound()
    return found


def save_address(scope: Scope, customer: Customer, there: Address | None, **lines: str) -> Address:
    """Write an address, a new one or over one that is there. Raises Invalid for an empty one."""
    if not any(lines.values()):
        raise Invalid(errors={"line1": [_("Enter an address.")]})
    found = there or Address(vendor_id=customer.vendor_id, customer_id=customer.id)
    for name, value in lines.items():
        setattr(found, name, value)
    session().add(found)
    session().flush()
    return found


def delete_address(scope: Scope, there: Address) -> dict[str, str]:
    """Delete an address, and give what it said."""
    said = {name: getattr(there, name) for name in ADDRESS_LINES}
    session().delete(there)
    session().flush()
    return said


ADDRESS_LINES = ("line1", "line2", "postcode", "city", "region", "country")

# -- tags and notes -------------------------------------------------------------------------------


def set_tags(scope: Scope, customer: Customer, names: Sequence[str]) -> None:
    """Let a customer have exactly these tags."""
    wanted = {normalise(name): name for name in names}
    there = session().scalars(select(Tag).where(Tag.customer_id == customer.id)).all()
    for tag in there:
        if tag.name_norm not in wanted:
            session().delete(tag)
    known = {tag.name_norm for tag in there}
    for norm, name in wanted.items():
        if norm not in known:
            session().add(Tag(vendor_id=customer.vendor_id, customer_id=customer.id, name=name))
    session().flush()


def tag_all(scope: Scope, ids: Sequence[int], name: str) -> list[int]:
    """Put a tag on customers (row ids); gives those who did not have it."""
    norm, new = normalise(name), []
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        mine = select(Tag.customer_id).where(Tag.name_norm == norm, Tag.customer_id.in_(part))
        have = set(session().scalars(mine))
        new += [id_ for id_ in part if id_ not in have]
    insert_rows(scope, Tag, [{"customer_id": id_, "name": name, "name_norm": norm} for id_ in new])
    return new


def untag_all(scope: Scope, ids: Sequence[int], name: str) -> int:
    """Take a tag off customers (row ids); gives how many had it."""
    gone = 0
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        done: Any = session().execute(
            delete(Tag).where(Tag.name_norm == normalise(name), Tag.customer_id.in_(part))
        )
        gone += done.rowcount
    return gone


def add_note(scope: Scope, customer: Customer, text: str, *, now: datetime) -> Note:
    """Write down something about a customer. Raises Invalid for no text."""
    if not text.strip():
        raise Invalid(errors={"text": [_("Write a note first.")]})
    note = Note(
        vendor_id=customer.vendor_id,
        customer_id=customer.id,
        at=now,
        text=text.strip(),
        user_id=scope.user_id,
    )
    session().add(note)
    session().flush()
    return note


# -- merging, handing out, erasing ----------------------------------------------------------------


def merge(scope: Scope, kept: Customer, gone: Customer) -> None:
    """Make two rows of one person one: what is known of `gone`, orders included, is `kept`'s then.

    Facts that `kept` lacks are taken over. Raises Invalid for one and the same, and for who was erased.
    """
    if kept.id == gone.id:
        raise Invalid(errors={"other": [_("This is the same customer.")]})
    if kept.erased_at or gone.erased_at:
        raise Invalid(errors={"other": [_("One of the two was erased.")]})
    _move_days(scope, kept, gone)
    set_tags(scope, kept, [*_tags(kept), *_tags(gone)])
    personal.repoint(scope, gone, kept, but=_OWN)
    taken = {name: getattr(gone, name) for name in FACTS}
    before = {"public_id": gone.public_id, **taken}
    joined = min(kept.joined_on, gone.joined_on)
    session().delete(gone)
    session().flush()
    for name, value in taken.items():
        if value and not getattr(kept, name):
            setattr(kept, name, value)
    kept.joined_on = joined
    audit.record(scope, MERGED, _subject(kept), before={"merged": before["public_id"]})


def _move_days(scope: Scope, kept: Customer, gone: Customer) -> None:
    days = session().scalars(select(Activity).where(Activity.customer_id == gone.id)).all()
    seen = session().scalars(select(CustomerPlatform).where(CustomerPlatform.customer_id == gone.id)).all()
    record_activity(
        scope,
        [
            {
                "customer_id": kept.id,
                "platform_id": day.platform_id,
                "business_date": day.business_date,
                "times": day.times,
            }
            for day in days
        ],
    )
    upsert_add(
        scope,
        CustomerPlatform,
        [
            {
                "vendor_id": kept.vendor_id,
                "customer_id": kept.id,
                "platform_id": one.platform_id,
                "first_on": one.first_on,
                "last_on": one.last_on,
            }
            for one in seen
        ],
        keys=("vendor_id", "customer_id", "platform_id"),
        add=(),
        least=("first_on",),
        greatest=("last_on",),
    )


def _tags(customer: Customer) -> Sequence[str]:
    return session().scalars(select(Tag.name).where(Tag.customer_id == customer.id)).all()


def file_of(scope: Scope, customer: Customer) -> dict[str, list[dict[str, Any]]]:
    """Everything that is kept about a customer, by table; that it was handed out is recorded."""
    found = personal.file_of(scope, customer)
    audit.record(scope, HANDED_OUT, _subject(customer), after={"tables": sorted(found)})
    return found


def erase(scope: Scope, customer: Customer, *, now: datetime) -> dict[str, int]:
    """Wipe what is known of a customer, in every module; orders stay, without a name. Gives table → rows.

    Raises Invalid for who was erased before, and Conflict when a module can't be asked now.
    """
    if customer.erased_at is not None:
        raise Invalid(_("This customer was erased already."))
    for model in (Address, Note, Tag):
        session().execute(delete(model).where(model.customer_id == customer.id))
    known = personal.texts_of(customer)
    for segment in session().scalars(select(Segment)):
        if personal.names(segment.query, segment.name, known):
            session().delete(segment)
    wiped = personal.wipe(scope, customer)
    session().refresh(customer)
    customer.erased_at = now
    session().flush()
    audit.record(scope, ERASED, _subject(customer), after=dict(wiped))
    return wiped


def _subject(customer: Customer) -> audit.Subject:
    """The log keeps no name: it is there longer than the customer."""
    return audit.Subject("customer", customer.public_id)
