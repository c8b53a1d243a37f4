"""A module that is wrong takes itself and what requires it out, is named, and harms nobody else."""

from collections.abc import Callable
from typing import Any

import pytest

from orion import watch
from orion.testing import House, minimal_manifest
from orion.testing.house import first_revision

pytestmark = pytest.mark.by_turns

PAGE = """
    from orion.contracts.pages import Pages
    pages = Pages(__name__)

    @pages.page("/{code}", public=True)
    def index(scope):
        return "{code} is here"
"""
VENDOR = "/vendor/ACME"


def page(code: str) -> str:
    return PAGE.replace("{code}", code)


def requires(code: str, *others: str) -> str:
    return minimal_manifest(code, f"requires: [{', '.join(others)}]\n")


@pytest.fixture
def sound(house: House) -> House:
    """A house with a module that is all right."""
    house.module("alpha", routes_vendor=page("alpha"))
    return house


def test_a_module_that_raises_at_import_is_off_and_the_others_serve(
    sound: House, keeper: Callable[..., Any]
) -> None:
    sound.module("beta", routes_vendor="raise RuntimeError('no luck today')")
    app = sound.app()
    registry = app.extensions["orion"].registry
    assert registry.state("beta") == "quarantined"
    assert "no luck today" in registry.reason("beta")
    client = keeper(app)
    assert client.get(f"{VENDOR}/alpha").text == "alpha is here"
    assert client.get(f"{VENDOR}/beta").status_code == 404


def test_what_requires_a_quarantined_module_is_off_too_and_says_why(sound: House) -> None:
    sound.module("beta", services="import nothing_of_that_name")
    sound.module("gamma", requires("gamma", "beta"), routes_vendor=page("gamma"))
    registry = sound.app().extensions["orion"].registry
    assert registry.state("gamma") == "quarantined"
    assert "beta" in registry.reason("gamma")
    assert registry.state("alpha") == "on"


def test_a_broken_mapper_stays_the_trouble_of_its_own_module(
    sound: House, keeper: Callable[..., Any]
) -> None:
    sound.module(
        "beta",
        models="""
            from sqlalchemy.orm import Mapped, mapped_column, relationship
            from orion.contracts.models import BigId, module_base

            Base = module_base(__name__)

            class Thing(Base):
                __tablename__ = "beta_thing"
                id: Mapped[int] = mapped_column(BigId, primary_key=True)
                other = relationship("NoSuchClass")
        """,
    )
    app = sound.app()
    assert app.extensions["orion"].registry.state("beta") == "quarantined"
    assert keeper(app).get(f"{VENDOR}/alpha").status_code == 200


def test_a_page_without_a_policy_quarantines_its_module(sound: House) -> None:
    sound.module(
        "beta",
        routes_vendor=page("beta") + "\n    @pages.route('/open')\n    def open_door():\n        return ''\n",
    )
    registry = sound.app().extensions["orion"].registry
    assert registry.state("beta") == "quarantined"
    assert "/open" in registry.reason("beta")


def test_a_page_with_an_undeclared_permission_quarantines_its_module(sound: House) -> None:
    sound.module("beta", routes_vendor=page("beta").replace("public=True", 'permission="beta.invented"'))
    registry = sound.app().extensions["orion"].registry
    assert registry.state("beta") == "quarantined"
    assert "beta.invented" in registry.reason("beta")


def test_a_table_with_anothers_prefix_quarantines_its_module(sound: House) -> None:
    sound.module(
        "beta",
        models="""
            from sqlalchemy.orm import Mapped, mapped_column
            from orion.contracts.models import BigId, module_base

            Base = module_base(__name__)

            class Thing(Base):
                __tablename__ = "alpha_thing"
                id: Mapped[int] = mapped_column(BigId, primary_key=True)
        """,
    )
    assert "must be named beta_" in sound.app().extensions["orion"].registry.reason("beta")


def test_a_manifest_that_was_never_good_quarantines_its_module(
    sound: House, keeper: Callable[..., Any]
) -> None:
    sound.module("beta", "schema: 1\ncode: beta\nlable: wrong\n", routes_vendor=page("beta"))
    app = sound.app()
    registry = app.extensions["orion"].registry
    assert registry.state("beta") == "quarantined"
    assert "manifests/beta.yaml:" in registry.reason("beta")
    assert keeper(app).get(f"{VENDOR}/alpha").status_code == 200


def test_a_manifest_that_breaks_later_is_served_from_its_last_good_text(
    sound: House, keeper: Callable[..., Any]
) -> None:
    app = sound.app()
    client = keeper(app)
    sound.manifest("alpha", "schema: 1\ncode: [half a fi")
    assert app.extensions["orion"].refresh()
    assert client.get(f"{VENDOR}/alpha").status_code == 200
    banner = client.get("/admin/").text
    assert "alpha" in banner and "manifests/alpha.yaml:" in banner


def test_the_last_good_text_survives_a_restart(sound: House) -> None:
    sound.app()
    sound.manifest("alpha", "schema: 1\ncode: [half a fi")
    registry = sound.app().extensions["orion"].registry
    assert registry.state("alpha") == "on"
    assert registry.stale_manifests == ("alpha",)


def test_a_mended_manifest_is_taken_at_once(sound: House) -> None:
    app = sound.app()
    sound.manifest("alpha", "nonsense: [")
    app.extensions["orion"].refresh()
    sound.manifest("alpha", minimal_manifest("alpha").replace("name: Alpha", "name: Renamed"))
    app.extensions["orion"].refresh()
    registry = app.extensions["orion"].registry
    assert registry.manifests["alpha"].name == "Renamed"
    assert registry.stale_manifests == ()


