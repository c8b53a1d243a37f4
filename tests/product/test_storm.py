"""Half a minute of requests to `orion serve` while its files change: no error, and no mixed page."""

import re
import shutil
import threading
import time
from collections import Counter
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import pytest

from orion.settings import ROOT, Settings
from orion.testing import PASSWORD, csrf_token, fill_demo
from orion.testing.servers import embedded
from tests.product.board import OWNER

pytestmark = [pytest.mark.long, pytest.mark.only_on("sqlite")]
#: Seconds of the storm, requests a second in all, and who asks.
STORM, RATE, ASKERS = 30.0, 50, 8
HOME = "/vendor/WIZAMART"
#: A page that comes and goes → the tile that comes and goes with it.
SWITCHED = {f"{HOME}/pages": "cms.pages", f"{HOME}/imports": "marketplace.import_jobs"}


def test_a_storm_of_requests_while_files_change_meets_no_error_and_no_mixed_page(
    settings: Settings, tmp_path: Path
) -> None:
    fill_demo(settings)
    folder = tmp_path / "manifests"
    shutil.copytree(ROOT / "manifests", folder)
    own = {"manifests": folder, "watch_every": 0.2, "jobs_beside": 0, "rate_limits": 0, "demo": 1}
    with embedded(settings.data, secret_key=settings.secret_key, **own) as address:
        storm = Storm(address, folder)
        storm.blow()
    print(storm.met)
    assert storm.wrong == []
    assert storm.met.total() > STORM * RATE / 5  # A busy machine answers fewer.
    for page in SWITCHED:
        assert storm.met[page, 200] and storm.met[page, 404], storm.met


class Storm:
    """Some who ask and one who switches; `met` counts answers by page and status, `wrong` says what was."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address, self.folder = address, folder
        self.met: Counter[tuple[str, int]] = Counter()
        self.wrong: list[str] = []
        self.until = 0.0

    def blow(self) -> None:
        """Until the time is over."""
        openers = [self._signed_in() for _ in range(ASKERS)]
        self.until = time.monotonic() + STORM
        threads = [threading.Thread(target=self._ask, args=(one,)) for one in openers]
        for thread in threads:
            thread.start()
        self._switch()
        for thread in threads:
            thread.join()

    def _signed_in(self) -> OpenerDirector:
        opener = build_opener(HTTPCookieProcessor(CookieJar()))
        page = opener.open(f"{self.address}/login", timeout=30).read().decode()
        form = {"email": OWNER, "password": PASSWORD, "csrf_token": csrf_token(page)}
        opener.open(f"{self.address}/login", urlencode(form).encode(), timeout=30).read()
        return opener

    def _ask(self, opener: OpenerDirector) -> None:
        while time.monotonic() < self.until:
            for page in (f"{HOME}/", *SWITCHED):
                begun = time.monotonic()
                status, html = _answer(opener, self.address + page)
                self.met[page, status] += 1
                self.wrong += [f"{page} is {status}: {said}" for said in _mixed(page, status, html)]
                time.sleep(max(0.0, ASKERS / RATE - (time.monotonic() - begun)))

    def _switch(self) -> None:
        """A module in the installation, and another on each platform, every second."""
        cms = self.folder / "cms.yaml"
        files = [cms, *sorted((self.folder / "platforms").glob("*.yaml"))]
        whole = {file: file.read_text() for file in files}
        off = {file: text + "modules: {marketplace: false}\n" for file, text in whole.items()}
        off[cms] = whole[cms].replace("version:", "enabled: false\nversion:", 1)
        while time.monotonic() < self.until:
            for texts in (off, whole):
                for file, text in texts.items():
                    file.write_text(text)
                time.sleep(1)


def _answer(opener: OpenerDirector, url: str) -> tuple[int, str]:
    try:
        with opener.open(url, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def _mixed(page: str, status: int, html: str) -> list[str]:
    """What in one answer can't be of one registry."""
    found = [] if status in (200, 404) else ["no such answer"]
    menu = set(re.findall(r'href="([^"]*)"', html.partition("<nav")[2].partition("</nav>")[0]))
    if page in SWITCHED and menu and (page in menu) != (status == 200):
        found.append("its own menu says otherwise")
    if page == f"{HOME}/" and status == 200:
        shown = {other: f'"{HOME}/tiles/{tile}' in html for other, tile in SWITCHED.items()}
        found += [f"{other} and its tile" for other, there in shown.items() if there != (other in menu)]
    return found
