"""Shops for tests of a file to share: each test gets a vendor of its own, on the platforms east and west."""

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

import modules.tenancy.api as tenants
from modules.cms import publishing, queries, services
from modules.cms.models import Page
from modules.tenancy.api import Platform
from orion.app import create_app
from orion.contracts.data import entered, session, system_scope
from orion.contracts.people import create_user
from orion.contracts.scope import Scope
from orion.data import migrate
from orion.settings import Settings
from orion.testing import PASSWORD, close, csrf_token

SYSTEM = system_scope("seed")
NOW = datetime.now(UTC)
VIEWER = ["cms.view"]


@dataclass
class Market:
    """An application with two platforms, and somebody signed in for each kind of person."""

    app: Flask
    platforms: dict[str, Platform] = field(default_factory=dict)
    users: dict[str, int] = field(default_factory=dict)
    roles: dict[str, Any] = field(default_factory=dict)
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    made: int = 0

    def build(self) -> "Market":
        with self.app.app_context():
            self.users = {
                who: create_user(f"{who}@x.example", who.title(), PASSWORD).id
                for who in ("owner", "viewer", "easterner", "admin")
            }
            with entered(SYSTEM, write=True) as writing:
                for code in ("east", "west"):
                    self.platforms[code] = tenants.create_platform(SYSTEM, code, code.title(), now=NOW)
                self.roles = {
                    "owner": tenants.create_role(SYSTEM, "vendor", "Owner"),
                    "viewer": tenants.create_role(SYSTEM, "vendor", "Viewer", VIEWER),
                }
                over = tenants.create_role(SYSTEM, "installation", "Admin")
                east = tenants.create_role(SYSTEM, "platform", "East")
                tenants.add_member(SYSTEM, self.users["admin"], over, NOW.date())
                tenants.add_member(
                    SYSTEM, self.users["easterner"], east, NOW.date(), platform=self.platforms["east"]
                )
                writing.commit()
        return self

    def client(self, who: str) -> FlaskClient:
        """Somebody who is signed in."""
        if who not in self.clients:
            client = self.clients[who] = self.app.test_client()
            form = {"email": f"{who}@x.example", "password": PASSWORD}
            token = csrf_token(client.get("/login").text)
            assert client.post("/login", data={**form, "csrf_token": token}).status_code in (302, 303)
        return self.clients[who]

    def shop(self, platforms: tuple[str, ...] = ("east", "west")) -> "Shop":
        """A new vendor with an owner and a viewer."""
        self.made += 1
        code = f"SHOP{self.made}"
        with self.app.app_context(), entered(SYSTEM, write=True) as writing:
            name = f"Shop {self.made}"
            vendor = tenants.create_vendor(SYSTEM, code, name, currency="EUR", zone="UTC", now=NOW)
            for platform in platforms:
                tenants.join_platform(SYSTEM, vendor, self.platforms[platform], NOW.date())
            for who in ("owner", "viewer"):
                tenants.add_member(SYSTEM, self.users[who], self.roles[who], NOW.date(), vendor=vendor)
            writing.commit()
        return Shop(self, code)


@dataclass
class Shop:
    """One vendor. Addresses of `get` and `post` begin below the vendor's own."""

    market: Market
    code: str

    @contextmanager
    def at(self, platform: str | None = None, write: bool = False) -> Iterator[Scope]:
        """A frame of the vendor with every right; a writing one commits at its end."""
        with self.market.app.app_context():
            scope = self.market.app.extensions["orion"].command_scope(vendor=self.code, platform=platform)
            with entered(scope, write=write):
                yield scope
                if write:
                    session().commit()

    def get(self, path: str, who: str = "owner", **asked: Any) -> Any:
        return self.market.client(who).get(f"/vendor/{self.code}{path}", query_string=asked)

    def post(self, path: str, who: str = "owner", **sent: Any) -> Any:
        """Send a form, which carries its token."""
        client = self.market.client(who)
        if who not in self.market.tokens:
            self.market.tokens[who] = csrf_token(client.get("/account/sessions").text)
        data = {"csrf_token": self.market.tokens[who], **sent}
        return client.post(f"/vendor/{self.code}{path}", data=data, content_type="multipart/form-data")

    def window(self, path: str, **asked: Any) -> Any:
        """What a stranger sees of the shop."""
        return self.market.app.test_client().get(f"/shop/{self.code}{path}", query_string=asked)

    def page(self, title: str = "About us", body: str = "Hello.", state: str = "draft", **more: Any) -> str:
        """The public id of a new page."""
        with self.at(write=True) as scope:
            page = services.create(scope, title=title, body=body, language="en", now=NOW, **more)
            if state == "published":
                publishing.publish(scope, [page], now=NOW)
            elif state == "scheduled":
                publishing.publish(scope, [page], at=NOW + timedelta(days=3), now=NOW)
            elif state == "archived":
                publishing.archive(scope, [page], now=NOW)
            return page.public_id

    def read(self, public_id: str) -> Page:
        """A page as it is now, the deleted ones too."""
        with self.at() as scope:
            [page] = queries.with_ids(scope, [public_id])
            return page

    def upload(self, *files: tuple[str, bytes], **more: Any) -> Any:
        """Upload files, each a name and its content."""
        sent = [(io.BytesIO(content), name) for name, content in files]
        return self.post("/media/upload", uploads=sent, **more)

    def undo(self) -> Any:
        """Take back what the last answer offered to."""
        html = self.get("/pages").text
        address = html.partition("/undo/")[2].partition('"')[0]
        assert address, "nothing can be undone"
        return self.post(f"/undo/{address}")


def said(answer: Any) -> str:
    """An answer's text without the forms' tokens, which carry the time."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", answer.text)


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), colour: str = "teal") -> bytes:
    """The bytes of a picture."""
    target = io.BytesIO()
    Image.new("RGB", size, colour).save(target, kind)
    return target.getvalue()


@pytest.fixture(scope="module")
def market(databases: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    """One for all tests of a file."""
    settings = Settings(
        data=tmp_path_factory.mktemp("cms") / "data",
        secret_key="test-secret-test-secret-test-secret",
        mail_url=f"file://{tmp_path_factory.mktemp('mail')}",
        testing=True,
        watch_every=0,
        rate_limits=False,
    )
    url = databases.lease("migrated", lambda at: _migrate(settings, at))
    app = create_app(_with(settings, url))
    yield Market(app).build()
    close(app)
    databases.give_back("migrated", url)


def _with(settings: Settings, url: str) -> Settings:
    return replace(settings, database_url=url)


def _migrate(settings: Settings, url: str) -> None:
    app = create_app(_with(settings, url))
    migrate.upgrade(app)
    close(app)


@pytest.fixture
def shop(market: Market) -> Shop:
    """A vendor without a page; what the last test's answers had to say has been said."""
    for client in market.clients.values():
        client.get("/account/sessions")
    return market.shop()
