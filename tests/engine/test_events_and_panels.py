"""Modules that don't require each other meet by events and panels: softly, and each for itself."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from orion.data import migrate
from orion.data.database import db
from orion.data.rules import AS_OWNER
from orion.testing import House, csrf_token, minimal_manifest

pytestmark = pytest.mark.by_turns

HOME = "/vendor/ACME"

MODELS = """
    from sqlalchemy import Text
    from sqlalchemy.orm import Mapped, mapped_column
    from orion.contracts.models import BigId, VendorOwned, module_base

    Base = module_base(__name__)

    class Line(VendorOwned, Base):
        __tablename__ = "{code}_line"
        id: Mapped[int] = mapped_column(BigId, primary_key=True)
        text: Mapped[str] = mapped_column(Text, unique=True)
"""
REVISION = """
    import sqlalchemy as sa
    from alembic import op
    from orion.data.tables import BigId

    revision = "{code}_0001"
    down_revision = None

    def upgrade():
        op.create_table(
            "{code}_line",
            sa.Column("id", BigId, primary_key=True),
            sa.Column("vendor_id", sa.BigInteger, nullable=False),
            sa.Column("text", sa.Text, nullable=False, unique=True),
        )
"""
ROUTES = """
    from flask import request
    from orion.contracts.data import session
    from orion.contracts.events import emit
    from orion.contracts.pages import Pages
    from {package}.alpha.models import Line

    pages = Pages(__name__)

    @pages.page("/alpha", public=True, methods=("POST",))
    def write(scope):
        session().add(Line(vendor_id=1, text=request.form["text"]))
        emit(scope, "alpha.written", text=request.form["text"])
        if request.form.get("then"):
            raise RuntimeError("after the event")
        return "written"
"""
SLOT = """
    from orion.contracts.pages import Pages, render

    pages = Pages(__name__)

    @pages.page("/alpha", public=True)
    def index(scope):
        return render("alpha/page.html", subject=7)
"""
PAGE = """
    <h1>Alpha</h1>
    {% for panel in panels("alpha.side", subject=subject) %}
    <section id="{{ panel.id }}">{{ panel.label }}: {{ panel.html|default("no content", true) }}</section>
    {% endfor %}
    <footer>The end of alpha</footer>
"""
LISTENER = """
    from orion.contracts.data import session
    from {package}.{code}.models import Line

    def note(scope, text):
        session().add(Line(vendor_id=1, text=f"heard {{text}}"))
        {then}
"""
PANEL = """
    panels:
      - panel: {code}.side
        slot: alpha.side
        label_key: {code}.panels.side
        label: Side of {code}
        order: {order}
"""
LISTENS = "listens:\n  alpha.written: note\n"


@pytest.fixture
def alpha(house: House) -> House:
    """A house whose module `alpha` has a table, and emits what it writes."""
    house.module(
        "alpha",
        models=MODELS.format(code="alpha"),
        routes_vendor=ROUTES.format(package=house.package),
        **{"migrations/0001_line.py": REVISION.format(code="alpha")},
    )
    return house


@pytest.fixture
def parts(alpha: House) -> Callable[..., None]:
    """`parts(code, then=…)` → a module with a table that hears alpha; `then` ends its listener."""

    def write(code: str, then: str = "session().flush()") -> None:
        alpha.module(
            code,
            minimal_manifest(code, LISTENS),
            models=MODELS.format(code=code),
            listeners=LISTENER.format(package=alpha.package, code=code, then=then),
            **{"migrations/0001_line.py": REVISION.format(code=code)},
        )

    return write


@pytest.fixture
def slot(house: House) -> House:
    """A house whose module `alpha` has a page with a slot."""
    house.module("alpha", routes_vendor=SLOT, **{"templates/page.html": PAGE})
    return house


@pytest.fixture
def started(house: House, keeper: Callable[[Flask], FlaskClient]) -> Callable[[], FlaskClient]:
    """`started()` → a client of the house as it was written by then, migrated."""

    def start() -> FlaskClient:
        app = house.app()
        migrate.upgrade(app)
        app.extensions["orion"].refresh()
        app.config.update(TESTING=False, PROPAGATE_EXCEPTIONS=False)
        return keeper(app)

    return start


def write(client: FlaskClient, line: str, **more: str) -> int:
    token = csrf_token(client.get("/account/sessions").text)
    return client.post(f"{HOME}/alpha", data={"text": line, "csrf_token": token, **more}).status_code


def lines(client: FlaskClient, code: str) -> list[str]:
    """What is committed in a module's table, asked past everything."""
    with client.application.app_context(), db.engines["write"].connect() as connection:
        connection = connection.execution_options(**AS_OWNER)
        return list(connection.scalars(text(f"SELECT text FROM {code}_line ORDER BY id")))


