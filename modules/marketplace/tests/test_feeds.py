"""Files that are fetched each day: from allowed places alone, and read when they are other ones."""

import threading
import time as clock
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from modules.marketplace import feeding
from modules.marketplace.models import Feed, Import
from modules.marketplace.tests.conftest import SHOPIFY, Market, Pages, listening
from orion import fetching, outside
from orion.contracts.data import session
from orion.contracts.errors import Invalid
from orion.contracts.jobs import Schedule
from orion.jobs.running import run_due
from orion.settings import Settings
from orion.testing import csrf_token

pytestmark = pytest.mark.by_turns
HOME = "/vendor/SHOP/imports/fetched"
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@dataclass
class Shop:
    """A web server of a shop: path → what it answers, a text or an address to go to; what it was asked.

    It says that its files have so many bytes, `short` of them never come; below zero it says nothing of that.
    It thinks for `thinks` seconds before it answers, and with a `pause` sends one byte after the other, of
    its headers too where it `drips`.
    """

    port: int = 0
    files: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    etag: str = ""
    short: int = -1
    thinks: float = 0
    pause: float = 0
    drips: bool = False

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}/{path}"


@pytest.fixture
def shop() -> Iterator[Shop]:
    found, over = Shop(), threading.Event()

    class Answers(Pages):
        def do_GET(self) -> None:
            known = self.headers.get("If-None-Match", "")
            found.asked.append((self.path, known))
            over.wait(found.thinks)
            if found.drips:
                self._drip(b"HTTP/1.0 200 OK\r\nX-Long: " + b"x" * 10_000)
                return
            body = found.files.get(self.path)
            if body is not None and body.startswith("to "):
                self.send_response(302)
                self.send_header("Location", body[3:])
                body = ""
            else:
                same = bool(found.etag) and known == found.etag
                self.send_response(304 if same else 200 if body is not None else 404)
                body = "" if same else body
            if found.etag:
                self.send_header("ETag", found.etag)
            if found.short >= 0:
                self.send_header("Content-Length", str(len((body or "").encode()) + found.short))
            self.end_headers()
            self._drip((body or "").encode())

        def _drip(self, content: bytes) -> None:
            """Send it, for as long as somebody listens."""
            if not found.pause:
                self.wfile.write(content)
                return
            with suppress(OSError):
                for place in range(len(content)):
                    self.wfile.write(content[place : place + 1])
                    if over.wait(found.pause):
                        return

    with listening(Answers) as found.port:
        yield found
        over.set()


@pytest.fixture
def settings(settings: Settings, shop: Shop, tmp_path: Path) -> Settings:
    hosts = f"shop.example, .feeds.example, 127.0.0.1:{shop.port}"
    return replace(settings, feed_hosts=hosts, feed_folder=str(tmp_path / "fetch"), allow_private_hosts=True)


def _add(market: Market, address: str, **options: Any) -> Feed:
    return market.run(feeding.add, address, time(3), now=NOW, **options)


def _fetched(market: Market, feed: Feed) -> Feed:
    market.run(feeding.fetch_now, feed.public_id)
    run_due(market.app)
    with market.at():
        return session().scalars(select(Feed).where(Feed.id == feed.id)).one()


def _imports(market: Market) -> list[Import]:
    with market.at():
        return list(session().scalars(select(Import).order_by(Import.id)))


def test_a_file_is_fetched_read_and_left_alone_while_it_is_the_same(market: Market, shop: Shop) -> None:
    shop.files["/export.csv?key=1"] = SHOPIFY
    feed = _add(market, shop.at("export.csv?key=1"), at_once=True)
    assert _fetched(market, feed).outcome == "fetched"
    [found] = _imports(market)
    assert (found.name, found.stage) == ("export.csv", "ready")
    assert market.product("clay-pot")[0].title == "Clay pot"
    assert _fetched(market, feed).outcome == "unchanged"
    assert len(_imports(market)) == 1


def test_a_server_that_says_that_nothing_has_changed_sends_nothing(market: Market, shop: Shop) -> None:
    shop.files["/export.csv"], shop.etag = SHOPIFY, '"v1"'
    feed = _add(market, shop.at("export.csv"))
    _fetched(market, feed)
    assert _fetched(market, feed).outcome == "unchanged"
    assert shop.asked == [("/export.csv", ""), ("/export.csv", '"v1"')]
    shop.etag = '"v2"'
    shop.files["/export.csv"] = SHOPIFY.replace("clay-pot,Clay pot", "tin-pot,Tin pot").replace(
        "CP-1", "TP-1"
    )
    assert _fetched(market, feed).outcome == "fetched"
    first, second = _imports(market)
    assert first.source == second.source == f"feed {feed.public_id}"


def test_half_a_file_is_none(market: Market, shop: Shop) -> None:
    shop.files["/export.csv"], shop.short = SHOPIFY, 100
    feed = _add(market, shop.at("export.csv"))
    assert _fetched(market, feed).message == "127.0.0.1 stopped answering."
    assert _imports(market) == []
    shop.short = 0
    assert _fetched(market, feed).outcome == "fetched"


@pytest.mark.parametrize("drips", [False, True], ids=["its file", "its headers"])
def test_a_server_that_sends_a_byte_now_and_then_gets_no_more_time_than_others(
    market: Market, shop: Shop, monkeypatch: pytest.MonkeyPatch, drips: bool
) -> None:
    monkeypatch.setattr(fetching, "LONGEST", 1.0)
    shop.files["/export.csv"], shop.pause, shop.drips = SHOPIFY * 20, 0.02, drips
    begun = clock.monotonic()
    feed = _fetched(market, _add(market, shop.at("export.csv")))
    assert clock.monotonic() - begun < 5
    assert (feed.outcome, feed.message) == ("failed", "It took longer than 1 second.")


