"""What would be written to the log."""

import logging
from collections.abc import Iterator

import pytest

from orion.logs import LineFormatter


class _Kept(logging.Handler):
    """Keeps each record as the line that it would be."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.lines = lines
        self.setFormatter(LineFormatter(as_json=True))

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def log_lines() -> Iterator[list[str]]:
    """Every line that anybody logs during the test, down to DEBUG, as JSON."""
    lines: list[str] = []
    handler = _Kept(lines)
    loggers = {name: logging.getLogger(name) for name in ("", "orion")}
    levels = {name: logger.level for name, logger in loggers.items()}
    for logger in loggers.values():
        logger.setLevel(logging.DEBUG)
    loggers[""].addHandler(handler)
    yield lines
    loggers[""].removeHandler(handler)
    for name, logger in loggers.items():
        logger.setLevel(levels[name])
