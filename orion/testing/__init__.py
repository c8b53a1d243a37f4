"""A pytest plugin: databases, applications, sign-in, fake modules, counted statements.

Tests that use a database run on SQLite and on PostgreSQL (`--db` narrows it). What this machine
lacks is skipped and counted in one line; under ORION_TEST_REQUIRE=all a skip is a failure.

What takes minutes is `long`, perhaps on one kind of database alone (`long_on`). What a page says depends
little on the kind: tests that are `by_turns` run on one of both, each always on the same, and on the other
where the long ones are asked for.
"""

import gc
import os
import shutil
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from orion.app import create_app
from orion.data.database import db
from orion.seeding import seed
from orion.settings import Settings
from orion.testing.apps import PASSWORD, close, compile_once, migrated
from orion.testing.databases import Databases, in_memory, postgresql_answers
from orion.testing.house import House, house, keeper, minimal_manifest
from orion.testing.kept import Kept
from orion.testing.lines import log_lines

__all__ = [
    "PASSWORD",
    "House",
    "Kept",
    "client_of",
    "close",
    "fill_demo",
    "house",
    "keeper",
    "lease_demo",
    "lease_migrated",
    "log_lines",
    "migrated",
    "minimal_manifest",
    "settings_in",
    "shared_app",
    "shared_demo",
]

