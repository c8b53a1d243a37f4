"""/admin/modules: what somebody who manages modules sees."""

import pytest

from orion.manifest.diagnostics import as_text
from tests.product.board import ADMIN, OWNER, PLATFORM, Board

pytestmark = pytest.mark.long_on("postgresql")


def test_every_module_is_listed_with_its_state_and_who_requires_it(at: Board) -> None:
    page = at.get("/admin/modules").text
    for code in at.orion.registry.states:
        assert f'href="/admin/modules/{code}"' in page
    assert "inventory, marketplace" in page
    assert 'href="/admin/modules"' in at.get("/admin/").text


def test_what_is_off_is_told_with_the_line_that_says_so(at: Board) -> None:
    at.edit("cms.yaml", "version:", "enabled: false\nversion:")
    line = at.text("cms.yaml").splitlines().index("enabled: false") + 1
    assert f"(manifests/cms.yaml:{line})" in at.get("/admin/modules").text


def test_what_is_wrong_is_told_with_its_place_beside_the_line(at: Board) -> None:
    at.edit("cms.yaml", "version:", "requirez: [tenancy]\nversion:")
    assert "manifests/cms.yaml:6:1" in at.get("/admin/modules").text
    assert 'href="/admin/modules/cms#L6"' in at.get("/admin/").text
    page = at.get("/admin/modules/cms").text
    assert "its last good text is in use" in page
    wrong = page.partition('<p id="L6" data-tone="danger">')[2]
    assert "requirez" in wrong.partition("</p>")[0]
    assert "did you mean &#34;requires&#34;?" in wrong.partition("</strong>")[0]


def test_what_is_wrong_is_told_in_the_readers_language_and_to_commands_in_english(at: Board) -> None:
    at.edit("cms.yaml", "version:", "requirez: [tenancy]\nversion:")
    page = at.get("/admin/modules/cms?lang=de").text
    wrong = page.partition('<p id="L6" data-tone="danger">')[2].partition("</strong>")[0]
    assert "unbekannter Schlüssel &#34;requirez&#34; (meinten Sie „requires“?)" in wrong
    (found,) = [one for one in at.orion.registry.diagnostics if one.severity == "error"]
    assert as_text(found).startswith(
        'manifests/cms.yaml:6:1: error ORN210: unknown key "requirez" (did you mean "requires"?)'
    )


def test_why_a_module_is_off_is_told_in_the_readers_language(at: Board) -> None:
    at.edit("cms.yaml", "version:", "enabled: false\nversion:")
    assert "sein Manifest sagt enabled: false" in at.get("/admin/modules?lang=de").text


def test_a_module_shows_all_that_its_manifest_names(at: Board) -> None:
    page = at.get("/admin/modules/orders").text
    manifest = at.orion.registry.manifests["orders"]
    named = [one.id for one in (*manifest.features, *manifest.permissions)]
    named += [one.query for one in manifest.metrics] + [one.slot for one in manifest.panels]
    assert [name for name in named if name not in page] == []
    assert f'<p id="L{len(at.text("orders.yaml").splitlines())}">' in page


def test_each_level_says_what_it_decided_and_a_vendor_what_counts_there(at: Board) -> None:
    at.edit("platforms/letz.yaml", "hue:", "features: {orders.order_papers: false}\nhue:")
    page = at.get("/admin/modules/orders?platform=letz").text
    assert "features says orders.order_papers: false" in page
    assert 'href="/admin/manifests/platforms/letz?platform=letz#L4"' in page
    shop = at.get("/admin/modules/orders?vendor=LUXBOOKS").text.partition("At a vendor")[2]
    assert "features says orders.order_papers: false" in shop


def test_a_platforms_administrator_sees_the_own_level_alone(at: Board) -> None:
    at.edit("platforms/letz.yaml", "hue:", "modules: {cms: false}\nhue:")
    at.edit("platforms/oms.yaml", "hue:", "modules: {marketplace: false}\nhue:")
    page = at.get("/admin/modules", PLATFORM).text
    assert "modules says marketplace: false" in page
    assert "letz" not in page
    assert at.get("/admin/manifests/platforms/letz", PLATFORM).status_code == 404
    assert at.get("/admin/manifests/platforms/oms", PLATFORM).status_code == 200
    for vendor in ("LUXBOOKS", "NOSUCH"):
        assert at.get(f"/admin/modules/orders?vendor={vendor}", PLATFORM).status_code == 404


def test_nobody_else_may_see_them(at: Board) -> None:
    for address in ("/admin/modules", "/admin/modules/orders", "/admin/manifests/revisions"):
        assert at.get(address, OWNER).status_code == 403
        assert at.app.test_client().get(address).status_code in (302, 303)
    assert at.get("/admin/modules/nothing", ADMIN).status_code == 404
