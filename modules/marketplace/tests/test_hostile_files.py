"""Files that mean harm, or are none: a sentence each, and nothing stays behind."""

import gzip
import io
import zipfile
from typing import Any

import pytest

from modules.marketplace.tests.conftest import SHOPIFY, Market
from orion.testing import csrf_token

pytestmark = pytest.mark.only_on("sqlite")
NEW = "/vendor/SHOP/imports/new"


def _zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("../../etc/products.csv", SHOPIFY)
    return packed.getvalue()


def _send(owner: Any, content: bytes, name: str = "products.csv") -> Any:
    token = csrf_token(owner.get(NEW).text)
    form = {"csrf_token": token, "file": (io.BytesIO(content), name), "show_on": ""}
    return owner.post(NEW, data=form, content_type="multipart/form-data")


#: What it is, its bytes, and a word of what is said; "" where the page of what was understood says it.
HOSTILE = {
    "nothing": (b"", "empty"),
    "only spaces": (b"\n\n  \n", "empty"),
    "a name that leads out of an archive": (_zip(), "Shopify"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a text table"),
    "a PDF": (b"%PDF-1.7 whatever", "not a text table"),
    "NUL bytes": (b"Title,Price\nA\0B,1\n", "NUL"),
    "half a gzip": (gzip.compress(SHOPIFY.encode())[:40], "gzip"),
    "a gzip bomb": (gzip.compress(b"Title\n" + b"a" * (1 << 26)), ""),
    "an open quote": (b'Title,Price\n"A,1\nB,2\n', ""),
    "one endless line": (gzip.compress(b"Title," + b"x" * (2 << 20)), "million"),
    "a hundred thousand columns": (
        gzip.compress(b",".join(b"c%d" % n for n in range(100_000)) + b"\n"),
        "2,000",
    ),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_answered_with_a_sentence(market: Market, owner: Any, what: str) -> None:
    content, word = HOSTILE[what]
    answer = _send(owner, content)
    if (
        answer.status_code == 303
    ):  # It can be looked at: then it says there, or when it is read, what is wrong.
        shown = owner.get(answer.location)
        assert shown.status_code == 200 and word in shown.text
        return
    assert answer.status_code == 422 and word in answer.text
    assert not list((market.app.extensions["settings"].data / "media").rglob("*.table"))


def test_a_field_that_is_no_file_is_refused(owner: Any) -> None:
    form = {"csrf_token": csrf_token(owner.get(NEW).text), "file": "products.csv"}
    assert owner.post(NEW, data=form).status_code == 422


def test_cells_that_mean_harm_are_text_or_are_rejected(market: Market) -> None:
    rows = "\n".join(
        [
            '=cmd|calc,=HYPERLINK("http://evil"),<script>alert(1)</script>,,,,,,,S1,,1e309,,,,,',
            "evil,Evil,<img src=x onerror=alert(1)>text,,,,,,,S2,,1.00,,,javascript:alert(1),,active",
            "deep,Deep,,,,,,,,S3,,99999999999999,,,,,",
        ]
    )
    staged = market.staged(market.bring(SHOPIFY + rows + "\n", at_once=True))
    assert [one.state for one in staged if one.line > 5] == ["rejected", "new", "rejected"]
    product, _variants = market.product("evil")
    assert product.description == "text"
    assert len(market.catalog()["ImageLink"]) == 3
