"""Who may see and do what, at every kind of place."""

import pytest

from modules.tenancy import api
from orion.contracts.errors import Forbidden, NotFound
from orion.contracts.permissions import Place
from orion.contracts.scope import ALL, ScopeKind

pytestmark = pytest.mark.by_turns


@pytest.fixture(autouse=True)
def others(town) -> None:
    """People with more rights than those who ask: none of theirs may ever be lent."""
    town.person("other@x.example", "installation")
    town.person("another@x.example", "platform", place="letz")
    town.person("third@x.example", "vendor", place="BETA")


def ids(town, *codes: str) -> frozenset[int]:
    tenants = town.vendors | town.platforms
    return frozenset(tenants[code].id for code in codes)


def test_an_administrator_of_the_installation_sees_everything(town) -> None:
    access = town.access(town.person("ada@x.example", "installation"))
    assert (access.kind, access.vendors, access.platforms) == (ScopeKind.INSTALLATION, ALL, ALL)


def test_an_administrator_of_the_installation_may_choose_any_platform(town) -> None:
    access = town.access(town.person("ada@x.example", "installation"))
    assert {p.code for p in access.platforms_here} == {"oms", "letz"}


def test_the_installation_on_one_platform_sees_that_platforms_vendors(town) -> None:
    access = town.access(town.person("ada@x.example", "installation"), platform="oms")
    assert access.kind == ScopeKind.PLATFORM
    assert (access.vendors, access.platforms) == (ids(town, "ALPHA"), ids(town, "oms"))


def test_the_installation_on_one_platform_may_still_choose_another(town) -> None:
    access = town.access(town.person("ada@x.example", "installation"), platform="oms")
    assert {p.code for p in access.platforms_here} == {"oms", "letz"}


def test_a_platforms_administrator_sees_its_vendors_alone(town) -> None:
    access = town.access(town.person("paul@x.example", "platform", place="oms"))
    assert access.kind == ScopeKind.PLATFORM
    assert (access.vendors, access.platforms) == (ids(town, "ALPHA"), ids(town, "oms"))


def test_a_platforms_administrator_finds_no_other_platform(town) -> None:
    paul = town.person("paul@x.example", "platform", place="oms")
    with pytest.raises(NotFound):
        town.access(paul, platform="letz")


def test_a_foreign_platform_and_one_that_never_existed_are_told_apart_nowhere(town) -> None:
    paul = town.person("paul@x.example", "platform", place="oms")
    messages = []
    for code in ("letz", "never"):
        with pytest.raises(NotFound) as raised:
            town.access(paul, platform=code)
        messages.append(raised.value.message)
    assert messages[0] == messages[1]


def test_on_two_platforms_a_person_may_do_what_they_may_do_on_both(town) -> None:
    paul = town.person("paul@x.example", "platform", ["customers.view", "tenancy.team_view"], "oms")
    town.work(paul, "platform", ["customers.view"], "letz")
    assert town.access(paul).permissions == {"customers.view"}
    assert town.access(paul, platform="oms").permissions == {"customers.view", "tenancy.team_view"}


def test_roles_for_the_installation_and_for_a_platform_add_up_on_that_platform(town) -> None:
    ada = town.person("ada@x.example", "installation", ["tenancy.vendors_view"])
    town.work(ada, "platform", ["customers.view"], "oms")
    assert town.access(ada, platform="oms").permissions == {"tenancy.vendors_view", "customers.view"}
    assert town.access(ada, platform="letz").permissions == {"tenancy.vendors_view"}
    assert town.access(ada).permissions == {"tenancy.vendors_view"}


def test_a_vendors_people_see_the_vendor_on_all_its_platforms(town) -> None:
    access = town.access(town.person("olga@x.example", "vendor", place="ALPHA"), "ALPHA")
    assert access.kind == ScopeKind.VENDOR
    assert (access.vendors, access.platforms) == (ids(town, "ALPHA"), ids(town, "oms", "letz"))


