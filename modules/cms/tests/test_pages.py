"""Pages in the portal: writing, previewing, publishing, versions, and what each person may do."""

import re
from datetime import timedelta

import pytest

from modules.cms import publishing, queries, services
from modules.cms.tests.conftest import NOW, Market, Shop, said
from modules.cms.tests.test_library import added

pytestmark = pytest.mark.by_turns

FORM = {"title": "About us", "slug": "", "language": "en", "body": "Hello **you**."}


def names(page) -> list[str]:
    """The first cells of a list's rows."""
    assert page.status_code == 200, page.status
    found = re.findall(r'<th scope="row"[^>]*>(?:<span.*?<span>)?(?:<a [^>]*>)?([^<]+)', page.text)
    return [name.strip() for name in found]


def one_of(shop: Shop, title: str) -> str:
    """The public id of the page with a title."""
    with shop.at() as scope:
        return next(p.public_id for p in _all(scope) if p.title == title)


def _all(scope):
    from orion.contracts.data import session

    return session().scalars(queries.pages(scope)).all()


# -- writing ---


def test_a_new_page_is_a_draft_that_one_is_led_to(shop: Shop) -> None:
    answer = shop.post("/pages/new", **FORM)
    assert answer.status_code == 303
    page = shop.get(answer.location.removeprefix(f"/vendor/{shop.code}")).text
    assert "Saved as a draft." in page and "<p>Hello <strong>you</strong>.</p>" in page
    assert shop.read(one_of(shop, "About us")).slug == "about-us"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": " "}, "Fill in “Title”."),
        ({"slug": "No way"}, "Use lower-case letters, digits and single hyphens."),
        ({"language": "xx"}, "Choose one of the list."),
        ({"body": "x" * 70_000}, "longer than"),
        ({"body": "é" * 40_000}, "larger than 64 KB"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(shop: Shop, wrong, said) -> None:
    answer = shop.post("/pages/new", **{**FORM, **wrong})
    assert answer.status_code == 422
    assert said in answer.text
    if "body" not in wrong:
        assert "Hello **you**." in answer.text


def test_a_preview_shows_the_text_and_saves_nothing(shop: Shop) -> None:
    answer = shop.post("/pages/new", **FORM, show="preview")
    assert answer.status_code == 200
    assert "<p>Hello <strong>you</strong>.</p>" in answer.text and "Hello **you**." in answer.text
    assert names(shop.get("/pages")) == []


def test_the_preview_follows_while_one_types(shop: Shop) -> None:
    file = added(shop)
    answer = shop.post("/pages/preview", body=f"# Hi\n\n![A lamp](media:{file})")
    assert answer.status_code == 200 and "<html" not in answer.text
    assert "<h2>Hi</h2>" in answer.text and f"/vendor/{shop.code}/media/{file}/file?v=" in answer.text


def test_the_editor_offers_pictures_with_the_line_that_inserts_them(shop: Shop) -> None:
    file = added(shop, "lamp.png", alt="A “lamp”")
    page = shop.get("/pages/new").text
    assert f'data-insert="![A “lamp”](media:{file})"' in page


def test_a_page_is_changed(shop: Shop) -> None:
    one = shop.page("About us")
    answer = shop.post(f"/pages/{one}/edit", **{**FORM, "title": "Who we are"}, version="1")
    assert answer.status_code == 303
    page = shop.read(one)
    assert (page.title, page.slug) == ("Who we are", "who-we-are")


def test_of_two_who_publish_the_second_sees_only_what_differs(shop: Shop) -> None:
    one = shop.page("About us")
    form = shop.get(f"/pages/{one}/publish").text
    boxes = re.findall(r'name="shown_on"[^>]*value="(\d+)"', form)
    assert shop.post(f"/pages/{one}/edit", **{**FORM, "body": "Theirs."}, version="1").status_code == 303
    answer = shop.post(f"/pages/{one}/publish", version="1", shown_on=boxes[0], on="2099-01-01")
    compared = answer.text.partition('<table class="compare">')[2].partition("</table>")[0]
    assert answer.status_code == 409
    assert re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td>', compared) == [
        ("Date", "–", "2099-01-01"),
        ("Shown on", "East, West", "East"),
    ]


def test_of_two_who_save_the_second_sees_both_versions(shop: Shop) -> None:
    one = shop.page("About us", "Hello.")
    assert shop.post(f"/pages/{one}/edit", **{**FORM, "body": "Theirs."}, version="1").status_code == 303
    answer = shop.post(f"/pages/{one}/edit", **{**FORM, "body": "Mine."}, version="1")
    assert answer.status_code == 409
    assert "<td>Theirs.</td>" in answer.text and "<td>Mine.</td>" in answer.text
    assert shop.read(one).body == "Theirs."
    now = re.search(r'name="version"[^>]*value="(\d+)"', answer.text)
    assert now is not None
    shop.post(f"/pages/{one}/edit", **{**FORM, "body": "Mine."}, version=now[1])
    assert shop.read(one).body == "Mine."


