"""The wall's guards, each of which can be taken away, and the script that shows which test misses it.

`python -m tests.guards` takes away one guard after the other, in a process of its own, runs the tests of the
wall until one fails, and prints guard → failing test. A guard that nobody misses is a defect of the tests:
exit 1.
"""

import argparse
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import true

from orion.contracts.scope import system_scope
from orion.data import bulk, flush, on_sqlite, policies, role, rules, views, wall
from orion.data import guard as last
from orion.data.database import current_frame, db
from orion.isolation.heights import Height

#: The tests of the wall, the quickest first.
TESTS = ("tests/data/test_wall_attacks.py", "tests/data/test_wall_reads.py", "tests/data/test_heights.py")
TESTS = (*TESTS, "tests/data/test_database_wall.py", "tests/isolation/test_heights.py")
CHOSEN = "not module"  # Of the heights, the tables with every kind of wall are enough.
NEVER = re.compile(r"(?!)")
RESOLVE = wall._Fence._resolve_where_criteria
PRAGMAS = on_sqlite._pragmas
EVERYTHING = policies.settings(system_scope("migrate"))
VALUES = policies.scope_values(system_scope("migrate"), "[%s]")


@dataclass(frozen=True)
class Guard:
    """A part of the wall: what stands `where` under `name`, and what stands there `without` it.

    With `height` alone, the form `missed` gets through without the guard; None where only the tests beside
    the contract can tell.
    """

    name: str
    where: Any
    what: str
    without: Any
    height: Height | None = None
    missed: str = ""
    only: str | None = None


def _nothing(*_arguments: Any) -> None:
    """What a guard does that isn't there."""


def _yes(*_arguments: Any) -> bool:
    return True


def _nothing_wrong(*_arguments: Any) -> int:
    return 0


def _always(*_arguments: Any) -> str:
    return "true"


def _as_entered() -> Any:
    frame = current_frame()
    return frame.scope if frame else system_scope("migrate")


def _no_rule(*_arguments: Any) -> Any:
    return true()


def _of_no_alias(fence: Any, entity: Any) -> Any:
    return RESOLVE(fence, entity.mapper)


def _without(pragma: str) -> Callable[[bool], list[str]]:
    return lambda writes: [text for text in PRAGMAS(writes) if not text.startswith(pragma)]


def _show_everything(fence: Any, _scope: Any) -> None:
    fence.values = VALUES


STATEMENTS, FLUSHES, ENGINE, KEYS = Height.STATEMENTS, Height.FLUSHES, Height.ENGINE, Height.KEYS
POLICIES, VIEWS = Height.POLICIES, Height.VIEWS
BY_KEYS = "update by a list of keys"
POSTGRESQL, SQLITE = "postgresql", "sqlite"
GUARDS = (
    Guard("statements: criteria", wall, "_fence", _nothing, STATEMENTS, "entity"),
    Guard("statements: all mappers", wall, "_walled_mappers", list, STATEMENTS, "joined load"),
    Guard("statements: rules", wall._Fence, "_resolve_where_criteria", _no_rule, STATEMENTS, "entity"),
    Guard("statements: an alias in a JOIN", wall._Fence, "_resolve_where_criteria", _of_no_alias),
    Guard("statements: some scope", wall, "_refuse", _nothing, STATEMENTS, "entity"),
    Guard(
        "statements: a session's own frame",
        wall,
        "frame_of",
        lambda session: session.frame,
        STATEMENTS,
        "session of an outer frame",
    ),
    Guard(
        "statements: mass changes",
        wall,
        "_check_mass_change",
        _nothing,
        STATEMENTS,
        "update by a list of keys",
    ),
    Guard("engine: some scope", rules, "entered_scope", _as_entered),
    Guard("flushes: all rows", flush, "_check_flush", _nothing, FLUSHES, "insert for another"),
    Guard("flushes: each row", flush, "_check_row", _nothing, FLUSHES, "own row given to another"),
    Guard("flushes: rows of elsewhere", flush, "_reattached", _nothing, FLUSHES, "change of a forged row"),
    Guard("engine: all SQL", last, "_check", _nothing, ENGINE, "text"),
    Guard(
        "engine: criteria of each mention", last, "_check_marks", _nothing, ENGINE, "stamp without criteria"
    ),
    Guard("engine: whose criteria", last, "_check_values", _nothing, ENGINE, "criteria of another scope"),
    Guard(
        "engine: flushed rows",
        last,
        "_check_flushed",
        _nothing,
        ENGINE,
        "flush that nobody has checked",
    ),
    Guard(
        "engine: escaped names",
        last,
        "_ESCAPED",
        NEVER,
        ENGINE,
        "text with an escaped name",
        POSTGRESQL,
    ),
    Guard("doors: rows", bulk, "row_fits", _yes, KEYS, "row for another through the door"),
    Guard("doors: keys", bulk, "_check_keys", _nothing, KEYS, "foreign row added to through the door"),
    Guard(
        "frames: sessions of their own",
        db.session.registry,
        "scopefunc",
        lambda: None,
        KEYS,
        "identity map after a change of scope",
    ),
    Guard(
        "keys: kept at all",
        on_sqlite,
        "_pragmas",
        _without("foreign_keys"),
        KEYS,
        "new child of a foreign parent",
        SQLITE,
    ),
    Guard("readers: no writing", on_sqlite, "_pragmas", _without("query_only"), only=SQLITE),
    Guard("policies: the role", role, "take_on", _nothing, POLICIES, "text", POSTGRESQL),
    Guard(
        "policies: the scope",
        policies,
        "settings",
        lambda _scope: EVERYTHING,
        POLICIES,
        "text",
        POSTGRESQL,
    ),
    Guard("policies: rows that are read", policies, "readable", _always, only=POSTGRESQL),
    Guard("policies: rows that are written", policies, "writable", _always, only=POSTGRESQL),
    Guard("policies: no service without them", role, "_open_tables", _nothing, only=POSTGRESQL),
    Guard("views: the scope", views.Fence, "show", _show_everything, VIEWS, "text", SQLITE),
    Guard("views: no way behind", views.Fence, "_may", _nothing_wrong, VIEWS, "text with a schema", SQLITE),
)
BY_NAME = {guard.name: guard for guard in GUARDS}


