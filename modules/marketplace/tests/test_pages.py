"""The pages, as a vendor's team uses them."""

import io
from typing import Any

import pytest
from sqlalchemy import select

import modules.catalog.api as catalog
from modules.marketplace.models import Import
from modules.marketplace.tests.conftest import NOW, SHOPIFY, SYSTEM, Market
from orion.contracts.data import entered, session
from orion.contracts.jobs import start
from orion.contracts.people import create_user
from orion.data import room
from orion.jobs.running import run_due
from orion.testing import csrf_token

pytestmark = pytest.mark.only_on("sqlite")
HOME = "/vendor/SHOP/imports"


def _post(owner: Any, address: str, page: str = "", **form: Any) -> Any:
    token = csrf_token(owner.get(page or address).text)
    return owner.post(address, data={"csrf_token": token, **form}, content_type="multipart/form-data")


def _uploaded(owner: Any, text: str = SHOPIFY) -> str:
    """The address of an import that was uploaded."""
    file = (io.BytesIO(text.encode()), "C:\\shop\\products.csv")
    answer = _post(owner, f"{HOME}/new", file=file, show_on="")
    assert answer.status_code == 303, answer.text
    return str(answer.location).removesuffix("/mapping")


def _admin(market: Market, sign_in: Any) -> Any:
    """Somebody with every right over the installation, signed in."""
    with market.app.app_context():
        user_id = create_user("admin@x.example", "Ada", "orion-demo").id
        with entered(SYSTEM, write=True) as writing:
            role = market.tenants.create_role(SYSTEM, "installation", "Everything")
            market.tenants.add_member(SYSTEM, user_id, role, NOW.date(), vendor=None, platform=None)
            writing.commit()
    return sign_in("admin@x.example", app=market.app)


def _sum_of(page: str) -> int:
    """What a page says that the rows of a file are in all; the parts must add up to it."""
    table = page.partition("Rows of the file</th>")[2].partition("</table>")[0]
    body, _mark, foot = table.partition("<tfoot>")
    parts = [
        int(row.rpartition("<bdi")[2].partition(">")[2].partition("<")[0])
        for row in body.split("</tr>")[1:-1]
    ]
    whole = int(foot.rpartition("<bdi")[2].partition(">")[2].partition("<")[0])
    assert sum(parts) == whole, (parts, whole)
    return whole


def test_a_file_is_uploaded_understood_read_and_published(market: Market, owner: Any) -> None:
    one = _uploaded(owner)
    understood = owner.get(f"{one}/mapping").text
    assert "known by its headers: Shopify" in understood and "Variant SKU" in understood
    assert _post(owner, f"{one}/mapping", go="").status_code == 303
    waiting = owner.get(one).text
    assert 'hx-trigger="every 1s"' in waiting
    run_due(market.app)
    ready = owner.get(one).text
    assert "every 1s" not in ready and _sum_of(ready) == 4
    assert _post(owner, f"{one}/publish", page=one).status_code == 303
    run_due(market.app)
    assert market.product("linen-shirt")[0].title == "Linen shirt"


def test_a_mapping_can_be_changed_and_is_kept(market: Market, owner: Any) -> None:
    one = _uploaded(owner, "Name;Other name;Cost\nA;B;1,50\n")
    chosen = {"field_title": "Other name", "field_cost": "-"}
    assert _post(owner, f"{one}/mapping", go="look", **chosen).location.endswith("/mapping")
    assert _post(owner, f"{one}/mapping", **chosen).status_code == 303
    run_due(market.app)
    with market.at():
        found = session().scalars(select(Import)).one()
    assert [one.title for one in market.staged(found)] == ["B"]


def test_a_table_without_a_title_asks_for_its_column(owner: Any) -> None:
    one = _uploaded(owner, "Foo,Bar\n1,2\n")
    assert "Choose the column for: Title" in owner.get(f"{one}/mapping").text
    assert _post(owner, f"{one}/mapping").status_code == 422


def test_jobs_are_cancelled_and_taken_up_again(market: Market, owner: Any) -> None:
    one = _uploaded(owner)
    _post(owner, f"{one}/mapping")
    job = market.jobs()[-1]
    address = f"{HOME}/jobs/{job.public_id}"
    assert _post(owner, f"{address}/cancel", page=address).status_code == 303
    assert market.jobs()[-1].state == "cancelled"
    assert _post(owner, f"{address}/retry", page=address).status_code == 303
    run_due(market.app)
    assert market.jobs()[-1].state == "done"


