"""What assistive technology needs of every page that links lead to, and can be seen without a browser."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

import pytest
from flask import Flask

from orion.testing import csrf_token
from tests.contracts.conftest import Pages, Portal, portal_of
from tests.contracts.documents import Document, Element

# What pages say to readers is the same on every database: one crawl is enough.
pytestmark = pytest.mark.only_on("sqlite")

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
REFERENCES = (
    "for", "list", "form", "headers", "popovertarget",
    "aria-labelledby", "aria-describedby", "aria-controls", "aria-activedescendant",
)  # fmt: skip
LANDMARKS = {
    "nav": "navigation", "main": "main", "aside": "complementary", "section": "region",
    "header": "banner", "footer": "contentinfo",
}  # fmt: skip
#: Elements within which a header or a footer is no landmark.
PARTS = frozenset({"main", "section", "article", "aside", "nav"})
#: States that no link leads to: every figure in the page itself, results of a search, none in a list.
STATES = ("?inline=1", "search?q=an", "search?q=nothing-like-this", "orders?q=nothing-like-this")

Documents = dict[str, Document]


@pytest.fixture(scope="module")
def documents(portal: Portal, pages: Pages) -> Documents:
    """Every page as a tree, by its address."""
    wanted = {address: frontend for frontend, address in pages.values()}
    wanted |= {portal.homes[frontend] + state: frontend for frontend in portal.homes for state in STATES}
    return {address: Document(portal.get(who, address).text) for address, who in wanted.items()}


def _wrong(documents: Documents, look: Callable[[Document], Iterable[object]]) -> dict[str, list[str]]:
    """What a look finds on each page, where it finds something."""
    found = {address: [str(one) for one in look(page)] for address, page in documents.items()}
    return {address: wrong for address, wrong in found.items() if wrong}


def test_elements_are_closed_in_order_and_have_each_attribute_once(documents: Documents) -> None:
    assert len(documents) > 50
    assert _wrong(documents, lambda page: page.faults) == {}


def test_every_page_says_its_language_and_direction(documents: Documents) -> None:
    for address, page in documents.items():
        html = page.one("html")
        assert (html.get("lang"), html.get("dir")) == ("en", "ltr"), address
        for part in page.all():
            assert "lang" not in part or re.fullmatch(r"[a-z]{2,3}(-\w+)*", part.get("lang")), (address, part)


def test_the_name_of_a_language_says_that_it_is_in_that_language(documents: Documents) -> None:
    """Where one chooses a language; filters name them in the reader's."""
    named = {
        (option.get("value").replace("_", "-"), option.get("lang"))
        for page in documents.values()
        for form in page.all("form")
        if form.get("method") == "post"
        for choice in form.all("select")
        if choice.get("name") in ("language", "locale")
        for option in choice.all("option")
        if option.get("value")
    }
    assert len(named) > 2
    assert [pair for pair in named if pair[0] != pair[1]] == []


def test_every_page_has_a_title_of_its_own(portal: Portal, pages: Pages, documents: Documents) -> None:
    named: dict[tuple[str, str], list[str]] = defaultdict(list)
    for endpoint, (frontend, address) in pages.items():
        title = documents[address].one("title").text
        assert title.count("·") >= 1, address
        named[frontend, title].append(endpoint)
    assert {title: all_ for title, all_ in named.items() if len(all_) > 1} == {}


def test_a_page_has_one_first_heading_and_skips_no_level(documents: Documents) -> None:
    def look(page: Document) -> Iterable[str]:
        levels = [int(h.tag[1]) for h in page.all(*HEADINGS)]
        if levels.count(1) != 1:
            yield f"{levels.count(1)} first headings"
        yield from (f"{h} is empty" for h in page.all(*HEADINGS) if not h.text)
        steps = zip([1, *levels], levels, strict=False)
        yield from (f"h{after} after h{before}" for before, after in steps if after > before + 1)

    assert _wrong(documents, look) == {}


def test_landmarks_have_names_that_differ(documents: Documents) -> None:
    assert _wrong(documents, _landmarks) == {}


def _landmarks(page: Document) -> Iterable[str]:
    named = Counter((role, page.name_given(part)) for role, part in _all_landmarks(page))
    yield from (f"{role} {name!r} {times} times" for (role, name), times in named.items() if times > 1)
    single = {"main", "banner", "contentinfo"}
    yield from (f"{role} without a name" for role, name in named if not name and role not in single)
    if named["main", ""] != 1:
        yield "no main part"


