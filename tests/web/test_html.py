"""HTML of other systems as Markdown."""

import csv

import pytest

from orion.contracts.markdown import from_html, markdown
from orion.testing.open_data import real
from tests.measuring import measured


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("", ""),
        ("A plain text.", "A plain text."),
        ("Two lines\n\n\n\nof * stars", "Two lines\n\nof \\* stars"),
        ("<p>One</p><p>Two</p>", "One\n\nTwo"),
        ("<p>a<br>b</p>", "a\\\nb"),
        ("<p>It is <b>very </b>good &amp; <em>warm</em>.</p>", "It is **very** good & *warm*."),
        ("<p><strong></strong>x</p>", "x"),
        ("<h1>Care</h1><ul><li>Wash</li><li>Dry</li></ul>", "## Care\n\n- Wash\n- Dry"),
        ("<ol><li>One<ul><li>deep</li></ul></li><li>Two</li></ol>", "1. One\n   - deep\n2. Two"),
        ('<a href="https://x.example/a (b)">here</a>', "[here](https://x.example/a%20%28b%29)"),
        ('<a href="javascript:alert(1)">here</a>', "here"),
        ("<script>alert(1)</script><style>p{}</style><p>safe</p>", "safe"),
        ('<p onclick="x()">1. not a list</p>', "1\\. not a list"),
        ("<p># no heading</p>", "\\# no heading"),
        ("<p>[x](javascript:y) &lt;b&gt;</p>", "\\[x\\](javascript:y) \\<b\\>"),
        ("<table><tr><td>Width</td><td>4</td></tr></table>", "Width 4"),
        ("<p><b>unclosed <i>both", "**unclosed *both***"),
    ],
)
def test_html_becomes_the_markdown_that_says_the_same(html: str, text: str) -> None:
    assert from_html(html) == text


def test_what_is_made_of_html_shows_as_harmless_text() -> None:
    wild = '<img src=x onerror=alert(1)><p>a</p><svg/onload=alert(1)><math><mi xlink:href="data:x">'
    shown = str(markdown(from_html(wild)))
    assert "<p>a</p>" in shown and "alert" not in shown and "<svg" not in shown


def test_the_texts_of_real_exports_keep_their_words() -> None:
    exported = real("products/shopify_export_fashion_6618rows.csv")
    csv.field_size_limit(1 << 20)
    with exported.open(encoding="utf-8-sig", newline="") as stream:
        bodies = [row["Body (HTML)"] for row in csv.DictReader(stream) if row["Body (HTML)"]]
    assert len(bodies) > 1000
    for body in bodies[::25]:
        shown = str(markdown(from_html(body)))
        assert "<script" not in shown and "\0" not in shown


def test_line_breaks_without_end_take_no_time() -> None:
    with measured() as cost:
        assert from_html("<p>" + "<br>" * 8_000 + "x</p><p>y<br><br></p>").endswith("x\n\ny")
    assert cost.seconds < 1
