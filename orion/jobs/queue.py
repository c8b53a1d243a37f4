"""Huey: how workers hear that there is something to do. What there is to do is in our rows."""

import logging
from functools import cached_property
from typing import Any

from flask import Flask

from orion.settings import Settings

log = logging.getLogger("orion.jobs")
#: The file of the embedded queue, in the data folder.
FILE = "jobs.db"
NAME = "orion"


class Queue:
    """The queue of an application; nothing is opened before it is used."""

    def __init__(self, app: Flask, settings: Settings) -> None:
        self.app, self.settings = app, settings

    @cached_property
    def huey(self) -> Any:
        """SQLite in the data folder, or the Redis of ORION_JOBS_URL. Messages are signed: whoever could
        write into the queue would otherwise run code in the worker."""
        from huey import RedisHuey, SqliteHuey
        from huey.serializer import SignedSerializer

        common: dict[str, Any] = {"results": False, "serializer": SignedSerializer(self.settings.secret)}
        if self.settings.jobs_url:
            return RedisHuey(NAME, connection_pool=_pool(self.settings.jobs_url), **common)
        self.settings.data.mkdir(parents=True, exist_ok=True)
        return SqliteHuey(NAME, filename=str(self.settings.data / FILE), fsync=False, cache_mb=1, **common)

    @cached_property
    def _task(self) -> Any:
        from orion.jobs.running import run

        def work(job_id: int) -> None:
            run(self.app, job_id)

        return self.huey.task(name="orion.work")(work)

    def tell(self, job_id: int) -> None:
        """Say that there is a job. Where that fails the sweeper finds it a few seconds later."""
        try:
            self._task(job_id)
        except Exception:
            log.warning("the queue can't be told of a job", exc_info=True, extra={"job_id": job_id})

    def consumer(self, threads: int) -> Any:
        """What takes jobs on in this process, until it is told to stop."""
        _ = self._task  # Known before the first message comes.
        return self.huey.create_consumer(
            workers=threads, worker_type="thread", periodic=False, max_delay=1.0, backoff=1.15
        )


def _pool(url: str) -> Any:
    """Connections to a Redis. People wait for it where they ask for a job, and the sweeper makes up for what
    it wasn't told: one that is away or says nothing is given up soon. A stale connection is made anew."""
    from redis import ConnectionPool
    from redis.backoff import NoBackoff
    from redis.exceptions import ConnectionError as Away
    from redis.retry import Retry

    return ConnectionPool.from_url(
        url,
        socket_connect_timeout=1,
        # More than the second for which a worker waits for a message at a time.
        socket_timeout=2,
        retry=Retry(NoBackoff(), 1, supported_errors=(Away,)),
    )


def init_app(app: Flask, settings: Settings) -> None:
    """Give an application its queue."""
    app.extensions["orion_jobs"] = Queue(app, settings)
