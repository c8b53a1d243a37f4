"""A vendor SHOP and a RIVAL; files are brought and jobs done in the test's own thread."""

import io
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import modules.catalog.api as catalog
from modules.marketplace import services
from modules.marketplace.models import Import, Publication, Staged
from orion.contracts.data import entered, session, system_scope
from orion.contracts.jobs import Job
from orion.contracts.people import create_user
from orion.contracts.tabular import Mapping
from orion.jobs.running import run_due
from orion.testing.kept import Kept
from orion.testing.places import Portal

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SYSTEM = system_scope("seed")
#: Two products: one in two sizes with three pictures, one alone.
HEADER = (
    *("Handle", "Title", "Body (HTML)", "Vendor", "Type", "Tags", "Published", "Option1 Name"),
    *("Option1 Value", "Variant SKU", "Variant Grams", "Variant Price", "Variant Compare At Price"),
    *("Variant Barcode", "Image Src", "Image Alt Text", "Status"),
)
ROWS = """linen-shirt,Linen shirt,<p>Made of <b>linen</b>.</p>,Weave,Shirt,"summer, linen",true,Size,S,\
LS-S,200,59.00,79.00,4000000000013,https://x.example/1.jpg,Front,active
linen-shirt,,,,,,,,M,LS-M,210,59.00,,,https://x.example/2.jpg,,
linen-shirt,,,,,,,,,,,,,,https://x.example/3.jpg,,
clay-pot,Clay pot,,Weave,Pot,,true,Title,Default Title,CP-1,900,12.50,,,,,active
"""
SHOPIFY = ",".join(HEADER) + "\n" + ROWS


@dataclass
class Market(Portal):
    """The portal."""

    vendors: dict[str, Any] = field(default_factory=dict)

    @property
    def tenants(self) -> Any:
        """What the module that keeps vendors offers."""
        return self.app.extensions["orion"].modules["tenancy"].parts["api"]

    def bring(
        self, text: str | bytes = SHOPIFY, *, vendor: str = "SHOP", name: str = "products.csv", **stated: Any
    ) -> Import:
        """Bring a file and have it read; the import afterwards."""
        content = text.encode() if isinstance(text, str) else text
        options = {k: stated.pop(k) for k in ("show_on", "at_once") if k in stated}
        with self.at(vendor, write=True) as scope:
            mapping = Mapping(**stated)
            size = len(content)
            found = services.bring(
                scope, io.BytesIO(content), name, size=size, mapping=mapping, now=NOW, **options
            )
            services.read(scope, found)
        run_due(self.app)
        with self.at(vendor):
            return services.by_id(found.id)

    def publish(self, found: Import, *, vendor: str = "SHOP", **options: Any) -> Publication:
        """Publish an import; the publication afterwards."""
        with self.at(vendor, write=True) as scope:
            made = services.publish(scope, services.by_id(found.id), now=datetime.now(UTC), **options)
        run_due(self.app)
        with self.at(vendor):
            return services.publication(made.id)

    def take_back(self, made: Publication, *, vendor: str = "SHOP") -> Publication:
        """Take a publication back; it afterwards."""
        self.run(services.take_back, made.public_id, vendor=vendor)
        run_due(self.app)
        with self.at(vendor):
            return services.publication(made.id)

    def staged(self, found: Import, vendor: str = "SHOP") -> list[Staged]:
        """What is staged of an import, by line."""
        with self.at(vendor):
            asked = select(Staged).where(Staged.import_id == found.id).order_by(Staged.line, Staged.id)
            return list(session().scalars(asked))

    def states(self, found: Import, vendor: str = "SHOP") -> list[tuple[str, str]]:
        """(title, state) of the same."""
        return [(one.title, one.state) for one in self.staged(found, vendor)]

    def jobs(self) -> list[Job]:
        """Every job."""
        with self.at(None):
            return list(session().scalars(select(Job).order_by(Job.id)))

    def catalog(self, vendor: str = "SHOP") -> dict[str, Any]:
        """What the catalog's tables say of a vendor's products, but for versions and ids of parts."""
        models = self.app.extensions["orion"].modules["catalog"].parts["models"]
        tables = ("Product", "Variant", "Option", "OptionValue", "Tag", "ImageLink", "Word", "Listing")
        found: dict[str, Any] = {}
        with self.at(vendor):
            for name in tables:
                model = getattr(models, name)
                left_out = {"version"} | (
                    {"id", "option_id"} if name not in ("Product", "Variant") else set()
                )
                columns = [c.name for c in model.__table__.columns if c.name not in left_out]
                rows = session().scalars(select(model))
                found[name] = sorted(json.dumps([str(getattr(row, c)) for c in columns]) for row in rows)
        return found

    def product(self, handle: str, vendor: str = "SHOP") -> tuple[Any, list[Any]]:
        """A product and its variants on sale."""
        with self.at(vendor):
            product = session().scalars(select(catalog.Product).where(catalog.Product.handle == handle)).one()
            mine = select(catalog.Variant).where(
                catalog.Variant.product_id == product.id, catalog.Variant.retired_at.is_(None)
            )
            return product, list(session().scalars(mine.order_by(catalog.Variant.position)))

    def person(self, email: str) -> str:
        """SHOP's owner; gives the address."""
        with self.app.app_context():
            user_id = create_user(email, "Ida Lumen", "orion-demo").id
            with entered(SYSTEM, write=True) as writing:
                role = self.tenants.create_role(SYSTEM, "vendor", email)
                vendor = self.vendors["SHOP"]
                self.tenants.add_member(SYSTEM, user_id, role, NOW.date(), vendor=vendor, platform=None)
                writing.commit()
        return email


def _build(app: Flask) -> Market:
    made = Market(app)
    with app.app_context(), entered(SYSTEM, write=True) as writing:
        platform = made.tenants.create_platform(SYSTEM, "east", "East", now=NOW)
        for code in ("SHOP", "RIVAL"):
            vendor = made.tenants.create_vendor(
                SYSTEM, code, code.title(), currency="EUR", zone="UTC", now=NOW
            )
            made.tenants.join_platform(SYSTEM, vendor, platform, vendor.created_on)
            made.vendors[code] = vendor
        writing.commit()
    return made


MARKET = Kept("marketplace.market", _build)


@pytest.fixture
def portals() -> dict[str, Kept[Any]]:
    """The portals that tests begin with, by fixture."""
    return {"market": MARKET}


@pytest.fixture
def market(app: Flask, database_kind: str) -> Market:
    """Both vendors, without products."""
    return MARKET.again(app, database_kind)


@pytest.fixture
def owner(market: Market, sign_in: Any) -> Any:
    """SHOP's owner, signed in."""
    return sign_in(market.person("owner@x.example"), app=market.app)


class Pages(BaseHTTPRequestHandler):
    """Answers of somebody else's server, which says nothing of them."""

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def listening(pages: type[Pages]) -> Iterator[int]:
    """Somebody else's server on this machine; its port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), pages) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()
