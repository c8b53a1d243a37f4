"""Pictures that published products have elsewhere: fetched from the hosts that this installation allows."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select

from modules.catalog.api import elsewhere
from modules.marketplace import queries, targets
from modules.marketplace.models import Change, Import, Publication
from orion.contracts.data import entered, session
from orion.contracts.errors import Conflict, Invalid, NotFound
from orion.contracts.jobs import Job, Work, cancel, start
from orion.contracts.locales import kept
from orion.contracts.models import public_id
from orion.contracts.outside import Away, check_address, fetched_hosts
from orion.contracts.scope import Scope

NAME = "marketplace.pictures"
#: Links that one look finds, and how often in a row a host may not answer until it is left alone.
PART, SILENT = 100, 5


def begin(scope: Scope, found: Import, made: Publication) -> Job | None:
    """Have the pictures of a publication's products fetched that they lack: a job does it. None where they
    lack none, or nothing is fetched here."""
    hosts = fetched_hosts()
    if not hosts or not targets.is_of_products(found):
        return None
    number = elsewhere.number_lacking(scope, _products(made), hosts, since=datetime.now(UTC))
    return start(scope, NAME, about=found.name, total=number, id=made.id) if number else None


def again(scope: Scope, public_id: str) -> tuple[Import, Job | None]:
    """Try once more what could not be fetched, or was not allowed. Raises NotFound and Conflict."""
    asked = select(Publication).where(Publication.public_id == public_id)
    made = session().scalar(asked.with_for_update(of=Publication))
    if made is None:
        raise NotFound()
    if made.state != "done":
        raise Conflict(_taken_back())
    found = session().scalars(select(Import).where(Import.id == made.import_id)).one()
    if queries.has_open_job((NAME,), made):
        raise Conflict(_("The images are being fetched."))
    return found, begin(scope, found, made)


def end(scope: Scope, made: Publication) -> None:
    """Fetch no more for a publication, since it is taken back."""
    for job in queries.open_jobs((NAME,), made):
        cancel(scope, job)


def fetch(scope: Scope, work: Work) -> None:
    """Do it: each picture, or why there is none, is written by itself.

    The key of the next one is known before its files are there: those of a worker who died on it are found.
    """
    at: dict[str, Any] = work.cursor or {"after": 0, "since": datetime.now(UTC).isoformat(), "silent": {}}
    with work.chunk() as chunk:
        if "key" in at:
            elsewhere.clear(scope, at["key"])
        at["key"] = public_id()
        chunk.cursor = at
    while part := _part(scope, work, at):
        passed = 0
        for link in part:
            work.beat()
            if _one(scope, work, link, at):
                work.give_way()
            else:
                passed += 1
        with work.chunk() as chunk:
            at["after"] = part[-1].id
            chunk.cursor, chunk.done = at, min(chunk.done + passed, chunk.total)
    with work.chunk() as chunk:
        chunk.cursor, chunk.done = at, chunk.total


def _part(scope: Scope, work: Work, at: dict[str, Any]) -> list[elsewhere.Link]:
    """The next links that lack a picture. Nothing is found any more once nothing is fetched here."""
    hosts = fetched_hosts()
    if not hosts:
        return []
    with entered(scope):
        made = select(Publication).where(Publication.id == work.arguments["id"])
        products = _products(session().scalars(made).one())
        since = datetime.fromisoformat(at["since"])
        return elsewhere.lacking(scope, products, hosts, since=since, after=at["after"], most=PART)


def _one(scope: Scope, work: Work, link: elsewhere.Link, at: dict[str, Any]) -> bool:
    """Fetch a picture and keep it, or why there is none; whether there was anything to do."""
    try:
        check_address(scope, link.url)
    except Invalid:
        return False
    with entered(scope):
        must = elsewhere.must_fetch(scope, link, since=datetime.fromisoformat(at["since"]))
    if must is None:
        return False
    picture, reason = _fetched(scope, work, link.url, at["silent"]) if must else (None, "")
    with work.chunk() as chunk:
        _refuse_taken_back(work)
        elsewhere.keep(scope, link, picture, reason, key=at["key"], now=datetime.now(UTC))
        at["key"] = public_id()
        chunk.cursor, chunk.done = at, min(chunk.done + 1, chunk.total)
    return True


def _fetched(scope: Scope, work: Work, address: str, silent: dict[str, int]) -> tuple[Any, str]:
    """The picture at an address, or why there is none. A host that has not answered several times in a row is
    asked no more: thousands of pictures would wait for it."""
    host = urlsplit(address).hostname or ""
    if silent.get(host, 0) >= SILENT:
        said = _l("%(host)s did not answer several times, and was not asked for this image.", host=host)
        return None, kept(said)
    try:
        picture = elsewhere.load(scope, address, work.beat)
    except Away as error:
        silent[host] = silent.get(host, 0) + 1
        return None, kept(error.said)
    except Invalid as error:
        silent.pop(host, None)
        return None, kept(error.said)
    silent.pop(host, None)
    return picture, ""


def _refuse_taken_back(work: Work) -> None:
    """Raise Conflict where the publication is being taken back; until this transaction is over, nobody
    begins with that."""
    mine = select(Publication.state).where(Publication.id == work.arguments["id"])
    if session().scalar(mine.with_for_update(of=Publication)) != "done":
        raise Conflict(_taken_back())


def _taken_back() -> str:
    return _("This publication is taken back already.")


def _products(made: Publication) -> Select[Any]:
    """The row ids of the products that a publication has changed."""
    return select(Change.product_id).where(
        Change.vendor_id == made.vendor_id, Change.publication_id == made.id
    )
