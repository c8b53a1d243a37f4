"""The embedded server."""

import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

import click
import pytest
from flask import Flask
from sqlalchemy import text

from orion.app import create_app
from orion.data import histories, migrate, revisions
from orion.data.database import db
from orion.identity.services import create_user, list_users
from orion.serving import prepare_demo
from orion.settings import ROOT, Settings
from orion.supervising import supervise
from orion.testing import close

pytestmark = pytest.mark.only_on("sqlite")


def test_an_address_that_is_taken_is_said_in_a_sentence(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(click.ClickException) as refused:
            supervise(settings, "127.0.0.1", port)
    assert f"127.0.0.1:{port}" in refused.value.message
    assert "listens" not in capsys.readouterr().out


def test_what_keeps_the_address_takes_no_more_memory_than_it_needs() -> None:
    run = "import sys; from orion import cli, supervising; print(*sys.modules)"
    known = subprocess.run(
        [sys.executable, "-c", run], stdout=subprocess.PIPE, text=True, check=True, cwd=ROOT
    )
    assert not {"sqlalchemy", "flask_security", "orion.app"} & set(known.stdout.split())


def test_it_listens_when_it_says_so_and_winds_down_when_it_is_told_to(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    run = [sys.executable, "-c", "from orion.cli import main; main()", "serve", "--port", str(port)]
    env = {"ORION_DATA": str(settings.data), "ORION_DATABASE_URL": "", "ORION_WATCH_EVERY": "0"}
    with subprocess.Popen(run, stdout=subprocess.PIPE, text=True, env=env, cwd=settings.root) as process:
        try:
            assert process.stdout is not None and "listens" in process.stdout.readline()
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
                assert answer.status == 200
        finally:
            process.terminate()
        assert process.wait(timeout=30) == 0


def test_the_demo_refuses_a_database_that_has_people_in_it(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        create_user("real@example.com", "Real", "a long and good password")
        url = db.engines["write"].url.render_as_string(hide_password=False)
    settings = Settings(data=tmp_path / "demo", database_url=url, watch_every=0)
    with pytest.raises(click.ClickException, match="is in use"):
        prepare_demo(settings, None, lambda _line: None)
    with app.app_context():
        assert [user.email for user in list_users()] == ["real@example.com"]


@pytest.fixture
def demo_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a demo that is made already, without rows."""
    monkeypatch.setattr("orion.serving.seed", lambda *_args, **_options: None)
    settings = Settings(data=tmp_path / "demo", watch_every=0, testing=True)
    prepare_demo(settings, "small", lambda _line: None)
    return settings


def test_a_demo_is_not_taken_to_another_database(empty_database: str, demo_place: Settings) -> None:
    with pytest.raises(click.ClickException, match="another database"):
        prepare_demo(replace(demo_place, database_url=empty_database), None, lambda _line: None)


def test_a_demo_of_an_older_orion_gets_the_tables_of_this_one(demo_place: Settings) -> None:
    app = create_app(demo_place)
    last = histories.histories(app)[-1]
    migrate.downgrade(app, last)
    said: list[str] = []
    prepare_demo(demo_place, None, said.append)
    assert not migrate.pending(app, last.code, last.folder.parent)
    assert any(f"{last.code}: {last.revisions[-1]}" in line for line in said)
    close(app)


def test_a_demo_of_a_newer_orion_is_refused_in_a_sentence(demo_place: Settings) -> None:
    app = create_app(demo_place)
    with app.app_context(), revisions.transaction(db.engines["write"]) as connection:
        connection.execute(text("UPDATE alembic_version_orion SET version_num = 'orion_9999'"))
    close(app)
    with pytest.raises(click.ClickException, match="orion_9999"):
        prepare_demo(demo_place, None, lambda _line: None)
