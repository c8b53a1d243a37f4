"""`orion worker`, and the one that `orion serve` keeps beside itself."""

import gc
import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import Flask

from orion.app import create_app
from orion.data import health
from orion.data.faults import WallDown
from orion.jobs.claiming import due
from orion.jobs.schedules import turn
from orion.settings import Settings
from orion.supervising import until_alone

log = logging.getLogger("orion.jobs")
#: Seconds until a worker that died is started again: at first, and at the most.
BACK_OFF, LONGEST = 0.5, 30.0


def work(settings: Settings, threads: int, with_parent: bool = False) -> None:
    """Do jobs until told to stop, `with_parent` until the process at the other end of standard input is gone.

    Raises ClickException where the database's tenant wall is down.
    """
    app = create_app(settings)
    try:
        health.refuse_without_wall(app)
    except WallDown as error:
        raise click.ClickException(str(error)) from error
    if with_parent:
        threading.Thread(target=_end_with_parent, name="orion-parent", daemon=True).start()
    settle_in()
    consume(app, settings, threads)


def settle_in() -> None:
    """Have the garbage collector leave alone what a worker has for good, and look less often: a job makes
    many things that last as long as its chunk, and each look at all of an application takes a tenth of a
    second."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def consume(app: Flask, settings: Settings, threads: int) -> None:
    """Do an application's jobs until told to stop, and sweep meanwhile."""
    consumer = app.extensions["orion_jobs"].consumer(threads)
    threading.Thread(target=sweep_often, args=(app, settings), name="orion-sweeper", daemon=True).start()
    consumer.run()


def sweep(app: Flask) -> int:
    """Ask for what is scheduled by now, and tell the queue of every job that nobody works on; how many."""
    with app.app_context():
        turn()
        found = due()
    for id_ in found:
        app.extensions["orion_jobs"].tell(id_)
    return len(found)


def sweep_often(app: Flask, settings: Settings) -> None:
    """Sweep for ever: what was never picked up, and what its worker died on."""
    while True:
        try:
            sweep(app)
        except Exception:
            log.exception("the sweeper failed")
        time.sleep(settings.jobs_sweep)


def _end_with_parent() -> None:
    until_alone()
    os._exit(0)


@contextmanager
def beside(settings: Settings) -> Iterator[None]:
    """Keep a worker process beside this one: started again when it dies, gone when this one is."""
    if not settings.jobs_beside:
        yield
        return
    over = threading.Event()
    keeper = threading.Thread(target=_keep, args=(settings, over), name="orion-worker", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join(timeout=10)


def _keep(settings: Settings, over: threading.Event) -> None:
    run = [sys.executable, "-c", "from orion.cli import main; main()", "worker", "--with-parent"]
    pause = BACK_OFF
    while not over.is_set():
        began = time.monotonic()
        # The pipe's other end closes with this process, however it ends.
        with subprocess.Popen(run, env={**os.environ, **settings.as_env()}, stdin=subprocess.PIPE) as child:
            while child.poll() is None and not over.wait(0.2):
                pass
            if over.is_set():
                child.terminate()
                return
        pause = BACK_OFF if time.monotonic() - began > LONGEST else min(pause * 2, LONGEST)
        log.error("the worker died", extra={"status": child.returncode, "again_in": pause})
        over.wait(pause)