# -- events ---------------------------------------------------------------------------------------


def test_a_listener_writes_in_the_transaction_of_the_write(
    parts: Callable[..., None], started: Callable[[], FlaskClient]
) -> None:
    parts("beta")
    client = started()
    assert write(client, "one") == 200
    assert (lines(client, "alpha"), lines(client, "beta")) == (["one"], ["heard one"])


def test_a_write_that_fails_after_its_event_undoes_what_listeners_wrote(
    parts: Callable[..., None], started: Callable[[], FlaskClient]
) -> None:
    parts("beta")
    client = started()
    assert write(client, "one", then="fail") == 500
    assert (lines(client, "alpha"), lines(client, "beta")) == ([], [])


@pytest.mark.parametrize(
    "then",
    [
        "session().flush(); raise RuntimeError('no luck today')",
        "session().add_all([Line(vendor_id=1, text='twice'), Line(vendor_id=1, text='twice')])",
        "from sqlalchemy import func, select; session().execute(select(func.nowhere()))",
    ],
    ids=["raises", "breaks a constraint", "fails in the database"],
)
def test_a_listener_that_raises_is_undone_alone(
    then: str, parts: Callable[..., None], started: Callable[[], FlaskClient]
) -> None:
    parts("beta", then=then)
    parts("gamma")
    client = started()
    assert write(client, "one") == 200
    assert lines(client, "alpha") == ["one"]
    assert lines(client, "beta") == []
    assert lines(client, "gamma") == ["heard one"]


def test_a_write_that_is_wrong_itself_is_not_taken_for_a_listeners_fault(
    parts: Callable[..., None], started: Callable[[], FlaskClient], caplog: pytest.LogCaptureFixture
) -> None:
    parts("beta")
    client = started()
    write(client, "one")
    assert write(client, "one") == 500
    assert "listener failed" not in caplog.text
    assert lines(client, "beta") == ["heard one"]


def test_a_module_that_is_off_hears_nothing_and_hears_again_when_it_is_back(
    alpha: House, parts: Callable[..., None], started: Callable[[], FlaskClient]
) -> None:
    parts("beta")
    client = started()
    orion = client.application.extensions["orion"]
    alpha.manifest("beta", minimal_manifest("beta", LISTENS + "enabled: false\n"))
    orion.refresh()
    assert write(client, "one") == 200
    assert lines(client, "beta") == []
    alpha.manifest("beta", minimal_manifest("beta", LISTENS))
    orion.refresh()
    assert write(client, "two") == 200
    assert lines(client, "beta") == ["heard two"]


def test_a_module_that_a_platform_switches_off_hears_nothing_there(
    alpha: House, parts: Callable[..., None], started: Callable[[], FlaskClient]
) -> None:
    parts("beta")
    (alpha.root / "manifests" / "platforms").mkdir()
    (alpha.root / "manifests" / "platforms" / "south.yaml").write_text("schema: 1\nmodules: {beta: false}\n")
    client = started()
    assert write(client, "one") == 200
    assert (lines(client, "alpha"), lines(client, "beta")) == (["one"], [])


def test_an_event_that_nobody_hears_is_no_trouble(
    alpha: House, parts: Callable[..., None], started: Callable[[], FlaskClient]
) -> None:
    parts("beta")
    (alpha.root / "manifests" / "beta.yaml").unlink()
    assert write(started(), "one") == 200


def test_a_listener_to_a_module_that_is_absent_is_no_trouble(
    alpha: House, parts: Callable[..., None], started: Callable[[], FlaskClient]
) -> None:
    parts("beta")
    alpha.manifest("beta", minimal_manifest("beta", "listens:\n  nowhere.happened: note\n"))
    orion = started().application.extensions["orion"]
    assert orion.registry.state("beta") == "on"
    assert orion.registry.diagnostics == ()


# -- panels ---------------------------------------------------------------------------------------


def panel(house: House, code: str, source: str, order: int = 10, more: str = "", **files: str) -> None:
    """Write a module with a panel on alpha's page."""
    manifest = minimal_manifest(code, PANEL.format(code=code, order=order) + more)
    house.module(
        code, manifest, panels=source, **{"templates/side.html": "<b>about {{ subject }}</b>"} | files
    )


SOUND = """
    def side(scope, subject):
        return "{code}/side.html", {{"subject": subject}}
"""


def section(page: str, code: str) -> str:
    """What a page shows of a panel, "" where it isn't there."""
    return page.partition(f'<section id="{code}.side">')[2].partition("</section>")[0]


