"""Each figure is what counting the rows gives, in one statement; the samples are made once."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from modules.cms import library, metrics, publishing, queries
from modules.cms.models import Media, Page, Version
from modules.cms.tests.conftest import NOW, Market, Shop
from modules.cms.tests.test_library import added
from orion.contracts.data import entered, session, system_scope
from orion.contracts.markdown import media_in
from orion.contracts.metrics import MetricContext
from orion.contracts.periods import resolve
from orion.seeding import seed


def figures(scope) -> dict[str, int]:
    moment = NOW + timedelta(hours=1)
    context = MetricContext(scope, resolve("30d", "UTC", moment), session(), moment)
    names = ("pages", "drafts", "media_files", "media_size")
    return {name: getattr(metrics, name)(scope, context).value for name in names}


def test_where_there_is_nothing_every_figure_is_nought(shop: Shop) -> None:
    with shop.at() as scope:
        assert set(figures(scope).values()) == {0}


def test_pages_count_without_the_archived_and_drafts_without_the_scheduled(shop: Shop) -> None:
    for state in (*queries.STATES, "draft"):
        shop.page(state=state)
    gone, file = shop.page(), added(shop)
    with shop.at(write=True) as scope:
        publishing.delete(scope, [queries.page(scope, gone)], now=NOW)
        size = library.one(scope, file).size
    with shop.at() as scope:
        assert figures(scope) == {"pages": 4, "drafts": 2, "media_files": 1, "media_size": size}


def test_a_platform_counts_the_pages_that_are_shown_there(shop: Shop, market: Market) -> None:
    one = shop.page()
    with shop.at(write=True) as scope:
        publishing.place(scope, queries.page(scope, one), [market.platforms["east"].id])
    for platform, pages in (("east", 1), ("west", 0)):
        with shop.at(platform) as scope:
            assert figures(scope)["pages"] == pages


@pytest.mark.parametrize("name", ["pages", "drafts", "media_files", "media_size"])
def test_a_figure_is_one_statement(shop: Shop, count_sql, name: str) -> None:
    with shop.at() as scope, count_sql(shop.market.app) as statements:
        context = MetricContext(scope, resolve("30d", "UTC", NOW), session(), NOW)
        getattr(metrics, name)(scope, context)
    assert len([s for s in statements if s.lstrip().upper().startswith("SELECT")]) == 1


def test_a_second_run_of_the_seed_adds_nothing(demo) -> None:
    def numbers() -> list[int]:
        with demo.app_context(), entered(system_scope("seed")) as reading:
            return [reading.scalar(select(func.count()).select_from(t)) for t in (Page, Version, Media)]

    before = numbers()
    seed(demo, demo=True, now=datetime(2027, 1, 1, tzinfo=UTC))
    assert numbers() == before
    assert min(before) > 5


def test_the_samples_name_only_files_that_are_there(demo) -> None:
    for code in ("WIZAMART", "LUXBOOKS", "NORDGLAS"):
        with demo.app_context():
            scope = demo.extensions["orion"].command_scope(vendor=code)
            with entered(scope) as reading:
                for page in reading.scalars(select(Page)).all():
                    named = media_in(page.body)
                    assert set(library.named_in(scope, named)) == named
                    assert page.body.count("media:") == len(named)
