"""The pages of vendors, teams and platforms: what they list, find, sort and link to."""

import re
from datetime import date

import pytest

from modules.tenancy import services

pytestmark = pytest.mark.by_turns


def names(page) -> list[str]:
    """The first cells of a list's rows."""
    assert page.status_code == 200, page.status
    found = re.findall(r'<th scope="row"[^>]*>(?:<a [^>]*>)?([^<]+)', page.text)
    return [name.strip() for name in found]


@pytest.fixture
def admin(town, sign_in):
    """An administrator of the installation, signed in to the town."""
    town.person("ada@x.example", "installation", password="orion-demo")
    return sign_in("ada@x.example", app=town.app)


@pytest.fixture
def paul(town, sign_in):
    """The administrator of oms, signed in to the town."""
    town.person("paul@x.example", "platform", place="oms", password="orion-demo")
    return sign_in("paul@x.example", app=town.app)


def test_vendors_are_listed_by_name(admin) -> None:
    assert names(admin.get("/admin/vendors")) == ["Alpha", "Beta"]


def test_a_vendors_row_names_the_platforms_that_it_is_on_now(town, admin) -> None:
    town.leave("ALPHA", "letz")
    row = admin.get("/admin/vendors?q=alpha").text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "Oms" in row
    assert "Letz" not in row


def test_vendors_are_found_without_their_accents(town, admin) -> None:
    town.vendor("GAMMA", "oms", name="Épicerie Łódź")
    assert names(admin.get("/admin/vendors?q=epic")) == ["Épicerie Łódź"]
    assert names(admin.get("/admin/vendors?q=ÉPIC")) == ["Épicerie Łódź"]
    assert names(admin.get("/admin/vendors?q=lodz")) == ["Épicerie Łódź"]


def test_vendors_are_found_by_code(town, admin) -> None:
    town.vendor("ZX81", "oms", name="Sinclair")
    assert names(admin.get("/admin/vendors?q=zx")) == ["Sinclair"]


def test_vendors_are_filtered_by_status(town, admin) -> None:
    town.close("BETA")
    assert names(admin.get("/admin/vendors?status=closed")) == ["Beta"]
    assert names(admin.get("/admin/vendors?status=active")) == ["Alpha"]


def test_vendors_are_filtered_by_their_first_day(admin) -> None:
    assert names(admin.get("/admin/vendors?from=2026-01-01&to=2026-12-31")) == ["Beta"]


def test_vendors_are_narrowed_to_a_platform(admin) -> None:
    assert names(admin.get("/admin/vendors?platform=oms")) == ["Alpha"]


def test_vendors_are_sorted_by_their_first_day(admin) -> None:
    assert names(admin.get("/admin/vendors?sort=-since")) == ["Beta", "Alpha"]


def test_a_status_that_there_is_not_is_refused(admin) -> None:
    assert admin.get("/admin/vendors?status=gone").status_code == 422


def test_a_platforms_administrator_lists_its_vendors_alone(paul) -> None:
    assert names(paul.get("/admin/vendors")) == ["Alpha"]


def test_without_vendors_a_platforms_list_says_so(town, paul) -> None:
    town.leave("ALPHA", "oms")
    page = paul.get("/admin/vendors")
    assert names(page) == []
    assert "No vendors yet" in page.text


def test_a_vendors_page_tells_platforms_team_and_domains(town, admin) -> None:
    town.person("olga@x.example", "vendor", place="ALPHA")
    with town.writing():
        services.add_domain(town.scope, town.vendors["ALPHA"], "alpha.example", date(2026, 11, 1))
    town.leave("ALPHA", "letz", date(2026, 11, 20))
    page = admin.get("/admin/vendors/ALPHA").text
    for text in ("Europe/Luxembourg", "Oms", "Left on Nov 20, 2026", "olga@x.example", "alpha.example"):
        assert text in page


def test_a_vendors_page_shows_a_platform_only_its_own_part(town, paul) -> None:
    page = paul.get("/admin/vendors/ALPHA").text
    assert "Oms" in page
    assert "Letz" not in page


