"""Files that are fetched for a vendor: from hosts that the installation allows, or from a folder of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse, IncompleteRead
from pathlib import Path
from typing import IO
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from flask import current_app
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext

from orion import outside
from orion.contracts.errors import Invalid
from orion.contracts.scope import Scope
from orion.data.faults import writing_files
from orion.settings import Settings

#: Bytes that are read at once, and redirects that are followed.
PIECE, HOPS = 256 * 1024, 3
#: What a file may have at the most, and how many seconds all of it may take, from the first question on.
MOST, LONGEST = 256 * 1024 * 1024, 600.0
FILE = "file"
#: What stands in an address as it is; anything else is written in per cent.
_PLAIN = "%/:=&?~#+!$,;'@()*[]"
#: Answers that say: not now.
_LATER = (429, 502, 503, 504)


class Away(Invalid):
    """A host doesn't answer, or not now: whoever asks for more of it is likely to hear the same."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may have: `most` bytes, and `longest` seconds from the first question on. That a server
    takes its time before it begins, and sends a byte now and then, is part of them."""

    most: int
    longest: float


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came: `changed` is False where the server, or the file's date, says that it is the one of before.

    `mark` is what it is known by the next time.
    """

    changed: bool
    mark: str = ""
    size: int = 0


def fetch(
    scope: Scope,
    address: str,
    into: IO[bytes],
    *,
    mark: str = "",
    beat: Callable[[], None] = lambda: None,
    limits: Limits | None = None,
) -> Fetched:
    """Write what is at an address into a file, unless it is that of the `mark`; `beat` is called meanwhile.

    Raises Invalid, with a sentence, for what may not be fetched, isn't there, is too large or takes too long,
    and Away where the host is what is wrong.
    """
    parts = check_address(scope, address)
    limits = limits or Limits(MOST, LONGEST)
    if parts.scheme == FILE:
        return _from_folder(scope, parts, into, mark, beat, limits.most)
    look = _until(time.monotonic() + limits.longest, limits.longest, beat)
    for _hop in range(HOPS + 1):
        connection, answer = _asked(parts, mark, look)
        try:
            if answer.status == 304:
                return Fetched(False, mark)
            if answer.status == 200:
                return _read(answer, into, limits.most)
            parts = _next(scope, parts, answer)
        except (OSError, HTTPException) as error:
            raise Away(_l("%(host)s stopped answering.", host=parts.hostname or "")) from error
        finally:
            answer.close()
            connection.close()
    raise Invalid(_l("The address leads from one to another, and never to a file."))


