"""Reads: imports, what is staged, jobs, publications."""

import json
from array import array
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from modules.catalog.api import PRODUCTS, Platform, Product, Vendor, sold_on
from modules.marketplace.models import Change, Feed, Import, Publication, Staged
from orion.contracts.data import session
from orion.contracts.errors import NotFound
from orion.contracts.jobs import OPEN, Job
from orion.contracts.scope import Scope

#: What can be published, and what is still to be decided on.
PUBLISHABLE, WAITING = ("new", "changed"), ("open", "accepted")
#: The problem of a row that says again what stands in its file before.
REPEATED = "doubled"
#: The jobs that are about a publication.
OF_PUBLICATIONS = ("marketplace.publish", "marketplace.take_back", "marketplace.pictures")
#: Options of one filter.
MOST_OFFERED = 100


@dataclass(frozen=True, slots=True)
class Counted:
    """What is staged of an import: (state, decision) → (things or rejected rows, rows of the file), and how
    many of the rejected rows say again what stands in the file before."""

    by: Mapping[tuple[str, str], tuple[int, int]]
    repeated: int = 0

    def number(self, states: Collection[str] = (), decisions: Collection[str] = ()) -> int:
        """Products, or rejected rows, of these states and decisions; of all where none are named."""
        return sum(number for number, _rows in self._of(states, decisions))

    def rows(self, states: Collection[str] = ()) -> int:
        """The rows of the file that they are made of."""
        return sum(rows for _number, rows in self._of(states, ()))

    def _of(self, states: Collection[str], decisions: Collection[str]) -> list[tuple[int, int]]:
        return [
            numbers
            for (state, decision), numbers in self.by.items()
            if (not states or state in states) and (not decisions or decision in decisions)
        ]


def imports(scope: Scope) -> Select[Any]:
    """All imports of the scope."""
    return select(Import)


def imports_shown(scope: Scope) -> Select[Any]:
    """The same with vendor, products that wait and rows that were rejected."""
    return select(
        Import,
        Vendor,
        _number(publishable(), waiting()).label("waiting"),
        _number(Staged.state == "rejected", waiting()).label("rejected"),
        _number(Staged.decision == "published").label("published"),
    ).join(Vendor, Vendor.id == Import.vendor_id)


def _number(*conditions: ColumnElement[bool]) -> Any:
    mine = and_(Staged.vendor_id == Import.vendor_id, Staged.import_id == Import.id)
    return select(func.count()).select_from(Staged).where(mine, *conditions).scalar_subquery()


def staged(scope: Scope) -> Select[Any]:
    """Everything that is staged."""
    return select(Staged)


def staged_shown(scope: Scope) -> Select[Any]:
    """The same with import and vendor."""
    of_import = and_(Import.vendor_id == Staged.vendor_id, Import.id == Staged.import_id)
    return select(Staged, Import, Vendor).join(Import, of_import).join(Vendor, Vendor.id == Staged.vendor_id)


def jobs(scope: Scope) -> Select[Any]:
    """This module's jobs."""
    return select(Job).where(Job.module_code == "marketplace")


def jobs_shown(scope: Scope) -> Select[Any]:
    """The same with the vendor."""
    return jobs(scope).add_columns(Vendor).join(Vendor, Vendor.id == Job.vendor_id)


# -- conditions on Staged -------------------------------------------------------------------------


def publishable(*, gone: bool = False) -> ColumnElement[bool]:
    """New, or other than what is there; with `gone` what the file no longer has too."""
    states = (*PUBLISHABLE, "gone") if gone else PUBLISHABLE
    return or_(*(Staged.state == state for state in states))


def waiting() -> ColumnElement[bool]:
    """Neither published nor skipped."""
    return or_(*(Staged.decision == decision for decision in WAITING))


def staged_of(found: Import) -> ColumnElement[bool]:
    """Staged of an import."""
    return and_(Staged.vendor_id == found.vendor_id, Staged.import_id == found.id)


def of_import(public_id: str) -> ColumnElement[bool]:
    """Staged of the import with this public id."""
    return Staged.import_id.in_(select(Import.id).where(Import.public_id == public_id))


