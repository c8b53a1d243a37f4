"""Believable pages in the words of each shop, pictures drawn by code, and a guide as a PDF."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from modules.cms import drawing, library, publishing, services, translating
from modules.cms.models import Page
from modules.cms.samples import Sample, samples_of
from modules.cms.uploads import taken
from modules.tenancy.api import vendor_codes
from orion.contracts.data import entered, session
from orion.contracts.scope import Scope
from orion.contracts.seed import SeedContext


def seed(context: SeedContext) -> None:
    """A transaction a vendor; one that has any page is left as it is."""
    for code in vendor_codes(context.scope()):
        scope = context.scope(vendor=code)
        with entered(scope, write=True) as writing:
            if session().scalar(select(Page.id).limit(1)) is None:
                _write(context, scope, code)
            writing.commit()


def _write(context: SeedContext, scope: Scope, code: str) -> None:
    shop = samples_of(code, scope.vendor.name if scope.vendor else code)
    files = {key: _file(context, scope, *given) for key, given in shop.pictures.items()}
    if shop.guide:
        files["guide"] = _guide(context, scope, shop.guide)
    for age, sample in enumerate(reversed(shop.pages)):
        _page(context, scope, sample, files, context.now - timedelta(days=11 * (len(shop.pages) - age)))


def _file(context: SeedContext, scope: Scope, name: str, folder: str, scene: str) -> str:
    content = drawing.scene(scene, context.rng)
    upload = replace(taken(content, "drawn.png"), name=name)
    return library.add(scope, upload, folder=folder, alt=name, now=_lately(context)).public_id


def _guide(context: SeedContext, scope: Scope, lines: tuple[str, ...]) -> str:
    upload = replace(taken(drawing.document(lines), "guide.pdf"), name=lines[0])
    return library.add(scope, upload, folder="Documents", now=_lately(context)).public_id


def _lately(context: SeedContext) -> datetime:
    return context.now - timedelta(days=context.rng.randint(60, 300), minutes=context.rng.randint(0, 900))


def _page(context: SeedContext, scope: Scope, sample: Sample, files: dict[str, str], at: datetime) -> None:
    text: dict[str, Any] = {"title": sample.title, "language": sample.language}
    body = sample.body
    for key, public_id in files.items():
        body = body.replace(f"media:{key}", f"media:{public_id}")
    # Somebody wrote it, and came back to it.
    page = services.create(scope, **text, body=body.partition("\n\n")[0], now=at - timedelta(days=2))
    _say(scope, page, sample.before, at - timedelta(days=1))
    services.edit(scope, page, **text, slug=page.slug, body=body, now=at)
    _say(scope, page, sample.said, at)
    if sample.state == "published":
        publishing.publish(scope, [page], now=at)
    elif sample.state == "scheduled":
        publishing.publish(scope, [page], at=context.now + timedelta(days=12), now=context.now)
    elif sample.state == "archived":
        publishing.archive(scope, [page], now=at)


def _say(scope: Scope, page: Page, said: Mapping[str, tuple[str, str]], at: datetime) -> None:
    for language, (title, body) in said.items():
        translating.translate(scope, page, language, title, body, now=at)
