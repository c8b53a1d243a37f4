"""Logs: one line a record, as JSON for machines or readable in a terminal, with its request and no secrets.

The code writes with the standard library's loggers, as its libraries do; structlog turns every record into
its line here, so that all of them say who asked, where, and nothing that is nobody's business.
"""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

from flask import Flask
from structlog.processors import JSONRenderer, TimeStamper, format_exc_info
from structlog.stdlib import ExtraAdder, ProcessorFormatter, add_log_level, add_logger_name

from orion import redaction
from orion.settings import Settings, SettingsError
from orion.web import requests

FORMATS = ("auto", "json", "text")
#: What stands first in every line; the rest follows as fields.
HEAD = ("time", "level", "logger", "message")
Event = MutableMapping[str, Any]


class LineFormatter(ProcessorFormatter):
    """Turns any logger's record into its line."""

    def __init__(self, as_json: bool) -> None:
        stamp = TimeStamper(fmt="iso", utc=True, key="time")
        last: list[Any] = [JSONRenderer(default=str)] if as_json else [_readable]
        super().__init__(
            foreign_pre_chain=[add_log_level, add_logger_name, ExtraAdder(), stamp],
            processors=[self.remove_processors_meta, format_exc_info, _redacted, _with_request, *last],
        )


def redact(text: str) -> str:
    """Text without the values of what looks like a secret."""
    return redaction.redact(text)


def init_app(_app: Flask, settings: Settings) -> None:
    """Send this process's logs to standard error in our form, Orion's own from the level of the settings on.

    The handler is the root's: a library that sets up logging finds it there, and adds none of its own that
    would write each line again, secrets and all. Raises SettingsError for a level or format that isn't one.
    """
    _set_level(settings.log_level)
    if settings.log_format not in FORMATS:
        raise SettingsError(f"ORION_LOG_FORMAT must be one of {', '.join(FORMATS)}")
    root = logging.getLogger()
    if not settings.testing and not any(isinstance(h.formatter, LineFormatter) for h in root.handlers):
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(LineFormatter(_is_json(settings.log_format)))
        root.addHandler(handler)


def _set_level(level: str) -> None:
    try:
        logging.getLogger("orion").setLevel(level.upper())
    except ValueError:
        raise SettingsError(f"ORION_LOG_LEVEL must be a level such as INFO, not {level!r}") from None


def _is_json(form: str) -> bool:
    return form == "json" or (form == "auto" and not sys.stderr.isatty())


def _redacted(_logger: Any, _method: str, event: Event) -> Event:
    known, event["message"] = requests.secrets_in(), event.pop("event")
    ours = {name: event.pop(name) for name in ("time", "level", "logger")}
    return ours | {name: redaction.redact_value(name, value, known) for name, value in event.items()}


def _with_request(_logger: Any, _method: str, event: Event) -> Event:
    """The fields in their order; a request's own lose to what the record says itself."""
    head = {name: event.pop(name) for name in HEAD}
    return {**head, **requests.about(), **event}


def _readable(_logger: Any, _method: str, event: Event) -> str:
    """`time level logger: message key=value …`; an exception follows below, and nothing else makes a line."""
    time, level, logger, message = (event.pop(name, "") for name in HEAD)
    trace = event.pop("exception", None)
    fields = "".join(f" {name}={_one_line(value)}" for name, value in event.items())
    line = f"{time} {level} {logger}: {_one_line(message)}{fields}"
    return f"{line}\n{trace}" if trace else line


def _one_line(value: Any) -> str:
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in str(value))
