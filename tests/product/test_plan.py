"""`orion modules plan`: what an edit would change, for whom, and what stays."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from orion.product.plan import Plan, as_text
from orion.product.planning import compare
from orion.settings import ROOT

pytestmark = pytest.mark.by_turns

SERVED = ROOT / "manifests"
Planned = Callable[..., Plan]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the manifests of this checkout, to be edited."""
    shutil.copytree(SERVED, tmp_path / "manifests")
    return tmp_path / "manifests"


@pytest.fixture
def planned(portal: Flask, folder: Path) -> Planned:
    """`planned("orders.yaml", old, new)` → the plan of that edit on the demo."""

    def edit(name: str, old: str, new: str) -> Plan:
        file = folder / name
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))
        with portal.app_context():
            found, errors = compare(portal.extensions["orion"], SERVED, folder)
        assert errors == []
        assert found is not None
        return found

    return edit


def _names(found: Plan, change: str, kind: str) -> set[str]:
    return {one["name"] for one in found.things if (one["change"], one["kind"]) == (change, kind)}


def _role(found: Plan, name: str) -> dict[str, Any]:
    return next(one for one in found.roles if one["role"] == name)


def test_a_comment_changes_nothing(planned: Planned) -> None:
    assert not planned("orders.yaml", "code: orders", "code: orders  # the papers").changes


def test_a_module_that_goes_is_told_with_all_that_goes_along(planned: Planned) -> None:
    found = planned("catalog.yaml", "version:", "enabled: false\nversion:")
    assert {one["code"]: one["after"] for one in found.modules} == {
        "catalog": "off",
        "inventory": "off",
        "marketplace": "off",
    }
    assert found.modules[0]["dependants"] == ["inventory", "marketplace"]
    assert "/vendor/{vendor_code}/products" in _names(found, "goes", "menu") & _names(found, "goes", "page")
    assert "catalog.products" in _names(found, "goes", "tile")
    assert "catalog.view" in _names(found, "goes", "permission")
    assert not [one for one in found.things if one["change"] == "comes"]
    assert found.rows["catalog"] > 0
    assert "catalog.products" in {one["name"] for one in _role(found, "Owner")["loses"]}
    assert found.people >= _role(found, "Owner")["people"] > 0
    assert found.vendors > 0


def test_what_one_platform_hides_touches_those_who_are_there_alone(planned: Planned) -> None:
    found = planned("platforms/letz.yaml", "hue:", "modules: {marketplace: false}\nhue:")
    assert found.modules == []
    gone = [one for one in found.things if one["kind"] == "menu"]
    assert gone
    assert all((one["everywhere"], one["platforms"]) == (False, ["letz"]) for one in gone)
    everywhere = planned("platforms/oms.yaml", "hue:", "modules: {marketplace: false}\nhue:")
    assert 0 < found.vendors < everywhere.vendors


def test_a_feature_that_goes_takes_its_pages_for_the_roles_that_could_open_them(planned: Planned) -> None:
    found = planned(
        "orders.yaml",
        "  order_entry: Enter orders by hand",
        "  order_entry: {description: Enter orders by hand, default: false}",
    )
    assert _names(found, "goes", "feature") == {"orders.order_entry"}
    assert _names(found, "goes", "page")
    assert {one["name"] for one in _role(found, "Owner")["loses"]} >= _names(found, "goes", "page")


def test_a_feature_for_some_vendors_goes_at_all_others(planned: Planned) -> None:
    found = planned(
        "orders.yaml",
        "  order_entry: Enter orders by hand",
        "  order_entry: {description: Enter orders by hand, vendors: [WIZAMART]}",
    )
    gone = [one for one in found.things if one["name"] == "orders.order_entry"]
    assert [(one["change"], one["everywhere"], one["vendors_but"]) for one in gone] == [
        ("goes", False, ["WIZAMART"])
    ]
    assert "- feature    orders.order_entry  [every vendor but WIZAMART]" in list(as_text(found))
    everybody = planned("orders.yaml", "  order_entry: {", "  order_entry: {default: false, ")
    assert 0 < found.vendors == everybody.vendors - 1
    assert 0 < found.people < everybody.people


def test_a_label_is_told_with_its_words(planned: Planned) -> None:
    found = planned("customers.yaml", "label: All customers", "label: Everybody")
    catalogs = ROOT.glob("translations/*/LC_MESSAGES/customers.po")
    assert found.labels == [
        {
            "context": "customers.menu.all_customers",
            "before": "All customers",
            "after": "Everybody",
            "languages": sorted(catalog.parts[-3] for catalog in catalogs),
        }
    ]
    assert found.edited == [
        {"file": "manifests/customers.yaml", "new": False, "gone": False, "keys": ["menus"]}
    ]
    assert found.restart == []


def test_people_read_it_in_lines(planned: Planned) -> None:
    lines = list(as_text(planned("platforms/letz.yaml", "hue:", "modules: {cms: false}\nhue:")))
    assert lines[0] == "manifests/platforms/letz.yaml: modules"
    assert "- menu       vendor /vendor/{vendor_code}/pages  Pages  [letz]" in lines
    assert any(line.startswith("role Owner (vendor): loses ") for line in lines)


def test_a_manifest_without_its_code_needs_it_before_a_restart(portal: Flask, folder: Path) -> None:
    (folder / "returns.yaml").write_text(
        'schema: 1\ncode: returns\nname: Returns\ndescription: What comes back.\nversion: "1.0.0"\n'
    )
    with portal.app_context():
        found, _ = compare(portal.extensions["orion"], SERVED, folder)
    assert found is not None
    assert found.restart == ["returns needs its Python package, and then a restart of every process"]


def test_files_with_errors_have_no_plan_and_leave_what_is_served(portal: Flask, folder: Path) -> None:
    here = portal.extensions["orion"]
    registry = here.registry
    (folder / "cms.yaml").write_text("code: cms\nlable: x\n")
    with portal.app_context():
        found, errors = compare(here, SERVED, folder)
    assert found is None
    assert {one.file for one in errors} == {"manifests/cms.yaml"}
    assert here.registry is registry
