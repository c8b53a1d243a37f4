"""What work costs this process: processor time, which a busy machine doesn't lengthen, and memory."""

import os
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

#: What makes the kernel forget how much memory a process has had at most.
_FORGET = "5"


@dataclass(slots=True)
class Cost:
    """Seconds of processor time, of this process and those that it waited for; megabytes by which its memory
    grew at most, and the most that a process it waited for has had, where none had so much before."""

    seconds: float = 0.0
    megabytes: float = 0.0
    beside: float = 0.0


@contextmanager
def measured() -> Iterator[Cost]:
    """What is done within; the cost is known afterwards."""
    cost = Cost()
    Path("/proc/self/clear_refs").write_text(_FORGET)
    before, most, begun = memory("VmRSS"), _most_of_others(), _seconds()
    try:
        yield cost
    finally:
        cost.seconds = _seconds() - begun
        cost.megabytes = memory("VmHWM") - before
        cost.beside = others if (others := _most_of_others()) > most else 0.0


def _most_of_others() -> float:
    """Megabytes that the largest process had which this one ever waited for."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def _seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def memory(name: str, process: int | str = "self") -> float:
    """Megabytes of a process: `VmRSS` that it has now, `VmHWM` that it has had at most."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024
