"""Each height of the wall alone: it stops what it says, and what it doesn't say comes through."""

import pytest

from orion.isolation.arena import Arena
from orion.isolation.contract import attack
from orion.isolation.forms import forms
from orion.isolation.heights import ALONE, ONLY_ON, STANDING, Height, alone
from tests.data import fence
from tests.isolation.conftest import Arenas, models_by_name, of_each_kind, share

pytestmark = pytest.mark.long

#: The narrowest scopes of each side.
SCOPES = ("vendor on one platform", "platform")
MODELS = models_by_name()
ANYWHERE = [height for height in ALONE if height not in ONLY_ON]


@pytest.mark.parametrize("height", ANYWHERE)
def test_a_height_stops_what_it_says_and_nothing_else(fence_arenas: Arenas, height: Height) -> None:
    _compare(fence_arenas(alone(height)), height)


@pytest.mark.only_on("postgresql")
def test_the_policies_stop_what_they_say_and_nothing_else(fence_arenas: Arenas) -> None:
    _compare(fence_arenas(alone(Height.POLICIES)), Height.POLICIES)


@pytest.mark.only_on("sqlite")
def test_the_views_stop_all_reads_but_those_of_another_frame(fence_arenas: Arenas) -> None:
    _compare(fence_arenas(alone(Height.VIEWS)), Height.VIEWS, writes=False)


def _compare(arena: Arena, height: Height, writes: bool = True) -> None:
    tried_here = [form for form in forms().values() if writes or not form.writes]
    attempts = [a for m in fence.WALLED for s in SCOPES for a in attack(arena, m, s, tried_here, judge=False)]
    tried, breached = {a.form for a in attempts}, {a.form for a in attempts if a.is_breach}
    stopped = {name for name in tried if forms()[name].stopped_by & (STANDING | {height})}
    assert {name: "leaks" for name in breached & stopped} == {}
    held = tried - breached - stopped
    assert {name: "holds" for name in held if not forms()[name].schema} == {}


@pytest.mark.parametrize("table", of_each_kind())
@pytest.mark.parametrize("height", ANYWHERE)
def test_a_height_alone_keeps_modules_with_each_kind_of_wall(
    arenas: Arenas, height: Height, table: str
) -> None:
    _keeps(arenas(alone(height)), height, table)


@pytest.mark.parametrize("table", [t for t in MODELS if t not in of_each_kind()])
def test_keys_alone_keep_every_module(arenas: Arenas, table: str) -> None:
    _keeps(arenas(alone(Height.KEYS)), Height.KEYS, table)


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("table", MODELS)
def test_the_policies_alone_keep_every_module(arenas: Arenas, table: str) -> None:
    _keeps(arenas(alone(Height.POLICIES)), Height.POLICIES, table)


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("table", MODELS)
def test_the_views_alone_keep_every_module(arenas: Arenas, table: str) -> None:
    _keeps(arenas(alone(Height.VIEWS)), Height.VIEWS, table)


def _keeps(arena: Arena, height: Height, table: str) -> None:
    known = forms().values() if height is Height.KEYS else share(table, "platform")
    said = [form for form in known if height in form.stopped_by]
    attempts = attack(arena, MODELS[table], "platform", said, judge=False)
    assert [str(a) for a in attempts if a.is_breach] == []
    assert attempts or height is Height.KEYS  # Some models have no parents.
