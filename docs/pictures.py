"""Make the pictures of `product-owners.md`: `python docs/pictures.py`, after `make setup`. Wants Chromium.

A demo in a folder of its own, with a copy of the manifests, is used as the guide says: what the terminal
showed is drawn as SVG from the commands' real output, and pages are photographed with Playwright.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from io import BytesIO
from pathlib import Path
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
PORT = 8097
BASE = f"http://127.0.0.1:{PORT}"
#: Width and height of a photographed window.
SIZE = {"width": 1100, "height": 680}
#: A terminal's letter: width and line height.
LETTER, LINE, PAD = 8.0, 19, 16
FONTS = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
COLOURS = {"$": "#8ab4f8", "+": "#7ee787", "-": "#ff9492", "^": "#ff9492", "@": "#9da7b3"}


def main() -> None:
    """Make every picture."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, _portal(Path(folder)) as portal, _browser() as page:
        _pages_of_a_plan(page)
        portal.terminal("why", "modules why marketplace --platform letz")
        portal.terminal("switch", "modules disable marketplace --platform letz")
        portal.orion("modules", "enable", "marketplace", "--platform", "letz")
        portal.save("customers", "\n          label: All customers\n", "\n          lable: All customers\n")
        portal.terminal("mistake", "check")
        _pages_of_a_mistake(page)


class _Portal:
    """A demo that runs, and the manifests that it serves."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.manifests = folder, folder / "manifests"
        shutil.copytree(ROOT / "manifests", self.manifests)
        settings = {"ORION_DATA": folder / "data", "ORION_MANIFESTS": self.manifests, "PYTHONPATH": ROOT}
        self.environment = {**os.environ, **{name: str(value) for name, value in settings.items()}}

    def orion(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """What a command did: `stdout` is what it printed."""
        command = [sys.executable, "-m", "orion", *words]
        return subprocess.run(
            command,
            env=self.environment,
            cwd=self.folder,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def terminal(self, name: str, command: str) -> None:
        """Draw what a command prints."""
        shown = self.orion(*command.split()).stdout
        drawn = terminal([f"$ orion {command}", *shown.rstrip().splitlines()])
        (PICTURES / f"{name}.svg").write_text(drawn, encoding="utf-8")

    def save(self, module: str, before: str, after: str) -> None:
        """Change a manifest as an editor does, and wait until the portal has noticed."""
        file = self.manifests / f"{module}.yaml"
        text = file.read_text(encoding="utf-8")
        if before not in text:
            raise SystemExit(f"{file.name} has no {before.strip()!r} any more: name another line")
        file.write_text(text.replace(before, after, 1), encoding="utf-8")


@contextmanager
def _portal(folder: Path) -> Iterator[_Portal]:
    portal = _Portal(folder)
    command = [sys.executable, "-m", "orion", "demo", "--port", str(PORT)]
    with subprocess.Popen(
        command, env=portal.environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as running:
        try:
            _wait(running)
            yield portal
        finally:
            running.terminate()


def _wait(running: "subprocess.Popen[bytes]") -> None:
    """Until the demo answers. Raises SystemExit where it doesn't."""
    until = time.monotonic() + 300
    while running.poll() is None and time.monotonic() < until:
        try:
            urlopen(f"{BASE}/readyz", timeout=5).close()
            return
        except OSError:
            time.sleep(0.5)
    raise SystemExit("the demo does not start: see `orion demo`")


@contextmanager
def _browser() -> Iterator[Page]:
    """A page on which the demo's administrator has signed in. Raises StopIteration without a browser."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
        page.goto(f"{BASE}/login")
        page.fill("[name=email]", "admin@orion.example")
        page.fill("[name=password]", "orion-demo")
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/admin/")
        yield page
        browser.close()


def _pages_of_a_plan(page: Page) -> None:
    page.goto(f"{BASE}/admin/modules")
    _photograph(page, "modules")
    page.goto(f"{BASE}/admin/modules/marketplace/switch?to=off&platform=letz")
    _photograph(page, "plan")


def _pages_of_a_mistake(page: Page) -> None:
    """The banner, and the line to which it leads."""
    page.goto(f"{BASE}/admin/modules")
    page.locator(".banner a").first.click()
    page.wait_for_url("**/admin/modules/customers#L*")
    _photograph(page, "mistake-page")


def _photograph(page: Page, name: str) -> None:
    """A picture with few colours, which is a small one."""
    page.wait_for_load_state("networkidle")
    image = Image.open(BytesIO(page.screenshot(animations="disabled")))
    small = image.convert("RGB").quantize(48, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    small.save(PICTURES / f"{name}.png", optimize=True)


def terminal(lines: list[str]) -> str:
    """An SVG of a terminal with these lines, each coloured by what it begins with."""
    width = round(max(map(len, lines)) * LETTER + 2 * PAD)
    height = len(lines) * LINE + 2 * PAD - 5
    drawn = "\n".join(_line(number, line) for number, line in enumerate(lines))
    size = f'width="{width}" height="{height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {size}>\n'
        f'<rect {size} rx="8" fill="#1b1f24"/>\n'
        f'<g font-family="{FONTS}" font-size="13" fill="#e6edf3">\n{drawn}\n</g>\n</svg>\n'
    )


def _line(number: int, line: str) -> str:
    """A line of text, as wide as its letters in whatever font there is."""
    if not line.strip():
        return ""
    colour = COLOURS.get(line.lstrip()[0]) or ("#ff9492" if re.search(r": error ", line) else "")
    fill = f' fill="{colour}"' if colour else ""
    left, top = PAD + (len(line) - len(line.lstrip())) * LETTER, PAD + 10 + number * LINE
    text = line.strip()
    return (
        f'<text x="{left:g}" y="{top}" textLength="{len(text) * LETTER:g}" xml:space="preserve"{fill}>'
        f"{escape(text, quote=False)}</text>"
    )


if __name__ == "__main__":
    main()
