"""The portal that is attacked: the demo, more people and places, and a canary word in every text."""

import random
import re
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from sqlalchemy import Engine, create_engine, select, text
from sqlalchemy.engine import make_url

from modules.tenancy.models import Platform, Role, Vendor
from modules.tenancy.services import add_member, leave_platform
from orion.app import create_app
from orion.contracts.data import entered, session, system_scope
from orion.contracts.people import create_user
from orion.data import bookkeeping, migrate
from orion.data.tables import metadata
from orion.seeding import seed
from orion.settings import ROOT, Settings
from orion.testing.apps import PASSWORD, close
from orion.testing.databases import Databases
from tests.fuzz.owners import Map, Owner, Owners, Sight
from tests.fuzz.planting import Holdings, plant, take_stock

#: How slow a figure may be, and how often something may be asked for, is tested elsewhere.
PATIENT: dict[str, Any] = {
    "rate_limits": False,
    "metric_statement_deadline": 30.0,
    "metric_deadline": 40.0,
    "batch_deadline": 60.0,
}
TEMPLATE = "fuzz"
#: The beginning of an address that is about a place.
PLACE = re.compile(r"/(admin|vendor|shop)(?:(?<=admin)|/([^/?#]+))(?=[/?#]|$)")
#: People whom the demo doesn't have: e-mail, role, vendors, platform.
MORE = (
    ("letz@orion.example", "Platform administrator", (), "letz"),
    ("glas@orion.example", "Owner", ("NORDGLAS",), None),
    ("clerk@orion.example", "Orders and products", ("LUXBOOKS",), None),
    ("both@orion.example", "Owner", ("LUXBOOKS", "NORDGLAS"), None),
)
#: A vendor that has left its only platform.
LEFT = ("SHOP0001", "letz")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who signs in, or with an empty e-mail nobody."""

    name: str
    email: str = ""
    user_id: int = 0
    #: Code of the vendor, or "" for the administration, → what they see there.
    places: dict[str, Sight] = field(default_factory=dict)


NOBODY = Person("nobody")


@dataclass(frozen=True, slots=True)
class Row:
    """A row, and whose it is."""

    owners: tuple[Owner, ...]
    values: dict[str, Any]


@dataclass
class Stage:
    """An application on a database of its own, with what it is known to hold."""

    app: Flask
    url: str
    databases: Databases
    engine: Engine
    holdings: Holdings
    map: Map
    people: list[Person]

    def sight(self, person: Person, address: str) -> Sight | None:
        """What somebody may see at an address. None where it isn't about a place."""
        frontend, code, platform = place_of(address)
        if frontend is None:
            return None
        if frontend == "shop":  # What is public there is everybody's.
            found = self.map.at_vendor(self.map.vendors[code]) if code in self.map.vendors else Sight()
        else:  # Support may act for a vendor.
            found = person.places.get(code) or person.places.get("") or Sight()
        return self.map.narrowed(found, platform)

    def put_back(self) -> None:
        """Make the database and the manifests what they were at the beginning."""
        bookkeeping.flush(self.app)
        if self.databases.kind == "postgresql":
            assert self.databases.put_back(TEMPLATE, self.url)
        else:
            _copy_over(self.databases.templates[TEMPLATE], self.url)
        if _as_they_were(self.app.extensions["settings"].manifests):
            self.app.extensions["orion"].refresh()
        self.app.extensions["orion_metrics"].cache._cache.clear()

    def as_it_is(self) -> "Stage":
        """The stage with who is where, and sees what, by now."""
        with self.engine.connect() as connection:
            where = Map(connection)
            return replace(self, map=where, people=_people(connection, where))

    def look_again(self) -> dict[str, Person]:
        """Who sees what now, by name."""
        return {person.name: person for person in self.as_it_is().people}

    def rows(self) -> dict[tuple[str, str], Row]:
        """Every row of every table, by table and key, with what is written down beside requests."""
        bookkeeping.flush(self.app)
        found = {}
        with self.engine.connect() as connection:
            owners = Owners(connection)
            there = set(connection.dialect.get_table_names(connection))
            for table in metadata.sorted_tables:
                if table.name in there:
                    keys = [column.name for column in table.primary_key]
                    for values in connection.execute(text(f'SELECT * FROM "{table.name}"')).mappings():
                        row = Row(owners.of(table, values), dict(values))
                        found[table.name, str([values[key] for key in keys])] = row
        return found

    def forget_all_but(self, person: Person) -> int:
        """Delete every row of others that this person doesn't see; gives their number."""
        rows = [(key, row) for key, row in self.rows().items() if row.owners]
        theirs = [
            (table, row.values["id"])
            for (table, _key), row in rows
            if not any(sight.sees(owner) for sight in person.places.values() for owner in row.owners)
        ]
        with self.engine.connect() as connection:
            if self.databases.kind == "postgresql":
                connection.execute(text("SET session_replication_role = replica"))
            else:  # What is only added to is guarded by triggers.
                named = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
                for trigger in named.scalars().all():
                    connection.execute(text(f'DROP TRIGGER "{trigger}"'))
            for table, row_id in theirs:
                connection.execute(text(f'DELETE FROM "{table}" WHERE id = :id'), {"id": row_id})
            connection.execute(text("DELETE FROM orion_metric_state"))
            connection.commit()
        self.app.extensions["orion_metrics"].cache._cache.clear()
        return len(theirs)


