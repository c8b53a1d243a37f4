"""`request.htmx` as htmx 4 needs it, on top of htmx-flask."""

from functools import cached_property
from typing import Any, cast
from urllib.parse import unquote

from flask import Flask
from flask import request as flask_request
from htmx_flask import Htmx
from htmx_flask.requests import HtmxAwareRequest, HtmxHeaders
from werkzeug.datastructures import ImmutableMultiDict, MultiDict


class HtmxFour(HtmxHeaders):
    """What htmx 4 says: `HX-Source` and `HX-Target` are `tag#id`, with the id percent-encoded."""

    @cached_property
    def source(self) -> str | None:
        """The element that sent the request, as `tag#id`."""
        return cast("str | None", self._headers.get("HX-Source"))

    @cached_property
    def source_id(self) -> str | None:
        """The id of the element that sent the request, or None when it has none."""
        return _id_of(self.source)

    @cached_property
    def target_id(self) -> str | None:
        """The id of the element that the answer goes into, or None when it has none."""
        return _id_of(self.target)

    @cached_property
    def partial(self) -> bool:
        """Whether a fragment is wanted: not for a whole page, nor when history is restored."""
        wants_part = self._headers.get("HX-Request-Type") == "partial"
        return bool(self) and wants_part and not self.history_restore_request


class OrionRequest(HtmxAwareRequest):
    """Flask's request with `htmx`; what an address asks holds no null byte."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.htmx: HtmxFour = HtmxFour(self.headers)

    @cached_property
    def args(self) -> MultiDict[str, str]:
        """What the address asks. No text has a null byte, and PostgreSQL takes none: another character, which
        nothing is called by, is in its place."""
        found = super().args
        if b"%00" not in self.query_string and b"\0" not in self.query_string:
            return found
        return ImmutableMultiDict((_without_null(n), _without_null(v)) for n, v in found.items(multi=True))


#: Flask's request, known to have `htmx`.
request = cast(OrionRequest, flask_request)


def init_app(app: Flask) -> None:
    """Give every request its `htmx`. The extension sets its own request class, so ours comes after."""
    Htmx(app)
    app.request_class = OrionRequest


def _without_null(text: str) -> str:
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}")


def _id_of(element: str | None) -> str | None:
    _tag, mark, name = (element or "").partition("#")
    return unquote(name) if mark else None
