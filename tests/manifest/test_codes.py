"""Every code of the table, each by a small file that earns it, at the place that it names."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from orion.manifest.checks import ModuleFacts, PageFact
from orion.manifest.codes import CODES
from orion.manifest.saying import Sentence
from orion.testing import minimal_manifest
from tests.manifest.conftest import Check

WARNINGS = {"ORN116", "ORN311", "ORN313", "ORN314", "ORN315", "ORN316", "ORN318", "ORN319", "ORN324"}
#: The minimal manifest has five lines: what is appended begins on the sixth.
HEAD = minimal_manifest("shop")


def metric(*more: str, query: str = "shop.sold", kind: str = "count") -> str:
    """A manifest with one metric, whose further keys begin on line 11."""
    lines = [
        "metrics:",
        f"  - query: {query}",
        "    label: Sold",
        "    frontends: [vendor]",
        f"    kind: {kind}",
    ]
    return "\n".join([HEAD.rstrip(), *lines, *(f"    {line}" for line in more)]) + "\n"


def menu(route: str = "/vendor/{vendor_code}/shop", icon: str = "cube", ids: str = "a") -> str:
    """A manifest with a menu of one section; `ids` has a letter for each item."""
    lines = [
        "menus:",
        "  vendor:",
        "    - id: shop",
        "      label: Shop",
        f"      icon: {icon}",
        "      items:",
    ]
    for one in ids:
        lines += [f"        - id: {one}", "          label: Goods", f"          route: {route}"]
    return HEAD + "\n".join(lines) + "\n"


def facts(**changes: Any) -> ModuleFacts:
    """The module's code, with one page."""
    page = PageFact("/vendor/<vendor_code>/shop", permission=None, public=True, frontend="vendor")
    return ModuleFacts("shop", **{"pages": (page,), **changes})


def page(**changes: Any) -> ModuleFacts:
    """The module's code, with one page of this policy."""
    return facts(pages=(PageFact("/vendor/<vendor_code>/shop", frontend="vendor", **changes),))


@dataclass(frozen=True)
class Case:
    """Files and code that earn `code` at a place of `file`."""

    code: str
    manifests: dict[str, str | bytes]
    line: int = 1
    column: int = 1
    file: str = "manifests/shop.yaml"
    more: dict[str, Any] = field(default_factory=dict)


def shop(code: str, text: str | bytes, line: int = 1, column: int = 1, **more: Any) -> Case:
    """A case of one manifest."""
    return Case(code, {"shop": text}, line, column, more=more)


def appended(code: str, text: str, line: int, column: int, **more: Any) -> Case:
    """A case of the minimal manifest and more; line 1 is the first that was added."""
    return shop(code, HEAD + text, 5 + line, column, **more)


def platform(code: str, text: str, line: int, column: int, manifest: str = HEAD) -> Case:
    """A case of a platform's file."""
    file = "manifests/platforms/south.yaml"
    return Case(code, {"shop": manifest, "platforms/south": text}, line, column, file)


def imported(code: str, source: str, column: int = 1) -> Case:
    """A case of one line in the module's services.py."""
    modules = {"shop/services.py": source, "till/__init__.py": ""}
    manifests = {"shop": HEAD, "till": minimal_manifest("till")}
    return Case(code, manifests, 1, column, "rooms/shop/services.py", {"modules": modules})


