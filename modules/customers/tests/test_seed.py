"""Sample customers: a second run changes nothing, and each is somewhere on a platform."""

from datetime import UTC, datetime

from sqlalchemy import func, select

from modules.customers.models import Address, Customer, CustomerPlatform
from orion.contracts.data import entered, system_scope
from orion.seeding import seed


def numbers(app) -> list[int]:
    with app.app_context(), entered(system_scope("seed")) as reading:
        return [reading.scalar(select(func.count()).select_from(table)) for table in (Customer, Address)]


def test_a_second_run_adds_no_customers_and_no_addresses(demo) -> None:
    before = numbers(demo)
    seed(demo, demo=True, now=datetime(2027, 1, 1, tzinfo=UTC))
    assert numbers(demo) == before == [480, 480]


def test_customers_live_in_the_country_of_their_address(demo) -> None:
    elsewhere = select(func.count()).select_from(Address).join(Customer, Customer.id == Address.customer_id)
    with demo.app_context(), entered(system_scope("seed")) as reading:
        assert reading.scalar(elsewhere.where(Customer.country != Address.country)) == 0


def test_every_customer_acted_on_a_platform(demo) -> None:
    with demo.app_context(), entered(system_scope("seed")) as reading:
        seen = reading.scalar(select(func.count(CustomerPlatform.customer_id.distinct())))
    assert seen == numbers(demo)[0]
