"""Writes keep the rules, and say which one was broken."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from modules.tenancy import services
from modules.tenancy.models import VendorPlatform
from orion.contracts.data import session
from orion.contracts.errors import Invalid

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def junction(town, vendor: str, platform: str) -> VendorPlatform:
    return (
        session()
        .scalars(
            select(VendorPlatform).where(
                VendorPlatform.vendor_id == town.vendors[vendor].id,
                VendorPlatform.platform_id == town.platforms[platform].id,
            )
        )
        .one()
    )


def create(town, **changes):
    facts = {"code": "NEW", "name": "New", "currency": "EUR", "zone": "Europe/Berlin", "now": NOW} | changes
    code, name = facts.pop("code"), facts.pop("name")
    with town.writing():
        return services.create_vendor(town.scope, code, name, **facts)


def test_a_vendors_first_day_is_the_date_on_its_own_wall(town) -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert create(town, zone="Asia/Tokyo", now=late).created_on == date(2026, 11, 24)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "ALPHA"},
        {"code": "small"},
        {"code": "A/B"},
        {"code": ""},
        {"code": "A" * 33},
        {"zone": "Mars/Olympus"},
        {"currency": "Euro"},
    ],
)
def test_a_vendor_with_a_wrong_fact_is_refused(town, wrong) -> None:
    with pytest.raises(Invalid):
        create(town, **wrong)


@pytest.mark.parametrize("code", ["oms", "Oms", "o m s", "", "-"])
def test_a_platform_with_a_taken_or_wrong_code_is_refused(town, code) -> None:
    with pytest.raises(Invalid), town.writing():
        services.create_platform(town.scope, code, "Another", now=NOW)


def test_a_vendor_that_is_there_joins_a_platform_once(town) -> None:
    with town.writing():
        services.join_platform(town.scope, town.vendors["ALPHA"], town.platforms["oms"], TODAY)
        assert junction(town, "ALPHA", "oms").since == date(2025, 3, 1)


def test_leaving_a_platform_keeps_the_row_and_its_date(town) -> None:
    town.leave("ALPHA", "oms", TODAY)
    with town.writing():
        row = junction(town, "ALPHA", "oms")
        assert (row.status, row.since, row.ended_on) == ("ended", date(2025, 3, 1), TODAY)


def test_a_vendor_that_has_left_may_come_again(town) -> None:
    town.leave("ALPHA", "oms", TODAY)
    again = TODAY + timedelta(days=9)
    with town.writing():
        services.join_platform(town.scope, town.vendors["ALPHA"], town.platforms["oms"], again)
        row = junction(town, "ALPHA", "oms")
        assert (row.status, row.since, row.ended_on) == ("active", again, None)


def test_a_vendor_leaves_no_platform_that_it_is_not_on(town) -> None:
    with pytest.raises(Invalid):
        town.leave("BETA", "oms")


def test_a_vendor_leaves_a_platform_once(town) -> None:
    town.leave("ALPHA", "oms")
    with pytest.raises(Invalid):
        town.leave("ALPHA", "oms")


def test_a_vendor_does_not_leave_before_it_has_joined(town) -> None:
    with pytest.raises(Invalid):
        town.leave("ALPHA", "oms", date(2024, 1, 1))


def test_a_persons_role_is_for_the_place_that_it_is_given_at(town, role) -> None:
    person = town.person("olga@x.example")
    places = [
        {},
        {"platform": town.platforms["oms"]},
        {"vendor": town.vendors["ALPHA"], "platform": town.platforms["oms"]},
    ]
    for place in places:
        with pytest.raises(Invalid), town.writing():
            services.add_member(town.scope, person, role, TODAY, **place)


def test_a_role_for_the_installation_is_for_no_vendor(town) -> None:
    person = town.person("ada@x.example")
    with pytest.raises(Invalid), town.writing():
        role = services.create_role(town.scope, "installation", "All")
        services.add_member(town.scope, person, role, TODAY, vendor=town.vendors["ALPHA"])


@pytest.mark.parametrize(
    ("level", "place"), [("installation", None), ("platform", "oms"), ("vendor", "ALPHA")]
)
def test_a_person_works_at_a_place_once(town, membership_count, level, place) -> None:
    person = town.person("olga@x.example", level, place=place)
    with pytest.raises(Invalid):
        town.work(person, level, ["customers.view"], place)
    assert membership_count(person) == 1


def test_a_domain_is_kept_in_small_letters_without_its_last_dot(town) -> None:
    with town.writing():
        domain = services.add_domain(town.scope, town.vendors["ALPHA"], " Shop.Alpha.Example. ", TODAY)
        assert domain.host == "shop.alpha.example"


def test_a_domain_is_in_a_vendors_list_once(town) -> None:
    with town.writing():
        services.add_domain(town.scope, town.vendors["ALPHA"], "alpha.example", TODAY)
        with pytest.raises(Invalid):
            services.add_domain(town.scope, town.vendors["ALPHA"], "ALPHA.example", TODAY)


def test_two_vendors_may_claim_a_domain_until_one_has_proved_it(town) -> None:
    with town.writing():
        first = services.add_domain(town.scope, town.vendors["ALPHA"], "same.example", TODAY, NOW)
        other = services.add_domain(town.scope, town.vendors["BETA"], "same.example", TODAY)
        assert (first.verified_at, other.verified_at) == (NOW, None)


def test_a_levels_roles_have_different_names(town, role) -> None:
    with pytest.raises(Invalid), town.writing():
        services.create_role(town.scope, "vendor", role.name)
