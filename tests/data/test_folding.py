"""Letters that nobody types are found by those that people type for them, in rows of before too."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Column, MetaData, String, Table, cast, insert, inspect, literal, select, update
from sqlalchemy import column as sql_column
from sqlalchemy import table as sql_table

from orion.app import create_app
from orion.contracts.models import BigId, NormText, normalise, refold
from orion.data import migrate
from orion.data.database import db
from orion.data.histories import History, histories
from orion.data.revisions import owned
from orion.data.tables import metadata, wall_of
from orion.isolation.world import World
from orion.settings import Settings
from orion.testing import close

#: Names as people have them, and what they are searched by.
NAMES = {
    "Łódź": "lodz",
    "Søren Ærø": "soren aero",
    "Þór Guðmundsson": "thor gudmundsson",
    "Đặng Đình Áng": "dang dinh ang",
    "Işık İnönü": "isik inonu",
    "Ħaż-Żabbar": "haz-zabbar",
    "Straße, STRASSE": "strasse, strasse",
    "Œuvre de cœur": "oeuvre de coeur",
    "Ŧ": "t",
    "O’Brien": "o'brien",
    "مكتبة الأمل": "مكتبه الامل",
    "طلب ١٢٣": "طلب 123",
}


@pytest.fixture
def portal(own_database: str, settings: Settings) -> Iterator[Flask]:
    """An application on a migrated database of the test's own."""
    app = create_app(replace(settings, database_url=own_database))
    with app.app_context():
        yield app
    close(app)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_found_by_what_people_type(name: str) -> None:
    assert normalise(name) == NAMES[name]


def test_what_is_normalised_stays_as_it_is() -> None:
    letters = [chr(code) for code in range(0x3000)]
    assert [c for c in letters if normalise(normalise(c)) != normalise(c)] == []


def test_names_sort_by_their_letters_whatever_stands_on_them() -> None:
    names = ["Zoe", "Østen", "Łucja", "Olga", "Äda", "Lena", "Ana"]
    assert sorted(names, key=normalise) == ["Äda", "Ana", "Lena", "Łucja", "Olga", "Østen", "Zoe"]


@pytest.mark.parametrize("drop", [True, False])
def test_of_rows_that_become_one_the_first_stays(portal: Flask, drop: bool) -> None:
    tag = Table(
        "folding_tag",
        MetaData(),
        Column("id", BigId, primary_key=True),
        Column("of", BigId),
        Column("text_norm", NormText),
    )
    before = {1: (1, "łodz"), 2: (1, "lodz"), 3: (2, "łodz"), 4: (2, "łødz"), 5: (2, "løđ"), 6: (2, "żar")}
    with owned(db.engines["write"]) as connection:
        tag.create(connection)
        connection.execute(
            insert(tag), [{"id": i, "of": of, "text_norm": t} for i, (of, t) in before.items()]
        )
        refold(connection, "folding_tag", "text_norm", within=["of"], drop=drop)
        found = {row.id: row.text_norm for row in connection.execute(select(tag))}
        connection.rollback()
    left = {} if drop else {1: "łodz", 4: "łødz"}
    assert found == {2: "lodz", 3: "lodz", 5: "lod", 6: "żar", **left}


@pytest.mark.long
def test_what_every_module_keeps_of_texts_is_folded_anew(portal: Flask) -> None:
    steps = {history.code: (history, step) for history in histories(portal) if (step := _step(history))}
    tables = [metadata.tables[name] for history, _ in steps.values() for name in sorted(history.tables)]
    tables = [one for one in tables if not one.info.get("append_only")]  # Nobody may change these here.
    with owned(db.engines["write"]) as connection, connection.begin():
        World(connection).make([one for one in tables if wall_of(one) is not None])
    for history, step in reversed(steps.values()):
        migrate.downgrade(portal, history, step)
    filled = [name for one in tables for name in _filled(one)]
    assert filled
    migrate.upgrade(portal)
    with owned(db.engines["write"]) as connection:
        for name, column in filled:
            held = connection.scalars(select(sql_column(column)).select_from(sql_table(name))).all()
            assert held and all(text.startswith("lo") for text in held), (name, column)


def _step(history: History) -> str:
    """The revision before the one that folds anew; "" for a history that began with these letters."""
    files = [file.name for file in sorted(history.folder.glob("*.py"))]
    return next((history.revisions[n - 1] for n, name in enumerate(files) if "_letters" in name), "")


def _filled(table: Table) -> list[tuple[str, str]]:
    """(table, column) of what is kept of texts there, where rows got a letter that was not folded."""
    found = []
    with owned(db.engines["write"]) as connection, connection.begin():
        there = {one["name"] for one in inspect(connection).get_columns(table.name)}
        for column in there & {c.name for c in table.c if isinstance(c.type, NormText)}:
            if column.endswith("_norm"):
                text = literal("łø").concat(cast(sql_column("id"), String))
                if connection.execute(
                    update(sql_table(table.name, sql_column(column))).values({column: text})
                ).rowcount:
                    found.append((table.name, column))
    return found
