"""Writing pages and bringing files, as people do: with a script and without, wide and narrow."""

import base64
import io
from typing import Any

import pytest
from PIL import Image

from tests.browser.conftest import Visiting, violations

pytestmark = [pytest.mark.browser, pytest.mark.only_on("sqlite")]

PAGES = "/vendor/WIZAMART/pages"
MEDIA = "/vendor/WIZAMART/media"


def _picture() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (80, 60), "teal").save(target, "PNG")
    return target.getvalue()


def _text(v: Any) -> str:
    return str(v.page.locator("main").inner_text())


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("javascript", [True, False], ids=["script", "no script"])
def test_a_page_is_written_published_and_read(
    own_visitor: Visiting, axe: str, width: int, javascript: bool
) -> None:
    with own_visitor(width=width, javascript=javascript) as v:
        v.sign_in("owner@orion.example")
        v.go(PAGES)
        v.follow("main .page-header a.button")
        v.page.fill("#title", "Workshops")
        v.page.fill("#body", "## Saturday\n\nBring an *apron*.")
        if javascript:
            v.page.locator("#preview h2").wait_for()
            assert violations(v.page, axe) == []
        else:
            v.follow("button[name=show]")
        assert v.page.locator("#preview em").inner_text() == "apron"
        v.follow("form.form button.primary")
        assert "Saved as a draft." in v.page.inner_text("body")
        v.follow("a[href$='/publish']")
        v.follow("form.form button.primary")
        v.follow("a[href*='/shop/']")
        assert v.page.locator("h1").inner_text() == "Workshops"
        assert v.page.locator("article em").inner_text() == "apron"


def test_a_picture_of_the_library_goes_where_the_cursor_is(own_visitor: Visiting) -> None:
    with own_visitor() as v:
        v.sign_in("owner@orion.example")
        v.go(f"{PAGES}/new")
        v.page.fill("#body", "One.")
        v.page.click("[data-insert] >> nth=0")
        assert v.page.input_value("#body").startswith("One.![")
        v.page.locator("#preview img").wait_for()
        assert v.page.evaluate("document.activeElement.id") == "body"


def test_files_are_dropped_and_brought_all_at_once(own_visitor: Visiting) -> None:
    with own_visitor() as v:
        v.sign_in("owner@orion.example")
        v.go(f"{MEDIA}/upload")
        v.page.evaluate(
            """text => {
              const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
              const dataTransfer = new DataTransfer();
              for (const name of ["one.png", "two.png"]) dataTransfer.items.add(new File([bytes], name));
              const how = { dataTransfer, bubbles: true, cancelable: true };
              document.querySelector("[data-drop]").dispatchEvent(new DragEvent("drop", how));
            }""",
            base64.b64encode(_picture()).decode(),
        )
        assert v.page.inner_text("[data-dropped]") == "one.png, two.png"
        v.follow("form.form button.primary")
        assert "2 files are in the library." in v.page.inner_text("body")
        assert {"one", "two"} <= set(v.page.locator("tbody th a").all_inner_texts())


def test_a_file_is_brought_without_a_script(own_visitor: Visiting) -> None:
    with own_visitor(width=390, javascript=False) as v:
        v.sign_in("owner@orion.example")
        v.go(f"{MEDIA}/upload")
        v.page.set_input_files(
            "input[type=file]", {"name": "lamp.png", "mimeType": "image/png", "buffer": _picture()}
        )
        v.follow("form.form button.primary")
        assert "lamp" in _text(v)


def test_what_is_wrong_with_a_page_takes_the_focus(own_visitor: Visiting, axe: str) -> None:
    with own_visitor() as v:
        v.sign_in("owner@orion.example")
        v.go(f"{PAGES}/new")
        v.page.fill("#slug", "No way")
        v.follow("form.form button.primary")
        assert v.page.evaluate("document.activeElement.matches('.alert[data-tone=danger]')")
        assert violations(v.page, axe) == []