def test_a_vendors_page_hides_the_team_from_those_who_may_not_see_it(town, sign_in) -> None:
    town.person("olga@x.example", "vendor", place="ALPHA")
    town.person("ada@x.example", "installation", ["tenancy.vendors_view"], password="orion-demo")
    client = sign_in("ada@x.example", app=town.app)
    assert "olga@x.example" not in client.get("/admin/vendors/ALPHA").text
    assert client.get("/admin/team").status_code == 403


def test_a_vendor_without_anything_still_has_a_page(town, admin) -> None:
    town.vendor("EMPTY")
    page = admin.get("/admin/vendors/EMPTY").text
    for text in ("On no platform yet", "Nobody here yet", "no domain of its own"):
        assert text in page


def test_a_foreign_vendors_page_looks_like_one_that_never_existed(paul) -> None:
    foreign, never = (paul.get(f"/admin/vendors/{code}") for code in ("BETA", "NEVER"))
    assert (foreign.status_code, never.status_code) == (404, 404)
    # Tokens hold the second they were made in.
    texts = [re.sub(r"[\w.-]{20,}", "", page.text) for page in (foreign, never)]
    assert texts[0].replace("BETA", "NEVER") == texts[1]


def test_the_administration_lists_the_people_of_all_places(town, admin) -> None:
    town.person("olga@x.example", "vendor", place="ALPHA")
    town.person("paul@x.example", "platform", place="oms")
    assert names(admin.get("/admin/team")) == ["Ada", "Olga", "Paul"]


def test_a_platforms_administrator_lists_its_own_people_and_its_vendors(town, paul) -> None:
    town.person("ada@x.example", "installation")
    town.person("lena@x.example", "platform", place="letz")
    town.person("olga@x.example", "vendor", place="ALPHA")
    town.person("bea@x.example", "vendor", place="BETA")
    assert names(paul.get("/admin/team")) == ["Olga", "Paul"]


def test_people_are_filtered_by_level_and_by_role(town, admin) -> None:
    town.person("olga@x.example", "vendor", place="ALPHA")
    page = admin.get("/admin/team")
    assert names(admin.get("/admin/team?level=vendor")) == ["Olga"]
    roles = dict(re.findall(r'<option value="([so]\d+)"[^>]*>(Role \d+)', page.text))
    assert sorted(names(admin.get(f"/admin/team?role={role}"))[0] for role in roles) == ["Ada", "Olga"]


def test_people_are_found_by_name_and_by_address(town, admin) -> None:
    town.person("olga@x.example", "vendor", place="ALPHA")
    assert names(admin.get("/admin/team?q=OLG")) == ["Olga"]
    assert names(admin.get("/admin/team?q=ada@x")) == ["Ada"]
    town.person("tom@lumen.example", "vendor", place="BETA")
    assert names(admin.get("/admin/team?q=lumen")) == ["Tom"]


def test_a_vendors_team_is_its_own(town, sign_in) -> None:
    town.person("olga@x.example", "vendor", place="ALPHA", password="orion-demo")
    town.person("bea@x.example", "vendor", place="BETA")
    client = sign_in("olga@x.example", app=town.app)
    assert names(client.get("/vendor/ALPHA/team")) == ["Olga"]
    assert names(client.get("/vendor/ALPHA/team?platform=oms")) == ["Olga"]


def test_a_vendors_people_are_offered_their_own_roles_alone(town, sign_in) -> None:
    town.person("olga@x.example", "vendor", place="ALPHA", password="orion-demo")
    town.person("bea@x.example", "vendor", place="BETA")
    page = sign_in("olga@x.example", app=town.app).get("/vendor/ALPHA/team").text
    assert len(re.findall(r">Role \d+</option>", page)) == 1


def test_platforms_say_how_many_vendors_they_have(admin) -> None:
    page = admin.get("/admin/platforms")
    assert names(page) == ["Letz", "Oms"]
    assert re.findall(r'data-label="Vendors"><span><bdi[^>]*>(\d+)', page.text) == ["2", "1"]


def test_a_platforms_row_leads_to_its_vendors(admin) -> None:
    assert 'href="/admin/platforms/oms"' in admin.get("/admin/platforms").text
    assert 'href="/admin/vendors?platform=oms"' in admin.get("/admin/platforms/oms").text
