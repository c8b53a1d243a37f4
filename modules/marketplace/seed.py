"""Imports in the sample shops: one to be reviewed, one that was published, one that was refused."""

import io
from datetime import timedelta

from flask import current_app
from sqlalchemy import select

from modules.catalog.api import Found, Product, Variant, of_variant, vendor_codes
from modules.marketplace import samples, services
from modules.marketplace.models import Import
from orion.contracts.data import entered, session
from orion.contracts.jobs import Job, run
from orion.contracts.scope import Scope
from orion.contracts.seed import SeedContext

#: Products that a file tells of though they are there already.
KNOWN = 4


def seed(context: SeedContext) -> None:
    """The first shops alone; one that has an import is left as it is."""
    for code in vendor_codes(context.scope())[:3]:
        scope = context.scope(vendor=code)
        with entered(scope):
            if session().scalar(select(Import.id).limit(1)) is not None or not _there():
                continue
            garden = samples.garden(_there())
        if "BOOKS" in code:
            _bring(context, scope, "novelties-autumn.csv", samples.novelties(), days=9, at_once=True)
        else:
            _bring(context, scope, "price-list.csv", samples.unclear(), days=6)
            _bring(context, scope, "products_export_garden.csv", garden, days=1)


def _there() -> list[Found]:
    """A few products with one variant."""
    asked = (
        select(Variant, Product)
        .join(Product, of_variant)
        .where(Product.status == "active", Product.variants == 1, Variant.retired_at.is_(None))
        .order_by(Product.id)
    )
    return [Found(variant, product) for variant, product in session().execute(asked.limit(KNOWN))]


def _bring(
    context: SeedContext,
    scope: Scope,
    name: str,
    content: bytes,
    days: int,
    at_once: bool = False,
) -> None:
    """Bring a file some days ago, and do its jobs here."""
    at = context.now - timedelta(days=days)
    with entered(scope, write=True) as writing:
        size = len(content)
        found = services.bring(scope, io.BytesIO(content), name, size=size, at_once=at_once, now=at)
        services.read(scope, found).created_at = at
        writing.commit()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    while (ahead := _open(scope)) is not None:
        run(app, ahead)


def _open(scope: Scope) -> int | None:
    with entered(scope):
        waiting = select(Job.id).where(Job.module_code == "marketplace", Job.state == "waiting")
        return session().scalar(waiting.order_by(Job.id).limit(1))
