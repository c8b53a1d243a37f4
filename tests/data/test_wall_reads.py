"""However a session asks, it gets what its scope may see: all of it, and nothing more."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import exists, func, literal, select, union, union_all
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, selectinload, subqueryload

from orion.contracts.errors import WallError
from orion.contracts.scope import NOBODY
from orion.data.database import entered, session
from tests.data.fence import FENCED_SCOPES, SCOPES, SEEN, SYSTEM, WALLED, Box, Guest, Shelf, Visit, Word

Form = Callable[[Session, Any], set[str]]


def _ids(model: Any) -> Any:
    return select(model.id)


FORMS: dict[str, Form] = {
    "entities": lambda s, m: {row.name for row in s.scalars(select(m))},
    "columns": lambda s, m: set(s.scalars(select(m.name))),
    "legacy query": lambda s, m: {row.name for row in s.query(m)},
    "alias": lambda s, m: {row.name for row in s.scalars(select(aliased(m)))},
    "columns of an alias": lambda s, m: set(s.scalars(select(aliased(m, name="other").name))),
    "grouped": lambda s, m: {
        name for name, _n in s.execute(select(m.name, func.count(m.id)).group_by(m.name))
    },
    "ordered and limited": lambda s, m: set(s.scalars(select(m.name).order_by(m.id).limit(50))),
    "subquery": lambda s, m: set(s.scalars(select(select(m.name).subquery().c.name))),
    "entity of a subquery": lambda s, m: {
        r.name for r in s.scalars(select(aliased(m, select(m).subquery())))
    },
    "cte": lambda s, m: set(s.scalars(select(select(m.name).cte("c").c.name))),
    "union": lambda s, m: set(s.scalars(union(select(m.name), select(aliased(m).name)))),
    "union all in a subquery": lambda s, m: set(
        s.scalars(select(union_all(select(m.name), select(m.name)).subquery().c.name))
    ),
    "except": lambda s, m: set(s.scalars(select(m.name).except_(select(m.name).where(m.id < 0)))),
    "among a subquery's": lambda s, m: set(s.scalars(select(m.name).where(m.id.in_(_ids(aliased(m)))))),
    "join of an alias": lambda s, m: _joined(s, m),
    "outer join of an alias": lambda s, m: _joined(s, m, isouter=True),
    "join by where": lambda s, m: _by_where(s, m),
    "scalar subquery": lambda s, m: {
        name
        for name in (
            s.scalar(select(select(m.name).where(m.id == i).limit(1).scalar_subquery())) for i in range(30)
        )
        if name
    },
    "exists": lambda s, m: {
        name for name in _all_names(m) if s.scalar(select(exists(select(m.id).where(m.name == name))))
    },
    "exists of a select": lambda s, m: {
        name
        for name in _all_names(m)
        if s.scalar(select(literal(1)).where(select(m).where(m.name == name).exists()))
    },
    "by primary key": lambda s, m: {row.name for i in range(1, 30) if (row := s.get(m, i)) is not None},
    "partitions": lambda s, m: {
        row.name for part in s.scalars(select(m)).yield_per(1).partitions() for row in part
    },
    "case": lambda s, m: set(s.scalars(select(func.coalesce(m.name, "")).where(m.id.is_not(None)))),
    "window": lambda s, m: {
        name for name, _n in s.execute(select(m.name, func.row_number().over(order_by=m.id)))
    },
}

COUNTS: dict[str, Callable[[Session, Any], int]] = {
    "count of rows": lambda s, m: s.scalar(select(func.count()).select_from(m)) or 0,
    "count of ids": lambda s, m: s.scalar(select(func.count(m.id))) or 0,
    "count of a subquery": lambda s, m: s.scalar(select(func.count()).select_from(_ids(m).subquery())) or 0,
    "count of a cte": lambda s, m: s.scalar(select(func.count()).select_from(_ids(m).cte())) or 0,
    "count as a column": lambda s, m: s.scalar(select(select(func.count(m.id)).scalar_subquery())) or 0,
    "count of a query": lambda s, m: s.query(m).count(),
    "count of an alias": lambda s, m: s.scalar(select(func.count()).select_from(aliased(m))) or 0,
}


def _joined(s: Session, model: Any, isouter: bool = False) -> set[str]:
    other = aliased(model)
    rows = s.execute(select(model.name, other.name).join(other, other.id != 0, isouter=isouter))
    return {name for row in rows for name in row}


def _by_where(s: Session, model: Any) -> set[str]:
    other = aliased(model)
    return {
        name for row in s.execute(select(model.name, other.name).where(other.id == model.id)) for name in row
    }


def _all_names(model: Any) -> set[str]:
    return SEEN["installation"][model]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("form", FORMS)
def test_a_scope_reads_its_own_rows_and_all_of_them(shared: Flask, form: str, scope: str) -> None:
    for model in WALLED:
        with entered(SCOPES[scope]) as reading:
            assert FORMS[form](reading, model) == SEEN[scope][model]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("form", COUNTS)
def test_a_scope_counts_its_own_rows(shared: Flask, form: str, scope: str) -> None:
    for model in WALLED:
        with entered(SCOPES[scope]) as reading:
            assert COUNTS[form](reading, model) == len(SEEN[scope][model])


@pytest.mark.parametrize("form", FORMS | COUNTS)
def test_nobody_reads_nothing(shared: Flask, form: str) -> None:
    for model in WALLED:
        with entered(NOBODY) as reading, pytest.raises(WallError):
            (FORMS | COUNTS)[form](reading, model)


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("scope", SCOPES)
def test_a_lateral_subquery_stays_inside(shared: Flask, scope: str) -> None:
    with entered(SCOPES[scope]) as reading:
        assert set(reading.scalars(select(select(Box.name).lateral("l").c.name))) == SEEN[scope][Box]


def test_without_a_frame_no_row_is_read(shared: Flask) -> None:
    with pytest.raises(WallError):
        session().scalars(select(Shelf)).all()


LOADERS = {
    "lazy": (),
    "joined": (joinedload(Shelf.boxes),),
    "select in": (selectinload(Shelf.boxes),),
    "subquery": (subqueryload(Shelf.boxes),),
}


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("loader", LOADERS)
def test_a_collection_holds_the_scopes_rows(shared: Flask, loader: str, scope: str) -> None:
    with entered(SCOPES[scope]) as reading:
        shelves = reading.scalars(select(Shelf).options(*LOADERS[loader])).unique().all()
        found = {box.name for shelf in shelves for box in shelf.boxes}
        shelf_numbers = {shelf.name[1] for shelf in shelves}
        assert found == {name for name in SEEN[scope][Box] if name[1] in shelf_numbers}


@pytest.mark.parametrize("scope", SCOPES)
def test_a_parent_outside_of_the_scope_is_not_there(shared: Flask, scope: str) -> None:
    with entered(SCOPES[scope]) as reading:
        parents = {box.shelf.name for box in reading.scalars(select(Box)) if box.shelf is not None}
        assert parents <= SEEN[scope][Shelf]


@pytest.mark.parametrize("scope", SCOPES)
def test_joins_along_relationships_stay_inside(shared: Flask, scope: str) -> None:
    with entered(SCOPES[scope]) as reading:
        statement = select(Shelf).join(Shelf.boxes).options(contains_eager(Shelf.boxes))
        shelves = reading.scalars(statement).unique().all()
        found = {box.name for shelf in shelves for box in shelf.boxes}
        numbers = {name[1] for name in SEEN[scope][Shelf]}
        assert found == {name for name in SEEN[scope][Box] if name[1] in numbers}


@pytest.mark.parametrize("scope", SCOPES)
def test_a_relationships_any_stays_inside(shared: Flask, scope: str) -> None:
    with entered(SCOPES[scope]) as reading:
        found = set(reading.scalars(select(Shelf.name).where(Shelf.boxes.any(Box.name.like("b_1")))))
        ones = {name[1] for name in SEEN[scope][Box] if name[2] == "1"}
        assert found == {name for name in SEEN[scope][Shelf] if name[1] in ones}


def test_a_row_is_refreshed_after_it_expired(shared: Flask) -> None:
    with entered(FENCED_SCOPES["vendor on platform"]) as reading:
        guest = reading.scalars(select(Guest)).one()
        reading.expire(guest)
        assert guest.name == "g1a"
        reading.refresh(guest)
        assert guest.name == "g1a"


def test_a_session_outside_of_its_frame_is_refused(shared: Flask) -> None:
    with entered(FENCED_SCOPES["vendor"]) as outer:
        with entered(FENCED_SCOPES["platform"]), pytest.raises(WallError):
            outer.scalars(select(Shelf)).all()
        assert len(outer.scalars(select(Shelf)).all()) == 1


def test_what_one_scope_loaded_is_not_met_in_the_next(shared: Flask) -> None:
    with entered(FENCED_SCOPES["vendor"]) as reading:
        assert reading.get(Shelf, 1) is not None
    with entered(FENCED_SCOPES["platform"]) as reading:
        assert reading.get(Shelf, 1) is None


def test_a_compiled_statement_does_not_keep_the_vendor_it_was_made_for(shared: Flask) -> None:
    for _round in range(3):
        for scope in FENCED_SCOPES:
            with entered(FENCED_SCOPES[scope]) as reading:
                assert set(reading.scalars(select(Visit.name))) == SEEN[scope][Visit]


def test_the_system_reads_everything(shared: Flask) -> None:
    with entered(SYSTEM) as reading:
        assert set(reading.scalars(select(Shelf.name))) == SEEN["installation"][Shelf]


def test_rows_of_nobody_need_no_scope(shared: Flask) -> None:
    with entered(NOBODY) as reading:
        assert reading.scalars(select(Word)).all() == []
