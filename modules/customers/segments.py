"""Segments: conditions of the customer list under a name. They are asked anew whenever they are opened."""

from collections.abc import Sequence
from operator import itemgetter
from urllib.parse import parse_qsl, urlencode

from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict

from modules.customers.lists import customers
from modules.customers.models import Segment
from orion.contracts.data import session
from orion.contracts.errors import Invalid, NotFound
from orion.contracts.models import normalise
from orion.contracts.scope import Scope

#: So many segments of a vendor are enough for anybody.
MOST = 100
#: What a question says that is no condition.
NO_CONDITION = frozenset({"sort", "after", "before", "count", "export", "platform", "segment"})


def conditions(args: "MultiDict[str, str]") -> str:
    """The conditions of a list's address, as a query string in one form."""
    pairs = [(k, v) for k, v in args.items(multi=True) if v and k not in NO_CONDITION]
    return urlencode(sorted(pairs, key=itemgetter(0)))


def under(url: str, query: str) -> str:
    """An address with conditions; it may name a platform already."""
    return f"{url}{'&' if '?' in url else '?'}{query}"


def save(scope: Scope, name: str, query: str) -> Segment:
    """Keep conditions under a name. Raises Invalid for none, for a name that is taken, and for too many."""
    asked = MultiDict(parse_qsl(query[:1000]))
    kept = conditions(asked)
    if not kept:
        raise Invalid(_("Choose what the customers have in common first: filter the list."))
    customers(scope, "vendor").run(scope, asked)  # Raises Invalid where the conditions can't be read.
    if session().scalar(select(Segment.id).where(Segment.name_norm == normalise(name))):
        raise Invalid(errors={"name": [_("There is a segment with this name already.")]})
    if (session().scalar(select(func.count()).select_from(Segment)) or 0) >= MOST:
        raise Invalid(_("More than %(most)s segments can't be kept.", most=MOST))
    segment = Segment(name=name, query=kept)
    session().add(segment)
    session().flush()
    return segment


def segments(scope: Scope) -> Sequence[Segment]:
    """The vendor's segments by name."""
    return session().scalars(select(Segment).order_by(Segment.name_norm)).all()


def segment(scope: Scope, public_id: str) -> Segment:
    """One segment. Raises NotFound."""
    found = session().scalar(select(Segment).where(Segment.public_id == public_id))
    if found is None:
        raise NotFound()
    return found


def how_many(scope: Scope, one: Segment) -> str:
    """How many customers a segment has now, in words; that nobody can, where a condition is no more."""
    try:
        return customers(scope, "vendor").run(scope, MultiDict(parse_qsl(one.query))).count_text
    except Invalid:
        return _("A condition of this segment is no more.")