def test_pages_say_that_the_disk_is_full_and_that_it_goes_on_by_itself(
    market: Market, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = _uploaded(owner)
    _post(owner, f"{one}/mapping")
    address = f"{HOME}/jobs/{market.jobs()[-1].public_id}"
    said = "The disk is full. The job goes on by itself once there is room."
    with monkeypatch.context() as full:
        full.setattr(room, "free", lambda _engine: 0)
        # Before a worker could write it down, and when one has.
        assert said in owner.get(address).text and said in owner.get(one).text
        run_due(market.app)
    assert market.jobs()[-1].state == "waiting"
    assert said in owner.get(address).text and said in owner.get(one).text


def test_decisions_on_many_are_undone_by_one_button(market: Market, owner: Any) -> None:
    found = market.bring()
    address = f"{HOME}/staging"
    rows = [one.public_id for one in market.staged(found)]
    _post(owner, address, row=rows, action="skip")
    assert {one.decision for one in market.staged(found)} == {"skipped"}
    undo = owner.get(address).text.partition('action="/vendor/SHOP/undo/')[2].partition('"')[0]
    _post(owner, f"/vendor/SHOP/undo/{undo}", page=f"{HOME}/new")
    assert {one.decision for one in market.staged(found)} == {"open"}


def test_another_vendors_import_is_not_found(market: Market, owner: Any) -> None:
    found = market.bring(vendor="RIVAL")
    for end in ("", "/mapping"):
        assert owner.get(f"{HOME}/{found.public_id}{end}").status_code == 404
    item = market.staged(found, vendor="RIVAL")[0].public_id
    assert owner.get(f"{HOME}/staging/{item}").status_code == 404
    assert owner.get(f"{HOME}/jobs/{market.jobs()[0].public_id}").status_code == 404


def test_a_product_says_from_which_import_it_came(market: Market, owner: Any) -> None:
    found = market.bring()
    made = market.publish(found)
    product, _variants = market.product("clay-pot")
    address = f"/vendor/SHOP/products/{product.public_id}"
    page = owner.get(address).text
    assert f'href="/vendor/SHOP/imports/{found.public_id}"' in page
    assert "products.csv" in page and "Created it" in page
    own = market.run(catalog.create, catalog.ProductFacts("Own"), catalog.VariantFacts(), now=made.at)
    assert "marketplace-of_product" not in owner.get(f"/vendor/SHOP/products/{own.public_id}").text


def test_a_platforms_people_stop_and_retry_a_vendors_job(market: Market, sign_in: Any) -> None:
    with market.at(write=True) as scope:
        start(scope, "marketplace.read", about="spring.csv", id=0)
    job = market.jobs()[-1]
    address = f"/admin/imports/jobs/{job.public_id}"
    admin = _admin(market, sign_in)
    assert f'href="{address}"' in admin.get("/admin/imports/jobs").text
    assert _post(admin, f"{address}/cancel", page=address).status_code == 303
    assert "Somebody stopped it" in admin.get(address).text
    assert _post(admin, f"{address}/retry", page=address).status_code == 303
    assert market.jobs()[-1].state == "waiting"


def test_a_vendors_page_shows_the_last_files_it_brought(market: Market, sign_in: Any) -> None:
    market.bring(name="spring.csv")
    market.bring(name="theirs.csv", vendor="RIVAL")
    admin = _admin(market, sign_in)
    page = admin.get("/admin/vendors/SHOP").text
    assert 'href="/admin/imports?q=spring.csv"' in page and "theirs.csv" not in page


def test_a_line_is_changed_on_a_page_of_its_own(market: Market, owner: Any) -> None:
    staged = market.staged(market.bring())[1]
    address = f"{HOME}/staging/{staged.public_id}"
    assert f"{staged.public_id}/edit?line=5" in owner.get(address).text
    assert owner.get(f"{address}/edit?line=4").status_code == 404
    wrong = _post(owner, f"{address}/edit?line=5", field_price="dear")
    assert wrong.status_code == 422 and "is not a number" in wrong.text
    right = {"field_handle": "clay-pot", "field_title": "Clay pot", "field_price": "13.00"}
    assert _post(owner, f"{address}/edit?line=5", **right).status_code == 303
    assert "€13.00" in owner.get(address).text


def test_a_long_name_breaks_behind_its_signs_and_stands_once_above_its_own_rows(
    market: Market, owner: Any
) -> None:
    found = market.bring(name="products_export_from_the_old_shop.csv")
    broken = "products_<wbr>export_<wbr>from_<wbr>the_<wbr>old_<wbr>shop.<wbr>csv"
    assert broken in owner.get(f"{HOME}/{found.public_id}").text
    assert broken in owner.get(f"{HOME}/staging").text
    assert broken not in owner.get(f"{HOME}/staging?import={found.public_id}").text
