"""Where files are shown from, and the attributes of the tags that show them."""

from collections.abc import Mapping

from flask import url_for
from markupsafe import Markup

from modules.cms import library
from modules.cms.models import Media
from modules.cms.uploads import WIDTHS
from orion.contracts.markdown import media_in, read, shown
from orion.contracts.scope import Scope

#: How wide a picture stands in a text.
_SIZES = "(width < 48rem) 92vw, 44rem"


def address(endpoint: str, file: Media, width: int | None = None) -> str:
    """A file's address, which changes with its content, so that browsers may keep what it answers."""
    return url_for(endpoint, public_id=file.public_id, v=file.key, **({"w": width} if width else {}))


def html_of(scope: Scope, body: str, endpoint: str, html: str | None = None) -> Markup:
    """A text as it is shown, with its files at `endpoint`.

    `html` is what was read from it, where that is kept. Files aren't shown where the library is off.
    """
    named = library.named_in(scope, media_in(body)) if scope.has("cms.cms_media") else {}
    kept = read(body) if html is None else html
    return shown(kept, lambda tag, public_id: _attributes(tag, named.get(public_id), endpoint))


def _attributes(tag: str, file: Media | None, endpoint: str) -> Mapping[str, object]:
    if file is None:
        return {}
    if tag == "a":
        saved = {"download": ""} if file.kind == "document" else {}
        return {"href": address(endpoint, file), **saved}
    if file.kind != "picture":
        return {}
    widths = [width for width in WIDTHS if width <= file.width]
    sources = ", ".join(f"{address(endpoint, file, width)} {width}w" for width in widths)
    spread = {"srcset": sources, "sizes": _SIZES} if sources else {}
    size = {"width": file.width, "height": file.height, "loading": "lazy"}
    return {"src": address(endpoint, file, WIDTHS[1]), **spread, **size}
