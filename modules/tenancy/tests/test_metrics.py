"""Each figure is what counting the rows gives, and what the list behind it shows."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from modules.tenancy import metrics, services
from modules.tenancy.models import Membership, Vendor, VendorDomain
from orion.contracts.data import session
from orion.contracts.metrics import MetricContext
from orion.contracts.periods import resolve

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.fixture
def staffed(town):
    """Five memberships of four people, and two domains."""
    town.person("ada@x.example", "installation")
    town.person("paul@x.example", "platform", place="oms")
    olga = town.person("olga@x.example", "vendor", place="ALPHA")
    town.work(olga, "vendor", None, "BETA")
    town.person("bea@x.example", "vendor", place="BETA")
    with town.writing():
        for code in ("ALPHA", "BETA"):
            services.add_domain(town.scope, town.vendors[code], f"{code}.example", NOW.date())
    return town


def ask(scope, name: str, period: str = "30d"):
    context = MetricContext(scope, resolve(period, "UTC", NOW), session(), NOW)
    return getattr(metrics, name)(scope, context)


COUNTED = {
    "vendors": select(func.count()).select_from(Vendor),
    "active_vendors": select(func.count()).select_from(Vendor).where(Vendor.status == "active"),
    "team_members": select(func.count()).select_from(Membership),
    "users": select(func.count(Membership.user_id.distinct())),
    "domains": select(func.count()).select_from(VendorDomain),
}
#: Place → vendors, active vendors, team members, users, domains.
EXPECTED = {
    (None, None): (2, 1, 5, 4, 2),
    (None, "oms"): (1, 1, 2, 2, 1),
    (None, "letz"): (2, 1, 3, 2, 2),
    ("ALPHA", None): (1, 1, 1, 1, 1),
    ("BETA", "letz"): (1, 0, 2, 2, 1),
}


@pytest.mark.parametrize(("vendor", "platform"), EXPECTED)
def test_figures_are_those_of_the_place(staffed, vendor, platform) -> None:
    staffed.close("BETA", "suspended")
    with staffed.reading(vendor, platform) as scope:
        found = tuple(ask(scope, name).value for name in COUNTED)
        assert found == EXPECTED[vendor, platform]
        assert found == tuple(session().scalar(statement) for statement in COUNTED.values())


@pytest.mark.parametrize(
    ("period", "value", "previous"), [("30d", 1, 0), ("today", 0, 0), ("12m", 1, 1), ("90d", 1, 0)]
)
def test_new_vendors_are_those_whose_first_day_lies_in_the_period(town, period, value, previous) -> None:
    with town.reading() as scope:
        found = ask(scope, "new_vendors", period)
        assert (found.value, found.previous) == (value, previous)


def test_of_yesterday_only_vendors_until_the_same_time_of_day_are_compared(town) -> None:
    town.vendor("EARLY", born=datetime(2026, 11, 22, 11, 59, tzinfo=UTC))
    town.vendor("LATE", born=datetime(2026, 11, 22, 12, 1, tzinfo=UTC))
    town.vendor("NOW", born=datetime(2026, 11, 23, 11, tzinfo=UTC))
    with town.reading() as scope:
        found = ask(scope, "new_vendors", "today")
        assert (found.value, found.previous) == (1, 1)


def test_the_development_of_new_vendors_adds_up_to_their_number(town) -> None:
    with town.reading() as scope:
        found = ask(scope, "new_vendors", "30d")
        assert sum(found.spark) == found.value == 1


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("tenancy.vendors", "/admin/vendors?"),
        ("tenancy.active_vendors", "/admin/vendors?status=active&"),
        ("tenancy.new_vendors", "/admin/vendors?from={from}&to={to}&"),
        ("tenancy.team_members", "/admin/team?"),
    ],
)
@pytest.mark.parametrize("email", ["admin@orion.example", "platform@orion.example"])
@pytest.mark.parametrize("period", ["7d", "12m"])
def test_a_tile_says_what_its_list_shows(demo, sign_in, query, path, email, period) -> None:
    client = sign_in(email)
    url = f"/admin/tiles/{query}?period={period}"
    tile = client.get(url, headers={"Accept": "application/json"}).get_json()
    page = client.get(path.format(**{"from": tile.get("from"), "to": tile.get("to")}) + "count=exact").text
    shown = re.search(r"data-announce>([\d,]+) entr", page)
    assert tile["value"] == (int(shown[1]) if shown else 0)


def test_the_team_tile_of_a_vendor_says_what_its_list_shows(demo, sign_in) -> None:
    client = sign_in("owner@orion.example")
    url = "/vendor/WIZAMART/tiles/tenancy.team_members"
    assert client.get(url, headers={"Accept": "application/json"}).get_json()["value"] == 2
    assert ">2 entries<" in client.get("/vendor/WIZAMART/team").text
