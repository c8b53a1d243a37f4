"""The embedded server, and the demo that a stranger meets first."""

import logging
import os
import shutil
import signal
import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from waitress import create_server

from orion import demo, telemetry
from orion.app import create_app
from orion.data import health, migrate
from orion.data.faults import WallDown
from orion.identity.services import list_users
from orion.jobs.queue import FILE as QUEUE
from orion.jobs.worker import beside
from orion.seeding import seed
from orion.settings import Settings
from orion.supervising import until_alone
from orion.web.answering import Answering

log = logging.getLogger("orion.serve")
#: A file that says which size of demo a folder holds, or that it isn't ready yet.
_READY, _MAKING = "ready", "making"


def serve(settings: Settings, address: socket.socket, ready: Callable[[], None]) -> None:
    """Answer on a socket that listens until told to go, with a worker beside. Slow clients cost a buffer
    here, and never a thread. `ready` is called as soon as whoever connects is answered.

    Raises ClickException where the database's tenant wall is down.
    """
    app = create_app(settings)
    try:
        health.refuse_without_wall(app)
    except WallDown as error:
        raise click.ClickException(str(error)) from error
    telemetry.listen(app, settings, taking_over=True)
    server = create_server(
        app,
        sockets=[address],
        threads=8,
        channel_timeout=20,
        connection_limit=1000,
        # Refused before it is kept: what is larger, no page would take.
        max_request_body_size=app.config["MAX_CONTENT_LENGTH"],
        max_request_header_size=64 * 1024,
        ident=None,
    )
    answering = Answering(server)
    with beside(settings), answering.until_told():
        ready()
        answering.run()


def serve_for_parent(settings: Settings, listen_fd: int, ready_fd: int) -> None:
    """Be the child of `orion serve`: on the socket that it keeps, for as long as it lives."""

    def ready() -> None:
        os.write(ready_fd, b"1")
        os.close(ready_fd)

    threading.Thread(target=_go_with_parent, name="orion-parent", daemon=True).start()
    with socket.socket(fileno=listen_fd) as address:
        serve(settings, address, ready)


def _go_with_parent() -> None:
    until_alone()
    os.kill(os.getpid(), signal.SIGTERM)


def prepare_demo(settings: Settings, size: str | None, say: Callable[[str], None]) -> Settings:
    """Make the demo's data folder unless it is there; a half-made one is made anew.

    Without a `size` it is whatever is there, else small. What an older Orion made gets this one's tables.
    Raises ClickException where that fails, and rather than delete anything but a demo that never got ready.
    """
    stamp = settings.data / _READY
    settings = replace(settings, demo=True, mail_url=settings.mail_url or f"file://{settings.data / 'mail'}")
    there, _, database = stamp.read_text().partition("\n") if stamp.exists() else (_MAKING, "", "")
    if there != _MAKING and database != _fingerprint(settings):
        raise click.ClickException(f"the demo in {settings.data} is on another database")
    if there == _MAKING:
        _make(settings, size or "small", stamp, say)
    elif size in (None, there):
        say(f"The demo's data is in {settings.data}")
        _upgrade(settings, say)
    else:
        raise click.ClickException(f"{settings.data} holds a {there} demo: name another folder with --data")
    for email, what in demo.LOGINS:
        say(f"  {email:<24} {demo.PASSWORD}   {what}")
    return settings


def _make(settings: Settings, size: str, stamp: Path, say: Callable[[str], None]) -> None:
    _clear(settings.data)
    stamp.write_text(_MAKING)
    app = create_app(replace(settings, watch_every=0, log_level="WARNING"))
    _refuse_used(app)
    say(f"Making the demo's data in {settings.data} …")
    migrate.upgrade(app)
    with app.app_context():
        app.extensions["orion"].refresh()
    seed(app, size=size, demo=True)
    stamp.write_text(f"{size}\n{_fingerprint(settings)}")


def _upgrade(settings: Settings, say: Callable[[str], None]) -> None:
    app = create_app(replace(settings, watch_every=0, log_level="WARNING"))
    try:
        for line in migrate.upgrade(app):
            say(line)
    except migrate.MigrationFailed as error:
        raise click.ClickException(f"the demo in {settings.data} can't be upgraded: {error}") from error


def _refuse_used(app: Flask) -> None:
    """The well-known logins are for a database of the demo's own: one with people in it is refused."""
    with app.app_context():
        try:
            used = bool(list_users())
        except SQLAlchemyError:  # There is no file or no table yet.
            used = False
    if used:
        raise click.ClickException(
            "the database of ORION_DATABASE_URL is in use: name an empty one for the demo"
        )


def _fingerprint(settings: Settings) -> str:
    """Which database a demo is on, without its password."""
    return sha256(settings.database.encode()).hexdigest()[:16]


def _clear(data: Path) -> None:
    """Empty a folder that holds a half-made demo or nothing; refuse to touch anything else."""
    data.mkdir(parents=True, exist_ok=True)
    databases = {f"{name}{end}" for name in ("orion.db", QUEUE) for end in ("", "-wal", "-shm")}
    made = {*databases, "mail", "media", "backups", _READY}
    known = made if (data / _READY).exists() else set()
    there = [path for path in data.iterdir() if path.name != "secret.key"]  # Any command leaves one.
    strange = sorted(path.name for path in there if path.name not in known)
    if strange:
        raise click.ClickException(
            f"{data} holds other files ({strange[0]}): name an empty folder with --data"
        )
    for path in there:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