def test_a_shop_may_think_for_long_before_it_begins_and_the_job_stays_ours(
    market: Market, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "PATIENCE", 0.1)
    strict = replace(market.app.extensions["settings"], jobs_lease=0.5)
    monkeypatch.setitem(market.app.extensions, "settings", strict)
    shop.files["/export.csv"], shop.thinks = SHOPIFY, 1.5
    feed = _add(market, shop.at("export.csv"))
    market.run(feeding.fetch_now, feed.public_id)
    helper = threading.Timer(1.0, run_due, [market.app])  # Another worker, who looks for jobs that were lost.
    helper.start()
    run_due(market.app)
    helper.join()
    assert [path for path, _known in shop.asked] == ["/export.csv"]
    assert len(_imports(market)) == 1


def test_an_address_may_have_signs_that_addresses_have_not(market: Market, shop: Shop) -> None:
    shop.files["/m%C3%BChle%20neu.csv?a=b"] = SHOPIFY
    assert _fetched(market, _add(market, shop.at("m\u00fchle neu.csv?a=b"))).outcome == "fetched"


def test_what_can_not_be_fetched_says_why_and_is_tried_again(market: Market, shop: Shop) -> None:
    feed = _fetched(market, _add(market, shop.at("gone.csv")))
    assert (feed.outcome, feed.message) == ("failed", "127.0.0.1 answers 404.")
    assert (market.jobs()[-1].state, market.jobs()[-1].message) == ("failed", feed.message)
    shop.files["/gone.csv"] = SHOPIFY
    assert _fetched(market, feed).outcome == "fetched"


def test_a_redirect_is_followed_to_allowed_places_alone(market: Market, shop: Shop) -> None:
    shop.files |= {"/a": "to /b", "/b": SHOPIFY, "/c": "to http://169.254.169.254/latest", "/d": "to /d"}
    shop.files["/e"] = f"to http://127.0.0.1:{shop.port + 1}/b"
    assert _fetched(market, _add(market, shop.at("a"))).outcome == "fetched"
    for path in "cde":
        assert _fetched(market, _add(market, shop.at(path))).outcome == "failed", path
    assert len(_imports(market)) == 1


def test_a_file_that_is_too_large_is_left(
    market: Market, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "MOST", 100)
    shop.files["/large.csv"] = SHOPIFY
    assert _fetched(market, _add(market, shop.at("large.csv"))).outcome == "failed"
    assert _imports(market) == []


@pytest.mark.parametrize(
    "address",
    [
        *("http://elsewhere.example/a.csv", "http://feeds.example/a.csv", "http://shop.example:8080/a.csv"),
        *("ftp://shop.example/a.csv", "http://u:p@shop.example/a.csv", "http://[::1/a", "shop.example/a.csv"),
        *("file:../RIVAL/a.csv", "file:a/../../../etc/passwd", "file://host/a.csv", "file:"),
    ],
)
def test_nothing_is_fetched_from_elsewhere(market: Market, address: str) -> None:
    with market.at(write=True) as scope, pytest.raises(Invalid) as refused:
        feeding.add(scope, address, time(3), now=NOW)
    assert refused.value.errors["address"]


@pytest.mark.parametrize(
    "address", ["https://shop.example/a.csv", "http://eu.feeds.example/a?b=c", "file:a.csv"]
)
def test_what_is_on_the_list_may_be_fetched_from(market: Market, address: str) -> None:
    assert _add(market, address).schedule


def test_a_host_at_home_is_asked_nothing_though_it_is_on_the_list(
    market: Market, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = replace(market.app.extensions["settings"], allow_private_hosts=False)
    monkeypatch.setitem(market.app.extensions, "settings", strict)
    shop.files["/a"] = SHOPIFY
    assert _fetched(market, _add(market, shop.at("a"))).outcome == "failed"
    assert shop.asked == []


def test_a_vendors_own_folder_is_fetched_from(market: Market, tmp_path: Path) -> None:
    folder = tmp_path / "fetch" / "SHOP"
    folder.mkdir(parents=True)
    (folder / "list.csv").write_text(SHOPIFY)
    feed = _add(market, "file:list.csv")
    assert _fetched(market, feed).outcome == "fetched"
    assert _fetched(market, feed).outcome == "unchanged"


def test_the_pages_add_let_rest_and_remove(market: Market, owner: Any, shop: Shop) -> None:
    token = csrf_token(owner.get(f"{HOME}/new").text)
    form = {"csrf_token": token, "address": shop.at("x.csv?key=secret"), "at": "04:00", "show_on": ""}
    assert owner.post(f"{HOME}/new", data={**form, "address": "http://no.example/"}).status_code == 422
    assert owner.post(f"{HOME}/new", data=form).status_code == 303
    again = owner.post(f"{HOME}/new", data=form)
    assert again.status_code == 422 and "This is fetched already" in again.text
    page = owner.get(HOME).text
    assert "127.0.0.1/x.csv" in page and "secret" not in page
    with market.at():
        feed = session().scalars(select(Feed)).one()
    for what, resting in (("rest", True), ("go", False)):
        assert owner.post(f"{HOME}/{feed.public_id}/{what}", data={"csrf_token": token}).status_code == 303
        with market.at():
            assert session().scalars(select(Schedule.resting)).one() is resting
    assert owner.post(f"{HOME}/{feed.public_id}/fetch", data={"csrf_token": token}).status_code == 303
    run_due(market.app)
    assert "answers 404" in owner.get(HOME).text
    assert owner.post(f"{HOME}/{feed.public_id}/remove", data={"csrf_token": token}).status_code == 303
    with market.at():
        assert session().scalars(select(Schedule)).all() == []