def take_away(guard: Guard) -> Callable[[], None]:
    """Take a guard away, wherever it is known already; what is given puts it back."""
    there = getattr(guard.where, guard.what)
    if isinstance(guard.where, ModuleType) and _is_plain(there) and _is_plain(guard.without):
        # Others hold the function itself: its listeners, and modules that imported it.
        code, defaults, names = there.__code__, there.__defaults__, there.__globals__
        there.__code__ = guard.without.__code__
        missing = {n: v for n, v in guard.without.__globals__.items() if n in guard.without.__code__.co_names}
        added = [n for n in missing if n not in names]
        names.update({n: missing[n] for n in added})

        def put_back() -> None:
            there.__code__, there.__defaults__ = code, defaults
            for name in added:
                del names[name]

        return put_back
    setattr(guard.where, guard.what, guard.without)
    return lambda: setattr(guard.where, guard.what, there)


def _is_plain(function: Any) -> bool:
    return hasattr(function, "__code__") and not function.__code__.co_freevars


@contextmanager
def without(guard: Guard) -> Iterator[None]:
    """The wall without one guard."""
    put_back = take_away(guard)
    try:
        yield
    finally:
        put_back()


# -- a plugin of pytest ---------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--without-guard NAME`."""
    parser.addoption("--without-guard", choices=sorted(BY_NAME))


def pytest_configure(config: pytest.Config) -> None:
    """Take the guard away before anything is made."""
    name = config.getoption("--without-guard")
    if name:
        take_away(BY_NAME[name])


# -- a script -------------------------------------------------------------------------------------


def failing_test(guard: Guard | None, kind: str) -> str:
    """The first test that fails without a guard (None: with all of them), or "" where all pass."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "--tb=no", "-p", "tests.guards"]
    command += [*TESTS, "--db", kind, "-k", CHOSEN]
    command += ["--without-guard", guard.name] if guard else []
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
    found = re.search(r"^(?:FAILED|ERROR) (\S+)", ran.stdout, re.MULTILINE)
    if found is None and ran.returncode not in (0, 1):
        return f"pytest ends with {ran.returncode}: {(ran.stderr.strip().splitlines() or ['?'])[-1]}"
    return found[1] if found else ""


def main() -> int:
    """Take away each guard, or those that are named, and say who missed it."""
    parser = argparse.ArgumentParser(prog="python -m tests.guards", description=__doc__)
    parser.add_argument("guards", nargs="*", metavar="GUARD", help="a guard's name, or the beginning of it")
    asked = parser.parse_args().guards
    chosen = [g for g in GUARDS if not asked or any(g.name.startswith(name) for name in asked)]
    for kind in sorted({g.only or SQLITE for g in chosen}):
        wrong = failing_test(None, kind)
        if wrong:
            print(f"with all guards, on {kind}: {wrong} fails already")
            return 1
    missed = 0
    for guard in chosen:
        test = failing_test(guard, guard.only or SQLITE)
        missed += bool(test)
        print(f"{guard.name:<56} → {test or 'NOBODY MISSES IT'}", flush=True)
    print(f"{missed} of {len(chosen)} guards are missed")
    return 0 if missed == len(chosen) else 1


if __name__ == "__main__":
    sys.exit(main())
