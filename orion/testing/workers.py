"""Workers to be killed at any moment: they begin with everything imported, and what each is at is known."""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orion.settings import Settings

#: Processes that have imported everything when they begin.
FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["orion.app", "orion.jobs.worker"])
#: What a worker is at that has no job.
IDLE = ""


def kill(pid: int) -> None:
    """Kill a process, and wait until it is gone."""
    os.kill(pid, signal.SIGKILL)
    while _lives(pid):
        time.sleep(0.002)


def seconds_of(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass
class Workers:
    """Workers of one installation: each a process with `threads` threads, a queue and a sweeper."""

    folder: Path
    pipe: Any
    running: list[int]

    def start(self) -> int:
        """One more; its process id."""
        self.pipe.send(True)
        pid: int = self.pipe.recv()
        self.running.append(pid)
        return pid

    def kill(self, pid: int) -> str:
        """End one as kill -9 does; the name of the job that it died on, IDLE where it had none."""
        self.running.remove(pid)
        kill(pid)
        return self.at(pid)

    def at(self, pid: int) -> str:
        """The name of the job that a worker is at, IDLE where it has none."""
        with suppress(FileNotFoundError):
            return (self.folder / str(pid)).read_text()
        return IDLE

    def used(self, pid: int) -> float:
        """Seconds of processor time that a worker has used."""
        return seconds_of(pid)

    def log(self) -> str:
        """What the workers have said."""
        return (self.folder / "log").read_text()


@contextmanager
def workers(settings: Settings, folder: Path, threads: int = 1) -> Iterator[Workers]:
    """Workers of an installation, none at first; `folder` is for what is known of them."""
    folder.mkdir(parents=True)
    ours, theirs = FORKS.Pipe()
    breeder = FORKS.Process(target=_breed, args=(settings, folder, threads, theirs), daemon=True)
    breeder.start()
    made = Workers(folder, ours, [])
    try:
        yield made
    finally:
        for pid in list(made.running):
            with suppress(ProcessLookupError):
                made.kill(pid)
        breeder.kill()
        breeder.join()


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _breed(settings: Settings, folder: Path, threads: int, pipe: Any) -> None:
    """For each word that comes, a worker that begins with everything ready; its process id goes back."""
    sys.path.insert(0, str(settings.root))
    from orion.app import create_app
    from orion.testing.apps import close

    with open(folder / "log", "ab") as log:
        os.dup2(log.fileno(), 2)
    app = create_app(settings)
    close(app)  # No connection is shared with what is forked.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # Whoever was killed is gone, and no zombie.
    while pipe.recv():
        pid = os.fork()
        if pid == 0:
            _work(app, settings, folder, threads)
        pipe.send(pid)


def _work(app: Any, settings: Settings, folder: Path, threads: int) -> None:
    from orion.jobs import running
    from orion.jobs.worker import consume

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    whole = running._work
    at = os.open(folder / str(os.getpid()), os.O_CREAT | os.O_WRONLY)

    def noted(claimed: Any, told: Any) -> None:
        name = claimed.job.name.encode()
        os.pwrite(at, name, 0)
        try:
            whole(claimed, told)
        finally:
            os.ftruncate(at, 0)

    running._work = noted
    consume(app, settings, threads)
    os._exit(0)
