"""The cache of answers: in this process, or in Redis for several. Values only, as JSON; never a fault."""

import json
import logging
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from cachelib import BaseCache, SimpleCache

from orion.contracts.metrics import MetricValue
from orion.metrics.values import decode, dumps, encode

log = logging.getLogger("orion.metrics")
#: Seconds that an answer is kept; its key stops being asked as soon as something is written.
KEPT = 3600
#: Seconds without the cache after it failed once.
PAUSE = 10
MOST = 20_000


class TextSerializer:
    """Keeps text as it is: nothing that is read from a cache is ever unpickled."""

    def dumps(self, value: str) -> bytes:
        """Text as bytes."""
        return value.encode()

    def loads(self, data: bytes | None) -> str | None:
        """Bytes as text."""
        return data.decode() if data is not None else None


def backend(url: str) -> BaseCache:
    """`redis://…`, or memory for an empty URL. Raises ValueError for anything else."""
    if not url:
        cache: Any = SimpleCache(threshold=MOST)
    elif url.startswith(("redis://", "rediss://", "unix://")):
        cache = _redis(url)
    else:
        raise ValueError("ORION_CACHE_URL must begin with redis://, rediss:// or unix://")
    cache.serializer = TextSerializer()
    return cache


def _redis(url: str) -> BaseCache:
    from cachelib import RedisCache
    from redis import Redis

    client = Redis.from_url(url, socket_timeout=0.25, socket_connect_timeout=0.25)
    return RedisCache(client, key_prefix="orion:metrics:")


class ValueCache:
    """Answers with the moment of each. A cache that is away is the same as an empty one."""

    def __init__(self, cache: BaseCache) -> None:
        self._cache = cache
        self._away_until = 0.0

    def get(self, keys: Sequence[str]) -> dict[str, tuple[MetricValue, datetime]]:
        """The answers that are there, in one round trip."""
        found = self._safely(lambda: self._cache.get_many(*keys)) if keys else None
        texts = zip(keys, found or (), strict=False)
        read = {key: _read(text) for key, text in texts if text is not None}
        return {key: answer for key, answer in read.items() if answer is not None}

    def put(self, key: str, value: MetricValue, at: datetime, seconds: int | None) -> None:
        """Keep an answer, for so many seconds at most."""
        text = dumps([encode(value), at.isoformat()])
        self._safely(lambda: self._cache.set(key, text, timeout=min(seconds or KEPT, KEPT)))

    def _safely(self, action: Callable[[], Any]) -> Any:
        if time.monotonic() < self._away_until:
            return None
        try:
            return action()
        except Exception as error:
            self._away_until = time.monotonic() + PAUSE
            log.warning("the cache is away", extra={"error": type(error).__name__})
            return None


def _read(text: str) -> tuple[MetricValue, datetime] | None:
    try:
        data, at = json.loads(text)
        return decode(data), datetime.fromisoformat(at)
    except (ValueError, TypeError, KeyError):
        return None  # written by another version of Orion
