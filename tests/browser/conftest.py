"""A real browser against a real server with the demo's data.

One browser and one server serve all tests that only read; every test has a context of its own.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import which
from time import monotonic
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from waitress.server import create_server

from orion.identity.rows import FRESH_FOR
from orion.jobs.running import run_due
from orion.testing import PASSWORD, need, settings_in, shared_demo
from orion.testing.databases import Databases
from orion.web.answering import Answering
from tests.browser.pages import Visit, pages_of

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(
    filter(None, map(which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"))),
    None,
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Axe runs once on each page: compiling it well costs more than it gains.
    "--js-flags=--no-opt",
]

Visiting = Callable[..., AbstractContextManager["Visitor"]]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, driving the machine's own Chromium."""
    need("Chromium", CHROMIUM is not None)
    need("the front-end files of `make setup`", (ROOT / "static" / "vendor" / "htmx.min.js").exists())
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """The one browser of all tests."""
    running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
    yield running
    running.close()


# -- servers --------------------------------------------------------------------------------------


@dataclass
class Server:
    """A running portal; `cookies`: since when somebody, by address, has been signed in, and with what."""

    url: str
    app: Flask
    cookies: dict[str, tuple[float, Any]] = field(default_factory=dict)


@contextmanager
def serving(app: Flask) -> Iterator[Server]:
    """The application behind waitress on a free port."""
    running = create_server(app, host="127.0.0.1", port=0, threads=6)
    answering = Answering(running)
    thread = threading.Thread(target=answering.run, daemon=True)
    thread.start()
    try:
        yield Server(f"http://127.0.0.1:{running.effective_port}", app)
    finally:
        # What a page still asks for is answered first: a thread that answers a closed server fails the test.
        answering.go()
        thread.join(timeout=30)
        running.close()


@contextmanager
def worker(app: Flask) -> Iterator[None]:
    """Jobs are done meanwhile."""
    over = threading.Event()

    def work() -> None:
        while not over.wait(0.1):
            run_due(app)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(timeout=20)


@pytest.fixture(scope="session")
def server(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The demo that all tests share which change nothing."""
    settings = settings_in(
        tmp_path_factory.mktemp("portal"),
        # The machine may be busy: what a late figure looks like is for other tests.
        metric_statement_deadline=10,
        metric_deadline=10,
        batch_deadline=20,
    )
    with shared_demo(databases, settings) as app, serving(app) as running:
        yield running


@pytest.fixture(scope="session")
def pages(server: Server) -> dict[Visit, str]:
    """Every page of the shared demo, by who sees it, and the template that it is made of."""
    return pages_of(server.app)


@pytest.fixture
def own_server(demo: Flask) -> Iterator[Server]:
    """A demo for one test, which may change it."""
    with serving(demo) as running:
        yield running


# -- visitors -------------------------------------------------------------------------------------


@dataclass
class Visitor:
    """A browser page, and everything that went wrong in it."""

    page: Page
    server: Server
    troubles: list[str]
    javascript: bool = True

    def go(self, path: str) -> Any:
        """Open a path of the portal."""
        return self.page.goto(self.server.url + path)

    def sign_in(self, email: str, anew: bool = False) -> None:
        """Through the login form, as a person does; the second time by the cookie of the first, while that
        still opens pages that ask who one is."""
        since, cookies = self.server.cookies.get(email, (0.0, None))
        if not anew and cookies and monotonic() - since < FRESH_FOR.total_seconds() / 2:
            self.page.context.add_cookies(cookies)
            return
        self.go("/login")
        self.page.fill("input[name=email]", email)
        self.page.fill("input[name=password]", PASSWORD)
        self.follow("main button[type=submit]")
        self.page.wait_for_url(lambda url: "/login" not in url)
        if not anew:
            self.server.cookies[email] = monotonic(), self.page.context.cookies()

    def resize(self, width: int) -> None:
        """Make the window as wide, and wait until the page has heard of it."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.wait_for_function(f"() => innerWidth === {width}")

    def follow(self, selector: str) -> None:
        """Click what leads to another page, and wait until that page is there whole."""
        with self.page.expect_navigation():
            self.page.click(selector)

    def clean(self, axe: str) -> None:
        """Axe finds nothing on the page as it is now. Where no script runs, axe doesn't either."""
        if self.javascript:
            assert violations(self.page, axe) == []

    def settled(self) -> None:
        """Wait until every tile that asks at once has its answer."""
        self.page.wait_for_function(
            """() => ![...document.querySelectorAll('.tile-loader ~ .tiles .tile-body')].some(body =>
              !(body.getAttribute('hx-trigger') || '').startsWith('revealed')
              && body.dataset.batched !== 'below'
              && (body.ariaBusy === 'true' || body.querySelector('.skeleton')))"""
        )

    def focused(self) -> str:
        """What has the focus, as one says it: tag, id, text."""
        said: str = self.page.evaluate(
            "() => { const e = document.activeElement;"
            " return [e.tagName.toLowerCase(), e.id, (e.textContent || e.name || '').trim()].join('|') }"
        )
        return said


def visiting(browser: Browser, server: Server) -> Visiting:
    """`with visitor(width=390, scheme="dark", javascript=False) as v:`"""

    @contextmanager
    def visit(
        width: int = 1280, height: int = 900, scheme: str = "light", javascript: bool = True, **options: Any
    ) -> Iterator[Visitor]:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=javascript,
            reduced_motion="reduce",
            **options,
        )
        page = context.new_page()
        troubles: list[str] = []
        page.on("pageerror", lambda error: troubles.append(f"script: {error}"))
        page.on("console", lambda m: troubles.append(f"console: {m.text}") if m.type == "error" else None)
        try:
            yield Visitor(page, server, troubles, javascript)
        finally:
            context.close()

    return visit