def _all_landmarks(page: Document) -> Iterable[tuple[str, Element]]:
    for part in page.all():
        role = part.get("role") or LANDMARKS.get(part.tag, "")
        if part.tag == "form" and not role and page.name_given(part):
            role = "form"
        within = part.tag in ("header", "footer") and any(around.tag in PARTS for around in part.above)
        if role in {*LANDMARKS.values(), "search", "form"} and not within:
            yield role, part


def test_ids_are_unique_and_what_refers_to_one_finds_it(documents: Documents) -> None:
    def look(page: Document) -> Iterable[str]:
        ids = Counter(part.get("id") for part in page.all() if "id" in part)
        yield from (f"{times} times {id!r}" for id, times in ids.items() if times > 1 or not id)
        for part in page.all():
            wanted = [id for name in REFERENCES for id in part.get(name).split()]
            wanted += [part.get("href")[1:]] if part.get("href").startswith("#") else []
            yield from (f"{part}: no {id}" for id in wanted if id not in page.ids)
            yield from (f"{part}: {name}" for name in REFERENCES if name in part and not part.get(name))

    assert _wrong(documents, look) == {}


def test_every_control_has_a_label(documents: Documents) -> None:
    def look(page: Document) -> Iterable[Element]:
        for control in page.all("input", "select", "textarea"):
            if control.get("type") != "hidden" and not control.silent and not page.name(control):
                yield control
        yield from (group for group in page.all("fieldset") if not page.name(group))
        yield from (part for part in page.all() if part.get("role") == "group" and not page.name_given(part))

    assert _wrong(documents, look) == {}


def test_what_can_be_followed_or_pressed_has_a_name(documents: Documents) -> None:
    def look(page: Document) -> Iterable[Element]:
        for part in page.all("a", "button", "summary"):
            if (not part.silent and not page.name(part)) or (part.tag == "a" and "href" not in part):
                yield part

    assert _wrong(documents, look) == {}


def test_names_hold_the_words_that_are_seen(documents: Documents) -> None:
    def look(page: Document) -> Iterable[str]:
        for part in page.all("a", "button", "summary"):
            given = page.name_given(part)
            if given and part.text not in given:
                yield f"{part.text} is called {given}"

    assert _wrong(documents, look) == {}


def test_buttons_of_one_name_do_the_same(documents: Documents) -> None:
    def look(page: Document) -> Iterable[str]:
        does: dict[str, set[str]] = defaultdict(set)
        for part in page.all("a", "button"):
            if part.silent or "button" not in part.get("class").split():
                continue
            around = next((e for e in part.above if e.tag == "form"), part)
            sent = part.get("formaction") or around.get("action") + part.get("name") + part.get("value")
            does[page.name(part)].add(part.get("href") or sent)
        yield from (f"{name}: {sorted(ways)}" for name, ways in does.items() if len(ways) > 1)

    assert _wrong(documents, look) == {}


def test_pictures_have_a_text_or_are_silent(documents: Documents) -> None:
    def look(page: Document) -> Iterable[Element]:
        yield from (picture for picture in page.all("img") if "alt" not in picture)
        for drawing in page.all("svg"):
            if not drawing.silent and not (drawing.get("role") == "img" and page.name_given(drawing)):
                yield drawing

    assert _wrong(documents, look) == {}


def test_every_chart_has_its_figures_in_a_table_or_a_list_beside_it(
    portal: Portal, documents: Documents
) -> None:
    charts, styles = 0, "/_styleguide"
    # Not every figure that modules have is drawn: the guide to the looks has a tile of each kind.
    guide = {styles: Document(portal.get("vendor", styles).text)}
    for address, page in (documents | guide).items():
        for drawing in page.all("svg"):
            if drawing.get("class") in ("bars", "stack-bar"):
                beside = drawing.parent.children if drawing.parent else []
                rows = [row for one in beside for row in one.all("tr", "li")]
                assert len(rows) > 1 and all(re.search(r"\d", row.text) for row in rows), address
                charts += 1
    assert charts > 1


def test_tables_have_a_caption_and_headings_of_rows_and_columns(documents: Documents) -> None:
    def look(page: Document) -> Iterable[str]:
        for table in page.all("table"):
            if not page.name(table):
                yield f"{table} has no caption"
            heads = list(table.all("th"))
            yield from (f"{head} is empty" for head in heads if not head.text)
            yield from (f"{head} has no scope" for head in heads if head.get("scope") not in ("row", "col"))
            rows = [row for body in table.all("tbody") for row in body.all("tr")]
            yield from (f"a row without a name: {r.text[:40]}" for r in rows if not _named_row(r))

    assert _wrong(documents, look) == {}