def test_whoever_edits_a_public_page_is_told_that_it_is(shop: Shop) -> None:
    said = "This page is public"
    assert said in shop.get(f"/pages/{shop.page(state='published')}/edit").text
    assert said not in shop.get(f"/pages/{shop.page(state='scheduled')}/edit").text


# -- what becomes of pages ---


def test_a_page_is_published_at_once(shop: Shop, market: Market) -> None:
    one = shop.page("About us")
    assert shop.window("/pages/about-us").status_code == 404
    east = str(market.platforms["east"].id)
    assert shop.post(f"/pages/{one}/publish", on="", time="", shown_on=east, version="1").status_code == 303
    assert shop.window("/pages/about-us").status_code == 200
    assert shop.window("/pages/about-us", platform="east").status_code == 200
    assert shop.window("/pages/about-us", platform="west").status_code == 404
    shop.undo()
    assert shop.window("/pages/about-us").status_code == 404


def test_a_page_is_published_later(shop: Shop, market: Market) -> None:
    one = shop.page("About us")
    later = (NOW + timedelta(days=2)).date()
    sent = {"on": later.isoformat(), "time": "09:30", "shown_on": str(market.platforms["east"].id)}
    assert shop.post(f"/pages/{one}/publish", **sent, version="1").status_code == 303
    assert shop.read(one).published_from.isoformat() == f"{later}T09:30:00+00:00"
    assert shop.window("/pages/about-us").status_code == 404
    assert "Scheduled" in shop.get(f"/pages/{one}").text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"on": "2020-01-01"}, "This moment has passed."),
        ({"on": "2090-01-01", "time": "25:00"}, "Enter a time"),
        ({"on": "someday"}, "date"),
        ({"shown_on": ""}, "Choose"),
    ],
)
def test_a_publication_that_cannot_be_is_refused(shop: Shop, market: Market, sent, said) -> None:
    one = shop.page()
    form = {"on": "", "time": "", "shown_on": str(market.platforms["east"].id), "version": "1"}
    answer = shop.post(f"/pages/{one}/publish", **{**form, **sent})
    assert answer.status_code == 422 and said in answer.text
    assert shop.read(one).published_from is None


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("unpublish", "published", "draft"),
        ("unpublish", "scheduled", "draft"),
        ("archive", "published", "archived"),
        ("unarchive", "archived", "draft"),
    ],
)
def test_what_was_done_can_be_taken_back(shop: Shop, action, before, after) -> None:
    one = shop.page(state=before)
    assert shop.post(f"/pages/{one}/{action}").status_code == 303
    assert shop.read(one).state(NOW + timedelta(hours=1)) == after
    shop.undo()
    assert shop.read(one).state(NOW + timedelta(hours=1)) == before


def test_a_deleted_page_is_brought_back(shop: Shop) -> None:
    one = shop.page("About us")
    assert shop.post(f"/pages/{one}/delete").location.endswith("/pages")
    assert shop.get(f"/pages/{one}", "viewer").status_code == 404
    shop.undo()
    assert shop.get(f"/pages/{one}").status_code == 200


def test_a_page_is_copied(shop: Shop) -> None:
    one = shop.page("About us")
    answer = shop.post(f"/pages/{one}/duplicate")
    assert answer.status_code == 303 and one not in answer.location
    assert sorted(names(shop.get("/pages"))) == ["About us", "About us (copy)"]


# -- versions ---


def test_versions_are_compared_and_restored_and_that_is_taken_back(shop: Shop) -> None:
    one = shop.page("About us", "First line.\n\nWe are five people.")
    body = "First line.\n\nWe are six people."
    shop.post(f"/pages/{one}/edit", **{**FORM, "title": "Who we are", "body": body}, version="1")
    page = shop.get(f"/pages/{one}/versions", old=1, new=2).text
    assert "We are <del>five</del> people." in page and "We are <ins>six</ins> people." in page
    assert "<td>About us</td><td>Who we are</td>" in page and "Owner" in page
    assert shop.post(f"/pages/{one}/versions/1/restore").status_code == 303
    assert shop.read(one).title == "About us"
    shop.undo()
    assert shop.read(one).title == "Who we are"


@pytest.mark.parametrize("asked", [{"old": 1, "new": 99}, {"old": 99}])
def test_a_version_that_never_was_is_not_found(shop: Shop, asked) -> None:
    assert shop.get(f"/pages/{shop.page()}/versions", **asked).status_code == 404


def test_the_latest_version_cannot_be_restored(shop: Shop) -> None:
    assert shop.post(f"/pages/{shop.page()}/versions/1/restore").status_code == 404


# -- the list ---


def test_the_last_saved_comes_first_and_the_archived_are_left_out(shop: Shop) -> None:
    shop.page("Old", state="archived")
    shop.page("Shipping")
    with shop.at(write=True) as scope:
        late = NOW + timedelta(hours=1)
        services.create(scope, title="About us", language="en", body="", now=late)
    assert names(shop.get("/pages")) == ["About us", "Shipping"]


@pytest.mark.parametrize("state", ["draft", "scheduled", "published", "archived"])
def test_pages_are_filtered_by_state(shop: Shop, state: str) -> None:
    for one in queries.STATES:
        shop.page(one, state=one)
    assert names(shop.get("/pages", state=state)) == [state]


