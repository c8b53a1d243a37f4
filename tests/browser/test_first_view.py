"""What the first view of the vendor's dashboard costs, and that pages keep still and in the window."""

import pytest

from tests.browser.conftest import Visiting

pytestmark = [pytest.mark.browser, pytest.mark.only_on("sqlite")]

BUDGET_BYTES = 40 * 1024
BUDGET_REQUESTS = 6
SHIFT = """() => new Promise(done => {
  let sum = 0;
  const add = list => { for (const e of list.getEntries()) if (!e.hadRecentInput) sum += e.value; };
  new PerformanceObserver(add).observe({type: 'layout-shift', buffered: true});
  setTimeout(() => done(sum), 300);
})"""
WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: Pixels between what the cell before the badge says and the badge, row by row.
CLEAR = """rows => rows.map(row => {
  const said = document.createRange(), badge = row.querySelector('.badge');
  said.selectNodeContents(badge.closest('td').previousElementSibling);
  const [a, b] = [said.getBoundingClientRect(), badge.getBoundingClientRect()];
  return Math.max(b.left - a.right, b.top - a.bottom, a.top - b.bottom);
})"""
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"


def test_the_first_view_of_the_dashboard_keeps_its_budget(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in("owner@orion.example")
        session = v.page.context.new_cdp_session(v.page)
        session.send("Network.enable")
        session.send("Network.clearBrowserCache")
        sizes: dict[str, float] = {}
        urls: dict[str, str] = {}
        session.on("Network.requestWillBeSent", lambda e: urls.update({e["requestId"]: e["request"]["url"]}))
        session.on(
            "Network.loadingFinished", lambda e: sizes.update({e["requestId"]: e["encodedDataLength"]})
        )
        v.go("/vendor/WIZAMART/")
        v.settled()
        v.page.wait_for_load_state("networkidle")
        sent = {urls[i]: size for i, size in sizes.items() if urls[i].startswith("http")}
        before_tiles = {url: size for url, size in sent.items() if "/tiles" not in url}
        assert len(before_tiles) > 3, before_tiles
        assert len(before_tiles) <= BUDGET_REQUESTS, before_tiles
        assert sum(before_tiles.values()) <= BUDGET_BYTES, before_tiles


@pytest.mark.parametrize("width", [1280, 390])
def test_tiles_fill_in_without_moving_the_page(visitor: Visiting, width: int) -> None:
    with visitor(width=width) as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/")
        v.settled()
        assert v.page.evaluate(SHIFT) <= 0.02


def test_every_tile_of_the_dashboard_shows_a_value(visitor: Visiting) -> None:
    with visitor() as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/")
        v.settled()
        tiles = v.page.locator(".tile")
        assert tiles.count() >= 8
        for tile in tiles.all():  # Those far down ask when they are seen.
            tile.scroll_into_view_if_needed()
            tile.locator(".value, .legend, .ranked, .bars").first.wait_for(state="attached")
        assert v.page.locator(".tile:has(.value, .legend, .ranked, .bars)").count() == tiles.count()
        assert v.page.locator(".tile .failed").count() == 0


@pytest.mark.parametrize("width", [1280, 390])
def test_a_very_long_word_in_every_cell_keeps_the_page_in_the_window(visitor: Visiting, width: int) -> None:
    with visitor(width=width) as v:
        v.sign_in("owner@orion.example")
        for path in ("/vendor/WIZAMART/orders", "/vendor/WIZAMART/customers", "/vendor/WIZAMART/team"):
            v.go(path)
            v.page.eval_on_selector_all(
                "tbody th a, tbody th:not(:has(a)), td:not(.num) > span:not(:has(.badge)), h1, .sidebar a",
                f"cells => cells.forEach(cell => cell.textContent = '{LONG}')",
            )
            assert v.page.locator("tbody").inner_text().count(LONG) >= 2
            assert v.page.evaluate(WIDER) <= 0, path
            last = v.page.locator("tbody tr").first.locator("td").last.bounding_box()
            assert last["x"] + last["width"] <= width, path


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_a_range_of_prices_leaves_the_name_more_of_the_line(visitor: Visiting, width: int) -> None:
    with visitor(width=width) as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/products?lang=ar")
        v.page.eval_on_selector_all(
            "tbody .money bdi", "all => all.forEach(e => e.textContent = 'من 1.234,90 € إلى 12.345,50 €')"
        )
        row = v.page.locator("tbody tr:has(.money bdi)").first
        name, price = (row.locator(cell).bounding_box()["width"] for cell in ("th", ".money"))
        assert 0 < price < name
        assert v.page.evaluate(WIDER) <= 0


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_the_date_of_an_order_keeps_clear_of_the_longest_state(
    visitor: Visiting, width: int
) -> None:
    with visitor(width=width) as v:
        v.sign_in("owner@orion.example")
        v.go("/vendor/WIZAMART/orders")
        v.page.eval_on_selector_all(
            "tbody .badge", "all => all.forEach(e => e.textContent = 'Partly shipped')"
        )
        assert v.page.locator("tbody .badge").count() > 1
        assert min(v.page.eval_on_selector_all("tbody tr", CLEAR)) >= 8
