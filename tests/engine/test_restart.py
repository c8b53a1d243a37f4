"""`orion serve` takes on new Python at SIGHUP, and turns nobody away meanwhile."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.client import HTTPConnection
from typing import Any

import pytest

from orion.testing import House
from orion.testing.servers import PATIENCE, free_port

pytestmark = pytest.mark.only_on("sqlite")

PAGE = """
    import time
    from orion.contracts.pages import Pages
    pages = Pages(__name__)

    @pages.page("/{code}", public=True)
    def index(scope):
        time.sleep(0.2)
        return "{code}"
"""


class Asker(threading.Thread):
    """Somebody who asks for a page again and again, on connections that are kept open as long as they may."""

    def __init__(self, port: int, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.port, self.over = port, over
        self.answers: list[Any] = []

    def run(self) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        while not self.over.is_set():
            try:
                connection.request("GET", "/vendor/ACME/alpha")
                answer = connection.getresponse()
                answer.read()
                self.answers.append(answer.status)
            except OSError as error:
                self.answers.append(repr(error))
                connection.close()
        connection.close()


@pytest.fixture
def serving(house: House) -> Iterator[tuple[House, "subprocess.Popen[str]", int]]:
    """A house with one module, its `orion serve`, and the port."""
    house.module("alpha", routes_vendor=PAGE.format(code="alpha"))
    port = free_port()
    settings = replace(house.settings, jobs_beside=False, log_level="WARNING")
    path = os.pathsep.join([str(house.root), str(os.getcwd())])
    run = [sys.executable, "-c", "from orion.cli import main; main()", "serve", "--port", str(port)]
    env = os.environ | settings.as_env() | {"PYTHONPATH": path}
    with subprocess.Popen(run, env=env, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert "listens" in process.stdout.readline()
            yield house, process, port
        finally:
            process.terminate()


def ask(port: int, page: str) -> int:
    """A page's status; 0 where nobody answers in time."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", f"/vendor/ACME/{page}")
        return connection.getresponse().status
    except OSError:
        return 0
    finally:
        connection.close()


def until(there: Callable[[], bool]) -> None:
    """Wait until something is so. Raises AssertionError where it takes too long."""
    end = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < end
        time.sleep(0.1)


def children(process: "subprocess.Popen[str]") -> set[str]:
    with open(f"/proc/{process.pid}/task/{process.pid}/children") as found:
        return set(found.read().split())


def test_a_new_module_is_there_after_sighup_and_every_question_was_answered(serving: Any) -> None:
    house, process, port = serving
    over = threading.Event()
    askers = [Asker(port, over) for _ in range(4)]
    for asker in askers:
        asker.start()
    before = children(process)
    house.module("beta", routes_vendor=PAGE.format(code="beta"))
    assert ask(port, "beta") == 404
    process.send_signal(signal.SIGHUP)
    until(lambda: ask(port, "beta") == 200)
    until(lambda: not before & children(process))
    over.set()
    for asker in askers:
        asker.join(timeout=20)
    answers = [answer for asker in askers for answer in asker.answers]
    assert len(answers) > 20
    assert set(answers) == {200}
    assert process.poll() is None


@pytest.mark.long
def test_python_that_cannot_start_leaves_the_old_process_serving(serving: Any) -> None:
    house, process, port = serving
    [child] = children(process)
    (house.root / "sitecustomize.py").write_text(
        "import os, pathlib\npathlib.Path(__file__ + '.ran').touch()\nos._exit(3)\n"
    )
    process.send_signal(signal.SIGHUP)
    until((house.root / "sitecustomize.py.ran").exists)
    until(lambda: children(process) == {child})
    assert ask(port, "alpha") == 200


@pytest.mark.long
def test_a_serving_process_that_dies_is_replaced(serving: Any) -> None:
    _house, process, port = serving
    [child] = children(process)
    os.kill(int(child), signal.SIGKILL)
    until(lambda: bool(children(process) - {child}))
    until(lambda: ask(port, "alpha") == 200)


@pytest.mark.long
def test_it_ends_with_its_parent(serving: Any) -> None:
    _house, process, _port = serving
    [child] = children(process)
    process.kill()
    process.wait()

    def gone() -> bool:
        try:
            with open(f"/proc/{child}/stat") as found:
                return found.read().rpartition(")")[2].split()[0] == "Z"
        except FileNotFoundError:
            return True

    until(gone)