def check_address(scope: Scope, address: str) -> SplitResult:
    """The parts of an address from which this installation fetches. Raises Invalid for any other."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port
    except ValueError:
        raise Invalid(_l("This is no address.")) from None
    if parts.scheme == FILE:
        _path(scope, parts)
        return parts
    if parts.scheme not in outside.PORTS or not parts.hostname or parts.username is not None:
        raise Invalid(_l("Write the address like %(example)s.", example="https://shop.example/products.csv"))
    if not _is_allowed(parts.hostname, port, parts.scheme):
        raise Invalid(
            _l(
                "Nothing is fetched from %(host)s: ask whoever runs this portal to allow it.",
                host=parts.hostname,
            )
        )
    return parts


def _is_allowed(host: str, port: int | None, scheme: str) -> bool:
    """Whether a host is on the list: by its name, or with all that is below it; other ports by name alone."""
    usual = port in (None, outside.PORTS[scheme])
    for entry in _settings().feed_hosts.split(","):
        name, own = _name_of(entry)
        fits = host.endswith(name) if name.startswith(".") else host == name
        if name and fits and (own == str(port) if own else usual):
            return True
    return False


def fetched_hosts() -> list[str]:
    """A part of the name of each host on the list, as it stands in its addresses; none where nothing is
    fetched."""
    return [name for entry in _settings().feed_hosts.split(",") if (name := _name_of(entry)[0])]


def _name_of(entry: str) -> tuple[str, str]:
    """(name, port) of an entry of the list."""
    name, _colon, port = entry.strip().casefold().partition(":")
    return name, port


def _until(moment: float, longest: float, beat: Callable[[], None]) -> Callable[[], None]:
    """What looks at the clock and beats: raises Away once the moment is over."""

    def look() -> None:
        if time.monotonic() > moment:
            raise Away(_too_long(longest))
        beat()

    return look


def _too_long(longest: float) -> object:
    if longest < 60:
        return lazy_ngettext(
            "It took longer than %(num)s second.", "It took longer than %(num)s seconds.", int(longest)
        )
    return lazy_ngettext(
        "The file took longer than %(num)s minute.",
        "The file took longer than %(num)s minutes.",
        int(longest // 60),
    )


def _asked(parts: SplitResult, mark: str, look: Callable[[], None]) -> tuple[HTTPConnection, HTTPResponse]:
    """The connection to a host, at an address that was checked, and the beginning of its answer."""
    host = parts.hostname or ""
    headers = {"User-Agent": "Orion", "Accept": "*/*", "Accept-Encoding": "identity"}
    if mark:
        kind, _sep, value = mark.partition(" ")
        headers["If-None-Match" if kind == "etag" else "If-Modified-Since"] = value
    path = quote((parts.path or "/") + (f"?{parts.query}" if parts.query else ""), safe=_PLAIN)
    try:
        addresses = outside.addresses(host)
    except outside.Unreachable:
        raise Away(_l("%(host)s is not there, or not on the public internet.", host=host)) from None
    for address in addresses:
        look()
        connection = outside.connect(parts.scheme, host, address, parts.port, look=look)
        answer = None
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            return connection, answer
        except (OSError, HTTPException):
            continue
        finally:
            if answer is None:
                connection.close()
    raise Away(_l("%(host)s doesn't answer.", host=host))


def _next(scope: Scope, parts: SplitResult, answer: HTTPResponse) -> SplitResult:
    """Where an answer leads that is no file: checked like the first address. Raises Invalid."""
    to = answer.getheader("Location", "")
    if answer.status not in (301, 302, 303, 307, 308) or not to:
        kind = Away if answer.status in _LATER else Invalid
        raise kind(_l("%(host)s answers %(status)s.", host=parts.hostname or "", status=answer.status))
    to = quote(to, safe=_PLAIN, encoding="latin-1")  # As headers are read, whatever they are written in.
    following = check_address(scope, urljoin(parts.geturl(), to))
    if following.scheme not in outside.PORTS or (parts.scheme, following.scheme) == ("https", "http"):
        raise Invalid(_l("%(host)s leads to where nothing is fetched from.", host=parts.hostname or ""))
    return following


def _read(answer: HTTPResponse, into: IO[bytes], most: int) -> Fetched:
    """Piece by piece as they come: who waits for many bytes waits long where few are sent."""
    size = 0
    while piece := answer.read1(PIECE):
        size += len(piece)
        if size > most:
            raise _too_large(most)
        _keep(into, piece)
    if answer.length:  # Of as many bytes as it said: half a file is none.
        raise IncompleteRead(b"", answer.length)
    etag, modified = answer.getheader("ETag", ""), answer.getheader("Last-Modified", "")
    mark = f"etag {etag}" if etag else f"modified {modified}" if modified else ""
    return Fetched(True, mark[:300], size)


def _from_folder(
    scope: Scope, parts: SplitResult, into: IO[bytes], mark: str, beat: Callable[[], None], most: int
) -> Fetched:
    path = _path(scope, parts)
    try:
        found = path.stat()
        now = f"file {found.st_size} {found.st_mtime_ns}"
        if now == mark:
            return Fetched(False, mark)
        if found.st_size > most:
            raise _too_large(most)
        with path.open("rb") as content:
            while piece := content.read(PIECE):
                _keep(into, piece)
                beat()
    except OSError:
        raise Invalid(_l("There is no file %(name)s.", name=path.name)) from None
    return Fetched(True, now, found.st_size)


def _keep(into: IO[bytes], piece: bytes) -> None:
    """Write a piece: what goes wrong with that is no fault of whoever is asked."""
    with writing_files():
        into.write(piece)
        into.flush()


def _path(scope: Scope, parts: SplitResult) -> Path:
    """Where a file of the vendor's lies: in the vendor's own folder, and nowhere else. Raises Invalid."""
    folder = _settings().feed_folder
    if not folder or scope.vendor is None or parts.netloc or parts.query or parts.fragment:
        raise Invalid(_l("Nothing is fetched from files here."))
    own = (Path(folder) / scope.vendor.code).resolve()
    path = (own / parts.path.lstrip("/")).resolve()
    if own not in path.parents:
        raise Invalid(_l("There is no file %(name)s.", name=parts.path.rpartition("/")[2]))
    return path


def _too_large(most: int) -> Invalid:
    return Invalid(_l("The file is larger than %(num)s MB.", num=most // 1024 // 1024))


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