@contextmanager
def staged(databases: Databases, settings: Settings, number: int, cache_url: str = "") -> Iterator[Stage]:
    """A stage on a database that is made once a kind, and with manifests of its own, which people may change.
    `number` chooses the words."""
    manifests = settings.data / "manifests"
    shutil.copytree(ROOT / "manifests", manifests, dirs_exist_ok=True)
    settings = replace(settings, demo=False, manifests=manifests, edit_manifests=True, **PATIENT)
    url = databases.lease(TEMPLATE, lambda at: fill(replace(settings, database_url=at), number))
    app = create_app(replace(settings, database_url=url, cache_url=cache_url))
    cache = app.extensions["orion_metrics"].cache._cache
    if cache_url:  # Others may use the same Redis.
        cache.key_prefix = f"{uuid.uuid4().hex}:"
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            where = Map(connection)
            people = _people(connection, where)
        yield Stage(app, url, databases, engine, take_stock(engine), where, people)
    finally:
        cache.clear()
        close(app)
        engine.dispose()
        databases.give_back(TEMPLATE, url)


def _as_they_were(manifests: Path) -> bool:
    """Give every manifest its text again; whether one of them had another."""
    before = {file.relative_to(manifests): file for file in manifests.rglob("*.yaml")}
    texts = {file.relative_to(ROOT / "manifests"): file for file in (ROOT / "manifests").rglob("*.yaml")}
    changed = [
        n for n, file in texts.items() if n not in before or before[n].read_bytes() != file.read_bytes()
    ]
    for name in changed:
        shutil.copyfile(texts[name], manifests / name)
    for name in before.keys() - texts.keys():
        before[name].unlink()
    return bool(changed or before.keys() - texts.keys())


def fill(settings: Settings, number: int) -> None:
    """Make the rows: few of each kind, for many vendors and people."""
    app = create_app(settings)
    migrate.upgrade(app)
    close(app)
    app = create_app(settings)
    seed(app, size="small", demo=True, vendors=4, orders=400)
    with app.app_context():
        _more_people()
    close(app)
    engine = create_engine(settings.database)
    plant(engine, number)
    engine.dispose()


def _more_people() -> None:
    made = {email: create_user(email, email.partition("@")[0].title(), PASSWORD).id for email, *_rest in MORE}
    scope = system_scope("seed")
    with entered(scope, write=True) as writing:
        roles = {role.name: role for role in session().scalars(select(Role))}
        vendors = {vendor.code: vendor for vendor in session().scalars(select(Vendor))}
        platforms = {platform.code: platform for platform in session().scalars(select(Platform))}
        since = vendors[LEFT[0]].created_on
        for email, role, codes, platform in MORE:
            for code in codes:
                add_member(scope, made[email], roles[role], since, vendor=vendors[code])
            if platform:
                add_member(scope, made[email], roles[role], since, platform=platforms[platform])
        leave_platform(scope, vendors[LEFT[0]], platforms[LEFT[1]], since)
        writing.commit()


def _people(connection: Any, where: Map) -> list[Person]:
    """Everybody with a membership, and nobody."""
    user, member = metadata.tables["orion_user"].c, metadata.tables["tenancy_membership"].c
    codes = {row_id: code for code, row_id in where.vendors.items()}
    found: dict[int, Person] = {}
    statement = select(user.id, user.email, member.vendor_id, member.platform_id).where(
        user.id == member.user_id
    )
    for user_id, email, vendor, platform in connection.execute(statement.order_by(user.id)):
        person = found.setdefault(user_id, Person(email.partition("-zq")[0], email, user_id))
        if vendor is not None:
            person.places[codes[vendor]] = where.at_vendor(vendor)
        elif platform is not None:
            person.places[""] = where.at_platforms(frozenset({platform}))
        else:
            person.places[""] = Sight(everything=True, platforms=frozenset(where.platforms.values()))
    return [*found.values(), NOBODY]


def _copy_over(source: str, target: str) -> None:
    """Fill a file that is open from another, in one transaction."""
    here = sqlite3.connect(make_url(source).database or "")
    there = sqlite3.connect(make_url(target).database or "", timeout=30)
    here.backup(there)
    here.close()
    there.close()


def place_of(address: str) -> tuple[str | None, str, str | None]:
    """Frontend, vendor's code and platform of an address."""
    found = PLACE.match(address)
    platform = parse_qs(urlsplit(address).query).get("platform", [None])[0]
    return (found[1], found[2] or "", platform) if found else (None, "", platform)


def number_of(seed: int, what: str) -> random.Random:
    """Chance, the same each time for the same seed."""
    return random.Random(f"{seed} {what}")
