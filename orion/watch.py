"""One daemon thread a process that looks for changed manifests and catalogs."""

import logging
import threading
import time
import weakref
from typing import TYPE_CHECKING

from flask import Flask

if TYPE_CHECKING:
    from orion.installation import Installation

log = logging.getLogger("orion.watch")
#: Seconds that a file must have rested; and one that is a mere beginning of what it was.
REST, LONG_REST = 0.1, 0.4
RARELY = 3600.0


def start(app: Flask, every: float) -> threading.Event:
    """Look every so many seconds; setting the event that is returned ends the thread."""
    stop = threading.Event()
    threading.Thread(
        target=_watch, args=(weakref.ref(app), every, stop), name="orion-watch", daemon=True
    ).start()
    return stop


def _watch(app: "weakref.ref[Flask]", every: float, stop: threading.Event) -> None:
    settling = Settling()
    while not stop.wait(min(every, settling.again_in)):
        here = app()
        if here is None:
            return
        look(here, settling)
        del here


def look(app: Flask, settling: "Settling | None" = None) -> None:
    """Look once. Whatever goes wrong is logged, and what was served before goes on being served.

    With `settling`, manifests that somebody is saving right now are left for the next time.
    """
    try:
        with app.app_context():
            if settling is None or settling.is_over(app.extensions["orion"]):
                app.extensions["orion"].refresh()
            app.extensions["orion_catalogs"].refresh()
    except Exception:
        log.exception("the files cannot be read again")


class Settling:
    """Editors write in pieces, and half a manifest may be a valid one: files count when they rest."""

    def __init__(self) -> None:
        self._stamps: object = None
        self._since = 0.0
        #: Seconds after which to look again.
        self.again_in = RARELY

    def is_over(self, orion: "Installation") -> bool:
        """Whether the folder is as it was some time ago: longer, where a file is the beginning of itself."""
        stamps, now = orion.stamps(), time.monotonic()
        if stamps != self._stamps:
            self._stamps, self._since = stamps, now
        if orion.is_known(stamps):
            self.again_in = RARELY
            return True
        self.again_in = REST
        rested = now - self._since
        return rested >= LONG_REST or (rested >= REST and not orion.is_cut_off())
