"""One daemon thread a process that looks for changed manifests and catalogs."""

import logging
import threading
import weakref

from flask import Flask

log = logging.getLogger("orion.watch")


def start(app: Flask, every: float) -> threading.Event:
    """Look every so many seconds; setting the event that is returned ends the thread."""
    stop = threading.Event()
    threading.Thread(
        target=_watch, args=(weakref.ref(app), every, stop), name="orion-watch", daemon=True
    ).start()
    return stop


def _watch(app: "weakref.ref[Flask]", every: float, stop: threading.Event) -> None:
    while not stop.wait(every):
        here = app()
        if here is None:
            return
        look(here)
        del here


def look(app: Flask) -> None:
    """Look once. Whatever goes wrong is logged, and what was served before goes on being served."""
    try:
        with app.app_context():
            app.extensions["orion"].refresh()
            app.extensions["orion_catalogs"].refresh()
    except Exception:
        log.exception("the files cannot be read again")
