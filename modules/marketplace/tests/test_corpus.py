"""Files that mean harm, on the whole way: uploaded, looked at, read by a job, published, and shown."""

import io
import json
import os
import re
import subprocess
import sys
import time
from html.parser import HTMLParser
from typing import Any

import pytest
from sqlalchemy import select

import modules.catalog.api as catalog
from modules.marketplace import queries, services
from modules.marketplace.models import Import, Staged
from modules.marketplace.tests.conftest import NOW, Market
from orion.contracts.data import session
from orion.contracts.locales import said_again, speaking
from orion.contracts.markdown import markdown
from orion.contracts.tabular import Mapping, every
from orion.i18n.pseudo import OPEN
from orion.jobs.running import run_due
from orion.testing import csrf_token
from tests.measuring import Cost, measured, memory
from tests.tabular.corpus import CORPUS, Hostile

#: What is sent waits in files that only the collector closes.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
#: Seconds of processor time and megabytes that bringing a file takes, and having it read, and seconds that
#: each row takes in which there is no harm.
SECONDS, MEGABYTES, A_ROW = 5.0, 150.0, 1 / 1_500
#: Seconds that one worker may take for all of them, and megabytes that it may have had at most.
PATIENCE, WHOLE = 900.0, 400.0
TARGETS = {
    "products": "catalog.products",
    "stock": "inventory.stock",
    "orders": "orders.lines",
    "customers": "customers.customers",
}
LANGUAGE = "?lang=en-XA"
SHORT = (
    "a NUL in a cell",
    "bytes that are no text in the header",
    "prices that are none",
    "HTML with scripts",
    "letters that grow when they are compared",
    "a hostile name of the file",
    "a billion laughs",
    "an open quote",
    "NULs as workbooks write them",
)
BROUGHT = [what for what, hostile in CORPUS.items() if hostile.of in TARGETS]


def _marks(what: str) -> list[pytest.MarkDecorator]:
    """Most are tried where there is time, and no database has to do with one that is refused unread."""
    long = [] if what in SHORT else [pytest.mark.long]
    return [*long, pytest.mark.only_on("sqlite")] if CORPUS[what].says else long


class _Looking(HTMLParser):
    """Notes whatever in a page would run."""

    def __init__(self) -> None:
        super().__init__()
        self.running: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            text = re.sub(r"[\x00-\x20]", "", value or "").casefold()
            if name.startswith("on") or text.startswith(("javascript:", "data:text", "vbscript:")):
                self.running.append(f"{tag} {name}={value}")
            if "zxalert" in text and name in ("src", "href", "action", "style", "data"):
                self.running.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        if self.cdata_elem and "zxAlert" in data:
            self.running.append(f"{self.cdata_elem} {data[:80]}")


def _runs(page: str) -> list[str]:
    looking = _Looking()
    looking.feed(page)
    return looking.running


def _bring(market: Market, owner: Any, hostile: Hostile, content: bytes) -> tuple[str, Import | None]:
    """Upload a file, and state what it is and how it is written: why it can't be read, or the import."""
    new = f"/vendor/SHOP/imports/new{LANGUAGE}"
    sent = {"csrf_token": csrf_token(owner.get(new).text), "show_on": "east"}
    file = (io.BytesIO(content), hostile.name)
    answer = owner.post(new, data={**sent, "file": file}, content_type="multipart/form-data")
    if answer.status_code != 303:
        assert answer.status_code == 422
        return _said(answer.text), None
    here = answer.location.partition("?")[0] + LANGUAGE
    page = owner.get(here)
    assert page.status_code == 200 and not _runs(page.text)
    what = {"what": TARGETS[hostile.of], "show_on": "east"}
    go = {"csrf_token": csrf_token(page.text), **what}
    assert owner.post(here, data={**go, "go": "look"}).status_code in (303, 422)
    answer = owner.post(here, data={**go, **hostile.stated})
    with market.at() as _scope:
        found = session().scalars(select(Import).order_by(Import.id.desc())).first()
    if answer.status_code != 303:
        assert answer.status_code == 422
        return _said(answer.text), found
    return "", found


def _said(page: str) -> str:
    """What a page says is wrong."""
    found = re.findall(rf"{OPEN}[^⟧]*⟧", page)
    assert found
    return " ".join(found)