CASES = [
    shop("ORN101", HEAD + "#" * 300_000),
    shop("ORN102", HEAD.encode() + "name: caf\xe9".encode("latin-1"), 6, 10),
    shop("ORN103", "code: \x07", 1, 7),
    shop("ORN104", "# nothing\n"),
    shop("ORN105", HEAD + "---\ncode: other\n", 6, 1),
    shop("ORN106", "a: " + "[" * 40 + "]" * 40, 1, 35),
    appended("ORN107", "requires: &base []\n", 1, 11),
    appended("ORN108", "requires: !!set []\n", 1, 11),
    appended("ORN109", "<<: {core: true}\n", 1, 1),
    shop("ORN110", "code: shop\n" + HEAD, 3, 1),
    appended("ORN111", "? [a, b]\n: 1\n", 1, 3),
    appended("ORN112", "menus:\n\tadmin: []\n", 2, 1),
    appended("ORN113", "features:\n  a: 1\n b: 2\n", 3, 2),
    Case("ORN114", {"shop": HEAD, "folder.yaml/inside.txt": ""}, 1, 1, "manifests/folder.yaml"),
    appended("ORN115", 'features: {a: "half of a fi', 1, 15),
    Case("ORN116", {"shop": HEAD, "till.yml": HEAD}, 1, 1, "manifests/till.yml"),
    shop("ORN201", "- code\n"),
    appended("ORN202", "core: yes\n", 1, 7),
    shop("ORN203", HEAD.replace("name: Shop\n", "")),
    appended("ORN210", "requirs: []\n", 1, 1),
    shop("ORN211", metric(kind="number"), 10, 11),
    shop("ORN212", HEAD.replace("schema: 1", "schema: 2"), 1, 9),
    shop("ORN213", HEAD.replace('"1.0.0"', '"one"'), 5, 10),
    shop("ORN214", metric("fresh_for: 0"), 11, 16),
    shop("ORN215", HEAD.replace("name: Shop", 'name: ""'), 3, 7),
    shop("ORN216", HEAD.replace("name: Shop", f"name: {'x' * 200}"), 3, 7),
    appended("ORN217", "requires: [till, till]\n", 1, 11),
    appended(
        "ORN218",
        "menus:\n  admin:\n    - id: a\n      icon: cube\n      items: [{id: a, label: A, route: /a}]\n",
        4,
        7,
    ),
    Case("ORN301", {"till": HEAD}, 2, 7, "manifests/till.yaml"),
    appended("ORN302", "requires: [till]\n", 1, 12),
    appended("ORN303", "requires: [shop]\n", 1, 12),
    shop("ORN304", metric("label_key: till.metrics.sold"), 11, 16),
    shop("ORN305", menu(ids="aa"), 15, 15),
    shop("ORN306", metric(query="till.sold"), 7, 12),
    shop("ORN307", metric("permission: shop.view"), 11, 17),
    shop("ORN308", metric("feature: sale"), 11, 14),
    shop("ORN309", metric("links: {admin: /admin/shop}"), 11, 13),
    shop("ORN310", metric("total_of: pieces"), 11, 15),
    appended(
        "ORN311", "menus:\n  admin:\n    - id: ops\n      items: [{id: a, label: A, route: /a}]\n", 3, 11
    ),
    appended("ORN312", 'requires_orion: ">=99"\n', 1, 17),
    platform("ORN313", "modules: {till: false}\n", 1, 11),
    platform("ORN314", "features:\n  shop.sale: false\n", 2, 3),
    platform("ORN315", "labels:\n  shop.menu.sale: {en: Offers}\n", 2, 3),
    platform("ORN316", "modules: {shop: false}\n", 1, 17, HEAD + "core: true\n"),
    appended("ORN318", "features:\n  sale: Sell\n", 2, 3),
    appended("ORN317", "personal:\n  till_receipt: [name]\n", 2, 3),
    appended(
        "ORN319",
        "features:\n  a: {description: A, vendors: [ACME, NOBODY]}\n",
        2,
        39,
        vendors=lambda codes: codes & {"ACME"},
    ),
    shop("ORN320", metric(), 7, 12, facts=facts()),
    shop("ORN321", metric(), 6, 1, facts=facts(metric_functions=("sold", "bought"))),
    appended("ORN322", "panels:\n  - {panel: shop.box, slot: till.page, label: Box}\n", 2, 13, facts=facts()),
    appended("ORN323", "listens:\n  till.closed: count_up\n", 2, 16, facts=facts()),
    appended(
        "ORN324",
        "panels:\n  - {panel: shop.box, slot: shop.pagge, label: Box}\n",
        2,
        29,
        modules={"shop/templates/page.html": '{{ panels("shop.page", id=1) }}'},
    ),
    shop("ORN330", menu("/vendor/{vendor_code}/goods"), 14, 18, facts=facts()),
    shop("ORN331", HEAD, 2, 7, facts=facts(undeclared=("/vendor/<vendor_code>/secret",))),
    shop("ORN332", HEAD, 2, 7, facts=page(permission="shop.view")),
    shop("ORN333", HEAD, 2, 7, facts=page(public=True, feature="shop.sale")),
    shop("ORN334", menu(icon="cubes"), 10, 13, icons=frozenset({"cube"})),
    shop("ORN335", HEAD, 2, 7, facts=facts(import_error="ImportError: no")),
    shop("ORN336", HEAD, 2, 7, empty=False),
    shop(
        "ORN337",
        metric("links: {vendor: /admin/shop}"),
        11,
        21,
        facts=facts(
            metric_functions=("sold",), pages=(PageFact("/admin/shop", public=True, frontend="admin"),)
        ),
    ),
    imported("ORN340", "from orion.data import wall\n"),
    imported("ORN341", "import rooms.till.api\n"),
    Case(
        "ORN342",
        {"shop": HEAD + "requires: [till]\n", "till": minimal_manifest("till")},
        file="rooms/shop/services.py",
        more={"modules": {"shop/services.py": "from rooms.till import models\n"}},
    ),
    imported("ORN343", "def half(:\n", 10),
    Case("ORN344", {"shop": HEAD}, 1, 3, "orion/app.py", {"engine": "# rooms.shop comes first\n"}),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_each_code_is_given_at_the_place_of_the_mistake(case: Case, check: Check) -> None:
    found = [one for one in check(case.manifests, **case.more) if one.code == case.code]

    assert [(one.file, one.line, one.column) for one in found][:1] == [(case.file, case.line, case.column)]
    assert {one.severity for one in found} == {"warning" if case.code in WARNINGS else "error"}


def test_every_code_of_the_table_has_a_case() -> None:
    assert sorted(case.code for case in CASES) == sorted(CODES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.code)
def test_every_finding_has_a_code_of_the_table(case: Case, check: Check) -> None:
    assert {one.code for one in check(case.manifests, **case.more)} <= set(CODES)


@pytest.mark.parametrize(
    "case", [one for one in CASES if one.code < "ORN34" and one.code != "ORN336"], ids=lambda case: case.code
)
def test_every_finding_that_a_page_shows_can_be_said_in_its_language(case: Case, check: Check) -> None:
    for one in check(case.manifests, **case.more):
        assert isinstance(one.message, Sentence), one.message
        assert not one.hint or isinstance(one.hint, Sentence), one.hint


def test_a_manifest_and_code_that_agree_earn_nothing(check: Check) -> None:
    text = metric("links: {vendor: '/vendor/{vendor_code}/shop'}") + menu().removeprefix(HEAD)

    found = check({"shop": text}, facts=facts(metric_functions=("sold",)), icons=frozenset({"cube"}))

    assert found == []


def test_a_panel_on_a_slot_of_a_module_that_is_not_here_earns_nothing_unless_it_is_nearly_another(
    check: Check,
) -> None:
    panels = (
        "panels: [{panel: shop.a, slot: till.page, label: A}, {panel: shop.b, slot: shopp.page, label: B}]\n"
    )

    found = check({"shop": HEAD + panels}, {"shop/templates/page.html": "{{ panels('shop.page') }}"})

    assert [(one.code, one.hint) for one in found] == [("ORN324", 'did you mean "shop.page"?')]


def test_mistakes_of_meaning_are_found_beside_mistakes_of_form(check: Check) -> None:
    text = metric("permission: shop.view", "lable: x", "total_of: pieces") + "requires: [till]\ncore: yes\n"

    found = check({"shop": text + menu(icon="cubes").removeprefix(HEAD)}, icons=frozenset({"cube"}))

    assert [one.code for one in found] == ["ORN307", "ORN210", "ORN310", "ORN302", "ORN202", "ORN334"]


def test_what_had_to_be_left_out_causes_no_further_findings(check: Check) -> None:
    text = (
        metric("permission: shop.view", query="shop.Sold") + "permissions: [{id: shop.view!, label: View}]\n"
    )

    found = check({"shop": text}, facts=facts(metric_functions=("sold",)))

    assert [one.code for one in found] == ["ORN213", "ORN213"]
