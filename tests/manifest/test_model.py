"""A valid manifest as the engine gets it."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orion.manifest.load import check_set, parse_module, parse_platform, read_folder
from orion.manifest.model import Manifest
from orion.manifest.texts import Text, texts_of
from orion.testing import minimal_manifest

TEXT = minimal_manifest(
    "shop",
    """\
    requires: [till]
    features:
      sale: Reduced prices
      fitting: {description: Fitting room, default: false}
    permissions:
      - id: shop.view
        label: View the shop
        description: See what is on the shelves
    menus:
      vendor:
        - id: goods
          label: Goods
          items:
            - id: shelves
              label: Shelves
              route: /vendor/{vendor_code}/shelves
        - id: shared
          items:
            - id: window
              label: Window
              label_key: shop.menu.shop_window
              route: /vendor/{vendor_code}/window
              icon: cube
              order: 5
    metrics:
      - query: shop.sold
        label: Sold
        frontends: [admin, vendor]
        kind: money
        permission: shop.view
        filter: {year: 2026, state: "yes"}
    panels:
      - {panel: shop.receipts, slot: till.customer, label: Receipts}
    listens:
      till.closed: count_up
    personal:
      shop_guest: [name]
    """,
)


@pytest.fixture
def manifest() -> Manifest:
    parsed, found = parse_module(TEXT.encode(), "manifests/shop.yaml")
    assert found == []
    assert parsed is not None
    return parsed


def test_a_feature_has_a_default_and_a_full_id(manifest: Manifest) -> None:
    assert [(f.full_id, f.description, f.default) for f in manifest.features] == [
        ("shop.sale", "Reduced prices", True),
        ("shop.fitting", "Fitting room", False),
    ]


def test_label_keys_that_are_not_written_follow_from_the_ids(manifest: Manifest) -> None:
    goods, shared = manifest.menus["vendor"]

    assert manifest.permissions[0].label_key == "shop.permissions.view"
    assert manifest.permissions[0].description_key == "shop.permissions.view_desc"
    assert goods.label_key == "shop.menu.goods_section"
    assert goods.items[0].label_key == "shop.menu.shelves"
    assert shared.items[0].label_key == "shop.menu.shop_window"
    assert manifest.metrics[0].label_key == "shop.metrics.sold"
    assert manifest.panels[0].label_key == "shop.panels.receipts"
    assert manifest.features[0].label_key == "shop.features.sale"


def test_a_section_without_a_label_joins_another_modules(manifest: Manifest) -> None:
    assert [section.joins for section in manifest.menus["vendor"]] == [False, True]


def test_names_of_functions_follow_from_the_ids(manifest: Manifest) -> None:
    metric, panel, listen = manifest.metrics[0], manifest.panels[0], manifest.listens[0]

    assert (metric.module, metric.name) == ("shop", "sold")
    assert (panel.module, panel.name, panel.slot) == ("shop", "receipts", "till.customer")
    assert (listen.event, listen.function) == ("till.closed", "count_up")


def test_filters_are_texts_as_they_stand_in_urls(manifest: Manifest) -> None:
    assert manifest.metrics[0].filter == {"year": "2026", "state": "yes"}


def test_every_part_knows_where_it_stands(manifest: Manifest) -> None:
    lines = TEXT.splitlines()

    def here(part: object) -> str:
        return lines[part.line - 1][part.column - 1 :]  # type: ignore[attr-defined]

    assert here(manifest.features[1]).startswith("fitting:")
    assert here(manifest.permissions[0]) == "id: shop.view"
    assert here(manifest.menus["vendor"][1].items[0]) == "id: window"
    assert here(manifest.metrics[0]) == "query: shop.sold"
    assert here(manifest.panels[0]).startswith("{panel: shop.receipts")
    assert here(manifest.listens[0]) == "till.closed: count_up"


def test_the_digest_changes_with_any_byte(manifest: Manifest) -> None:
    other = parse_module(TEXT.encode() + b"# a note\n", "manifests/shop.yaml")[0]

    assert other is not None
    assert other.digest != manifest.digest
    assert len(manifest.digest) == 64


def test_a_manifest_cannot_be_changed_in_place(manifest: Manifest) -> None:
    with pytest.raises(TypeError):
        manifest.metrics[0].links["admin"] = "/admin/elsewhere"  # type: ignore[index]
    with pytest.raises(AttributeError):
        manifest.code = "other"  # type: ignore[misc]


def test_every_text_that_a_person_reads_is_there_for_translators(manifest: Manifest) -> None:
    texts = list(texts_of(manifest))

    assert [text.text for text in texts] == [
        "Shop",
        "A module for tests.",
        "Reduced prices",
        "Fitting room",
        "View the shop",
        "See what is on the shelves",
        "Shop",
        "Goods",
        "Shelves",
        "Window",
        "Sold",
        "Receipts",
    ]
    assert Text("shop.category.shop", "Shop", 11, "permission", ("permissions", 0, "category")) in texts
    assert [text.line for text in texts if text.context == "shop.menu.shelves"] == [20]


def test_a_platforms_file_is_read_with_its_labels() -> None:
    text = "modules: {shop: false}\nhue: 250\nlocales: [de, en]\nlabels: {shop.menu.shelves: {de: Regale}}\n"
    platform, found = parse_platform(text.encode(), "manifests/platforms/south.yaml")

    assert found == []
    assert platform is not None
    assert (platform.code, platform.hue, platform.locales) == ("south", 250, ("de", "en"))
    assert platform.modules == {"shop": False}
    assert platform.labels == {"shop.menu.shelves": {"de": "Regale"}}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.integers(0, len(TEXT.splitlines()) - 1),
    st.sampled_from(
        ["", "null", "1", "yes", "[]", "{}", "[null]", "x", "- x", "[1, [2]]", "{a: 1}", "{a: {b: null}}"]
    ),
)
def test_whatever_stands_for_a_value_the_rest_is_still_checked(
    tmp_path: Path, number: int, junk: str
) -> None:
    lines = TEXT.splitlines()
    key, colon, _ = lines[number].partition(":")
    lines[number] = f"{key}{colon} {junk}"
    (tmp_path / "shop.yaml").write_text("\n".join(lines))

    reading = read_folder(tmp_path)

    salvaged = {code: one.manifest for code, one in reading.salvaged.items()}
    assert reading.manifests or reading.diagnostics
    check_set({**reading.manifests, **salvaged})