def test_a_vendors_people_see_one_platform_where_the_address_names_it(town) -> None:
    access = town.access(town.person("olga@x.example", "vendor", place="ALPHA"), "ALPHA", "letz")
    assert access.kind == ScopeKind.VENDOR_ON_PLATFORM
    assert (access.vendors, access.platforms) == (ids(town, "ALPHA"), ids(town, "letz"))


def test_a_vendors_people_find_no_platform_that_the_vendor_was_never_on(town) -> None:
    bea = town.person("bea@x.example", "vendor", place="BETA")
    with pytest.raises(NotFound):
        town.access(bea, "BETA", "oms")


def test_another_vendor_and_one_that_never_existed_are_told_apart_nowhere(town) -> None:
    olga = town.person("olga@x.example", "vendor", place="ALPHA")
    messages = []
    for code in ("BETA", "NEVER", "alpha"):
        with pytest.raises(NotFound) as raised:
            town.access(olga, code)
        messages.append(raised.value.message)
    assert len(set(messages)) == 1


def test_a_platforms_administrator_does_not_enter_its_vendors_rooms(town) -> None:
    paul = town.person("paul@x.example", "platform", place="oms")
    with pytest.raises(NotFound):
        town.access(paul, "ALPHA")


def test_a_vendors_people_do_not_enter_the_administration(town) -> None:
    with pytest.raises(Forbidden):
        town.access(town.person("olga@x.example", "vendor", place="ALPHA"))


def test_somebody_without_a_role_enters_nothing(town) -> None:
    nobody = town.person("nobody@x.example")
    with pytest.raises(Forbidden):
        town.access(nobody)
    with pytest.raises(NotFound):
        town.access(nobody, "ALPHA")


def test_a_platform_no_longer_sees_a_vendor_that_has_left_it(town) -> None:
    paul = town.person("paul@x.example", "platform", place="oms")
    town.leave("ALPHA", "oms")
    assert town.access(paul).vendors == frozenset()


def test_a_vendor_keeps_the_platform_that_it_has_left(town) -> None:
    olga = town.person("olga@x.example", "vendor", place="ALPHA")
    town.leave("ALPHA", "oms")
    assert town.access(olga, "ALPHA").platforms == ids(town, "oms", "letz")
    assert town.access(olga, "ALPHA", "oms").platforms == ids(town, "oms")


@pytest.mark.parametrize("gone", ["left", "suspended"])
def test_visitors_do_not_meet_a_vendor_where_it_does_not_sell(town, gone: str) -> None:
    if gone == "left":
        town.leave("ALPHA", "oms")
    else:
        town.suspend("ALPHA", "oms")
    met = api.permission_source.everything_at
    with town.app.test_request_context():
        assert met(Place("shop", "ALPHA", "letz")).platforms == ids(town, "letz")
        assert met(Place("shop", "ALPHA")).platforms == ids(town, "letz")
        words = []
        for platform in ("oms", "never"):
            with pytest.raises(NotFound) as refused:
                met(Place("shop", "ALPHA", platform))
            words.append(refused.value.message)
        assert words[0] == words[1]
        assert met(Place("vendor", "ALPHA", "oms")).platforms == ids(town, "oms")


def test_visitors_meet_no_vendor_that_sells_nowhere(town) -> None:
    town.leave("BETA", "letz")
    with town.app.test_request_context(), pytest.raises(NotFound):
        api.permission_source.everything_at(Place("shop", "BETA"))


def test_a_closed_vendor_is_not_to_be_found(town) -> None:
    olga = town.person("olga@x.example", "vendor", place="ALPHA")
    town.close("ALPHA")
    with pytest.raises(NotFound):
        town.access(olga, "ALPHA")


def test_no_door_leads_to_a_closed_vendor(town) -> None:
    olga = town.person("olga@x.example", "vendor", place="ALPHA")
    town.work(olga, "vendor", None, "BETA")
    town.close("ALPHA")
    assert [door.code for door in town.access(olga, "BETA").doors] == ["BETA"]


def test_a_suspended_vendors_people_still_come_in(town) -> None:
    olga = town.person("olga@x.example", "vendor", place="ALPHA")
    town.close("ALPHA", "suspended")
    assert town.access(olga, "ALPHA").vendor.status == "suspended"