@pytest.fixture
def visitor(browser: Browser, server: Server) -> Visiting:
    """Somebody at the shared demo, who changes nothing but their own session."""
    return visiting(browser, server)


@pytest.fixture
def own_visitor(browser: Browser, own_server: Server) -> Visiting:
    """Somebody at a demo of the test's own."""
    return visiting(browser, own_server)


def _ways(*crossed: pytest.MarkDecorator) -> pytest.MarkDecorator:
    """With a script and without, on a wide page and on a phone."""
    ways = [(True, 1280, ()), (True, 390, crossed), (False, 1280, crossed), (False, 390, ())]
    return pytest.mark.parametrize(
        ("javascript", "width"),
        [
            pytest.param(javascript, width, id=f"{'script' if javascript else 'plain'}-{width}", marks=marks)
            for javascript, width, marks in ways
        ],
    )


EVERY_WAY = _ways()
#: Each width and each way of asking once; crossed, where there is time.
WAYS = _ways(pytest.mark.long)


# -- widths ---------------------------------------------------------------------------------------

WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: What a reader may set for any page: WCAG 1.4.12.
SPACING = """
  * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
  p { margin-block-end: 2em !important }"""
#: Texts that are cut off where no scrolling reaches the rest; names of places may be: titles have them whole.
CUT = """[...document.querySelectorAll('main *, .topbar *')].filter(e => {
  const style = getComputedStyle(e), hides = [style.overflowX, style.overflowY]
    .map(way => way === 'hidden' || way === 'clip');
  const heard = style.clipPath !== 'none' || e.closest('.hidden');  // for the ear alone
  return e.checkVisibility() && e.textContent.trim() && !heard && !e.closest('.truncate')
    && (hides[0] && e.scrollWidth > e.clientWidth + 1 || hides[1] && e.scrollHeight > e.clientHeight + 1);
}).map(e => e.outerHTML.slice(0, 100))"""
SPACED = f"""spacing => {{
  const sheet = new CSSStyleSheet(), before = [...document.adoptedStyleSheets];
  sheet.replaceSync(spacing);
  document.adoptedStyleSheets = [...before, sheet];
  const cut = {CUT}, wider = ({WIDER})();
  document.adoptedStyleSheets = before;
  return wider > 0 ? [...cut, `${{wider}} pixels too wide`] : cut;
}}"""


def cut_off(page: Page) -> list[str]:
    """What is cut off, or too wide for the window, while a reader's own spacing is set."""
    found: list[str] = page.evaluate(SPACED, SPACING)
    return found


# -- axe ------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core, which set-up fetches for tests alone."""
    file = ROOT / "static" / "node_modules" / "axe-core" / "axe.min.js"
    need("axe-core of `make setup`", file.exists())
    return file.read_text()


TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: A scheme changes colours alone: these rules ask about them.
COLOURS = ("color-contrast", "link-in-text-block")


def violations(page: Page, axe: str, tags: Sequence[str] = TAGS) -> list[str]:
    """What axe finds on the page as it is now, one line a finding. The page must run scripts: else it
    waits for ever."""
    session = page.context.new_cdp_session(page)
    known = session.send("Runtime.evaluate", {"expression": "!!window.axe", "returnByValue": True})
    if not known["result"]["value"]:  # The text is long: a page is told it once.
        session.send("Runtime.evaluate", {"expression": f"(() => {{ {axe} }})(), 0"})
    line = "v.id + ': ' + n.target.join(' ') + ' ' + n.failureSummary.slice(0, 200)"
    lines = f"r.violations.flatMap(v => v.nodes.map(n => {line}))"
    ask = f"axe.run(document, {{runOnly: {list(tags)}, resultTypes: ['violations']}}).then(r => {lines})"
    answer = session.send(
        "Runtime.evaluate", {"expression": ask, "awaitPromise": True, "returnByValue": True}
    )
    session.detach()
    assert "exceptionDetails" not in answer, answer
    found: list[str] = answer["result"]["value"]
    return found
