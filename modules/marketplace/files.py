"""The files of imports: kept among the media, looked at, and what was stated about them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from flask_babel import gettext as _

from modules.catalog.api import PRODUCTS
from modules.marketplace.models import Import
from orion.contracts.errors import Invalid
from orion.contracts.media import delete, path_of, put
from orion.contracts.models import public_id
from orion.contracts.scope import Scope
from orion.contracts.tabular import Mapping, Statement, Understood, understand

#: Bytes of a file that the web takes; the command takes any.
MOST_BYTES = 30 * 1024 * 1024
_STATED = ("columns", "constants", "decimal", "encoding", "delimiter", "dates", "currency")


def keep(scope: Scope, content: IO[bytes]) -> str:
    """Put a file among the media, part by part; its name there."""
    if scope.vendor is None:
        raise ValueError("a file is of one vendor")
    name = f"{public_id()}.table"
    put(scope, "marketplace", scope.vendor.id, name, content)
    return name


def path(scope: Scope, found: Import) -> Path:
    """Where the file of an import lies."""
    return path_of(scope, "marketplace", found.vendor_id, found.file)


def mapping_of(found: Import) -> Mapping:
    """What somebody has stated about an import's file."""
    return Mapping(**json.loads(found.stated))


def as_json(mapping: Mapping) -> str:
    """A mapping to be kept."""
    stated = {name: getattr(mapping, name) for name in _STATED}
    return json.dumps({name: dict(v) if isinstance(v, dict) else v for name, v in stated.items() if v})


def whole_mapping(scope: Scope, found: Import) -> Mapping:
    """The same, with the vendor's currency where none was stated."""
    stated = mapping_of(found)
    return replace(stated, currency=stated.currency or scope.currency)


def statement_of(scope: Scope, found: Import) -> Statement:
    """The same, for reading the file."""
    return Statement(mapping=whole_mapping(scope, found), name=found.name)


def look(scope: Scope, found: Import) -> Understood:
    """What the file shows at first sight."""
    return understand(path(scope, found), PRODUCTS.target, mapping_of(found), found.name)


def refuse_unreadable(scope: Scope, found: Import) -> None:
    """Raise Invalid for a file that no statement would make a table of: a workbook, a picture, nothing.

    Its content goes with it. A table whose encoding or delimiter has to be said is let through.
    """
    seen = look(scope, found)
    tried = [Mapping(encoding="cp1252"), *(Mapping(encoding="cp1252", delimiter=d) for d in ",;")]
    if seen.problem and all(
        understand(path(scope, found), PRODUCTS.target, one, found.name).problem for one in tried
    ):
        delete(scope, "marketplace", found.vendor_id, found.file)
        raise Invalid(errors={"file": [seen.problem]})


def size_of(content: IO[bytes]) -> int:
    """The bytes of a stream, which is at its beginning afterwards. Raises Invalid for too many or none."""
    size = content.seek(0, 2)
    content.seek(0)
    if size > MOST_BYTES:
        most = MOST_BYTES // 1024 // 1024
        said = _("This file is larger than %(num)s MB. Split it, or import it with the command.", num=most)
        raise Invalid(errors={"file": [said]})
    if not size:
        raise Invalid(errors={"file": [_("This file is empty.")]})
    return size


def settled(found: Import) -> dict[str, Any]:
    """What reading the file has shown: `format`, `columns`, `readings`, `proofs`, `options`, `encoding`."""
    return dict(json.loads(found.settled))


def settle(found: Import, **shown: Any) -> None:
    """Keep what reading has shown."""
    found.settled = json.dumps({**settled(found), **shown})
