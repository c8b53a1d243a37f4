"""One question to one metric, and the keys under which its answer and its troubles are kept."""

import math
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import TYPE_CHECKING

from orion.contracts.metrics import MetricsProviderProtocol
from orion.contracts.periods import Period
from orion.contracts.scope import Scope
from orion.keys import key_of

if TYPE_CHECKING:
    from orion.manifest.model import Metric


@dataclass(frozen=True, slots=True)
class Question:
    """`locale` is the language of the labels in the answer, `words` the revision of its catalogs; `registry`
    the version that is asked."""

    metric: "Metric"
    provider: MetricsProviderProtocol | None
    scope: Scope
    period: Period
    now: datetime
    locale: str
    words: str
    registry: str

    @property
    def query(self) -> str:
        """The metric's name."""
        return self.metric.query

    @property
    def asked_period(self) -> Period | None:
        """The period, for metrics that know one."""
        return self.period if self.metric.period else None

    @property
    def cache_key(self) -> str | None:
        """The key of an answer that is still true; None when there is no telling.

        Data versions are the place's own, read with the request. A scope without any (a command's)
        can't tell a new row from an old one, so its answers are never kept.
        """
        if not self.scope.versions:
            return None
        version = self.scope.versions.get(self.metric.module, 0)
        features = _told_by(self.scope.features)
        return self._key("value", self._dates, self.registry, features, version, self._moment, self.words)

    @property
    def memory_key(self) -> str:
        """The key of the last good answer: of the same kind of period, whatever was written since.

        Without the features: those of a module that is out of order are off.
        """
        named = self.period.key if self.period.key != "custom" else self._dates
        return self._key("last", named)

    @property
    def place_key(self) -> str:
        """The key of this metric's troubles at this place: another vendor's are their own."""
        return key_of("place", self.metric.query, self.scope.key)

    @property
    def _dates(self) -> tuple[object, ...]:
        p = self.period
        return (p.start, p.end, p.zone, p.previous_until)

    @property
    def _moment(self) -> int | None:
        """Which stretch of `fresh_for` seconds this is, for metrics that the clock changes."""
        seconds = self.metric.fresh_for
        return math.floor(self.now.timestamp() / seconds) if seconds else None

    def _key(self, use: str, *more: object) -> str:
        s = self.scope
        person = (_told_by(s.permissions), s.zone, s.currency, self.locale)
        return key_of(use, self.metric.query, s.key, person, *more)


@lru_cache(maxsize=256)
def _told_by(names: frozenset[str]) -> str:
    """What tells a set of names from another, in a few characters: all tiles of a page have the same."""
    return sha256(" ".join(sorted(names)).encode()).hexdigest()
