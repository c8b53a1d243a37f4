"""`orion modules why`: the level that decided, and the line that says so."""

import textwrap
from pathlib import Path

import pytest

from orion.contracts.errors import NotFound
from orion.manifest.load import read_folder
from orion.product.why import decisions, verdict
from orion.registry import AtVendor, ModuleState, Registry, State
from orion.settings import ROOT

HEAD = 'schema: 1\ncode: {code}\nname: N\ndescription: D\nversion: "1.0.0"\n'
FILES = {
    "base": "core: true\n",
    "goods": (
        "requires: [base]\nfeatures:\n  prices: Prices\n  extra: {description: E, default: false}\n"
        "  gifts: {description: G, vendors: [ACME]}\n"
    ),
    "stock": "requires: [goods]\n",
    "old": "enabled: false\n",
    "older": "requires: [old]\n",
    "platforms/south": "modules: {goods: false, base: false}\n",
    "platforms/north": "features:\n  goods.prices: false\n  goods.extra: true\n",
}


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    """Five modules of which two are off, and two platforms that differ."""
    for name, text in FILES.items():
        file = tmp_path / "manifests" / f"{name}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text if "/" in name else HEAD.format(code=name) + textwrap.dedent(text))
    return _registry(
        tmp_path / "manifests", {"old": "its manifest says enabled: false", "older": "needs old"}
    )


def _registry(folder: Path, off: dict[str, str]) -> Registry:
    reading = read_folder(folder)
    states = {
        code: ModuleState(code, State.OFF if code in off else State.ON, off.get(code, ""))
        for code in reading.manifests
    }
    return Registry("1", states, reading.manifests, reading.platforms)


@pytest.mark.parametrize("platform", [None, "south", "north"])
def test_it_says_of_each_name_what_the_registry_says(registry: Registry, platform: str | None) -> None:
    on = registry.features([platform] if platform else None)
    for code in registry.manifests:
        for name, (decided,) in decisions(registry, code, [platform] if platform else []).items():
            assert decided.on == (name in on), name


def test_it_says_of_each_module_here_what_the_registry_says() -> None:
    real = _registry(ROOT / "manifests", {})
    for platform in ([], *([code] for code in real.platforms)):
        for code in real.manifests:
            for name, (decided,) in decisions(real, code, platform).items():
                assert decided.on == (name in real.features(platform or None)), name
                assert (ROOT / decided.file).read_text().splitlines()[decided.line - 1].strip()


@pytest.mark.parametrize(
    ("name", "platform", "level", "place"),
    [
        ("base", "south", "installation", "manifests/base.yaml:6"),
        ("goods", None, "installation", "manifests/goods.yaml:2"),
        ("goods", "south", "platform south", "manifests/platforms/south.yaml:1"),
        ("stock", "south", "platform south", "manifests/platforms/south.yaml:1"),
        ("old", None, "installation", "manifests/old.yaml:6"),
        ("older", "north", "installation", "manifests/older.yaml:6"),
        ("goods.prices", None, "installation", "manifests/goods.yaml:8"),
        ("goods.extra", None, "installation", "manifests/goods.yaml:9"),
        ("goods.prices", "south", "platform south", "manifests/platforms/south.yaml:1"),
        ("goods.prices", "north", "platform north", "manifests/platforms/north.yaml:2"),
        ("goods.extra", "north", "platform north", "manifests/platforms/north.yaml:3"),
    ],
)
def test_it_names_the_level_and_the_line(
    registry: Registry, name: str, platform: str | None, level: str, place: str
) -> None:
    (decided,) = decisions(registry, name.partition(".")[0], [platform] if platform else [])[name]
    assert (decided.level, decided.place) == (level, place)


def test_what_is_off_beneath_is_named_with_its_own_line(registry: Registry) -> None:
    (decided,) = decisions(registry, "older")["older"]
    assert "enabled: false" in decided.reason
    assert "manifests/old.yaml:6" in decided.reason


def test_on_several_platforms_one_that_has_it_on_is_enough(registry: Registry) -> None:
    found = decisions(registry, "goods", ["south", "north"])
    assert verdict(found["goods"]).on
    assert verdict(found["goods.extra"]).level == "platform north"
    assert not verdict(decisions(registry, "goods", ["south"])["goods.extra"]).on


def test_a_module_that_nobody_knows_is_no_answer(registry: Registry) -> None:
    with pytest.raises(NotFound, match='did you mean "goods"'):
        decisions(registry, "godos")


@pytest.mark.parametrize("code", ["ACME", "OTHER"])
@pytest.mark.parametrize("off", ["", "goods", "goods.prices", "base"])
@pytest.mark.parametrize("platform", [None, "south", "north"])
def test_it_says_of_a_vendor_what_the_registry_says(
    registry: Registry, platform: str | None, off: str, code: str
) -> None:
    vendor, platforms = AtVendor(code, frozenset({off})), [platform] if platform else []
    on = registry.features(platforms or None, vendor)
    for module in registry.manifests:
        for name, (decided,) in decisions(registry, module, platforms, vendor).items():
            assert decided.on == (name in on), name


def test_a_vendor_switches_off_and_never_on(registry: Registry) -> None:
    def on(platform: str, off: str = "") -> frozenset[str]:
        return registry.features([platform], AtVendor("ACME", frozenset({off})))

    assert on("north") - on("north", "goods") == {"goods", "goods.extra", "goods.gifts", "stock"}
    assert on("north") - on("north", "goods.extra") == {"goods.extra"}
    assert on("south", "goods") == on("south") == {"base"}
    assert "base" in on("north", "base")


@pytest.mark.parametrize(
    ("vendor", "name", "level", "reason"),
    [
        (AtVendor("OTHER"), "goods.gifts", "installation", "it is for ACME alone"),
        (AtVendor("ACME", frozenset({"goods"})), "stock", "vendor ACME", "requires goods"),
        (AtVendor("ACME", frozenset({"goods"})), "goods.prices", "vendor ACME", "goods is off"),
        (AtVendor("ACME", frozenset({"goods.gifts"})), "goods.gifts", "vendor ACME", "its team"),
    ],
)
def test_what_a_vendor_lacks_is_said_with_its_level(
    registry: Registry, vendor: AtVendor, name: str, level: str, reason: str
) -> None:
    (decided,) = decisions(registry, name.partition(".")[0], [], vendor)[name]
    assert (decided.on, decided.level) == (False, level)
    assert reason in decided.reason


def test_a_feature_for_some_vendors_is_said_with_its_line(registry: Registry) -> None:
    (decided,) = decisions(registry, "goods")["goods.gifts"]
    assert (decided.on, decided.reason) == (True, "it is for ACME alone")
    assert decided.place == "manifests/goods.yaml:10"
