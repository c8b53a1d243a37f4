"""The files of imports: kept among the media, looked at, and what was stated about them."""

import json
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

from flask_babel import gettext as _

from modules.marketplace import targets
from modules.marketplace.models import Import
from orion.contracts.errors import Invalid
from orion.contracts.media import delete, path_of, put
from orion.contracts.models import public_id
from orion.contracts.scope import Scope
from orion.contracts.tabular import Destination, Mapping, Statement, Understood, understand

#: Bytes of a file that the web takes; the command takes any.
MOST_BYTES = 30 * 1024 * 1024
#: Bytes of a mapping file.
MOST_MAPPING = 256 * 1024
_STATED = (
    *("columns", "constants", "decimal", "encoding", "delimiter", "dates", "currency", "table", "header"),
    "options",
)


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
    return from_json(found.stated)


def from_json(stated: str) -> Mapping:
    """A mapping as it was kept."""
    return Mapping(**json.loads(stated))


def as_json(mapping: Mapping) -> str:
    """A mapping to be kept."""
    stated = {name: getattr(mapping, name) for name in _STATED}
    return json.dumps(
        {name: dict(v) if isinstance(v, dict) else v for name, v in stated.items() if v or v == 0}
    )


def whole_mapping(scope: Scope, found: Import) -> Mapping:
    """The same, with the vendor's currency where none was stated."""
    stated = mapping_of(found)
    return replace(stated, currency=stated.currency or scope.currency)


def statement_of(scope: Scope, found: Import) -> Statement:
    """The same, for reading the file."""
    return Statement(mapping=whole_mapping(scope, found), name=found.name)


def look(scope: Scope, found: Import) -> Understood:
    """What the file shows at first sight."""
    return look_as(scope, found, targets.of(scope, found), mapping_of(found))


def look_as(
    scope: Scope, found: Import, destination: Destination, stated: Mapping | None = None
) -> Understood:
    """What the file shows as a table of something, with what is stated about it."""
    return understand(path(scope, found), destination.target, stated or Mapping(), found.name)


def as_understood(scope: Scope, found: Import) -> Mapping:
    """What is stated about the file together with what it shows: another file like it needs no more."""
    seen, stated = look(scope, found), mapping_of(found)
    if seen.problem:
        return stated
    proved = [proof["reading"] for proof in settled(found).get("proofs", ())]
    decimal = next((one for one in proved if one in (".", ",")), None)
    dates = next((one for one in proved if one in ("DMY", "MDY", "YMD")), None)
    return replace(
        stated,
        columns=seen.mapping.columns,
        encoding=stated.encoding or seen.encoding,
        delimiter=stated.delimiter or seen.delimiter,
        decimal=stated.decimal or decimal,
        dates=stated.dates or dates,
    )


def refuse_unreadable(scope: Scope, found: Import) -> None:
    """Raise Invalid for a file that no statement would make a table of: a workbook, a picture, nothing.

    Its content goes with it. A table whose encoding or delimiter has to be said is let through.
    """
    seen, target = look(scope, found), targets.of(scope, found).target
    tried = [Mapping(encoding="cp1252"), *(Mapping(encoding="cp1252", delimiter=d) for d in ",;")]
    if (
        seen.problem
        and not seen.tables
        and all(understand(path(scope, found), target, one, found.name).problem for one in tried)
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
    """What reading the file has shown: `format`, `columns`, `readings`, `proofs`, `options`, `encoding`;
    and which `job` has read it (public id)."""
    return dict(json.loads(found.settled))


def settle(found: Import, **shown: Any) -> None:
    """Keep what reading has shown."""
    found.settled = json.dumps({**settled(found), **shown})
