"""Tables with every kind of wall, and rows of two vendors on two platforms to tell apart."""

from datetime import date

from flask import Flask
from sqlalchemy import BigInteger, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from orion.contracts.models import (
    BigId,
    PlatformOwned,
    VendorOwned,
    Wall,
    module_base,
    platform_fk,
    platform_key,
    tenant_fk,
    tenant_key,
)
from orion.contracts.scope import ALL, NOBODY, Scope, ScopeKind, system_scope
from orion.data import engines, laying, migrate, revisions
from orion.data.database import db, entered
from orion.settings import Settings

Base = module_base("modules.fence")


class Shelf(VendorOwned, Base):
    """Belongs to a vendor."""

    __tablename__ = "fence_shelf"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str]
    boxes: Mapped[list["Box"]] = relationship(back_populates="shelf", cascade="all, delete-orphan")
    __table_args__ = (tenant_key(),)


class Box(PlatformOwned, Base):
    """Belongs to a vendor and a platform."""

    __tablename__ = "fence_box"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    shelf_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    shelf: Mapped[Shelf] = relationship(back_populates="boxes")
    __table_args__ = (platform_key(), tenant_fk("shelf_id", "fence_shelf"))


class Guest(Base):
    """Belongs to a vendor, and is seen by the platforms that it visited."""

    __tablename__ = "fence_guest"
    __wall__ = Wall(vendor="vendor_id", seen_on="fence_visit", seen_key="guest_id")
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    vendor_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str]
    __table_args__ = (tenant_key(),)


class Visit(PlatformOwned, Base):
    """On which platform a guest was seen, how often, and at which box."""

    __tablename__ = "fence_visit"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    guest_id: Mapped[int] = mapped_column(BigInteger)
    box_id: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(default="")
    on: Mapped[date] = mapped_column(default=date(2026, 1, 1))
    times: Mapped[int] = mapped_column(BigInteger, default=1)
    __table_args__ = (
        tenant_fk("guest_id", "fence_guest"),
        platform_fk("box_id", "fence_box"),
        UniqueConstraint("vendor_id", "platform_id", "guest_id"),
    )


class Badge(Base):
    """Belongs to a vendor or to a platform."""

    __tablename__ = "fence_badge"
    __wall__ = Wall(vendor="vendor_id", platform="platform_id", either=True)
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    vendor_id: Mapped[int | None] = mapped_column(BigInteger)
    platform_id: Mapped[int | None] = mapped_column(BigInteger)
    name: Mapped[str]


class Word(Base):
    """Belongs to nobody."""

    __tablename__ = "fence_word"
    id: Mapped[int] = mapped_column(BigId, primary_key=True)
    name: Mapped[str]


WALLED = (Shelf, Box, Guest, Visit, Badge)
SYSTEM = system_scope("seed")
VENDOR = Scope(ScopeKind.VENDOR, frozenset({1}), frozenset({10, 20}))
VENDOR_ON_PLATFORM = Scope(ScopeKind.VENDOR_ON_PLATFORM, frozenset({1}), frozenset({10}))
#: Platform 20 has vendor 2 today; vendor 1 was on it once.
PLATFORM = Scope(ScopeKind.PLATFORM, frozenset({2}), frozenset({20}))
INSTALLATION = Scope(ScopeKind.INSTALLATION, ALL, ALL)
FENCED_SCOPES = {"vendor": VENDOR, "vendor on platform": VENDOR_ON_PLATFORM, "platform": PLATFORM}
SCOPES = {**FENCED_SCOPES, "installation": INSTALLATION}
NOBODYS = {"nobody": NOBODY}

#: Names of the rows that each scope sees: `b12` is a box of vendor 1 on platform 20.
SEEN = {
    "vendor": {
        Shelf: {"s1"},
        Box: {"b11", "b12"},
        Guest: {"g1a", "g1b"},
        Visit: {"v1a", "v1b"},
        Badge: {"d1"},
    },
    "vendor on platform": {Shelf: {"s1"}, Box: {"b11"}, Guest: {"g1a"}, Visit: {"v1a"}, Badge: {"d1"}},
    "platform": {
        Shelf: {"s2"},
        Box: {"b12", "b22"},
        Guest: {"g2b"},
        Visit: {"v1b", "v2b"},
        Badge: {"d2", "p20"},
    },
    "installation": {
        Shelf: {"s1", "s2"},
        Box: {"b11", "b12", "b21", "b22"},
        Guest: {"g1a", "g1b", "g2a", "g2b"},
        Visit: {"v1a", "v1b", "v2a", "v2b"},
        Badge: {"d1", "d2", "p10", "p20"},
    },
}


def application(url: str) -> Flask:
    """An application that has a database and nothing else."""
    app = Flask("fence")
    engines.init_app(app, Settings(database_url=url))
    return app


def fill(url: str) -> None:
    """Make the tables and the rows."""
    app = application(url)
    migrate.upgrade(app, [migrate.engine_history()])
    with app.app_context():
        with revisions.owned(db.engines["write"]) as connection:
            tables = [model.__table__ for model in (*WALLED, Word)]
            db.metadata.create_all(connection, tables=tables)
            laying.lay(connection, [table.name for table in tables])
            connection.commit()
        with entered(SYSTEM, write=True) as session:
            for vendor in (1, 2):
                session.add_all(_rows(vendor))
                session.flush()
            session.add_all([Badge(platform_id=10, name="p10"), Badge(platform_id=20, name="p20")])
            session.commit()
        if db.engines["write"].dialect.name == "postgresql":
            with revisions.owned(db.engines["write"]) as connection:
                for model in (*WALLED, Word):
                    connection.execute(text(f"SELECT setval('{model.__tablename__}_id_seq', 100)"))
                connection.commit()
        for engine in db.engines.values():
            engine.dispose()


def _rows(vendor: int) -> list[object]:
    shelf = Shelf(id=vendor, vendor_id=vendor, name=f"s{vendor}")
    rows: list[object] = [shelf, Badge(vendor_id=vendor, name=f"d{vendor}")]
    for number, (platform, letter) in enumerate([(10, "a"), (20, "b")], start=1):
        guest = vendor * 10 + number
        shelf.boxes.append(Box(id=guest, vendor_id=vendor, platform_id=platform, name=f"b{vendor}{number}"))
        rows.append(Guest(id=guest, vendor_id=vendor, name=f"g{vendor}{letter}"))
        rows.append(Visit(vendor_id=vendor, platform_id=platform, guest_id=guest, name=f"v{vendor}{letter}"))
    return rows
