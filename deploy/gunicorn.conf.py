"""Orion under gunicorn: gunicorn -c deploy/gunicorn.conf.py "orion.app:create_app()".

Behind a proxy that reads requests whole before it hands them on (deploy/nginx.conf): a slow client would
keep one of these threads.
"""

import os
import shutil
import tempfile

from gunicorn.glogging import Logger

bind = os.environ.get("ORION_BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("ORION_WORKERS", "2"))
threads = int(os.environ.get("ORION_THREADS", "8"))
# A page has its answer long before; what hangs is ended with its process.
timeout = 60
graceful_timeout = 30
keepalive = 5
limit_request_line = 8190
limit_request_fields = 60
limit_request_field_size = 8190
# Signals are enough, and a socket in somebody's home is one more door.
control_socket_disable = True
# Orion writes a line a request itself.
accesslog = None

#: Processes count together in this folder (see ORION_METRICS_PORT and ORION_METRICS_TOKEN).
_SHARED = "PROMETHEUS_MULTIPROC_DIR"
if _SHARED not in os.environ and ("ORION_METRICS_PORT" in os.environ or "ORION_METRICS_TOKEN" in os.environ):
    os.environ[_SHARED] = _made = tempfile.mkdtemp(prefix="orion-metrics-")
else:
    _made = ""


class logger_class(Logger):
    """gunicorn's own lines in the form of Orion's, without secrets."""

    def setup(self, cfg):
        """Let them go where all others go."""
        from orion import logs
        from orion.settings import Settings

        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
        logs.init_app(None, Settings.from_env())


def post_worker_init(worker):
    """Let the figures be read where a port says so."""
    from orion import telemetry

    app = worker.app.callable
    telemetry.listen(app, app.extensions["settings"])


def child_exit(_server, worker):
    """What a process that is gone still held is nothing in use."""
    if _SHARED in os.environ:
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def on_exit(_server):
    """Leave no folder behind."""
    if _made:
        shutil.rmtree(_made, ignore_errors=True)
