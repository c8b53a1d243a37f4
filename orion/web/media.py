"""Answering with a file that a module keeps for a vendor."""

import unicodedata
from urllib.parse import quote

from flask import Response, request

from orion.contracts.scope import Scope
from orion.data.media import read
from orion.web.headers import FILES

#: A name stands for one content for ever: browsers may keep it, and everybody's caches what is public.
_KEPT = "{}, max-age=31536000, immutable"


def send_media(
    scope: Scope,
    module: str,
    vendor_id: int,
    name: str,
    mimetype: str,
    *,
    download: str = "",
    public: bool = False,
) -> Response:
    """A file that `put` wrote. Raises NotFound where it is gone, WallError outside of the scope.

    `download` is the name under which a browser saves it, and then it is saved and not shown.
    """
    response = Response(read(scope, module, vendor_id, name), mimetype=mimetype)
    response.headers["Content-Disposition"] = _saved_as(download) if download else "inline"
    response.headers["Content-Security-Policy"] = FILES
    response.headers["Cache-Control"] = _KEPT.format("public" if public else "private")
    response.set_etag(name)
    response.make_conditional(request)
    return response


def _saved_as(name: str) -> str:
    """An attachment's header after RFC 6266: the name in plain letters, and as it is."""
    name = "".join(c for c in name if c.isprintable() and c not in '\\/"')
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
