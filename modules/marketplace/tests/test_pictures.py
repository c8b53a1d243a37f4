"""Pictures that published products have elsewhere: fetched from allowed hosts, and taken away again."""

import io
import re
import struct
import threading
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow
from sqlalchemy import select, update

import modules.catalog.api as catalog
from modules.marketplace import picturing, services
from modules.marketplace.models import Import, Publication
from modules.marketplace.tests.conftest import SHOPIFY, Market, Pages, listening
from orion import outside
from orion.contracts.data import entered, session, system_scope
from orion.contracts.jobs import Job, retry
from orion.contracts.locales import said_again, speaking
from orion.contracts.media import path_of
from orion.data import media
from orion.jobs import work
from orion.jobs.running import run_due
from orion.settings import Settings
from orion.testing import csrf_token

pytestmark = pytest.mark.by_turns
ONE = pytest.mark.only_on("sqlite")


def picture(colour: str = "teal", format: str = "PNG", size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture as a shop has it."""
    target = io.BytesIO()
    Pillow.new("RGB", size, colour).save(target, format)
    return target.getvalue()


def bomb() -> bytes:
    """A small file that says that it is a picture of 3,600 million pixels."""
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    parts = {b"IHDR": header, b"IDAT": zlib.compress(bytes(1000)), b"IEND": b""}
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts.items()
    )


@dataclass
class Gallery:
    """A web server of a shop: path → a file, an answer's status, or an address to go to; what it was asked.

    `hook` is called before each answer.
    """

    port: int = 0
    files: dict[str, bytes | int | str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    hook: Callable[[str], None] = lambda path: None

    def at(self, path: str = "") -> str:
        return f"http://127.0.0.1:{self.port}/{path}"

    @property
    def table(self) -> str:
        """The usual two products, of which the shirt has its three pictures here."""
        return SHOPIFY.replace("https://x.example/", self.at())


@pytest.fixture
def gallery() -> Iterator[Gallery]:
    found = Gallery(
        files={f"/{n}.jpg": picture(colour) for n, colour in enumerate(("teal", "red", "blue"), 1)}
    )

    class Answers(Pages):
        def do_GET(self) -> None:
            found.asked.append(self.path)
            found.hook(self.path)
            answer = found.files.get(self.path, 404)
            self.send_response(
                200 if isinstance(answer, bytes) else answer if isinstance(answer, int) else 302
            )
            if isinstance(answer, str):
                self.send_header("Location", answer)
            self.end_headers()
            self.wfile.write(answer if isinstance(answer, bytes) else b"")

    with listening(Answers) as found.port:
        yield found


@pytest.fixture
def settings(settings: Settings, gallery: Gallery) -> Settings:
    return replace(settings, feed_hosts=f"127.0.0.1:{gallery.port}", allow_private_hosts=True)


@pytest.fixture
def allowing(market: Market, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """`allowing(hosts)` changes the list of hosts from which anything is fetched."""

    def allow(hosts: str) -> None:
        changed = replace(market.app.extensions["settings"], feed_hosts=hosts)
        monkeypatch.setitem(market.app.extensions, "settings", changed)

    return allow


# -- looking --------------------------------------------------------------------------------------


def _model(market: Market, name: str) -> Any:
    return getattr(market.app.extensions["orion"].modules["catalog"].parts["models"], name)


def _rows(market: Market, name: str, vendor: str = "SHOP") -> list[Any]:
    """All rows of a table of the catalog, in order."""
    model = _model(market, name)
    order = (model.product_id, model.position) if hasattr(model, "position") else ()
    with market.at(vendor):
        return list(session().scalars(select(model).order_by(*order, model.id)))


def _shown(market: Market, handle: str = "linen-shirt", vendor: str = "SHOP") -> list[str]:
    """What the pictures of a product say that they show, or their colours, in their order."""
    product, _variants = market.product(handle, vendor)
    return [
        one.alt or _colour(market, one, vendor)
        for one in _rows(market, "Image", vendor)
        if one.product_id == product.id
    ]


def _colour(market: Market, image: Any, vendor: str = "SHOP") -> str:
    with market.at(vendor) as scope:
        file = path_of(scope, "catalog", image.vendor_id, f"{image.key}-160.webp")
    red, _green, blue = Pillow.open(file).convert("RGB").getpixel((5, 5))  # type: ignore[misc]
    return "red" if red > 200 else "blue" if blue > 200 else "teal"


def _links(market: Market, handle: str = "linen-shirt") -> list[tuple[str, str]]:
    """(file's name, reason) of the pictures of a product that are elsewhere still."""
    product, _variants = market.product(handle)
    with market.at() as scope, speaking("en"):
        there = catalog.elsewhere.still_elsewhere(scope, product)
        return [(link.url.rpartition("/")[2], said_again(reason)) for link, reason in there]


def _all(market: Market, vendor: str = "SHOP") -> dict[str, Any]:
    """Everything of products, pictures too, but for what became of addresses."""
    there = market.catalog(vendor)
    images = [
        (one.product_id, one.public_id, one.key, one.alt, one.position, one.width)
        for one in _rows(market, "Image", vendor)
    ]
    covers = [(one.id, one.cover, one.incomplete) for one in _rows(market, "Product", vendor)]
    return {**there, "Image": images, "covers": covers}


def _files(market: Market, vendor: str = "SHOP") -> list[Path]:
    folder = market.app.extensions["settings"].data / "media" / str(market.vendors[vendor].id) / "catalog"
    return [one for one in folder.rglob("*") if one.is_file()]


def _job(market: Market) -> Job | None:
    found = [job for job in market.jobs() if job.name == picturing.NAME]
    return found[-1] if found else None


def _published(market: Market, table: str, **options: Any) -> tuple[Import, Publication]:
    found = market.bring(table, **options)
    return found, market.publish(found, vendor=options.get("vendor", "SHOP"))


# -- what is fetched ------------------------------------------------------------------------------


def test_pictures_are_fetched_after_a_publication_and_stand_in_place_of_their_links(
    market: Market, gallery: Gallery
) -> None:
    _published(market, gallery.table)
    assert _shown(market) == ["Front", "red", "blue"]
    assert _links(market) == []
    shirt, _variants = market.product("linen-shirt")
    images = _rows(market, "Image")
    assert (shirt.cover, shirt.incomplete) == (images[0].key, False)
    assert (images[0].width, images[0].height) == (64, 48)
    assert len(_files(market)) == 9
    job = _job(market)
    assert job is not None and (job.state, job.done, job.total) == ("done", 3, 3)


@pytest.mark.parametrize("hosts", ["", "elsewhere.example"])
def test_where_no_host_of_them_is_allowed_nothing_happens_at_all(
    market: Market, gallery: Gallery, allowing: Callable[[str], None], hosts: str
) -> None:
    allowing(hosts)
    _published(market, gallery.table)
    assert (_job(market), gallery.asked, _rows(market, "FetchedImage")) == (None, [], [])
    assert len(_links(market)) == 3


def test_the_same_file_brings_nothing_new_and_asks_for_nothing(market: Market, gallery: Gallery) -> None:
    _published(market, gallery.table)
    again = market.bring(gallery.table)
    assert {state for _title, state in market.states(again)} == {"unchanged"}
    assert sorted(gallery.asked) == ["/1.jpg", "/2.jpg", "/3.jpg"]


def test_an_address_that_two_products_have_is_fetched_once(market: Market, gallery: Gallery) -> None:
    pot = "900,12.50,,,,,active"
    _published(market, gallery.table.replace(pot, f"900,12.50,,,{gallery.at('2.jpg')},Pot,active"))
    assert _shown(market, "clay-pot") == ["Pot"]
    assert Counter(gallery.asked)["/2.jpg"] == 1
    assert len({one.key for one in _rows(market, "Image")}) == 3


def test_what_can_not_be_had_stays_a_link_with_its_reason_and_stops_nothing(
    market: Market, gallery: Gallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catalog.elsewhere, "LIMITS", replace(catalog.elsewhere.LIMITS, most=50_000))
    gallery.files |= {
        "/1.jpg": b"<html>Not a picture</html>",
        "/2.jpg": bomb(),
        "/4.jpg": "http://169.254.169.254/latest/meta-data",
        "/5.jpg": f"http://127.0.0.1:{gallery.port + 1}/1.jpg",
        "/6.jpg": b"x" * 60_000,
        "/8.jpg": "/3.jpg",
    }
    more = "".join(f"linen-shirt{',' * 14}{gallery.at(f'{n}.jpg')},,\n" for n in range(4, 9))
    _found, made = _published(market, gallery.table + more)
    assert made.state == "done"
    assert len(_shown(market)) == 2
    reasons = dict(_links(market))
    assert list(reasons) == ["1.jpg", "2.jpg", "4.jpg", "5.jpg", "6.jpg", "7.jpg"]
    assert reasons["1.jpg"] == "This file is no picture that can be read: use PNG, JPEG or WebP."
    assert reasons["2.jpg"] == "This picture has too many pixels: 25 million at the most."
    assert reasons["4.jpg"].startswith("Nothing is fetched from 169.254.169.254")
    assert reasons["5.jpg"].startswith("Nothing is fetched from 127.0.0.1")
    assert reasons["6.jpg"] == "The file is larger than 0 MB."
    assert reasons["7.jpg"] == "127.0.0.1 answers 404."
    assert len(_files(market)) == 6


def test_a_picture_on_a_host_at_home_is_not_asked_for(
    market: Market, gallery: Gallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    strict = replace(market.app.extensions["settings"], allow_private_hosts=False)
    monkeypatch.setitem(market.app.extensions, "settings", strict)
    _published(market, gallery.table)
    assert gallery.asked == []
    assert {why for _name, why in _links(market)} == {
        "127.0.0.1 is not there, or not on the public internet."
    }


@ONE
def test_a_host_that_does_not_answer_is_left_alone_after_some_times(market: Market, gallery: Gallery) -> None:
    gallery.files |= {f"/{n}.jpg": 503 for n in range(1, 12)}
    more = "".join(f"linen-shirt{',' * 14}{gallery.at(f'{n}.jpg')},,\n" for n in range(4, 12))
    _published(market, gallery.table + more)
    assert len(gallery.asked) == picturing.SILENT
    reasons = [why for _name, why in _links(market)]
    assert reasons[0] == "127.0.0.1 answers 503."
    assert reasons[-1] == "127.0.0.1 did not answer several times, and was not asked for this image."


@ONE
def test_a_picture_of_which_a_byte_comes_now_and_then_holds_up_nothing_for_long(
    market: Market, gallery: Gallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "PATIENCE", 0.1)
    monkeypatch.setattr(catalog.elsewhere, "LIMITS", replace(catalog.elsewhere.LIMITS, longest=1.0))
    slow = threading.Event()
    gallery.hook = lambda path: void(slow.wait(3)) if path == "/1.jpg" else None
    _published(market, gallery.table)
    slow.set()
    assert _links(market) == [("1.jpg", "It took longer than 1 second.")]
    assert _shown(market) == ["red", "blue"]


def void(_whatever: object) -> None:
    """Nothing."""


def test_a_product_has_no_more_pictures_than_it_may(market: Market, gallery: Gallery) -> None:
    names = [f"{n}.jpg" for n in range(1, 23)]
    gallery.files |= {f"/{name}": picture() for name in names}
    more = "".join(f"linen-shirt{',' * 14}{gallery.at(name)},,\n" for name in names[3:])
    _published(market, gallery.table + more)
    assert len(_shown(market)) == 20
    assert len(gallery.asked) == 20
    assert [name for name, _why in _links(market)] == names[20:]


def test_a_job_that_gives_way_to_others_goes_on_where_it_was(
    market: Market, gallery: Gallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "TURN", 0.0)
    _published(market, gallery.table)
    assert sorted(gallery.asked) == ["/1.jpg", "/2.jpg", "/3.jpg"]
    assert _shown(market) == ["Front", "red", "blue"]


# -- whose they are -------------------------------------------------------------------------------


def test_another_vendor_fetches_the_same_address_anew(market: Market, gallery: Gallery) -> None:
    _published(market, gallery.table)
    _published(market, gallery.table, vendor="RIVAL")
    assert Counter(gallery.asked) == {"/1.jpg": 2, "/2.jpg": 2, "/3.jpg": 2}
    mine, theirs = (
        {one.key for name in ("Image", "FetchedImage") for one in _rows(market, name, vendor)}
        for vendor in ("SHOP", "RIVAL")
    )
    assert len(mine) == len(theirs) == 3 and not mine & theirs
    assert not {one.name for one in _files(market)} & {one.name for one in _files(market, "RIVAL")}


# -- several at once ------------------------------------------------------------------------------


def test_two_jobs_that_ask_for_one_address_at_a_time_keep_it_once(market: Market, gallery: Gallery) -> None:
    def by_another(path: str) -> None:
        gallery.hook = lambda path: None
        market.publish(other)

    rows = SHOPIFY.splitlines(keepends=True)
    table = rows[0] + rows[-1].replace("12.50,,,,,", f"12.50,,,{gallery.at('1.jpg')},Pot,")
    other = market.bring(table.replace("clay-pot", "tin-pot").replace("CP-1", "TP-1"))
    gallery.hook = by_another
    _published(market, table)
    assert gallery.asked == ["/1.jpg", "/1.jpg"]
    assert _shown(market, "clay-pot") == _shown(market, "tin-pot") == ["Pot"]
    assert len({one.key for name in ("Image", "FetchedImage") for one in _rows(market, name)}) == 1
    assert len(_files(market)) == 3


def test_an_address_that_another_job_has_noted_meanwhile_is_not_noted_twice(
    market: Market, gallery: Gallery, monkeypatch: pytest.MonkeyPatch
) -> None:
    _published(market, gallery.table)
    [pot] = [one for one in _rows(market, "Product") if one.handle == "clay-pot"]
    known, blind = catalog.elsewhere._known, [True]

    def nothing_yet(url: str) -> Any:
        return known("" if blind.pop() else url) if blind else known(url)

    link = _model(market, "ImageLink")
    url = gallery.at("1.jpg")
    with market.at(write=True) as scope:
        session().add(link(vendor_id=pot.vendor_id, product_id=pot.id, position=1, url=url))
        session().flush()
        id_ = session().scalars(select(link.id).where(link.product_id == pot.id)).one()
        monkeypatch.setattr(catalog.elsewhere, "_known", nothing_yet)
        mine = catalog.elsewhere.Link(id_, url)
        assert catalog.elsewhere.keep(scope, mine, None, "no", now=datetime.now(UTC))
    assert _shown(market, "clay-pot") == ["teal"]
    assert len(_rows(market, "FetchedImage")) == 3


# -- a worker that dies ---------------------------------------------------------------------------


class Killed(BaseException):
    """What no code catches: the process is gone."""


def _die(market: Market, monkeypatch: pytest.MonkeyPatch, at: int, after: bool) -> None:
    """Have workers die once, in the chunk of this number, before or `after` what it writes."""
    calls, keep = [0], catalog.elsewhere.keep
    # Who is gone doesn't clear up either.
    monkeypatch.setattr(media, "_remove", lambda files: None)

    def dying(*arguments: Any, **options: Any) -> Any:
        calls[0] += 1
        if calls[0] == at and not after:
            raise Killed
        done = keep(*arguments, **options)
        if calls[0] == at:
            raise Killed
        return done

    monkeypatch.setattr(catalog.elsewhere, "keep", dying)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_a_worker_that_dies_loses_no_picture_and_doubles_none(
    market: Market, gallery: Gallery, monkeypatch: pytest.MonkeyPatch, at: int, after: bool
) -> None:
    remove = media._remove
    _die(market, monkeypatch, at, after)
    with pytest.raises(Killed):
        _published(market, gallery.table)
    assert len(_files(market)) == 3 * (at - 1 + after)
    monkeypatch.setattr(media, "_remove", remove)
    _give_up(market)
    run_due(market.app)
    assert _shown(market) == ["Front", "red", "blue"]
    assert Counter(gallery.asked).total() == 4
    assert len(_rows(market, "FetchedImage")) == 3
    assert len(_files(market)) == 9
    job = _job(market)
    assert job is not None and (job.state, job.done) == ("done", 3)


def _give_up(market: Market) -> None:
    """The leases of all jobs are over."""
    with market.app.app_context(), entered(system_scope("jobs"), write=True) as writing:
        writing.execute(update(Job).values(due_at=datetime(2026, 1, 1, tzinfo=UTC)))
        writing.commit()


def test_a_worker_that_was_thought_dead_writes_nothing_more(market: Market, gallery: Gallery) -> None:
    def taken_over(path: str) -> None:
        gallery.hook = lambda path: None
        _give_up(market)
        other = threading.Thread(target=run_due, args=[market.app])
        other.start()
        other.join()

    gallery.hook = taken_over
    _published(market, gallery.table)
    assert _shown(market) == ["Front", "red", "blue"]
    assert Counter(gallery.asked) == {"/1.jpg": 2, "/2.jpg": 1, "/3.jpg": 1}
    assert len(_files(market)) == 9


# -- taking back ----------------------------------------------------------------------------------


def test_taking_back_takes_fetched_pictures_away_and_nothing_else(market: Market, gallery: Gallery) -> None:
    nothing = _all(market)
    _found, made = _published(market, gallery.table)
    assert len(_rows(market, "Image")) == 3
    market.take_back(made)
    assert _all(market) == nothing


def test_a_changed_product_gets_back_the_pictures_that_it_had(
    market: Market, gallery: Gallery, owner: Any
) -> None:
    _published(market, gallery.table)
    product, _variants = market.product("linen-shirt")
    _send(owner, product, images=(io.BytesIO(picture("red")), "own.png"))
    own = _rows(market, "Image")[-1]
    _send(owner, product, **{f"alt-{own.public_id}": "By hand"})
    before = _all(market)
    gallery.files["/9.jpg"] = picture("red")
    changed = gallery.table.replace(gallery.at("1.jpg"), gallery.at("9.jpg")).replace("59.00", "49.00")
    _found, made = _published(market, changed)
    # What stood for the address that is gone is gone, and the new one stands before those that follow it.
    assert _shown(market) == ["Front", "red", "blue", "By hand"]
    assert _all(market) != before
    assert market.take_back(made).left == 0
    assert _all(market) == before
    assert _links(market) == []


def _send(owner: Any, product: Any, **form: Any) -> None:
    """Send the form of a product's images."""
    here = f"/vendor/SHOP/products/{product.public_id}/images"
    alts = re.findall(r'name="(alt-[a-z0-9]+)" [^>]*?value="([^"]*)"', owner.get(here).text)
    sent = {**dict(alts), "csrf_token": csrf_token(owner.get(here).text), **form}
    assert owner.post(here, data=sent).status_code == 303


def test_taking_back_ends_the_fetching(market: Market, gallery: Gallery) -> None:
    before = _all(market)
    made: list[Publication] = []

    def take_back(path: str) -> None:
        gallery.hook = lambda path: None
        with market.at(write=True) as scope:
            made.append(session().scalars(select(Publication)).one())
            services.take_back(scope, made[0].public_id)

    gallery.hook = take_back
    _published(market, gallery.table)
    run_due(market.app)
    assert gallery.asked == ["/1.jpg"]
    job = _job(market)
    assert job is not None and job.state == "cancelled"
    assert _all(market) == before
    market.run(retry, job.public_id)
    run_due(market.app)
    assert (_all(market), gallery.asked) == (before, ["/1.jpg"])


# -- what people do meanwhile ---------------------------------------------------------------------


def test_a_picture_that_somebody_removed_does_not_come_back(
    market: Market, gallery: Gallery, owner: Any
) -> None:
    _published(market, gallery.table)
    product, _variants = market.product("linen-shirt")
    _send(owner, product, remove=_rows(market, "Image")[1].public_id)
    _published(market, gallery.table.replace("59.00", "49.00"))
    assert _shown(market) == ["Front", "blue"]
    assert len(gallery.asked) == 3


def test_pictures_change_places_with_their_links_and_say_what_these_say(
    market: Market, gallery: Gallery
) -> None:
    _published(market, gallery.table)
    first, second = gallery.at("1.jpg"), gallery.at("2.jpg")
    table = gallery.table.replace(first, "-").replace(second, first).replace("-,Front", f"{second},Back")
    _published(market, table)
    assert _shown(market) == ["Back", "teal", "blue"]
    assert len(gallery.asked) == 3


# -- pages ----------------------------------------------------------------------------------------


def test_pages_say_why_an_image_could_not_be_fetched_in_the_readers_language(
    market: Market, gallery: Gallery, owner: Any
) -> None:
    gallery.files["/2.jpg"] = b"no picture"
    found, _made = _published(market, gallery.table)
    shirt, _variants = market.product("linen-shirt")
    for page in (f"imports/{found.public_id}", f"products/{shirt.public_id}/images"):
        text = owner.get(f"/vendor/SHOP/{page}").text
        assert "This file is no picture that can be read" in text, page
        assert "Ce fichier n’est pas une image lisible" in owner.get(f"/vendor/SHOP/{page}?lang=fr").text


def test_what_was_not_allowed_is_fetched_once_it_is_and_somebody_asks(
    market: Market, gallery: Gallery, owner: Any, allowing: Callable[[str], None]
) -> None:
    allowing("other.example")
    found, made = _published(market, gallery.table)
    shirt, _variants = market.product("linen-shirt")
    here = f"/vendor/SHOP/imports/{found.public_id}"
    images = owner.get(f"/vendor/SHOP/products/{shirt.public_id}/images").text
    assert "Nothing is fetched from 127.0.0.1" in images
    assert "Fetch missing images" not in owner.get(here).text
    allowing(f"127.0.0.1:{gallery.port}")
    page = owner.get(here).text
    assert "Fetch missing images" in page
    action = f"/vendor/SHOP/imports/publications/{made.public_id}/images"
    assert owner.post(action, data={"csrf_token": csrf_token(page)}).status_code == 303
    assert "The images are being fetched." in owner.get(here).text
    run_due(market.app)
    assert _shown(market) == ["Front", "red", "blue"]
    assert owner.post(action, data={"csrf_token": csrf_token(page)}).status_code == 303
    assert "There is no image to fetch." in owner.get(here).text