def latest(scope: Scope) -> Sequence[tuple[str, object]]:
    """(public id, name) of the newest imports, for a filter."""
    asked = select(Import.public_id, Import.name).order_by(Import.created_at.desc(), Import.id.desc())
    return [(key, name) for key, name in session().execute(asked.limit(MOST_OFFERED))]


def of_product(scope: Scope, product_id: int, most: int = 5) -> Sequence[tuple[Change, Publication, Import]]:
    """The last publications that made or changed a product (row id), the newest first."""
    statement = (
        select(Change, Publication, Import)
        .join(
            Publication,
            and_(Publication.vendor_id == Change.vendor_id, Publication.id == Change.publication_id),
        )
        .join(Import, and_(Import.vendor_id == Publication.vendor_id, Import.id == Publication.import_id))
        .where(Change.product_id == product_id, Import.target == PRODUCTS.target.name)
        .order_by(Change.id.desc())
    )
    return [(row[0], row[1], row[2]) for row in session().execute(statement.limit(most))]


def last_of(scope: Scope, vendor_id: int, most: int = 5) -> Sequence[Import]:
    """The last imports of a vendor (row id), the newest first."""
    mine = select(Import).where(Import.vendor_id == vendor_id)
    return session().scalars(mine.order_by(Import.created_at.desc(), Import.id.desc()).limit(most)).all()


# -- one of them ----------------------------------------------------------------------------------


def one(scope: Scope, public_id: str) -> Import:
    """An import. Raises NotFound."""
    return _found(select(Import).where(Import.public_id == public_id))  # type: ignore[no-any-return]


def job(scope: Scope, public_id: str) -> Job:
    """A job of this module. Raises NotFound."""
    return _found(jobs(scope).where(Job.public_id == public_id))  # type: ignore[no-any-return]


def item(scope: Scope, public_id: str) -> tuple[Staged, Import, Product | None]:
    """What is staged under a public id, its import, and the product that it became. Raises NotFound."""
    of_import = and_(Import.vendor_id == Staged.vendor_id, Import.id == Staged.import_id)
    of_product = and_(
        Product.vendor_id == Staged.vendor_id,
        Product.id == Staged.product_id,
        Import.target == PRODUCTS.target.name,
    )
    asked = (
        select(Staged, Import, Product)
        .join(Import, of_import)
        .outerjoin(Product, of_product)
        .where(Staged.public_id == public_id)
    )
    found = session().execute(asked).one_or_none()
    if found is None:
        raise NotFound()
    return found[0], found[1], found[2]


def publications(scope: Scope, found: Import) -> Sequence[Publication]:
    """What was published of an import, the newest first."""
    mine = select(Publication).where(
        Publication.vendor_id == found.vendor_id, Publication.import_id == found.id
    )
    return session().scalars(mine.order_by(Publication.id.desc()).limit(20)).all()


def counted(scope: Scope, found: Import) -> Counted:
    """How much is staged of an import."""
    asked = (
        select(
            Staged.state,
            Staged.decision,
            func.count(),
            func.sum(Staged.lines),
            func.sum(case((Staged.code == REPEATED, 1), else_=0)),
        )
        .where(staged_of(found))
        .group_by(Staged.state, Staged.decision)
    )
    rows = session().execute(asked).all()
    by = {(state, decision): (int(n), int(lines)) for state, decision, n, lines, _again in rows}
    return Counted(by, sum(int(row[4]) for row in rows))


def jobs_of(scope: Scope, found: Import, made: Sequence[Publication]) -> Sequence[Job]:
    """The jobs of an import and its publications, the newest first."""
    about = [and_(Job.name == "marketplace.read", Job.arguments == _arguments(found.id))]
    if made:
        ids = [_arguments(publication.id) for publication in made]
        about.append(and_(Job.name.in_(OF_PUBLICATIONS), Job.arguments.in_(ids)))
    asked = jobs(scope).where(Job.vendor_id == found.vendor_id, or_(*about))
    return session().scalars(asked.order_by(Job.id.desc()).limit(20)).all()


