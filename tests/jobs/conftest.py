"""A fake module with a table without any key, so that doubles would show, and jobs that fill it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from orion.contracts.scope import Scope, system_scope
from orion.data import migrate
from orion.data.database import entered, session
from orion.jobs import claiming
from orion.jobs.asking import start
from orion.jobs.models import Job, now
from orion.testing import House, minimal_manifest

MODELS = """
    from sqlalchemy import BigInteger
    from sqlalchemy.orm import Mapped, mapped_column
    from orion.contracts.models import BigId, VendorOwned, module_base

    Base = module_base(__name__)

    class Line(VendorOwned, Base):
        __tablename__ = "alpha_line"
        id: Mapped[int] = mapped_column(BigId, primary_key=True)
        number: Mapped[int] = mapped_column(BigInteger)
"""
REVISION = """
    import sqlalchemy as sa
    from alembic import op
    from orion.data.tables import BigId

    revision = "alpha_0001"
    down_revision = None

    def upgrade():
        op.create_table(
            "alpha_line",
            sa.Column("id", BigId, primary_key=True),
            sa.Column("vendor_id", sa.BigInteger, nullable=False),
            sa.Column("number", sa.BigInteger, nullable=False),
        )
"""
JOBS = """
    from orion.contracts.data import insert_rows
    from orion.contracts.errors import Invalid
    from orion.contracts.jobs import job
    from {package}.alpha.models import Line

    before = None  # A test's hook, called in each chunk.

    @job("alpha.fill")
    def fill(scope, work):
        at = work.cursor or 0
        while at < work.total:
            with work.chunk() as chunk:
                numbers = range(at, min(at + work.arguments["step"], work.total))
                insert_rows(scope, Line, [{{"number": n}} for n in numbers])
                if before is not None:
                    before(at)
                chunk.cursor, chunk.done = numbers.stop, numbers.stop
            at = work.cursor
            work.give_way()

    @job("alpha.fill")
    def refuse(scope, work):
        raise Invalid("That is no table.")
"""
MANIFEST = """
    permissions:
      - id: alpha.fill
        label_key: alpha.permissions.fill
        label: Fill
        description_key: alpha.permissions.fill_desc
        description: Fill it
        category: alpha
"""


@dataclass
class Works:
    """The fake portal."""

    app: Flask

    @contextmanager
    def at(self, write: bool = False) -> Iterator[Scope]:
        """A frame at the vendor, with every right."""
        with self.app.app_context():
            scope = self.app.extensions["orion"].command_scope(vendor="ACME")
            with entered(scope, write=write):
                yield scope
                if write:
                    session().commit()

    def start(self, name: str = "alpha.fill", total: int = 100, step: int = 10, **options: Any) -> int:
        """Ask for a job; its row id."""
        with self.at(write=True) as scope:
            return start(scope, name, total=total, step=step, **options).id

    def job(self, id_: int) -> Job:
        """A job as it is."""
        with self.app.app_context(), entered(system_scope("jobs")) as reading:
            return reading.scalars(select(Job).where(Job.id == id_)).one()

    @property
    def part(self) -> Any:
        """The fake jobs.py."""
        return self.app.extensions["orion"].modules["alpha"].parts["jobs"]

    def numbers(self) -> list[int]:
        """What was written, in the order of the numbers."""
        line = self.app.extensions["orion"].modules["alpha"].parts["models"].Line
        with self.at():
            return list(session().scalars(select(line.number).order_by(line.number)))


def due_now(works: Works) -> None:
    """Time goes by: no lease lasts any longer, and whatever waits is due."""
    with works.app.app_context(), entered(system_scope("jobs"), write=True) as writing:
        writing.execute(update(Job).values(due_at=now() - claiming.lease() * 2))
        writing.commit()


def write(house: House) -> None:
    """Put the fake module into a house."""
    house.module(
        "alpha",
        minimal_manifest("alpha", MANIFEST),
        models=MODELS,
        jobs=JOBS.format(package=house.package),
        **{"migrations/0001_alpha.py": REVISION},
    )


@pytest.fixture
def works(house: House) -> Callable[..., Works]:
    """`works(**settings)` → the portal."""
    write(house)

    def made(**changes: Any) -> Works:
        app = house.app(**changes)
        migrate.upgrade(app)
        with app.app_context():
            app.extensions["orion"].refresh()
        return Works(app)

    return made
