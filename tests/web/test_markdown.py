"""What people write as Markdown: it reads well, and can do nothing."""

import time
from html.parser import HTMLParser

import pytest

from orion.contracts.markdown import LONGEST, markdown, media_in

pytestmark = pytest.mark.only_on("sqlite")
LAMP, GUIDE = "22222222222222", "33333333333333"


class Tags(HTMLParser):
    """Every tag of a text with its attributes, as a browser reads it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def files(tag: str, file: str) -> dict[str, object]:
    """One picture is there, and one document."""
    if tag == "img" and file == LAMP:
        return {"src": "/lamp?w=1&v=2", "width": 640, "height": 480}
    return {"href": "/guide"} if tag == "a" and file == GUIDE else {}


def test_headings_lists_tables_and_links_are_what_they_are_elsewhere() -> None:
    html = markdown("# One\n\n- a *b*\n\n|x|y|\n|-|-:|\n|1|2|\n\n[us](https://orion.example) ~~gone~~")
    assert "<h2>One</h2>" in html and "<li>a <em>b</em></li>" in html
    assert '<td class="end">2</td>' in html and "<s>gone</s>" in html
    assert '<a href="https://orion.example" rel="noopener nofollow">us</a>' in html


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# a", "3"),
        ("## a\n\n### b\n\n## c", "343"),
        ("# a\n\n##### b", "34"),
        ("### a\n\n# b\n\n## c", "334"),
        ("# a\n## b\n### c\n#### d\n##### e\n###### f", "345666"),
    ],
)
def test_headings_begin_below_the_pages_own_and_leave_no_level_out(text: str, levels: str) -> None:
    found = Tags(markdown(text, below=2)).found
    assert "".join(tag[1] for tag, _attributes in found) == levels


def test_a_picture_of_the_vendors_own_is_shown_with_its_size() -> None:
    html = markdown(f'![A "lamp" > 1](media:{LAMP})', files=files)
    [(_p, _none), (tag, attributes)] = Tags(html).found
    assert tag == "img" and attributes == {
        "src": "/lamp?w=1&v=2",
        "width": "640",
        "height": "480",
        "alt": 'A "lamp" > 1',
    }


def test_a_document_of_the_vendors_own_is_a_link() -> None:
    assert '<a href="/guide"' in markdown(f"[Guide](media:{GUIDE})", files=files)


@pytest.mark.parametrize(
    "text",
    [
        f"![x](media:{GUIDE})",
        f"[x](media:{LAMP})",
        "![x](media:44444444444444)",
        "![x](media:..)",
        "[x](Media:a)",
    ],
)
def test_a_file_that_is_not_there_leads_nowhere(text: str) -> None:
    html = markdown(text, files=files)
    assert "src=" not in html and "href=" not in html and "media:" not in html


@pytest.mark.parametrize(
    "source", ["https://evil.example/x.png", "//evil.example/x", "/x.png", "data:image/png;base64,AA"]
)
def test_a_picture_from_elsewhere_is_not_shown(source: str) -> None:
    assert "src=" not in markdown(f"![x]({source})", files=files)


def test_a_text_that_looks_like_a_pictures_tag_stays_text() -> None:
    text = f'<img src="media:{LAMP}">'
    assert markdown(text, files=files) == f'<p>&lt;img src="media:{LAMP}"&gt;</p>\n'


INJECTIONS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<style>*{display:none}</style>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](<javascript:alert(1)>)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    '[x](https://a.example "onmouseover=alert(1) x=\\"")',
    '![x" onerror="alert(1)](media:22222222222222)',
    "![x](media:22222222222222 'a\" onload=\"alert(1)')",
    "```html\n<script>alert(1)</script>\n```",
    '``` "onclick=alert(1)\nx\n```',
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<div style='background:url(javascript:alert(1))'>",
    "<form action=/admin method=post><button>x</button></form>",
    "<base href=https://evil.example>",
    "<meta http-equiv=refresh content=0>",
    "\0<script>alert(1)</script>",
    "<!--><script>alert(1)</script>-->",
    "<a hx-get=/admin hx-trigger=load>x</a>",
    "| a |\n|---|\n| <b onclick=alert(1)>x |",
]
HARMLESS = {"href", "src", "alt", "title", "class", "rel", "start", "width", "height", "lang"}


@pytest.mark.parametrize("text", INJECTIONS)
def test_what_somebody_slips_in_does_nothing(text: str) -> None:
    for tag, attributes in Tags(markdown(text, files=files)).found:
        assert tag in (
            "a",
            "blockquote",
            "code",
            "p",
            "pre",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "img",
        )
        assert set(attributes) <= HARMLESS, (tag, attributes)
        for name in ("href", "src"):
            assert (attributes.get(name) or "/").startswith(("/", "https://a.example")), attributes


@pytest.mark.parametrize("part", ["[", "![", "*a ", "**a*", "<", "_a", "[a](", "|x", "[a]: x\n", "> "])
def test_a_hostile_text_is_read_within_seconds(part: str) -> None:
    began = time.process_time()
    markdown((part * LONGEST)[: 2 * LONGEST])
    assert time.process_time() - began < 8


def test_the_files_of_a_text_are_known() -> None:
    assert media_in(f"![a](media:{LAMP}) [b](media:{GUIDE}) media:short") == {LAMP, GUIDE}