def test_panels_stand_in_order_on_the_slot_and_get_its_arguments(
    slot: House, started: Callable[[], FlaskClient]
) -> None:
    panel(slot, "beta", SOUND.format(code="beta"), order=20)
    panel(slot, "gamma", SOUND.format(code="gamma"), order=10)
    page = started().get(f"{HOME}/alpha").text
    assert section(page, "beta") == "Side of beta: <b>about 7</b>"
    assert page.index("Side of gamma") < page.index("Side of beta")


@pytest.mark.parametrize(
    "source, files",
    [
        ("def side(scope, subject):\n    raise RuntimeError('no luck today')\n", {}),
        ("def side(scope):\n    return 'beta/side.html', {}\n", {}),
        ("def side(scope, subject):\n    return None\n", {}),
        ("def side(scope, subject):\n    return 'beta/nowhere.html', {}\n", {}),
        (SOUND.format(code="beta"), {"templates/side.html": "half a {{ subject / 0 }}"}),
        (SOUND.format(code="beta"), {"templates/side.html": "{% for"}),
        (
            """
            from sqlalchemy import text
            from orion.contracts.data import session

            def side(scope, subject):
                session().connection().exec_driver_sql("SELECT * FROM nowhere")
            """,
            {},
        ),
    ],
    ids=[
        "raises",
        "takes no subject",
        "answers nothing",
        "no template",
        "raises in its template",
        "no Jinja",
        "SQL",
    ],
)
def test_a_panel_that_fails_leaves_its_page_whole(
    source: str, files: dict[str, str], slot: House, started: Callable[[], FlaskClient]
) -> None:
    panel(slot, "beta", source, order=10, **files)
    panel(slot, "gamma", SOUND.format(code="gamma"), order=20)
    answer = started().get(f"{HOME}/alpha")
    assert answer.status_code == 200
    assert section(answer.text, "beta") == "Side of beta: no content"
    assert section(answer.text, "gamma") == "Side of gamma: <b>about 7</b>"
    assert "The end of alpha" in answer.text


def test_a_panel_with_nothing_to_show_leaves_no_trace(
    slot: House, started: Callable[[], FlaskClient]
) -> None:
    panel(slot, "beta", "def side(scope, subject):\n    return ''\n")
    answer = started().get(f"{HOME}/alpha")
    assert answer.status_code == 200
    assert "Side of beta" not in answer.text and "The end of alpha" in answer.text


def test_a_panel_is_gone_with_its_module_and_back_with_it(
    slot: House, started: Callable[[], FlaskClient]
) -> None:
    panel(slot, "beta", SOUND.format(code="beta"))
    client = started()
    orion = client.application.extensions["orion"]
    text = (slot.root / "manifests" / "beta.yaml").read_text()
    slot.manifest("beta", text + "enabled: false\n")
    orion.refresh()
    assert section(client.get(f"{HOME}/alpha").text, "beta") == ""
    slot.manifest("beta", text)
    orion.refresh()
    assert section(client.get(f"{HOME}/alpha").text, "beta")


def test_a_panel_of_a_module_that_cannot_be_imported_is_not_there(
    slot: House, started: Callable[[], FlaskClient]
) -> None:
    panel(slot, "beta", SOUND.format(code="beta"), services="raise RuntimeError('no luck today')")
    answer = started().get(f"{HOME}/alpha")
    assert answer.status_code == 200
    assert section(answer.text, "beta") == ""


def test_a_panel_needs_the_permission_and_the_feature_that_it_names(
    slot: House, started: Callable[[], FlaskClient]
) -> None:
    gated = (
        "        feature: extra\n    features:\n      extra: {description: Off at first, default: false}\n"
    )
    panel(slot, "beta", SOUND.format(code="beta"), more=gated)
    client = started()
    assert section(client.get(f"{HOME}/alpha").text, "beta") == ""
    text = (slot.root / "manifests" / "beta.yaml").read_text()
    slot.manifest("beta", text.replace("default: false", "default: true"))
    client.application.extensions["orion"].refresh()
    assert section(client.get(f"{HOME}/alpha").text, "beta")


def test_a_panel_on_a_slot_that_nobody_has_is_no_trouble(
    slot: House, started: Callable[[], FlaskClient]
) -> None:
    panel(slot, "beta", SOUND.format(code="beta"))
    text = (slot.root / "manifests" / "beta.yaml").read_text()
    slot.manifest("beta", text.replace("slot: alpha.side", "slot: nowhere.side"))
    client = started()
    assert client.application.extensions["orion"].registry.state("beta") == "on"
    assert client.get(f"{HOME}/alpha").status_code == 200
