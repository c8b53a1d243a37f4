"""Files that are fetched each day: where from, when, and what came of it."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import IO

from flask_babel import gettext as _
from sqlalchemy import and_, select

from modules.marketplace import files, queries, remembering, services
from modules.marketplace.models import Feed, Import
from orion.contracts.data import session
from orion.contracts.errors import Invalid, NotFound
from orion.contracts.jobs import Job, Schedule, end, hold, schedule, start
from orion.contracts.outside import Fetched, check_address
from orion.contracts.scope import Scope

#: The job that fetches.
FETCH = "marketplace.fetch"


def shown(scope: Scope) -> Sequence[tuple[Feed, Schedule | None, Import | None]]:
    """The scope's feeds, each with when it is fetched, and the last file."""
    when = and_(Schedule.vendor_id == Feed.vendor_id, Schedule.public_id == Feed.schedule)
    last = and_(Import.vendor_id == Feed.vendor_id, Import.id == Feed.import_id)
    asked = select(Feed, Schedule, Import).outerjoin(Schedule, when).outerjoin(Import, last)
    rows = session().execute(asked.order_by(Feed.id).limit(100))
    return [(feed, planned, found) for feed, planned, found in rows]


def add(
    scope: Scope, address: str, at: time, *, show_on: str = "", at_once: bool = False, now: datetime
) -> Feed:
    """Fetch a file each day at a time of the vendor's own. Raises Invalid for a forbidden address."""
    if scope.vendor is None:
        raise NotFound()
    try:
        check_address(scope, address)
    except Invalid as error:
        raise Invalid(errors={"address": [error.message]}) from None
    same = select(Feed.id).where(Feed.vendor_id == scope.vendor.id, Feed.address == address.strip())
    if session().scalar(same) is not None:
        raise Invalid(errors={"address": [_("This is fetched already.")]})
    if show_on and queries.platform_id(scope, show_on) is None:
        raise Invalid(errors={"show_on": [_("Choose one of the list.")]})
    feed = Feed(
        vendor_id=scope.vendor.id, address=address.strip(), show_on=show_on, at_once=at_once, created_at=now
    )
    session().add(feed)
    session().flush()
    feed.schedule = schedule(scope, FETCH, at=at, about=feed.name, id=feed.id).public_id
    return feed


def fetch_now(scope: Scope, public_id: str) -> Job:
    """Fetch a file at once. Raises NotFound."""
    feed = _found(public_id)
    return start(scope, FETCH, about=feed.name, id=feed.id)


def rest(scope: Scope, public_id: str, resting: bool) -> None:
    """Fetch no more for now, or go on. Raises NotFound."""
    hold(scope, _found(public_id).schedule, on=not resting)


def remove(scope: Scope, public_id: str) -> None:
    """Fetch no more; what was fetched stays. Raises NotFound."""
    feed = _found(public_id)
    end(scope, feed.schedule)
    session().delete(feed)


def by_id(id_: int) -> Feed | None:
    """The feed of a job, if it is there still."""
    return session().scalar(select(Feed).where(Feed.id == id_))


def came(
    scope: Scope, feed: Feed, got: Fetched, digest: str, content: IO[bytes], now: datetime
) -> Import | None:
    """Note what was fetched, and have it read if it is another file than before: the import then."""
    feed.tried_at, feed.message, feed.mark = now, "", got.mark
    if not got.changed or digest == feed.digest:
        feed.outcome = "unchanged"
        return None
    found = services.bring(
        scope, content, feed.file_name, size=got.size, show_on=feed.show_on, at_once=feed.at_once, now=now
    )
    remembering.recall(scope, found)
    found.source = f"feed {feed.public_id}"
    feed.outcome, feed.digest, feed.import_id = "fetched", digest, found.id
    if files.look(scope, found).complete:
        services.read(scope, found)
    return found


def failed(feed: Feed, message: str, now: datetime) -> None:
    """Note why nothing was fetched."""
    feed.outcome, feed.message, feed.tried_at = "failed", message, now


def _found(public_id: str) -> Feed:
    found = session().scalar(select(Feed).where(Feed.public_id == public_id).with_for_update(of=Feed))
    if found is None:
        raise NotFound()
    return found
