"""Files and pictures of vendors: what comes in, what stays of it, and who gets it again."""

import errno
import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image

from orion.contracts.data import entered, session
from orion.contracts.errors import Invalid, NotFound, WallError
from orion.contracts.media import MOST_BYTES, delete, put, read, read_picture, send_media
from orion.contracts.scope import Scope, ScopeKind
from orion.data.faults import NoRoom

#: Files lie beside either database in the same way.
pytestmark = pytest.mark.only_on("sqlite")
MINE = Scope(kind=ScopeKind.VENDOR, vendors=frozenset({7}), platforms=frozenset({1}))
HERS = Scope(kind=ScopeKind.VENDOR, vendors=frozenset({8}), platforms=frozenset({1}))
GPS = b"50.1109N 8.6821E"


def drawn(kind: str, size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object) -> bytes:
    """A picture with a dark left and a light right half."""
    image = Image.new(mode, size, "black")
    image.paste("white", (size[0] // 2, 0, *size))
    target = io.BytesIO()
    image.save(target, kind, **options)
    return target.getvalue()


def seen(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content), formats=["WEBP"])


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def bomb(width: int, height: int) -> bytes:
    """A PNG of one colour: small as a file, huge when it is unpacked."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width // 8 + 1) * height), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


# -- pictures ---


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_is_written_anew_in_each_width(kind: str) -> None:
    picture = read_picture(drawn(kind, (400, 200)), (100, 300))
    assert (picture.width, picture.height) == (300, 150)
    assert [seen(picture.files[width]).size for width in (100, 300)] == [(100, 50), (300, 150)]


def test_a_small_picture_is_not_enlarged() -> None:
    picture = read_picture(io.BytesIO(drawn("PNG")), (100, 300))
    assert {seen(content).size for content in picture.files.values()} == {(40, 20)}


def test_a_picture_is_at_most_twice_as_high_as_wide() -> None:
    assert read_picture(drawn("PNG", (100, 1000)), (50,)).height == 100


def test_what_shows_through_still_does() -> None:
    picture = read_picture(drawn("PNG", mode="RGBA", size=(40, 20)), (40,))
    assert seen(picture.files[40]).mode == "RGB"
    clear = Image.new("RGBA", (8, 8), (255, 0, 0, 0))
    target = io.BytesIO()
    clear.save(target, "PNG")
    assert seen(read_picture(target.getvalue(), (8,)).files[8]).getpixel((3, 3))[3] == 0


def test_greys_of_sixteen_bits_keep_their_lightness() -> None:
    image = Image.new("I;16", (10, 10), 32768)
    target = io.BytesIO()
    image.save(target, "PNG")
    assert abs(seen(read_picture(target.getvalue(), (10,)).files[10]).getpixel((5, 5))[0] - 128) <= 2


def test_a_picture_stands_upright_and_says_nothing_of_the_camera() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, GPS.decode()
    content = drawn("JPEG", (40, 20), exif=exif, quality=95)
    assert GPS in content
    picture = read_picture(content, (40,))
    written = picture.files[40]
    assert (picture.width, picture.height) == (20, 40)
    assert GPS not in written and not seen(written).getexif()
    assert seen(written).getpixel((10, 2))[0] < 40 < 200 < seen(written).getpixel((10, 38))[0]


def test_of_a_file_that_is_two_things_the_picture_alone_stays() -> None:
    hidden = b"<script>alert(1)</script>PK\x03\x04"
    assert hidden not in read_picture(drawn("PNG") + hidden, (40,)).files[40]
    assert hidden not in read_picture(drawn("JPEG", comment=hidden), (40,)).files[40]


@pytest.mark.parametrize("size", [(20_000, 20_000), (6_000, 5_000)])
def test_a_bomb_is_refused_before_it_is_unpacked(size: tuple[int, int]) -> None:
    content = bomb(*size)
    assert len(content) < 60_000
    with pytest.raises(Invalid, match="too many pixels: 25 million"):
        read_picture(content, (100,))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0" * 200,
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"GIF89a" + bytes(50),
        b"%PDF-1.7\n%%EOF",
        b"BM" + bytes(80),
        drawn("PNG")[:60],
        drawn("JPEG")[:200],
        drawn("TIFF"),
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 0, 0, 8, 2, 0, 0, 0)),
    ],
    ids=["empty", "nul", "svg", "gif", "pdf", "bmp", "half a png", "half a jpeg", "tiff", "no pixels"],
)
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid, match="no picture that can be read"):
        read_picture(content, (100,))


def test_a_file_of_too_many_bytes_is_not_looked_at() -> None:
    with pytest.raises(Invalid, match="larger than 12 MB"):
        read_picture(io.BytesIO(bytes(MOST_BYTES + 1)), (100,))


# -- files ---


def stored(app: Flask) -> list[str]:
    folder: Path = app.extensions["settings"].data / "media"
    return sorted(str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file())


@pytest.fixture
def kept(app: Flask) -> Callable[[str, bytes], None]:
    """`kept(name, content)`: a committed file of the vendor 7."""

    def keep(name: str, content: bytes) -> None:
        with app.app_context(), entered(MINE, write=True) as writing:
            put(MINE, "attic", 7, name, content)
            writing.commit()

    return keep


def test_what_is_put_lies_below_its_vendor_and_module(app: Flask, kept) -> None:
    kept("abc.webp", b"content")
    assert stored(app) == ["7/attic/ab/abc.webp"]
    with app.app_context(), entered(MINE):
        assert read(MINE, "attic", 7, "abc.webp") == b"content"


def test_a_file_of_a_transaction_that_was_not_committed_is_gone(app: Flask) -> None:
    with app.app_context(), entered(MINE, write=True):
        session().connection()
        put(MINE, "attic", 7, "abc.webp", b"content")
        assert len(stored(app)) == 1
    assert stored(app) == []


def test_a_savepoint_that_is_given_up_takes_no_file_with_it(app: Flask) -> None:
    with app.app_context(), entered(MINE, write=True) as writing:
        put(MINE, "attic", 7, "abc.webp", b"content")
        writing.begin_nested().rollback()
        writing.commit()
    assert len(stored(app)) == 1


def test_a_deleted_file_goes_with_the_commit(app: Flask, kept) -> None:
    kept("abc.webp", b"content")
    with app.app_context(), entered(MINE, write=True) as writing:
        with writing.begin_nested():
            delete(MINE, "attic", 7, "abc.webp", "neverthere.webp")
        assert len(stored(app)) == 1
        writing.commit()
    assert stored(app) == []


def test_a_deletion_that_was_not_committed_deletes_nothing(app: Flask, kept) -> None:
    kept("abc.webp", b"content")
    with app.app_context(), entered(MINE, write=True):
        session().connection()
        delete(MINE, "attic", 7, "abc.webp")
    assert len(stored(app)) == 1


def test_a_name_is_never_given_another_content(app: Flask, kept) -> None:
    kept("abc.webp", b"content")
    with pytest.raises(FileExistsError):
        kept("abc.webp", b"other")
    assert stored(app) == ["7/attic/ab/abc.webp"]
    with app.app_context(), entered(MINE):
        assert read(MINE, "attic", 7, "abc.webp") == b"content"


def test_a_file_that_finds_no_room_says_so_and_leaves_nothing(
    app: Flask, kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(NoRoom):
        kept("abc.webp", b"content")
    assert stored(app) == []


def test_another_vendors_file_is_out_of_reach(app: Flask, kept) -> None:
    kept("abc.webp", b"content")
    with app.app_context(), entered(HERS, write=True):
        for reach in (read, delete, lambda *where: put(*where, b"")):
            with pytest.raises(WallError):
                reach(HERS, "attic", 7, "abc.webp")
        with pytest.raises(NotFound):
            read(HERS, "attic", 8, "abc.webp")


@pytest.mark.parametrize(
    "name", ["", "..", "../x", "a/../../x", "/etc/passwd", "a\0b", "a\\b", ".hidden", "A", "a.", "a" * 90]
)
def test_a_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no name for a file"):
        read(MINE, "attic", 7, name)


# -- answers ---


def test_a_shown_file_cannot_act_and_is_kept_by_this_browser_alone(app: Flask, kept) -> None:
    kept("abc.webp", b"content")
    with app.test_request_context(), entered(MINE):
        answer = send_media(MINE, "attic", 7, "abc.webp", "image/webp")
    assert answer.headers["Content-Disposition"] == "inline"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert (answer.mimetype, answer.data) == ("image/webp", b"content")


def test_a_download_is_saved_under_a_name_of_any_script(app: Flask, kept) -> None:
    kept("abc.pdf", b"%PDF")
    with app.test_request_context(), entered(MINE):
        answer = send_media(MINE, "attic", 7, "abc.pdf", "application/pdf", download='Größe"\r\nX: y.pdf')
    said = answer.headers["Content-Disposition"]
    assert said.startswith("attachment; filename") and "\n" not in said and "Gr%C3%B6%C3%9Fe" in said


def test_a_browser_that_has_the_file_is_told_so(app: Flask, kept) -> None:
    kept("abc.webp", b"content")
    with app.test_request_context(headers={"If-None-Match": '"abc.webp"'}), entered(MINE):
        answer = send_media(MINE, "attic", 7, "abc.webp", "image/webp")
    assert answer.status_code == 304
