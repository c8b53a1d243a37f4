"""Reads: the lists, one customer's page, and conditions that lists and metrics share."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, union_all
from sqlalchemy.orm import aliased

from modules.customers.models import Activity, Address, Customer, CustomerPlatform, Note, Tag
from modules.tenancy.api import Platform, Vendor
from orion.contracts.data import session
from orion.contracts.errors import NotFound
from orion.contracts.models import normalise
from orion.contracts.people import User
from orion.contracts.scope import Scope


def customers(scope: Scope) -> Select[Customer]:
    """All customers of the scope."""
    return select(Customer)


def customers_and_vendors(scope: Scope) -> Select[Customer, Vendor]:
    """All customers of the scope, each with their vendor."""
    return select(Customer, Vendor).join(Vendor, Vendor.id == Customer.vendor_id)


def of_vendor(code: str) -> ColumnElement[bool]:
    """Condition on Customer: they buy from the vendor with this code."""
    return Customer.vendor_id == select(Vendor.id).where(Vendor.code == code).scalar_subquery()


def in_days(start: date | None, end: date | None) -> list[ColumnElement[bool]]:
    """Conditions on Activity: a purchase between two dates, either of which may be missing."""
    limits = [Activity.business_date >= start] if start else []
    return [Activity.times > 0, *limits, *([Activity.business_date <= end] if end else [])]


def bought_again(start: date | None, end: date | None) -> ColumnElement[bool]:
    """Condition on Customer: bought between the two dates, and had joined before the first.

    Without a first date it is a purchase on any day after the one on which they joined. The purchases
    are gathered once: asked for customer by customer, SQLite goes through a vendor's days for each.
    """
    bought = select(Activity.customer_id).where(*in_days(start, end))
    if start:
        return and_(Customer.joined_on < start, Customer.id.in_(bought))
    buyer = aliased(Customer)
    same = and_(buyer.vendor_id == Activity.vendor_id, buyer.id == Activity.customer_id)
    return Customer.id.in_(bought.join(buyer, same).where(Activity.business_date > buyer.joined_on))


def countries_and_tags(scope: Scope, limit: int = 300) -> tuple[Sequence[str], Sequence[str]]:
    """What customers' countries are called, and the tags in use, each once: one statement for both."""
    countries = select(literal("country").label("kind"), Customer.country.label("name"))
    countries = countries.where(Customer.country != "").distinct().order_by(Customer.country).limit(limit)
    tags = select(literal("tag").label("kind"), func.min(Tag.name).label("name"))
    tags = tags.group_by(Tag.name_norm).order_by(Tag.name_norm).limit(limit)
    parts = [part.subquery() for part in (countries, tags)]
    both = union_all(*(select(part.c.kind, part.c.name) for part in parts))
    rows = session().execute(both).all()
    return [name for kind, name in rows if kind == "country"], [name for kind, name in rows if kind == "tag"]


def vendors(scope: Scope, limit: int) -> Sequence[Vendor]:
    """The vendors of the scope by name."""
    return session().scalars(select(Vendor).order_by(Vendor.name_norm).limit(limit)).all()


def latest(scope: Scope, vendor_id: int, limit: int = 5) -> Sequence[Customer]:
    """The customers of a vendor who joined last."""
    statement = select(Customer).where(Customer.vendor_id == vendor_id)
    return (
        session()
        .scalars(statement.order_by(Customer.joined_on.desc(), Customer.id.desc()).limit(limit))
        .all()
    )


def customer(scope: Scope, public_id: str) -> tuple[Customer, Vendor]:
    """One customer and their vendor. Raises NotFound."""
    found = session().execute(customers_and_vendors(scope).where(Customer.public_id == public_id)).first()
    if found is None:
        raise NotFound()
    return found[0], found[1]


def customer_and_tags(scope: Scope, public_id: str) -> tuple[Customer, Vendor, Sequence[Tag]]:
    """One customer, their vendor, and their tags by name. Raises NotFound."""
    mine = and_(Tag.vendor_id == Customer.vendor_id, Tag.customer_id == Customer.id)
    statement = customers_and_vendors(scope).add_columns(Tag).outerjoin(Tag, mine)
    rows = session().execute(statement.where(Customer.public_id == public_id).order_by(Tag.name_norm)).all()
    if not rows:
        raise NotFound()
    return rows[0][0], rows[0][1], [tag for _customer, _vendor, tag in rows if tag is not None]


def by_email(scope: Scope, email: str) -> Customer | None:
    """The customer with an e-mail address; of several, the one who came first."""
    same = select(Customer).where(Customer.email_norm == normalise(email), Customer.email_norm != "")
    return session().scalar(same.order_by(Customer.id).limit(1))


def addresses(scope: Scope, customer: Customer) -> Sequence[Address]:
    """A customer's addresses, the oldest first."""
    statement = select(Address).where(
        Address.vendor_id == customer.vendor_id, Address.customer_id == customer.id
    )
    return session().scalars(statement.order_by(Address.id)).all()


def tags(scope: Scope, customer: Customer) -> Sequence[Tag]:
    """A customer's tags by name."""
    mine = select(Tag).where(Tag.vendor_id == customer.vendor_id, Tag.customer_id == customer.id)
    return session().scalars(mine.order_by(Tag.name_norm)).all()


def has_tag(name: str) -> ColumnElement[bool]:
    """Condition on Customer: they have a tag."""
    return Customer.id.in_(select(Tag.customer_id).where(Tag.name_norm == normalise(name)))


def notes(scope: Scope, customer: Customer, limit: int = 50) -> Sequence[tuple[Note, str | None]]:
    """The latest notes on a customer, each with who wrote it."""
    statement = (
        select(Note, User.name)
        .outerjoin(User, User.id == Note.user_id)
        .where(Note.vendor_id == customer.vendor_id, Note.customer_id == customer.id)
        .order_by(Note.at.desc(), Note.id.desc())
        .limit(limit)
    )
    return [(note, name) for note, name in session().execute(statement)]


def by_reference_or_email(scope: Scope, text: str) -> Customer | None:
    """The customer with this reference, or else with this e-mail address."""
    same = select(Customer).where(Customer.reference_norm == normalise(text), Customer.reference_norm != "")
    return session().scalar(same.order_by(Customer.id).limit(1)) or by_email(scope, text)


def platforms(scope: Scope, customer: Customer) -> Sequence[tuple[CustomerPlatform, Platform]]:
    """The platforms on which a customer acted, the first one first, as far as the scope sees them."""
    statement = (
        select(CustomerPlatform, Platform)
        .join(Platform, Platform.id == CustomerPlatform.platform_id)
        .where(CustomerPlatform.vendor_id == customer.vendor_id, CustomerPlatform.customer_id == customer.id)
        .order_by(CustomerPlatform.first_on, Platform.name_norm)
    )
    return [(row[0], row[1]) for row in session().execute(statement)]


def activity(scope: Scope, customer: Customer, limit: int = 50) -> Sequence[tuple[Activity, Platform]]:
    """The latest days on which a customer bought, each with its platform."""
    statement = (
        select(Activity, Platform)
        .join(Platform, Platform.id == Activity.platform_id)
        .where(
            Activity.vendor_id == customer.vendor_id, Activity.customer_id == customer.id, Activity.times > 0
        )
        .order_by(Activity.business_date.desc(), Platform.name_norm)
        .limit(limit)
    )
    return [(row[0], row[1]) for row in session().execute(statement)]