def _named_row(row: Element) -> bool:
    return any(cell.tag == "th" and cell.get("scope") == "row" for cell in row.children)


def test_lists_hold_their_entries_and_nothing_else(documents: Documents) -> None:
    holds = {"ul": {"li"}, "ol": {"li"}, "dl": {"dt", "dd", "div"}}

    def look(page: Document) -> Iterable[Element]:
        for part in page.all(*holds):
            if not part.children or {child.tag for child in part.children} - holds[part.tag]:
                yield part

    assert _wrong(documents, look) == {}


def test_fields_about_oneself_say_what_is_asked_for(documents: Documents) -> None:
    tokens = {
        "password": {"current-password", "new-password"},
        "email": {"username", "username webauthn", "email"},
    }
    asked = 0
    for address, page in documents.items():
        about_oneself = not address.startswith(("/admin", "/vendor", "/shop"))
        for control in page.all("input"):
            kind = control.get("type")
            if kind == "password" or (kind == "email" and about_oneself):
                assert control.get("autocomplete") in tokens[kind], address
                asked += 1
    assert asked > 5


def test_no_page_moves_the_focus_about_or_opens_windows(documents: Documents) -> None:
    def look(page: Document) -> Iterable[Element]:
        for part in page.all():
            if part.get("tabindex", "0") not in ("0", "-1") or "accesskey" in part or "target" in part:
                yield part
        yield from list(part for part in page.all() if "autofocus" in part)[1:]

    assert _wrong(documents, look) == {}


def test_the_bar_and_the_menu_are_the_same_on_every_page_of_a_place(
    portal: Portal, documents: Documents
) -> None:
    for home in portal.homes.values():
        seen: set[tuple[str, ...]] = set()
        for address, page in documents.items():
            parts = page.all("nav", "header") if address.startswith(home) else ()
            for part in (one for one in parts if one.get("class") in ("sidebar", "topbar")):
                # Without how much is unread, and without the ways to the same page on a platform.
                links = (e for e in part.all("a") if not any(o.text.startswith("Platform:") for o in e.above))
                seen.add(tuple(page.name(link).partition(" ")[0] for link in links))
        assert len(seen) == 2, home


def test_parts_that_are_spoken_by_themselves_are_short_and_hold_no_figures(documents: Documents) -> None:
    def look(page: Document) -> Iterable[str]:
        for part in page.all():
            spoken = part.get("role") in ("status", "alert", "log") or part.get("aria-live") in (
                "polite",
                "assertive",
            )
            if spoken and (len(part.text) > 400 or list(part.all("table", "progress"))):
                yield f"{part}: {part.text[:60]}"
            if spoken and any("tile" in around.get("class").split() for around in part.above):
                yield f"{part} in a tile"

    assert _wrong(documents, look) == {}


def test_lines_that_came_and_went_have_a_sign_beside_their_colour(documents: Documents) -> None:
    signs = 0
    for address, page in documents.items():
        for line in (
            line for part in page.all("div") if part.get("class") == "diff" for line in part.all("p")
        ):
            if line.get("data-tone") == "success" or any(e.tag == "del" for e in line.all()):
                shown = [mark.parts[0] for mark in line.all("span") if mark.get("aria-hidden") == "true"]
                assert shown in (["+ "], ["− "]), address
                signs += 1
    assert signs


def test_every_form_says_at_its_fields_what_is_wrong(pages: Pages, demo: Flask) -> None:
    """What is asked for is left out: the answer says so above the form and at each field."""
    portal, refused = portal_of(demo), 0
    for frontend, address in pages.values():
        before = portal.get(frontend, address).text
        if '<form class="form' not in before or 'method="post"' not in before:
            continue
        client = portal.clients.get(frontend) or demo.test_client()
        page = Document(client.post(address, data={"csrf_token": csrf_token(before)}).text)
        wrong = [part for part in page.all() if part.get("aria-invalid") == "true"]
        refused += bool(wrong)
        for field in wrong:
            told = [page.ids[id].text for id in field.get("aria-describedby").split() if id in page.ids]
            assert told and all(told), (address, field)
            assert any(link.get("href") == f"#{field.get('id')}" for link in page.all("a")), (address, field)
            assert f"{field.get('id')}-error" in field.get("aria-describedby").split(), (address, field)
    assert refused > 15
