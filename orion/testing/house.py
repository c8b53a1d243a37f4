"""Throw-away trees of fake modules, for tests of the engine."""

import sys
import textwrap
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from orion.app import create_app
from orion.data import migrate
from orion.data.tables import metadata
from orion.identity.services import create_user
from orion.settings import Settings
from orion.testing.apps import PASSWORD, close
from orion.testing.databases import Databases

_KEEPER = '''
from sqlalchemy import literal, select
from orion.contracts.errors import NotFound
from orion.contracts.permissions import Access, Door
from orion.contracts.scope import ALL, PlatformRef, ScopeKind, VendorRef

ACME = VendorRef(1, "ACME", "Acme")
SOUTH = PlatformRef(1, "south", "South")

class Everybody:
    """Whoever signs in owns the vendor ACME and the installation."""
    def rights(self, user_id, place):
        return literal("{}")
    def vendor_id(self, place):
        return select(literal(1)).scalar_subquery() if place.vendor_code else None
    def access(self, rights, place, every_permission):
        return self._at(place, every_permission)
    def everything_at(self, place):
        return self._at(place, frozenset())
    def vendors_named(self, codes):
        return {"ACME": 1} if "ACME" in codes else {}
    def sellers(self):
        return {"south": frozenset({1})}
    def grants(self, module):
        return {}
    def set_grants(self, module, grants):
        pass
    def people_with(self, permission):
        return ()
    def holders(self):
        return ()
    def _at(self, place, permissions):
        doors = (Door("vendor", "ACME", "Acme"), Door("admin", None, "Installation"))
        if place.platform_code not in (None, "south") or place.vendor_code not in (None, "ACME"):
            raise NotFound()
        if place.vendor_code:
            platforms = frozenset({1})
            kind = ScopeKind.VENDOR_ON_PLATFORM if place.platform_code else ScopeKind.VENDOR
            chosen = SOUTH if place.platform_code else None
            return Access(kind, frozenset({1}), platforms, permissions, ACME, chosen, (SOUTH,), doors)
        return Access(ScopeKind.INSTALLATION, ALL, ALL, permissions, None, None, (SOUTH,), doors)

permission_source = Everybody()
'''


@dataclass
class House:
    """A throw-away tree of fake modules: write files, then `app()`."""

    root: Path
    package: str
    settings: Settings
    opened: list[Flask] = field(default_factory=list)

    def module(self, code: str, manifest: str | None = None, **files: str) -> None:
        """Write a module. `manifest` is YAML (default: a minimal one); files by name without .py
        (`routes_vendor` → routes/vendor.py), or with any path as `{"templates/x.html": …}`."""
        folder = self.root / self.package / code
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").write_text(f'"""The fake module {code}."""\n')
        for name, source in files.items():
            path = folder / (f"{name.replace('_', '/', 1)}.py" if name.startswith("routes_") else _path(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.parent.name == "routes":
                (path.parent / "__init__.py").touch()
            path.write_text(textwrap.dedent(source))
        self.manifest(code, manifest or minimal_manifest(code))

    def manifest(self, code: str, text: str) -> None:
        """Write only a manifest."""
        file = self.root / "manifests" / f"{code}.yaml"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text))

    def text(self, code: str) -> str:
        """What a module's manifest says."""
        return (self.root / "manifests" / f"{code}.yaml").read_text()

    def app(self, **changes: Any) -> Flask:
        """Orion with these modules."""
        made = create_app(replace(self.settings, **changes))
        self.opened.append(made)
        return made


def _path(name: str) -> str:
    return name if "." in name else f"{name}.py"


def first_revision(code: str) -> str:
    """The first migration of a fake module, which makes its one table."""
    return f"""
        import sqlalchemy as sa
        from alembic import op

        revision = "{code}_0001"
        down_revision = None

        def upgrade():
            op.create_table("{code}_thing", sa.Column("id", sa.Integer, primary_key=True))

        def downgrade():
            op.drop_table("{code}_thing")
    """


def minimal_manifest(code: str, more: str = "") -> str:
    """A valid manifest with nothing in it; `more` is appended."""
    head = (
        f'schema: 1\ncode: {code}\nname: {code.title()}\ndescription: A module for tests.\nversion: "1.0.0"\n'
    )
    return head + textwrap.dedent(more)


@pytest.fixture
def house(tmp_path: Path, databases: Databases, settings: Settings) -> Iterator[House]:
    """See `housed`: a house for one test."""
    with housed(tmp_path, databases, settings) as made:
        yield made


@contextmanager
def housed(folder: Path, databases: Databases, settings: Settings) -> Iterator[House]:
    """A house of fake modules on a database with the engine's tables alone. The module `keeper`
    keeps memberships: whoever signs in may do everything at the vendor ACME and in /admin."""
    package = f"house_{uuid.uuid4().hex[:8]}"
    root = folder / "house"
    (root / package).mkdir(parents=True)
    (root / package / "__init__.py").write_text('"""Fake modules."""\n')
    (root / "manifests").mkdir()
    bare = replace(settings, root=root, manifests=root / "manifests", modules_package=package)
    sys.path.insert(0, str(root))
    before = set(metadata.tables)
    url = databases.lease("engine", lambda at: _engine_tables(replace(bare, database_url=at)))
    made = House(root, package, replace(bare, database_url=url))
    made.module("keeper", api=_KEEPER)
    yield made
    for app in made.opened:
        close(app)
    sys.path.remove(str(root))
    for name, table in list(metadata.tables.items()):
        if name not in before:
            metadata.remove(table)
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        del sys.modules[name]
    databases.give_back("engine", url)


def _engine_tables(settings: Settings) -> None:
    app = create_app(settings)
    migrate.upgrade(app)
    with app.app_context():
        create_user("keeper@orion.example", "Keeper", PASSWORD)
    close(app)


@pytest.fixture
def keeper(house: House, sign_in: Callable[..., FlaskClient]) -> Callable[[Flask], FlaskClient]:
    """`keeper(app)` → a client signed in to a house, with every right."""
    return lambda app: sign_in("keeper@orion.example", app=app)