def test_doors_are_the_administration_and_each_vendor_once(town) -> None:
    ada = town.person("ada@x.example", "installation")
    town.work(ada, "vendor", None, "ALPHA")
    town.work(ada, "vendor", None, "BETA")
    doors = [(door.frontend, door.code) for door in town.access(ada).doors]
    assert doors == [("admin", None), ("vendor", "ALPHA"), ("vendor", "BETA")]


def test_a_role_gives_its_permissions_at_its_own_place_alone(town) -> None:
    olga = town.person("olga@x.example", "vendor", ["customers.view"], "ALPHA")
    town.work(olga, "vendor", ["tenancy.team_view"], "BETA")
    assert town.access(olga, "ALPHA").permissions == {"customers.view"}
    assert town.access(olga, "BETA").permissions == {"tenancy.team_view"}


def test_grants_of_a_module_that_is_not_there_are_parked(town) -> None:
    olga = town.person("olga@x.example", "vendor", ["customers.view", "gone.view"], "ALPHA")
    assert town.access(olga, "ALPHA").permissions == {"customers.view"}


def test_a_role_with_everything_holds_what_is_declared(town) -> None:
    olga = town.person("olga@x.example", "vendor", None, "ALPHA")
    assert town.access(olga, "ALPHA").permissions == {
        "tenancy.vendors_view",
        "tenancy.team_view",
        "customers.view",
    }


def test_a_vendors_place_has_the_vendors_zone_and_currency(town) -> None:
    access = town.access(town.person("olga@x.example", "vendor", place="ALPHA"), "ALPHA")
    assert (access.zone, access.currency, access.vendor.name) == ("Europe/Luxembourg", "EUR", "Alpha")


def test_a_vendor_on_no_platform_has_none(town) -> None:
    town.vendor("GAMMA")
    access = town.access(town.person("gina@x.example", "vendor", place="GAMMA"), "GAMMA")
    assert (access.platforms, access.platforms_here) == (frozenset(), ())


def test_a_command_sees_the_whole_vendor(town) -> None:
    with town.reading("ALPHA") as scope:
        assert (scope.vendors, scope.platforms) == (ids(town, "ALPHA"), ids(town, "oms", "letz"))


def test_a_command_sees_a_closed_vendor(town) -> None:
    town.close("ALPHA")
    with town.reading("ALPHA") as scope:
        assert scope.vendor.status == "closed"


def test_a_command_without_a_place_sees_everything(town) -> None:
    with town.reading() as scope:
        assert (scope.kind, scope.vendors) == (ScopeKind.INSTALLATION, ALL)


@pytest.mark.parametrize(("vendor", "platform"), [("NEVER", None), (None, "never"), ("BETA", "oms")])
def test_a_command_finds_no_place_that_is_not_there(town, vendor, platform) -> None:
    with pytest.raises(NotFound), town.reading(vendor, platform):
        pass


def test_people_with_a_permission_are_found_wherever_they_hold_it(town) -> None:
    ada = town.person("ada@x.example", "installation")
    olga = town.person("olga@x.example", "vendor", ["customers.view"], "ALPHA")
    stan = town.person("stan@x.example", "vendor", ["tenancy.team_view"], "ALPHA")
    with town.app.app_context():
        found = api.permission_source.people_with("customers.view")
    assert {ada, olga} <= set(found)
    assert stan not in found


def test_roles_are_told_with_who_holds_them_for_which_platforms(town) -> None:
    ada = town.person("ada@x.example", "installation")
    olga = town.person("olga@x.example", "vendor", ["customers.view"], "ALPHA")
    with town.app.app_context():
        held = {
            role.people[user]: role
            for role in api.permission_source.holders()
            for user in role.people
            if user in (ada, olga)
        }
    assert held[frozenset()].level == "installation"
    assert held[frozenset({"oms", "letz"})].permissions == {"customers.view"}


def test_rights_are_one_expression_of_one_statement(town, count_sql) -> None:
    ada = town.person("ada@x.example", "installation")
    with count_sql(town.app) as statements:
        town.access(ada, platform="oms")
    assert len([s for s in statements if s.lstrip().upper().startswith("SELECT")]) == 1
