"""The customers' list and profile: what they show, find, sort and link to."""

import re

import pytest

from modules.customers.models import Address, Customer
from orion.contracts.data import insert_rows, session

pytestmark = pytest.mark.by_turns


def names(page) -> list[str]:
    """The first cells of a list's rows."""
    assert page.status_code == 200, page.status
    found = re.findall(r'<th scope="row"[^>]*>(?:<a [^>]*>)?([^<]+)', page.text)
    return [name.strip() for name in found]


def listed(client, **asked: str) -> list[str]:
    return names(client.get("/vendor/SHOP/customers", query_string=asked))


def profile(market, reference: str, vendor: str = "SHOP") -> str:
    """The public id of a customer."""
    with market.at(vendor):
        return session().query(Customer).filter(Customer.reference == reference).one().public_id


ZOE, BRUNO, ONLY, LAST = "Zoë Ångström", "Bruno Keller", "only@mail.example", "A-4"


def test_the_newest_customers_come_first(owner) -> None:
    assert listed(owner) == [LAST, ONLY, BRUNO, ZOE]


def test_customers_without_a_name_go_by_their_address_or_reference(owner) -> None:
    assert {LAST, ONLY} <= set(listed(owner))


@pytest.mark.parametrize("text", ["zoe", "ZOË ÅNG", "ang zo", "angstrom", "zoe@mail", "a-1"])
def test_a_customer_is_found_by_words_of_name_address_or_reference(owner, text) -> None:
    assert listed(owner, q=text) == [ZOE]


@pytest.mark.parametrize("text", ["ngstrom", "oe", "%", "_"])
def test_the_middle_of_a_name_finds_nobody(owner, text) -> None:
    page = owner.get("/vendor/SHOP/customers", query_string={"q": text})
    assert names(page) == []
    assert "Nothing matches" in page.text


def test_customers_are_filtered_by_country(owner) -> None:
    assert listed(owner, country="DE") == [ONLY, BRUNO]


def test_the_countries_of_ones_own_customers_are_offered_by_name(owner) -> None:
    page = owner.get("/vendor/SHOP/customers").text
    assert re.findall(r'<option value="([A-Z]+)"[^>]*>([^<]+)', page) == [("DE", "Germany"), ("SE", "Sweden")]


def test_a_country_where_nobody_lives_is_refused(owner) -> None:
    assert owner.get("/vendor/SHOP/customers?country=FR").status_code == 422


def test_dates_mean_the_joining_day(owner) -> None:
    assert listed(owner, **{"from": "2026-10-30", "to": "2026-11-20"}) == [ONLY, BRUNO]


def test_with_bought_again_dates_mean_the_days_of_purchases(owner) -> None:
    assert listed(owner, returning="yes", **{"from": "2026-11-01", "to": "2026-11-15"}) == [ZOE]


def test_whoever_joined_within_the_dates_has_not_returned_in_them(owner) -> None:
    assert listed(owner, returning="yes", **{"from": "2026-10-30", "to": "2026-11-23"}) == [ZOE]


def test_without_dates_bought_again_means_after_the_joining_day(owner) -> None:
    assert listed(owner, returning="yes") == [BRUNO, ZOE]


def test_until_a_date_bought_again_means_after_joining_and_until_then(owner) -> None:
    assert listed(owner, returning="yes", to="2026-11-15") == [ZOE]


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("name", [ONLY, LAST, BRUNO, ZOE]),
        ("-reference", [LAST, ONLY, BRUNO, ZOE]),
        ("country", [LAST, BRUNO, ONLY, ZOE]),
        ("joined", [ZOE, BRUNO, ONLY, LAST]),
    ],
)
def test_customers_are_sorted(owner, sort, expected) -> None:
    assert listed(owner, sort=sort) == expected


def test_on_one_platform_only_those_who_acted_there_are_listed(owner) -> None:
    assert listed(owner, platform="west") == [BRUNO, ZOE]


