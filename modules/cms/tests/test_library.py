"""The media library: what comes in, where it is used, and how it goes."""

import io
import struct
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image

from modules.cms import library, publishing, queries
from modules.cms.drawing import document
from modules.cms.models import Media
from modules.cms.tests.conftest import NOW, Market, Shop, picture, said
from modules.cms.uploads import Upload, name_of, taken
from orion.contracts.errors import Invalid, NotFound

pytestmark = pytest.mark.by_turns

PDF = document(("Guide", "One line")).getvalue()


def added(shop: Shop, name: str = "lamp.png", content: bytes | None = None, **more: str) -> str:
    """The public id of a new file."""
    with shop.at(write=True) as scope:
        upload = taken(io.BytesIO(picture() if content is None else content), name)
        return library.add(scope, upload, now=NOW, **more).public_id


def read(shop: Shop, public_id: str) -> Media:
    with shop.at() as scope:
        return library.one(scope, public_id)


def on_disk(shop: Shop) -> list[str]:
    """Names of the vendor's files."""
    with shop.at() as scope:
        assert scope.vendor is not None
        folder: Path = shop.market.app.extensions["settings"].data / "media" / str(scope.vendor.id)
    return sorted(file.name for file in folder.rglob("*") if file.is_file())


def bomb() -> bytes:
    """A PNG of 20,000 × 20,000 pixels in less than 60 KB."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(bytes(2501 * 20_000), 9))
    return b"\x89PNG\r\n\x1a\n" + header + rows + chunk(b"IEND", b"")


# -- uploads ---


@pytest.mark.parametrize(
    ("filename", "name"),
    [
        ("Oak table.JPG", "Oak table"),
        ("../../etc/passwd", "passwd"),
        ("C:\\shop\\lamp.final.webp", "lamp.final"),
        ("a\0b\r\nX: y.png", "a b X: y"),
        ("лампа.png", "лампа"),
        (".png", "Untitled"),
        ("", "Untitled"),
        ("...", "Untitled"),
        ("x" * 300 + ".png", "x" * 160),
    ],
)
def test_a_file_is_called_what_its_name_ends_in(shop: Shop, filename: str, name: str) -> None:
    with shop.at():
        assert name_of(filename) == name


@pytest.mark.parametrize("name", ["lamp.png", "lamp.exe", "lamp.svg", "lamp.html", "lamp"])
def test_a_picture_is_known_by_its_content_and_not_by_its_name(shop: Shop, name: str) -> None:
    file = read(shop, added(shop, name, picture("JPEG")))
    assert (file.kind, file.name, file.width, file.height) == ("picture", "lamp", 60, 40)


def test_a_document_is_kept_as_it_is(shop: Shop) -> None:
    file = read(shop, added(shop, "guide.png", PDF))
    assert (file.kind, file.size, file.width) == ("document", len(PDF), 0)
    assert shop.get(f"/media/{file.public_id}/file").data == PDF


HOSTILE = {
    "bomb": bomb(),
    "drawing": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "page": b"<!doctype html><script>alert(1)</script>",
    "program": b"MZ" + bytes(300),
    "script": b"#!/bin/sh\nrm -rf /\n",
    "archive": b"PK\x03\x04" + bytes(200),
    "gif": b"GIF89a" + bytes(60),
    "nothing": b"",
    "nul": bytes(500),
    "pdf without an end": b"%PDF-1.7\n1 0 obj\n",
    "page before a pdf": b"<script>alert(1)</script>%PDF-1.7\n%%EOF",
    "half a picture": picture()[:40],
    "a picture's head": b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
}


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_what_is_neither_picture_nor_document_is_refused(shop: Shop, content: bytes) -> None:
    answer = shop.upload(("lamp.png", content))
    assert answer.status_code == 422
    assert "lamp.png: This" in answer.text
    assert on_disk(shop) == []


def test_of_a_file_that_is_two_things_the_picture_alone_stays(shop: Shop) -> None:
    hidden = b"<script>alert(1)</script>PK\x03\x04"
    file = added(shop, "lamp.html", picture() + hidden)
    answer = shop.get(f"/media/{file}/file")
    assert answer.mimetype == "image/webp" and hidden not in answer.data
    assert Image.open(io.BytesIO(answer.data)).format == "WEBP"


def test_several_files_come_at_once_into_a_folder(shop: Shop) -> None:
    answer = shop.upload(("a.png", picture()), ("b.pdf", PDF), folder=" Season / Winter/ ")
    assert answer.status_code == 303
    with shop.at() as scope:
        found = library.newest(scope, 9)
        assert {(file.name, file.folder) for file in found} == {
            ("a", "Season/Winter"),
            ("b", "Season/Winter"),
        }


def test_a_bad_file_among_good_ones_is_named_and_the_good_ones_are_kept(shop: Shop) -> None:
    assert shop.upload(("good.png", picture()), ("bad.png", b"nothing")).status_code == 303
    page = shop.get("/media").text
    assert "bad.png: This file is no picture" in page and "One file is in the library" in page
    with shop.at() as scope:
        assert [file.name for file in library.newest(scope, 9)] == ["good"]


def test_an_upload_without_a_file_says_so(shop: Shop) -> None:
    answer = shop.post("/media/upload", folder="x")
    assert answer.status_code == 422 and "Choose a file." in answer.text


def test_a_text_in_the_place_of_a_file_is_no_file(shop: Shop) -> None:
    answer = shop.post("/media/upload", uploads="a text", folder="x")
    assert answer.status_code == 422 and "Choose a file." in answer.text


def test_a_vendors_files_have_room_for_so_much_in_all(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library, "QUOTA", 1300)
    answer = shop.upload(("a.pdf", PDF), ("b.pdf", PDF), ("c.pdf", PDF))
    assert answer.status_code == 303
    page = shop.get("/media").text
    assert "There is no room for this file: 1.3 kB are the most." in page and "of 1.3 kB are used" in page
    assert len(on_disk(shop)) == 2


# -- what is served ---


@pytest.mark.parametrize(("asked", "width"), [({}, 1600), ({"w": 320}, 320), ({"w": "9999"}, 1600)])
def test_a_picture_is_served_in_a_few_widths(shop: Shop, asked, width) -> None:
    file = added(shop, content=picture(size=(2000, 1000)))
    answer = shop.get(f"/media/{file}/file", **asked)
    assert Image.open(io.BytesIO(answer.data)).width == width
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_an_address_with_the_contents_mark_is_kept_for_ever_and_any_other_is_not(shop: Shop) -> None:
    file = added(shop)
    marked = shop.get(f"/media/{file}/file", v=read(shop, file).key)
    assert "immutable" in marked.headers["Cache-Control"]
    for asked in ({}, {"v": "old"}):
        assert shop.get(f"/media/{file}/file", **asked).headers["Cache-Control"] == "private, no-cache"


def test_a_document_is_saved_and_never_shown(shop: Shop) -> None:
    file = added(shop, "Größe.pdf", PDF)
    answer = shop.get(f"/media/{file}/file")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "Gr%C3%B6%C3%9Fe.pdf" in answer.headers["Content-Disposition"]
    assert answer.mimetype == "application/pdf"


def test_another_vendors_file_is_like_one_that_never_was(shop: Shop, market: Market) -> None:
    file = added(market.shop())
    for path in ("", "/file", "/edit", "/replace"):
        foreign, invented = (shop.get(f"/media/{one}{path}") for one in (file, "2" * 14))
        assert foreign.status_code == invented.status_code == 404
        assert said(foreign).replace(file, "2" * 14) == said(invented)
    assert shop.post(f"/media/{file}/delete").status_code == 404


def test_a_stranger_sees_a_file_only_in_a_public_page(shop: Shop) -> None:
    file = added(shop)
    assert shop.window(f"/media/{file}").status_code == 404
    one = shop.page(body=f"![x](media:{file})")
    assert shop.window(f"/media/{file}").status_code == 404
    with shop.at(write=True) as scope:
        publishing.publish(scope, [queries.page(scope, one)], now=NOW)
    answer = shop.window(f"/media/{file}", v=read(shop, file).key)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"


# -- changing ---


def test_a_replaced_file_keeps_its_id_and_its_pages_show_the_new_one(shop: Shop) -> None:
    file = added(shop)
    one = shop.page(body=f"![x](media:{file})", state="published", title="Lamp")
    before, old = read(shop, file).key, on_disk(shop)
    answer = shop.post(
        f"/media/{file}/replace", upload=(io.BytesIO(picture(size=(90, 30))), "new.png"), version="1"
    )
    assert answer.status_code == 303
    now = read(shop, file)
    assert now.key != before and (now.width, now.height, now.name) == (90, 30, "lamp")
    assert set(on_disk(shop)).isdisjoint(old) and len(on_disk(shop)) == 3
    assert f"v={now.key}" in shop.get(f"/pages/{one}").text
    assert f"v={now.key}" in shop.window("/pages/lamp").text


def test_a_picture_is_not_replaced_by_a_document(shop: Shop) -> None:
    file = added(shop)
    answer = shop.post(f"/media/{file}/replace", upload=(io.BytesIO(PDF), "x.pdf"), version="1")
    assert answer.status_code == 422 and "only be replaced by a picture" in answer.text


def test_a_replacement_that_is_refused_leaves_the_old_file(shop: Shop) -> None:
    file, before = added(shop), on_disk(shop)
    answer = shop.post(f"/media/{file}/replace", upload=(io.BytesIO(b"x"), "x.png"), version="1")
    assert answer.status_code == 422
    assert on_disk(shop) == before


def test_a_file_is_named_described_and_moved(shop: Shop) -> None:
    file = added(shop)
    form = {"name": "Brass lamp", "alt": "A lamp on a desk", "folder": "Light", "version": "1"}
    assert shop.post(f"/media/{file}/edit", **form).status_code == 303
    now = read(shop, file)
    assert (now.name, now.alt, now.folder) == ("Brass lamp", "A lamp on a desk", "Light")


def test_a_file_that_is_used_is_not_deleted_and_the_pages_are_named(shop: Shop) -> None:
    file = added(shop)
    one = shop.page("About lamps", f"![x](media:{file})")
    shop.post(f"/media/{file}/delete")
    page = shop.get(f"/media/{file}").text
    assert "“lamp” is used in “About lamps”." in page
    assert f"/pages/{one}" in page


def test_a_deleted_file_can_be_brought_back(shop: Shop) -> None:
    file = added(shop)
    assert shop.post(f"/media/{file}/delete").location.endswith("/media")
    assert "lamp" not in shop.get("/media", who="viewer").text
    shop.undo()
    assert shop.get(f"/media/{file}/file").status_code == 200


def test_what_was_deleted_long_ago_goes_for_good_with_its_files(shop: Shop) -> None:
    old, new = added(shop), added(shop, "guide.pdf", PDF)
    with shop.at(write=True) as scope:
        library.delete(scope, [library.one(scope, old)], now=NOW - publishing.KEPT - timedelta(days=1))
    assert len(on_disk(shop)) == 4
    with shop.at(write=True) as scope:
        library.delete(scope, [library.one(scope, new)], now=NOW)
    assert [name[-4:] for name in on_disk(shop)] == [".pdf"]
    with shop.at() as scope, pytest.raises(NotFound):
        library.one(scope, old)


def test_a_file_without_a_vendor_cannot_be_kept(shop: Shop) -> None:
    with shop.market.app.app_context():
        scope = shop.market.app.extensions["orion"].command_scope()
        from orion.contracts.data import entered

        with entered(scope, write=True), pytest.raises(ValueError):
            library.add(scope, Upload("x", "document", {".pdf": PDF}), now=NOW)


@pytest.mark.parametrize("sent", [("x.png", b""), ("", picture())])
def test_an_empty_field_is_no_file(shop: Shop, sent: tuple[str, bytes]) -> None:
    assert shop.upload(sent).status_code == 422
    with shop.at() as scope:
        assert library.newest(scope, 9) == []


def test_a_picture_in_place_of_a_large_one_needs_room_only_for_what_is_more(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = added(shop, "guide.pdf", PDF)
    monkeypatch.setattr(library, "QUOTA", len(PDF) + 10)
    with shop.at(write=True) as scope:
        library.replace(scope, library.one(scope, file), taken(io.BytesIO(PDF), "y.pdf"))
        with pytest.raises(Invalid):
            library.add(scope, taken(io.BytesIO(PDF), "z.pdf"), now=NOW)