def test_a_deleted_manifest_means_off(sound: House, keeper: Callable[..., Any]) -> None:
    app = sound.app()
    client = keeper(app)
    (sound.root / "manifests" / "alpha.yaml").unlink()
    app.extensions["orion"].refresh()
    assert app.extensions["orion"].registry.state("alpha") == "off"
    assert client.get(f"{VENDOR}/alpha").status_code == 404


def test_a_module_switched_off_comes_back_when_it_is_switched_on(
    sound: House, keeper: Callable[..., Any]
) -> None:
    app = sound.app()
    client = keeper(app)
    sound.manifest("alpha", minimal_manifest("alpha", "enabled: false\n"))
    app.extensions["orion"].refresh()
    assert client.get(f"{VENDOR}/alpha").status_code == 404
    sound.manifest("alpha", minimal_manifest("alpha"))
    app.extensions["orion"].refresh()
    assert client.get(f"{VENDOR}/alpha").status_code == 200


def test_a_module_behind_its_migrations_is_off_until_they_have_run(sound: House) -> None:
    from orion.data import migrate

    sound.module("beta", **{"migrations/0001_thing.py": first_revision("beta")})
    app = sound.app()
    assert app.extensions["orion"].registry.state("beta") == "quarantined"
    migrate.upgrade(app)
    app.extensions["orion"].refresh()
    assert app.extensions["orion"].registry.state("beta") == "on"


def test_the_watcher_takes_a_saved_manifest_within_a_second(sound: House) -> None:
    import threading

    swapped = threading.Event()
    app = sound.app(watch_every=0.05)
    orion = app.extensions["orion"]
    refresh = orion.refresh
    orion.refresh = lambda: refresh() and swapped.set()
    sound.manifest("alpha", minimal_manifest("alpha").replace("name: Alpha", "name: Saved"))
    assert swapped.wait(timeout=1)
    assert orion.registry.manifests["alpha"].name == "Saved"


def test_a_file_that_is_still_being_saved_is_left_until_it_rests(
    sound: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = minimal_manifest("alpha", "core: true\nfeatures: {more: More}\n")
    sound.manifest("alpha", whole)
    orion = sound.app().extensions["orion"]
    settling, clock = watch.Settling(), [0.0]
    monkeypatch.setattr(watch.time, "monotonic", lambda: clock[0])

    def is_over(at: float) -> bool:
        clock[0] = at
        return settling.is_over(orion)

    assert is_over(0)
    sound.manifest("alpha", whole.partition("features")[0])  # Half of it, and valid.
    assert [is_over(at) for at in (0.4, 0.5, 0.7)] == [False, False, False]
    sound.manifest("alpha", whole.replace("More", "Even more"))
    assert [is_over(at) for at in (1.0, 1.05, 1.2)] == [False, False, True]
    orion.refresh()
    sound.manifest("alpha", whole.partition("features")[0])  # Meant so, and not saved again.
    assert [is_over(at) for at in (2.0, 2.3, 2.5)] == [False, False, True]


def test_a_package_from_another_tree_is_refused(sound: House, tmp_path: Any) -> None:
    from dataclasses import replace

    elsewhere = replace(sound.settings, root=tmp_path)
    with pytest.raises(RuntimeError, match="and not"):
        House(sound.root, sound.package, elsewhere).app()


def test_an_installation_without_any_module_starts(house: House) -> None:
    for file in (house.root / "manifests").glob("*.yaml"):
        file.unlink()
    assert house.app().test_client().get("/healthz").status_code == 200


def test_a_broken_manifest_takes_nothing_down_that_leans_on_it(
    sound: House, keeper: Callable[..., Any]
) -> None:
    section = """
        menus:
          vendor:
            - id: shared
              label_key: alpha.menu.shared
              label: Shared
              items: [{id: alpha, label: Alpha, route: "/vendor/{vendor_code}/alpha"}]
    """
    joined = """
        requires: [alpha]
        menus:
          vendor:
            - id: shared
              items: [{id: beta, label: Beta, route: "/vendor/{vendor_code}/beta"}]
    """
    sound.module("alpha", minimal_manifest("alpha", section), routes_vendor=page("alpha"))
    sound.module("beta", minimal_manifest("beta", joined), routes_vendor=page("beta"))
    app = sound.app()
    registry = app.extensions["orion"].registry
    assert (registry.state("alpha"), registry.state("beta")) == ("on", "on")
    sound.manifest("alpha", "schema: 1\ncode: [half a fi")
    app.extensions["orion"].refresh()
    registry = app.extensions["orion"].registry
    assert (registry.state("alpha"), registry.state("beta")) == ("on", "on")
    assert registry.stale_manifests == ("alpha",)
    assert "Beta" in keeper(app).get(f"{VENDOR}/").text


def test_in_safe_mode_core_modules_alone_are_on(sound: House, keeper: Callable[..., Any]) -> None:
    sound.module("vital", minimal_manifest("vital", "core: true\n"), routes_vendor=page("vital"))
    sound.module("keeper", minimal_manifest("keeper", "core: true\n"))
    app = sound.app(safe_mode=True)
    registry = app.extensions["orion"].registry
    assert set(registry.on) == {"keeper", "vital"}
    assert "ORION_SAFE_MODE" in registry.reason("alpha")
    client = keeper(app)
    assert client.get(f"{VENDOR}/vital").text == "vital is here"
    assert client.get(f"{VENDOR}/alpha").status_code == 404