def test_a_state_that_is_none_is_refused(shop: Shop) -> None:
    assert shop.get("/pages", state="lost").status_code == 422


@pytest.mark.parametrize("text", ["über", "UBER UNS", "uns über", "uber-u", "uns"])
def test_a_page_is_found_by_words_of_title_or_address(shop: Shop, text: str) -> None:
    shop.page("Über uns")
    shop.page("Shipping")
    assert names(shop.get("/pages", q=text)) == ["Über uns"]


def test_pages_are_sorted_by_title(shop: Shop) -> None:
    for title in ("Ähre", "Zebra", "apple"):
        shop.page(title)
    assert names(shop.get("/pages", sort="title")) == ["Ähre", "apple", "Zebra"]


def test_without_pages_the_list_says_what_they_are_for(shop: Shop) -> None:
    page = shop.get("/pages").text
    assert "No pages yet" in page and "/pages/new" in page


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        ("publish", "draft", "published"),
        ("unpublish", "published", "draft"),
        ("archive", "draft", "archived"),
    ],
)
def test_many_pages_are_changed_at_once_and_that_is_taken_back(shop: Shop, action, before, after) -> None:
    ids = [shop.page(title, state=before) for title in ("One", "Two", "Three")]
    answer = shop.post("/pages", action=action, row=ids[:2])
    assert answer.status_code == 303
    moment = NOW + timedelta(hours=1)
    assert [shop.read(one).state(moment) for one in ids] == [after, after, before]
    shop.undo()
    assert [shop.read(one).state(moment) for one in ids] == [before] * 3


def test_many_pages_are_deleted_at_once_and_brought_back(shop: Shop) -> None:
    ids = [shop.page(title) for title in ("One", "Two")]
    shop.post("/pages", action="delete", row=ids)
    assert names(shop.get("/pages", state="draft")) == []
    shop.post("/pages", action="delete", row=ids)
    assert all(shop.read(one).deleted_at for one in ids)


# -- people ---


def test_whoever_may_only_look_is_shown_no_way_to_change_anything(shop: Shop) -> None:
    one, file = shop.page(state="published"), added(shop)
    pages = [shop.get(path, "viewer") for path in ("/pages", f"/pages/{one}", "/media", f"/media/{file}")]
    for page in pages:
        assert page.status_code == 200
        main = page.text.partition("<main")[2]
        assert not re.search(r"/(new|edit|publish|unpublish|archive|delete|duplicate|upload|replace)\"", main)


def test_whoever_may_only_look_changes_nothing(shop: Shop) -> None:
    one = shop.page("About us")
    for action in ("edit", "publish", "unpublish", "archive", "unarchive", "duplicate", "delete"):
        assert shop.post(f"/pages/{one}/{action}", "viewer", **FORM, version="1").status_code == 403, action
    page = shop.read(one)
    assert (page.version, page.deleted_at, page.archived_at) == (1, None, None)


def test_a_request_without_the_forms_token_does_nothing(shop: Shop, market: Market) -> None:
    one = shop.page()
    answer = market.client("owner").post(f"/vendor/{shop.code}/pages/{one}/delete")
    assert answer.status_code == 400
    assert shop.read(one).deleted_at is None


def test_another_vendors_page_is_like_one_that_never_was(shop: Shop, market: Market) -> None:
    foreign = market.shop().page()
    for path in ("", "/edit", "/publish", "/versions"):
        there, never = (shop.get(f"/pages/{one}{path}") for one in (foreign, "2" * 14))
        assert there.status_code == never.status_code == 404
        assert said(there).replace(foreign, "2" * 14) == said(never)
    assert shop.post(f"/pages/{foreign}/delete").status_code == 404
    assert shop.post("/pages", action="delete", row=foreign).status_code == 422


def test_the_administration_looks_at_every_vendors_pages_and_changes_none(shop: Shop, market: Market) -> None:
    one = shop.page("Only here", state="published")
    admin = market.client("admin")
    page = admin.get("/admin/pages", query_string={"vendor": shop.code})
    assert names(page) == ["Only here"] and 'class="bulk"' not in page.text
    assert admin.get(f"/admin/pages/{one}").status_code == 200
    file = added(shop)
    assert names(admin.get("/admin/media", query_string={"vendor": shop.code})) == ["lamp"]
    page = admin.get(f"/admin/media/{file}").text
    assert f"/admin/media/{file}/file" in page and "/edit" not in page.partition("<main")[2]
    assert admin.post("/admin/pages").status_code == 405


def test_a_platforms_administrator_sees_the_pages_shown_there(shop: Shop, market: Market) -> None:
    shown, hidden = shop.page("Shown"), shop.page("Hidden")
    with shop.at(write=True) as scope:
        publishing.place(scope, queries.page(scope, hidden), [market.platforms["west"].id])
    east = market.client("easterner")
    assert names(east.get("/admin/pages", query_string={"vendor": shop.code})) == ["Shown"]
    assert east.get(f"/admin/pages/{shown}").status_code == 200
    assert east.get(f"/admin/pages/{hidden}").status_code == 404
