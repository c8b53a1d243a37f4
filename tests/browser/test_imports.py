"""What a shop does with the export of its old system: upload it, look, publish, take it back."""

from pathlib import Path

import pytest

from tests.browser.conftest import WAYS, Server, Visiting, Visitor, worker

pytestmark = [pytest.mark.browser, pytest.mark.only_on("sqlite")]
SAVE = "main form.form p:last-child button.primary"
HEADER = "Handle,Title,Body (HTML),Vendor,Published,Option1 Name,Option1 Value,Variant SKU,Variant Price\n"
REJECTED = "a[href*='state=rejected']"
EXPORT = HEADER + (
    "{0}-bowl,{0} bowl,<p>Turned by hand.</p>,Hof,true,Size,S,{0}-S,18.00\n"
    "{0}-bowl,,,,,,L,{0}-L,26.50\n"
    "{0}-spoon,{0} spoon,,Hof,true,Title,Default Title,{0}-SP,dear\n"
)


def _until(v: Visitor, selector: str) -> None:
    """Wait for what a job brings: the page asks for it itself, or without a script one looks again."""
    if v.javascript:
        v.page.wait_for_selector(selector)
        return
    for _time in range(100):
        if v.page.locator(selector).count():
            return
        v.page.wait_for_timeout(100)
        v.page.reload()
    raise AssertionError(f"{selector} never came")


@WAYS
def test_an_export_is_uploaded_corrected_published_and_taken_back(
    visitor: Visiting, server: Server, axe: str, tmp_path: Path, javascript: bool, width: int
) -> None:
    file = tmp_path / "export.csv"
    name = "Ash" if javascript else "Elm"
    file.write_text(EXPORT.format(name))
    with worker(server.app), visitor(width=width, javascript=javascript) as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/imports")
        v.follow("main .page-header a.primary")
        v.clean(axe)
        v.page.set_input_files("#file", file)
        v.follow(SAVE)
        assert "Shopify" in v.page.locator("main").inner_text()
        assert "18.00 · 26.50 · dear" in v.page.locator("table").first.inner_text()
        v.clean(axe)
        v.follow(SAVE)
        _until(v, "form[action$='/publish'] button")
        rows = v.page.locator("main table").first.locator("tr")
        assert rows.last.inner_text().split()[-1] == "3"
        assert rows.filter(has=v.page.locator(REJECTED)).inner_text().split()[-1] == "1"
        v.clean(axe)
        v.follow(f"main table {REJECTED}")
        v.follow("tbody th a")
        assert v.page.locator("#field_price").input_value() == "dear"
        v.page.fill("#field_price", "7.25")
        v.clean(axe)
        v.follow(SAVE)
        v.follow("nav.crumbs a >> nth=1")
        v.follow("form[action$='/publish'] button.primary")
        _until(v, "form[action$='/undo'] button")
        v.clean(axe)
        v.go(f"/vendor/WIZAMART/products?q={name}")
        v.clean(axe)
        assert v.page.locator("tbody tr").count() == 2
        v.go("/vendor/WIZAMART/imports")
        v.clean(axe)
        v.follow("tbody th a")
        v.follow("form[action$='/undo'] button")
        _until(v, ".badge:text-is('Taken back')")
        v.go(f"/vendor/WIZAMART/products?q={name}")
        assert v.page.locator("tbody tr").count() == 0
        assert v.troubles == []
