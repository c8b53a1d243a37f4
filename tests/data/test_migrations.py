"""One history a module: each revision whole or not at all, and modules come and go."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, inspect, text

from orion.data import migrate
from orion.data.database import db
from orion.data.histories import History, engine_history, module_history
from orion.data.revisions import owned
from orion.data.rules import AS_OWNER
from tests.data import fence

HEADER = """
import sqlalchemy as sa
from alembic import op
revision = {revision!r}
down_revision = {down!r}
def upgrade():
    {up}
def downgrade():
    {down_steps}
"""
TABLE = 'op.create_table("{0}", sa.Column("id", sa.Integer(), primary_key=True))'


@dataclass
class Folder:
    """A module's folder with migrations of the test's own."""

    path: Path
    code: str

    def write(self, number: int, up: str, down: str = "pass") -> None:
        folder = self.path / "migrations"
        folder.mkdir(parents=True, exist_ok=True)
        before = f"{self.code}_{number - 1:04}" if number > 1 else None
        name = f"{self.code}_{number:04}"
        (folder / f"{name}.py").write_text(HEADER.format(revision=name, down=before, up=up, down_steps=down))

    def history(self, *requires: str) -> History:
        return module_history(self.code, self.path, requires)

    @property
    def folder(self) -> Path:
        return self.path


@pytest.fixture
def empty(empty_database: str) -> Any:
    """An application on a database without any table."""
    app = fence.application(empty_database)
    with app.app_context():
        yield app
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def module(tmp_path: Path) -> Callable[[str], Folder]:
    """`module(code)` → its folder."""
    return lambda code: Folder(tmp_path / code, code)


def _read(question: Callable[[Connection], Any]) -> Any:
    with owned(db.engines[None]) as connection:
        return question(connection)


def _tables() -> set[str]:
    return set(_read(lambda connection: inspect(connection).get_table_names()))


def test_the_engine_migrates_up_and_down_and_up(empty: Flask) -> None:
    assert migrate.behind(empty, {}) == {"orion"}
    assert migrate.upgrade(empty, [engine_history()])
    assert migrate.behind(empty, {}) == frozenset()
    migrate.downgrade(empty, engine_history())
    assert _tables() == {"alembic_version_orion"}
    assert migrate.upgrade(empty, [engine_history()])
    assert migrate.upgrade(empty, [engine_history()]) == []


def test_the_engines_models_are_its_tables(empty: Flask) -> None:
    migrate.upgrade(empty, [engine_history()])
    assert migrate.differences(empty, engine_history()) == []


def test_a_new_revision_makes_its_module_be_behind(empty: Flask, module: Callable[[str], Folder]) -> None:
    one = module("one")
    one.write(1, TABLE.format("one_a"))
    migrate.upgrade(empty, [engine_history(), one.history()])
    assert migrate.behind(empty, {"one": one}) == frozenset()
    one.write(2, TABLE.format("one_b"))
    assert migrate.behind(empty, {"one": one}) == {"one"}
    assert migrate.pending(empty, "one", one.path)
    assert migrate.upgrade(empty, [one.history()]) == ["one: one_0002"]
    assert {"one_a", "one_b"} <= _tables()


def test_a_revision_that_fails_half_way_leaves_nothing(empty: Flask, module: Callable[[str], Folder]) -> None:
    one = module("one")
    one.write(1, TABLE.format("one_a"))
    one.write(2, TABLE.format("one_b") + "; raise RuntimeError('half-way')")
    with pytest.raises(migrate.MigrationFailed, match="half-way"):
        migrate.upgrade(empty, [one.history()])
    assert _tables() == {"one_a", "alembic_version_one"}
    one.write(2, TABLE.format("one_b"))
    assert migrate.upgrade(empty, [one.history()]) == ["one: one_0002"]


def test_a_failure_stops_those_that_require_it_and_no_others(
    empty: Flask, module: Callable[[str], Folder]
) -> None:
    one, two, three = module("one"), module("two"), module("three")
    one.write(1, "raise RuntimeError('broken')")
    two.write(1, TABLE.format("two_a"))
    three.write(1, TABLE.format("three_a"))
    with pytest.raises(
        migrate.MigrationFailed, match="one: RuntimeError: broken; two: RuntimeError: it requires one"
    ):
        migrate.upgrade(empty, [one.history(), two.history("one"), three.history()])
    assert _tables() == {"three_a", "alembic_version_three"}


def test_a_removed_module_keeps_its_tables_and_goes_on_when_it_is_back(
    empty: Flask, module: Callable[[str], Folder]
) -> None:
    one, two = module("one"), module("two")
    one.write(1, TABLE.format("one_a"))
    two.write(1, TABLE.format("two_a"))
    migrate.upgrade(empty, [one.history(), two.history()])
    two.write(2, TABLE.format("two_b"))
    assert migrate.upgrade(empty, [two.history()]) == ["two: two_0002"]
    one.write(2, TABLE.format("one_b"))
    assert migrate.upgrade(empty, [one.history(), two.history()]) == ["one: one_0002"]


def test_a_history_with_two_ends_is_behind_and_says_so(empty: Flask, module: Callable[[str], Folder]) -> None:
    one = module("one")
    one.write(1, "pass")
    one.write(2, "pass")
    fork = one.path / "migrations" / "one_0002.py"
    fork.with_name("one_0003.py").write_text(fork.read_text().replace("'one_0002'", "'one_0003'"))
    assert "one" in migrate.behind(empty, {"one": one})
    with pytest.raises(migrate.MigrationFailed, match="both follow one_0001"):
        migrate.upgrade(empty, [one.history()])


def test_a_database_ahead_of_the_files_is_left_alone(empty: Flask, module: Callable[[str], Folder]) -> None:
    one = module("one")
    one.write(1, TABLE.format("one_a"))
    one.write(2, TABLE.format("one_b"))
    migrate.upgrade(empty, [one.history()])
    (one.path / "migrations" / "one_0002.py").unlink()
    assert "one" in migrate.behind(empty, {"one": one})
    with pytest.raises(migrate.MigrationFailed, match="one_0002, which"):
        migrate.upgrade(empty, [one.history()])


def test_a_database_that_cannot_be_reached_is_behind_in_nothing() -> None:
    app = fence.application("postgresql+psycopg://postgres@127.0.0.1:1/nowhere")
    assert migrate.behind(app, {}) == frozenset()


@pytest.mark.only_on("sqlite")
def test_an_existing_file_is_backed_up_before_it_is_migrated(
    empty: Flask, module: Callable[[str], Folder]
) -> None:
    backups = Path(db.engines[None].url.database or "").parent / "backups"
    one = module("one")
    one.write(1, TABLE.format("one_a"))
    migrate.upgrade(empty, [one.history()])
    before = set(backups.glob("*")) if backups.exists() else set()
    one.write(2, TABLE.format("one_b"))
    migrate.upgrade(empty, [one.history()])
    migrate.upgrade(empty, [one.history()])
    made = set(backups.glob("*")) - before
    assert len(made) == 1


def test_a_rebuilt_table_keeps_the_rows_that_point_to_it(
    empty: Flask, module: Callable[[str], Folder]
) -> None:
    one = module("one")
    parent = TABLE.format("one_parent")
    child = (
        'op.create_table("one_child", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("parent", '
        'sa.Integer(), sa.ForeignKey("one_parent.id", ondelete="CASCADE")))'
    )
    rows = (
        'op.execute("INSERT INTO one_parent VALUES (1)"); op.execute("INSERT INTO one_child VALUES (1, 1)")'
    )
    one.write(1, f"{parent}; {child}; {rows}")
    one.write(
        2,
        'with op.batch_alter_table("one_parent", recreate="auto") as batch: '
        'batch.add_column(sa.Column("name", sa.String(5), nullable=False, server_default="x")); '
        'batch.create_unique_constraint("uq_name", ["name", "id"])',
    )
    migrate.upgrade(empty, [one.history()])
    assert _read(lambda connection: connection.execute(text("SELECT count(*) FROM one_child")).scalar()) == 1


def test_a_revision_is_written_from_the_models_of_one_module(
    app: Flask, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    history = module_history("fence", tmp_path)
    monkeypatch.setattr(migrate, "histories", lambda _app: [history])
    with (
        app.app_context(),
        db.engines["write"].connect().execution_options(**AS_OWNER) as connection,
    ):
        connection.execute(text("DROP TABLE fence_badge"))
        connection.commit()
    written = Path(migrate.revision(app, "fence", "Badges")).read_text()
    assert "fence_badge" in written
    assert "fence_shelf" not in written
    assert "orion_user" not in written
    assert migrate.upgrade(app, [history]) == ["fence: fence_0001"]
    assert migrate.differences(app, history) == []
