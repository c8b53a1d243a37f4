"""Clients that never get done with sending keep nobody else waiting, in the set-ups that we recommend."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from bench.slow_clients import embedded, measure, portal, production
from orion.testing import need
from orion.testing.servers import nginx_there

#: Slow clients of each kind, and seconds of asking beside them.
CLIENTS, SECONDS = 200, 3
SetUp = Callable[[Path, ExitStack], str]


@pytest.mark.parametrize("set_up", [embedded, production], ids=["orion serve", "nginx and gunicorn"])
def test_others_are_answered_within_a_second(tmp_path: Path, set_up: SetUp) -> None:
    need("nginx", set_up is not production or nginx_there())
    with ExitStack() as stack:
        address = set_up(portal(tmp_path / "data"), stack)
        report = measure(address, CLIENTS, CLIENTS, SECONDS)
    assert report.held > CLIENTS
    assert report.failed == 0
    assert len(report.seconds) > 10
    assert report.p95 < 1