def test_a_vendor_never_lists_anothers_customers(owner) -> None:
    assert "Rita Rival" not in owner.get("/vendor/SHOP/customers").text
    assert listed(owner, q="rita") == []


def test_without_customers_the_list_says_so(market, sign_in) -> None:
    client = sign_in(market.person("owner@x.example", "vendor", "SHOP"), app=market.app)
    assert "No customers yet" in client.get("/vendor/SHOP/customers").text


def test_the_administration_names_each_customers_vendor(admin) -> None:
    page = admin.get("/admin/customers")
    assert len(names(page)) == 5
    assert re.findall(r'data-label="Vendor"><span>(\w+)', page.text).count("Rival") == 1


def test_the_administration_filters_by_vendor(admin) -> None:
    assert names(admin.get("/admin/customers?vendor=RIVAL")) == ["Rita Rival"]
    assert names(admin.get("/admin/customers?vendor=NEVER")) == []


def test_a_platforms_administrator_lists_who_acted_there(easterner) -> None:
    assert names(easterner.get("/admin/customers")) == [ONLY, BRUNO, ZOE]


def test_a_platforms_administrator_is_offered_its_own_vendors(easterner) -> None:
    page = easterner.get("/admin/customers").text
    assert re.findall(r'<option value="([A-Z]+)"', page) == ["SHOP"]


def test_a_profile_tells_contact_platforms_and_days(busy, owner) -> None:
    page = owner.get(f"/vendor/SHOP/customers/{profile(busy, 'A-1')}").text
    for text in (
        ZOE,
        "mailto:zoe@mail.example",
        "Sweden",
        "A-1",
        "East",
        "West",
        "2 purchases",
        "1 purchase",
    ):
        assert text in page


def test_a_profile_ends_with_the_day_of_joining(busy, owner) -> None:
    page = owner.get(f"/vendor/SHOP/customers/{profile(busy, 'A-4')}").text
    timeline = page.partition('<ol class="timeline">')[2].partition("</ol>")[0]
    assert re.findall(r"<time[^>]*>([^<]+)", timeline) == ["Nov 23, 2026"]
    assert "Became a customer" in timeline


def test_a_profile_has_the_customers_addresses(busy, owner) -> None:
    with busy.at("SHOP", write=True) as scope:
        rows = [
            {"customer_id": busy.ids["A-1"], "line1": "Storgatan 1", "postcode": "111 22", "country": "SE"}
        ]
        insert_rows(scope, Address, rows)
    page = owner.get(f"/vendor/SHOP/customers/{profile(busy, 'A-1')}").text
    assert "Storgatan 1</bdi><br><bdi>111 22" in page


def test_a_profile_on_one_platform_shows_that_platforms_days(busy, easterner) -> None:
    page = easterner.get(f"/admin/customers/{profile(busy, 'A-1')}").text
    assert "2 purchases" in page
    assert "West" not in page


def test_a_profile_in_the_administration_leads_to_the_vendor(busy, admin) -> None:
    page = admin.get(f"/admin/customers/{profile(busy, 'A-1')}").text
    assert 'href="/admin/vendors/SHOP"' in page


def test_a_vendors_page_leads_to_its_customers(busy, admin) -> None:
    page = admin.get("/admin/vendors/SHOP").text
    assert f'href="/admin/customers/{profile(busy, "A-4")}"' in page
    assert 'href="/admin/customers?vendor=SHOP"' in page


def test_anothers_customer_looks_like_one_that_never_existed(busy, owner) -> None:
    foreign = profile(busy, "A-1", "RIVAL")
    answers = [owner.get(f"/vendor/SHOP/customers/{code}") for code in (foreign, "2" * 14)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert "Rita" not in answers[0].text


def test_who_never_acted_on_a_platform_is_not_found_there(busy, easterner) -> None:
    assert easterner.get(f"/admin/customers/{profile(busy, 'A-4')}").status_code == 404


def test_staff_without_the_permission_see_no_customers(demo, sign_in) -> None:
    assert sign_in("staff@orion.example").get("/vendor/WIZAMART/customers").status_code == 403