def _whole(market: Market, owner: Any, hostile: Hostile) -> None:
    content = hostile.content()  # Making a bomb costs what reading it must not.
    with measured() as bringing:
        said, found = _bring(market, owner, hostile, content)
    _is_little(bringing, hostile)
    if said or found is None:
        assert hostile.says or hostile.either, said
        return
    with measured() as reading:
        run_due(market.app)
    _is_little(reading, hostile)
    assert [(job.state, job.crashes) for job in market.jobs() if job.crashes or job.is_open] == []
    with market.at():
        found = session().scalars(select(Import).where(Import.id == found.id)).one()
    if found.stage == "refused":
        assert found.message.startswith(OPEN) and (hostile.says or hostile.either), found.message
        assert market.staged(found) == []
        return
    assert found.stage == "ready" and not hostile.says
    _is_accounted(market, found)
    _is_shown(market, owner, found)
    _is_published(market, owner, found, hostile)


def _is_little(cost: Cost, hostile: Hostile) -> None:
    assert cost.seconds < SECONDS + hostile.rows * A_ROW and cost.megabytes < MEGABYTES, cost


def _is_accounted(market: Market, found: Import) -> None:
    """Each row is in a thing, or rejected with its line and a reason."""
    staged = market.staged(found)
    assert sum(one.lines for one in staged) == found.rows
    rejected = [one for one in staged if one.state == "rejected"]
    with market.at(), speaking("en_XA"):
        reasons = [said_again(one.reason) for one in rejected]
    assert [one for one in reasons if not one.startswith(OPEN)] == []
    assert all(one.line > 0 for one in rejected)
    assert all(json.loads(one.data) for one in staged if one.data)
    assert not any(word in one.data for one in staged for word in ("NaN", "Infinity"))


def _is_shown(market: Market, owner: Any, found: Import) -> None:
    """Pages show it, and nothing in them runs."""
    of_states: dict[str, list[Staged]] = {}
    for one in market.staged(found):
        of_states.setdefault(one.state, []).append(one)
    items = [f"imports/staging/{one.public_id}" for several in of_states.values() for one in several[:3]]
    for path in (f"imports/{found.public_id}", f"imports/staging?import={found.public_id}", *items):
        page = owner.get(f"/vendor/SHOP/{path}")
        assert (page.status_code, _runs(page.text)) == (200, []), path


def _is_published(market: Market, owner: Any, found: Import, hostile: Hostile) -> None:
    if all(one.state not in queries.PUBLISHABLE for one in market.staged(found)):
        return
    made = market.publish(found)
    assert [(job.state, job.crashes) for job in market.jobs() if job.crashes or job.is_open] == []
    assert made.state == "done"
    with market.at():
        products = session().scalars(select(catalog.Product)).all()
        assert not [one.handle for one in products if _runs(str(markdown(one.description, below=2)))]
    page = owner.get("/vendor/SHOP/products")
    assert (page.status_code, _runs(page.text)) == (200, [])


@pytest.mark.parametrize("what", [pytest.param(what, marks=_marks(what)) for what in BROUGHT])
def test_a_hostile_file_is_taken_row_by_row_or_refused_in_a_sentence(
    market: Market, owner: Any, what: str
) -> None:
    hostile = CORPUS[what]
    with market.app.app_context():
        if hostile.of != "products" and TARGETS[hostile.of] not in every():
            pytest.skip("needs the module that takes it")
    _whole(market, owner, hostile)


@pytest.mark.long
@pytest.mark.only_on("sqlite")
def test_one_worker_outlives_them_all(market: Market) -> None:
    settings = market.app.extensions["settings"]
    for what in BROUGHT:
        hostile = CORPUS[what]
        with market.at(write=True) as scope:
            if hostile.of != "products" and TARGETS[hostile.of] not in every():
                continue
            content = hostile.content()
            found = services.bring(
                scope,
                io.BytesIO(content),
                hostile.name,
                size=len(content),
                show_on="east",
                target=TARGETS[hostile.of],
                mapping=Mapping(**hostile.stated),
                now=NOW,
            )
            services.read(scope, found)
    run = [sys.executable, "-c", "from orion.cli import main; main()", "worker", "--with-parent"]
    with subprocess.Popen(run, env={**os.environ, **settings.as_env()}, stdin=subprocess.PIPE) as worker:
        until = time.monotonic() + PATIENCE
        while any(job.is_open for job in market.jobs()) and time.monotonic() < until:
            assert worker.poll() is None
            time.sleep(0.5)
        peak = memory("VmHWM", worker.pid)
        assert worker.poll() is None
        worker.kill()
    jobs = market.jobs()
    assert {job.state for job in jobs} == {"done", "failed"}
    assert [job.message for job in jobs if job.crashes] == []
    assert peak < WHOLE