KINDS = ("sqlite", "postgresql")
_missing: Counter[str] = Counter()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--db sqlite|postgresql|both`, `--long with|without|only`, `--turns`, `--no-houses`."""
    parser.addoption("--db", choices=["sqlite", "postgresql", "both"], default="both")
    told = "the sweeps that take minutes; by default only where their files are named"
    parser.addoption("--long", choices=["with", "without", "only"], help=told)
    told = "on one database too, of the tests that take turns only those whose turn is there"
    parser.addoption("--turns", action="store_true", help=told)
    told = "leave out the tests on fake modules, to which it is all the same which real ones are there"
    parser.addoption("--no-houses", action="store_true", help=told)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test with a database runs on both kinds."""
    if "database_kind" in metafunc.fixturenames:
        wanted = metafunc.config.getoption("--db")
        kinds = [*KINDS] if wanted == "both" else [wanted]
        only = metafunc.definition.get_closest_marker("only_on")
        if only is not None:
            kinds = [kind for kind in kinds if kind in only.args]
        metafunc.parametrize("database_kind", kinds, scope="session", indirect=True)


def pytest_configure(config: pytest.Config) -> None:
    """Declare the plugin's markers, and make applications cheap."""
    compile_once()
    config.addinivalue_line("markers", "only_on(kind, …): the databases on which the test makes sense")
    config.addinivalue_line("markers", "browser: needs Chromium")
    config.addinivalue_line("markers", "long: a sweep that takes minutes, see --long")
    config.addinivalue_line("markers", "long_on(kind, …): it is one on these databases")
    config.addinivalue_line("markers", "by_turns: on one of the databases, and long on the other")
    if config.option.long is None:  # Decided here, where it is known: processes of xdist are told.
        named = config.args_source is not pytest.Config.ArgsSource.TESTPATHS
        config.option.long = "with" if named else "without"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that make no sense on the databases that were asked for, and the long sweeps."""
    wanted = config.getoption("--db")
    long = config.getoption("--long")
    left_out = []
    for item in items:
        only, is_long = (
            item.get_closest_marker("only_on"),
            _is_long(item, wanted == "both" or config.getoption("--turns")),
        )
        senseless = only is not None and (
            wanted not in ("both", *only.args) or _kind(item) not in (None, *only.args)
        )
        if config.getoption("--no-houses") and "house" in getattr(item, "fixturenames", ()):
            senseless = True
        if senseless or (is_long and long == "without") or (not is_long and long == "only"):
            left_out.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def _is_long(item: pytest.Item, turns: bool) -> bool:
    """Whether a test, on the kind of database that it is collected for, is one of the long ones. Where both
    kinds run, or one for both, tests take `turns`."""
    kind = _kind(item)
    on = item.get_closest_marker("long_on")
    if item.get_closest_marker("long") is not None or (on is not None and kind in on.args):
        return True
    only = item.get_closest_marker("only_on")
    if kind is None or not turns or item.get_closest_marker("by_turns") is None:
        return False
    return len(only.args if only else KINDS) == len(KINDS) and kind != _turn(item, kind)


def _kind(item: pytest.Item) -> str | None:
    callspec = getattr(item, "callspec", None)
    return callspec.params.get("database_kind") if callspec else None


def _turn(item: pytest.Item, kind: str) -> str:
    """The kind of database whose turn a test is, by its name."""
    return KINDS[zlib.crc32(item.nodeid.replace(kind, "").encode()) % len(KINDS)]


def pytest_collection_finish() -> None:
    """Look for garbage among what tests make, not among modules and tests themselves: with these on the
    heap, looking took a fifth of the computing."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def need(what: str, there: bool) -> None:
    """Skip the test for want of `what`; fail it where everything is required."""
    if there:
        return
    if os.environ.get("ORION_TEST_REQUIRE") == "all":
        pytest.fail(f"{what} is required here and missing", pytrace=False)
    pytest.skip(f"needs {what}")


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Count what was skipped, by its reason."""
    if report.skipped and isinstance(report.longrepr, tuple):
        _missing[report.longrepr[2].removeprefix("Skipped: ")] += 1


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """One line that counts the skips."""
    if _missing:
        counts = ", ".join(f"{number} {reason}" for reason, number in sorted(_missing.items()))
        terminalreporter.write_line(f"skipped: {counts}")


# -- databases ---


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    """`sqlite` or `postgresql`."""
    kind: str = request.param
    if kind == "postgresql":
        need("PostgreSQL", postgresql_answers())
    return kind


@pytest.fixture(scope="session")
def databases(database_kind: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Where new databases of this kind come from."""
    files = tmp_path_factory.mktemp("databases")
    with in_memory(otherwise=files) as folder:
        made = Databases(database_kind, folder, files)
        yield made
        made.close()


@pytest.fixture
def empty_database(databases: Databases) -> Iterator[str]:
    """The URL of a database without any table."""
    url = databases.new()
    yield url
    databases.drop(url)


@pytest.fixture
def portals() -> dict[str, Kept[Any]]:
    """The portals that tests of a folder begin with, by fixture."""
    return {}


@pytest.fixture
def database(
    request: pytest.FixtureRequest, databases: Databases, settings: Settings, portals: dict[str, Kept[Any]]
) -> Iterator[str]:
    """The URL of a migrated database, with the rows of a kept portal where the test uses one."""
    used = next((portal for name, portal in portals.items() if name in request.fixturenames), None)
    url = used.lease(databases, settings) if used else lease_migrated(databases, settings)
    yield url
    databases.give_back(used.key if used else "migrated", url)


@pytest.fixture
def own_database(databases: Databases, settings: Settings) -> Iterator[str]:
    """The same for a test that changes tables: nobody has it afterwards."""
    url = lease_migrated(databases, settings)
    yield url
    databases.drop(url)


def lease_migrated(databases: Databases, settings: Settings) -> str:
    """The URL of a migrated database without rows."""
    return databases.lease(*migrated(settings))


@pytest.fixture
def demo_database(databases: Databases, settings: Settings) -> Iterator[str]:
    """The URL of a database with the small demo in it."""
    url = lease_demo(databases, settings)
    yield url
    databases.give_back("demo", url)


def lease_demo(databases: Databases, settings: Settings) -> str:
    """The URL of a database with the small demo in it; its files, which were written once, are put in the
    settings' data folder."""
    kept, here = databases.files / "demo", settings.data / "media"
    url = databases.lease(
        "demo", lambda at: _fill_demo(replace(settings, database_url=at, data=kept)), migrated(settings)
    )
    if (kept / "media").is_dir() and not here.exists():
        shutil.copytree(kept / "media", here, copy_function=os.link)
    return url


@contextmanager
def shared_demo(databases: Databases, settings: Settings) -> Iterator[Flask]:
    """The small demo for several tests: what one of them changes, the next one finds."""
    url = lease_demo(databases, settings)
    made = create_app(replace(settings, database_url=url))
    yield made
    close(made)
    databases.give_back("demo", url)


@contextmanager
def shared_app(databases: Databases, settings: Settings) -> Iterator[Flask]:
    """An application without rows for several tests: what one of them changes, the next one finds."""
    url = lease_migrated(databases, settings)
    made = create_app(replace(settings, database_url=url))
    yield made
    close(made)
    databases.give_back("migrated", url)


def fill_demo(settings: Settings) -> None:
    """Migrate the settings' database and put the small demo in it."""
    _template, migrate = migrated(settings)
    migrate(settings.database_url)
    _fill_demo(settings)


def _fill_demo(settings: Settings) -> None:
    app = create_app(replace(settings, watch_every=0))
    seed(app, size="small", demo=True)
    close(app)


# -- applications ---------------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """See `settings_in`: in a folder of the test's own."""
    return settings_in(tmp_path)


def settings_in(folder: Path, **changes: Any) -> Settings:
    """Settings for tests: data and mail as files in a folder, nothing watched."""
    found = Settings(
        data=folder / "data",
        secret_key="test-secret-test-secret-test-secret",
        mail_url=f"file://{folder / 'mail'}",
        testing=True,
        demo=True,
        watch_every=0,
        # The files of the checkout: a test that switches something has a copy.
        edit_manifests=False,
    )
    return replace(found, **changes)


@pytest.fixture
def app(database: str, settings: Settings) -> Iterator[Flask]:
    """Orion with the modules of this checkout, migrated, without rows."""
    made = create_app(replace(settings, database_url=database))
    yield made
    close(made)


@pytest.fixture
def demo(demo_database: str, settings: Settings) -> Iterator[Flask]:
    """Orion with the small demo's rows and logins."""
    made = create_app(replace(settings, database_url=demo_database))
    yield made
    close(made)


@pytest.fixture
def client(request: pytest.FixtureRequest, database_kind: str) -> FlaskClient:
    """A browser without JavaScript, on the demo where the test uses it, else on the plain app."""
    app: Flask = request.getfixturevalue("demo" if "demo" in request.fixturenames else "app")
    return app.test_client()


@pytest.fixture
def sign_in(request: pytest.FixtureRequest, database_kind: str) -> Callable[..., FlaskClient]:
    """`sign_in(email, password=…, app=…)` → a client that went through the login form."""

    def signed_in(email: str, password: str = PASSWORD, app: Flask | None = None) -> FlaskClient:
        return client_of(app or request.getfixturevalue("demo"), email, password)

    return signed_in


def client_of(app: Flask, email: str, password: str = PASSWORD) -> FlaskClient:
    """A client that went through an application's login form."""
    client = app.test_client()
    page = client.get("/login")
    form = {"email": email, "password": password, "csrf_token": csrf_token(page.text)}
    answer = client.post("/login", data=form)
    assert answer.status_code in (302, 303), f"{email} cannot sign in: {answer.status}"
    return client


def csrf_token(html: str) -> str:
    """The token of the first form on a page."""
    _, _, rest = html.partition('name="csrf_token"')
    return rest.partition('value="')[2].partition('"')[0]


# -- counting -------------------------------------------------------------------------------------


@pytest.fixture
def count_sql() -> Callable[[Flask], Any]:
    """`with count_sql(app) as statements:` collects the SQL that SQLAlchemy sends meanwhile, without what
    bookkeeping writes beside a request."""

    @contextmanager
    def counting(app: Flask) -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_c: Any, _k: Any, statement: str, *_rest: Any) -> None:
            if threading.current_thread().name != "orion-bookkeeping":
                statements.append(statement)

        with app.app_context():
            engines = list(db.engines.values())
        for engine in engines:
            event.listen(engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            for engine in engines:
                event.remove(engine, "before_cursor_execute", note)

    return counting