def has_open_job(names: Sequence[str], of: Import | Publication) -> bool:
    """Whether one of these jobs of an import or a publication is not over."""
    return bool(open_jobs(names, of))


def open_jobs(names: Sequence[str], of: Import | Publication) -> Sequence[str]:
    """The public ids of these jobs of an import or a publication that are not over."""
    asked = select(Job.public_id).where(
        Job.vendor_id == of.vendor_id,
        Job.module_code == "marketplace",
        or_(*(Job.state == state for state in OPEN)),
        Job.name.in_(names),
        Job.arguments == _arguments(of.id),
    )
    return session().scalars(asked).all()


def published_products(found: Import) -> Select[Any]:
    """The row ids of the products that stand as publications of an import have left them."""
    of_publication = and_(Publication.vendor_id == Change.vendor_id, Publication.id == Change.publication_id)
    return (
        select(Change.product_id)
        .join(Publication, of_publication)
        .where(
            Publication.vendor_id == found.vendor_id,
            Publication.import_id == found.id,
            Publication.state == "done",
        )
    )


def import_of(scope: Scope, job: Job) -> Import | None:
    """The import that a job is about, where it is there still."""
    id_ = json.loads(job.arguments).get("id")
    if job.name == "marketplace.fetch":
        last = select(Feed.import_id).where(Feed.vendor_id == job.vendor_id, Feed.id == id_).scalar_subquery()
        return session().scalar(select(Import).where(Import.vendor_id == job.vendor_id, Import.id == last))
    asked = select(Import).where(Import.vendor_id == job.vendor_id)
    if job.name == "marketplace.read":
        return session().scalar(asked.where(Import.id == id_))
    mine = select(Publication.import_id).where(Publication.id == id_).scalar_subquery()
    return session().scalar(asked.where(Import.id == mine))


def before(found: Import) -> Import | None:
    """The last import of the same source that was read before an import."""
    same = select(Import).where(
        Import.vendor_id == found.vendor_id,
        Import.source == found.source,
        Import.target == found.target,
        Import.show_on == found.show_on,
        Import.stage == "ready",
        Import.id < found.id,
    )
    return session().scalar(same.order_by(Import.id.desc()).limit(1)) if found.source else None


def no_longer(found: Import, earlier: Import, after: int) -> Sequence[int]:
    """What an earlier import of the source had, and was known then, and this one doesn't have: row ids in
    their order, from after one on."""
    now = aliased(Staged)
    # A value, which is looked up for each key: where a database knows nothing of full tables yet, joining
    # them compares each key with every other.
    has = (
        select(now.id)
        .where(now.vendor_id == found.vendor_id, now.import_id == found.id, now.key == Staged.key)
        .limit(1)
        .scalar_subquery()
    )
    known = or_(Staged.state.in_(("unchanged", "changed", "gone")), Staged.decision == "published")
    asked = select(Staged.id).where(staged_of(earlier), known, Staged.id > after, has.is_(None))
    return array("q", sorted(session().scalars(asked.execution_options(yield_per=1_000))))


def staged_by_id(ids: Sequence[int]) -> Sequence[Staged]:
    """What is staged under row ids, in their order."""
    return session().scalars(select(Staged).where(Staged.id.in_(ids)).order_by(Staged.id)).all()


def platforms(scope: Scope) -> Sequence[tuple[str, str]]:
    """(code, name) of the scope's platforms on which its vendor sells now."""
    asked = select(Platform.code, Platform.name).where(sold_on()).order_by(Platform.name_norm)
    return [(code, name) for code, name in session().execute(asked)]


def platform_id(scope: Scope, code: str) -> int | None:
    """The row id of a platform of the scope."""
    return session().scalar(select(Platform.id).where(Platform.code == code)) if code else None


def _arguments(id_: int) -> str:
    """The arguments of the jobs of an import or a publication, as they are kept."""
    return json.dumps({"id": id_})


def _found(asked: Select[Any]) -> Any:
    found = session().scalar(asked)
    if found is None:
        raise NotFound()
    return found
