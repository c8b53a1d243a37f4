"""What a platform's file changes, and for whom."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from orion.testing import House, minimal_manifest

pytestmark = pytest.mark.by_turns

ALPHA = minimal_manifest(
    "alpha",
    """
    features:
      extra: {description: Off unless a platform wants it, default: false}
      usual: On unless a platform does not want it
    menus:
      vendor:
        - id: alpha
          label_key: alpha.menu.section
          label: Section
          icon: home
          items:
            - id: alpha
              label_key: alpha.menu.item
              label: Things
              icon: home
              route: "/vendor/{vendor_code}/alpha"
    """,
)
ROUTES = """
    from orion.contracts.pages import Pages
    pages = Pages(__name__)

    @pages.page("/alpha", public=True)
    def index(scope):
        return "alpha"

    @pages.page("/extra", public=True, feature="extra")
    def extra(scope):
        return "extra"

    @pages.page("/usual", public=True, feature="usual")
    def usual(scope):
        return "usual"
"""


@pytest.fixture
def answers(house: House, keeper: Callable[..., Any]) -> Callable[[str], dict[str, Any]]:
    """`answers(yaml)` → the status of each page of a vendor on the platform `south` with that file."""
    house.module("alpha", ALPHA, routes_vendor=ROUTES)

    def ask(yaml: str) -> dict[str, Any]:
        file = house.root / "manifests" / "platforms" / "south.yaml"
        file.parent.mkdir(exist_ok=True)
        file.write_text(yaml)
        client = keeper(house.app())
        found: dict[str, Any] = {
            p: client.get(f"/vendor/ACME/{p}").status_code for p in ("alpha", "extra", "usual")
        }
        found["home"] = client.get("/vendor/ACME/").text
        return found

    return ask


def test_without_a_word_the_defaults_hold(answers: Callable[[str], dict[str, Any]]) -> None:
    found = answers("schema: 1\n")
    assert (found["alpha"], found["extra"], found["usual"]) == (200, 404, 200)


def test_a_platform_switches_features_both_ways(answers: Callable[[str], dict[str, Any]]) -> None:
    found = answers("features: {alpha.extra: true, alpha.usual: false}\n")
    assert (found["alpha"], found["extra"], found["usual"]) == (200, 200, 404)


def test_a_platform_switches_a_module_off_with_its_menu(answers: Callable[[str], dict[str, Any]]) -> None:
    found = answers("modules: {alpha: false}\n")
    assert found["alpha"] == 404
    assert "Things" not in found["home"]


def test_a_platform_has_its_own_words_and_colour(answers: Callable[[str], dict[str, Any]]) -> None:
    found = answers("hue: 30\nlabels: {alpha.menu.item: {en: Goods, fr: Marchandises}}\n")
    assert "Goods" in found["home"]
    assert "Things" not in found["home"]
    assert 'data-hue="30"' in found["home"]


def test_a_file_that_breaks_keeps_off_what_it_switched_off(
    house: House, answers: Callable[[str], dict[str, Any]], keeper: Callable[..., Any]
) -> None:
    assert answers("modules: {alpha: false}\n")["alpha"] == 404
    assert answers("modules: {alpha: fal")["alpha"] == 404


def test_a_file_that_names_an_absent_module_is_a_warning_and_no_more(house: House) -> None:
    house.module("alpha", ALPHA, routes_vendor=ROUTES)
    (house.root / "manifests" / "platforms").mkdir()
    (house.root / "manifests" / "platforms" / "south.yaml").write_text("modules: {nowhere: false}\n")
    registry = house.app().extensions["orion"].registry
    assert [d.severity for d in registry.diagnostics] == ["warning"]
    assert registry.state("alpha") == "on"


def _directory(path: Path) -> None:
    path.mkdir()


def _dangling(path: Path) -> None:
    path.symlink_to("nowhere.yaml")


@pytest.mark.parametrize("make", [_directory, _dangling])
def test_a_file_that_cannot_be_read_stops_nothing(house: House, make: Callable[[Path], None]) -> None:
    house.module("alpha", ALPHA, routes_vendor=ROUTES)
    (house.root / "manifests" / "platforms").mkdir()
    make(house.root / "manifests" / "platforms" / "south.yaml")
    registry = house.app().extensions["orion"].registry
    assert [(d.code, d.file) for d in registry.diagnostics] == [("ORN114", "manifests/platforms/south.yaml")]
    assert registry.state("alpha") == "on"


@pytest.mark.parametrize("make", [_directory, _dangling])
def test_a_file_that_can_no_longer_be_read_is_noticed_and_served_as_it_was(
    house: House, make: Callable[[Path], None]
) -> None:
    house.module("alpha", ALPHA, routes_vendor=ROUTES)
    file = house.root / "manifests" / "platforms" / "south.yaml"
    file.parent.mkdir()
    file.write_text("hue: 30\n")
    orion = house.app().extensions["orion"]
    file.unlink()
    make(file)
    assert orion.refresh()
    assert [d.code for d in orion.registry.diagnostics] == ["ORN114"]
    assert orion.registry.platforms["south"].hue == 30


def test_a_broken_file_is_explained_to_those_who_run_orion_and_to_nobody_else(
    answers: Callable[[str], dict[str, Any]], house: House, keeper: Callable[..., Any]
) -> None:
    answers("hue: 30\n")
    assert "platforms/south.yaml" not in answers("heu: 30\n")["home"]
    page = keeper(house.opened[-1]).get("/admin/").text
    assert "manifests/platforms/south.yaml:1:1:" in page
    assert "its last good text" in page
    assert "did you mean &#34;hue&#34;?" in page


def test_a_file_that_was_never_good_is_named_as_ignored(
    answers: Callable[[str], dict[str, Any]], house: House, keeper: Callable[..., Any]
) -> None:
    answers("heu: 30\n")
    assert "is broken, and is ignored" in keeper(house.opened[-1]).get("/admin/").text
