"""Workers are killed while they read, publish and take back: nothing is lost, nothing is doubled.

    python -m modules.marketplace.tests.faults [--kills 50] [--workers 1 2] [--db sqlite postgresql]
        [--queue redis://…] [--beside] [--crash postgresql|redis|forgetful-redis] [--rows 3000] [--seed 1]

Two vendors bring files, publish them and take that back, without anybody who disturbs; then again on another
database, while workers are killed at random moments. What the tables say at each step must be the same.
With --crash it is not the workers: a server of one's own is killed and started again while they are at work,
and somebody looks at a page all the time.
"""

import argparse
import csv
import io
import os
import random
import re
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache, wraps
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from sqlalchemy import func, select

import modules.catalog.api as catalog
from modules.marketplace import services
from modules.marketplace.models import Import, Staged
from modules.marketplace.staging import lines_of
from modules.marketplace.tests.conftest import HEADER, MARKET, Market
from orion.app import create_app
from orion.contracts.data import DatabaseGone, read_versions, session
from orion.contracts.jobs import OPEN, Job
from orion.contracts.models import UtcDateTime
from orion.data.database import db
from orion.data.rules import AS_OWNER
from orion.data.tables import metadata
from orion.jobs.running import run_due
from orion.settings import Settings
from orion.testing import PASSWORD, close, csrf_token, settings_in
from orion.testing.databases import Databases
from orion.testing.servers import Throwaway, embedded, postgresql, redis
from orion.testing.workers import IDLE, Workers, seconds_of, workers
from orion.testing.workers import kill as kill_process

#: Seconds of a lease and between two sweeps while workers are killed.
LEASE, SWEEP = 2.0, 0.25
#: Seconds between two looks at the workers, at the jobs, and at what the tables add up to.
PAUSE, OFTEN, SELDOM = 0.01, 0.5, 2.0
#: Seconds of processor time that a worker has before it is killed; so that machines that are busy see the
#: same. And seconds that a run may take for each kill.
LIFE, PATIENCE = (0.03, 0.8), 120.0
#: Of the kills of one run, how many may be of one job's name: they are to be spread over all kinds of work.
MOST_OF_ONE, MOST_CRASHES_OF_ONE = 9, 2
#: Crashes without getting on at which a job is left in peace until it does: at five it is parked.
SPARED = 3
PERSON = "owner@x.example"
MODULES = ("catalog", "inventory", "marketplace")
#: Columns that are another's name, and where they are named.
NAMES = {
    "product_id": "catalog_product.handle",
    "variant_id": "catalog_variant.sku",
    "option_id": "catalog_option.name",
    "import_id": "marketplace_import.name",
    "location_id": "inventory_location.name",
}
#: Columns that are other ones in each run: ids and moments are left out by their types.
CHANCE = frozenset({"public_id", "before", "batch", "file", "user_id", "version", "publication_id", "id"})
#: Tables of others, and what of them counts.
TOLD = {
    "orion_job": ("name", "about", "state", "done", "total", "message", "stopping"),
    "orion_notice": ("kind",),
    "tenancy_audit_entry": ("action",),
}
#: Which job has read a file.
_READ_BY = re.compile(r'"job": "\w+"(, )?')
Dump = dict[str, Counter[str]]
Steps = Iterator[None]


# -- what is brought ------------------------------------------------------------------------------


def products(rows: int, *, later: bool = False) -> bytes:
    """About so many rows of a Shopify export: products of one to three variants, of which some rows are
    wrong, some say again what stands there, and some say nothing. A `later` file has other prices for some,
    has lost some, and has new ones."""
    rng = random.Random(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER, lineterminator="\n")
    writer.writeheader()
    for number in range(rows // 2):
        sizes = rng.choice((("S", "M", "L"), ("S", "M"), ("",)))
        chance = rng.random()
        if later and chance < 0.1:
            continue
        handle = f"thing-{number}" if not later or chance < 0.9 else f"late-{number}"
        for at, size in enumerate(sizes):
            price = number % 900 + 5 + (at if not later or chance > 0.6 else at + 1)
            row = {
                "Handle": handle,
                "Title": "" if at else f"Thing {number}",
                "Vendor": "" if at else "Maker",
                "Tags": "" if at else f"tag-{number % 7}",
                "Option1 Name": "" if at else ("Size" if size else "Title"),
                "Option1 Value": size or "Default Title",
                "Variant SKU": f"{handle}-{size}",
                "Variant Price": "dear" if 0.2 < chance < 0.23 and at else f"{price}.95",
                "Image Src": f"https://x.example/{number}-{at}.jpg",
                "Status": "active",
            }
            writer.writerow(row)
            if 0.3 < chance < 0.33:
                writer.writerow(row)  # The same again.
        if 0.4 < chance < 0.42:
            writer.writerow({"Variant Price": "1.00"})
    return out.getvalue().encode()


def stock(rows: int, *, later: bool = False) -> bytes:
    """The stock of the same products, at two places; some variants that aren't there."""
    skus = [row["Variant SKU"] for row in csv.DictReader(io.StringIO(products(rows).decode()))]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("SKU", "Location", "On hand"))
    for number, sku in enumerate(dict.fromkeys(filter(None, skus))):
        for place in ("North", "South"):
            pieces = "many" if number % 97 == 5 else number % 50 + 1 + (number % 3 if later else 0)
            writer.writerow((f"{sku}-x" if number % 101 == 7 else sku, place, pieces))
    return out.getvalue().encode()


# -- what is done, and what is to be seen then -----------------------------------------------------


def patient(method: Any) -> Any:
    """Have something tried again while the database is away, or others write all the time."""

    @wraps(method)
    def trying(*arguments: Any, **options: Any) -> Any:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                return method(*arguments, **options)
            except DatabaseGone:
                if time.monotonic() > until:
                    raise
            time.sleep(SELDOM)

    return trying


@dataclass
class Scene:
    """A portal on a database of its own, and what its tables said at each step."""

    market: Market
    settings: Settings
    rows: int
    seen: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    @property
    def plans(self) -> dict[str, Callable[[], Steps]]:
        """What each vendor does; after each step its jobs are to be done."""
        return {"SHOP": self._trades, "RIVAL": self._counts}

    def _trades(self) -> Steps:
        """Products, the same again with changes, and both taken back."""
        empty = self.market.catalog("SHOP")
        first = self.bring("SHOP", "first.csv", products(self.rows))
        yield
        self.note("SHOP", "first read")
        one = self.publish("SHOP", first)
        yield
        between = self.market.catalog("SHOP")
        self.note("SHOP", "first published")
        second = self.bring("SHOP", "second.csv", products(self.rows, later=True))
        yield
        self.note("SHOP", "second read")
        two = self.publish("SHOP", second)
        yield
        self.note("SHOP", "second published")
        self.take_back("SHOP", two)
        yield
        self.note("SHOP", "second taken back")
        self.same("second taken back", between, self.market.catalog("SHOP"))
        self.take_back("SHOP", one)
        yield
        self.note("SHOP", "first taken back")
        self.same("first taken back", empty, self.market.catalog("SHOP"))

    def _counts(self) -> Steps:
        """Products that are published at once, their stock twice, and the second taken back."""
        self.bring("RIVAL", "first.csv", products(self.rows), at_once=True)
        yield
        self.note("RIVAL", "first published")
        if "inventory" not in self.market.app.extensions["orion"].modules:
            return
        found = self.bring("RIVAL", "stock.csv", stock(self.rows), target="inventory.stock")
        yield
        self.note("RIVAL", "stock read")
        self.publish("RIVAL", found)
        yield
        self.note("RIVAL", "stock published")
        levels = self.levels("RIVAL")
        later = self.bring("RIVAL", "later.csv", stock(self.rows, later=True), target="inventory.stock")
        yield
        two = self.publish("RIVAL", later)
        yield
        self.note("RIVAL", "later stock published")
        self.take_back("RIVAL", two)
        yield
        self.note("RIVAL", "later stock taken back")
        self.same("later stock taken back", levels, self.levels("RIVAL"))

    # -- what is asked for

    @patient
    def bring(self, vendor: str, name: str, content: bytes, **options: Any) -> int:
        """Bring a file and ask for it to be read; its row id."""
        with self.market.at(vendor, write=True) as scope:
            stream, size, now = io.BytesIO(content), len(content), datetime.now(UTC)
            found = services.bring(scope, stream, name, size=size, now=now, **options)
            services.read(scope, found)
            return found.id

    @patient
    def publish(self, vendor: str, id_: int) -> str:
        """Ask for an import to be published; the publication's public id."""
        with self.market.at(vendor, write=True) as scope:
            made = services.publish(scope, services.by_id(id_), now=datetime.now(UTC))
            return made.public_id if made else ""

    @patient
    def take_back(self, vendor: str, public_id: str) -> None:
        """Ask for a publication to be taken back."""
        self.market.run(services.take_back, public_id, vendor=vendor)

    # -- what is seen

    @patient
    def open(self, vendor: str) -> bool:
        """Whether a job of a vendor is to be done; one that isn't done and never will be is a fault."""
        with self.market.at(vendor):
            states = session().execute(select(Job.name, Job.state, Job.message)).all()
        ended = [
            f"{vendor}: {name} {state}: {why}" for name, state, why in states if state not in ("done", *OPEN)
        ]
        if ended:
            raise AssertionError("; ".join(ended))
        return any(state in OPEN for _name, state, _why in states)

    def note(self, vendor: str, step: str) -> None:
        """Keep what the tables say of a vendor."""
        self.seen[f"{vendor}: {step}"] = self.dump(vendor)
        self.accounted(vendor)

    def same(self, step: str, before: Any, after: Any) -> None:
        """Note a fault where taking back didn't make the tables exactly what they were."""
        self.faults += [
            f"{step}: {name} is not what it was" for name in before if before[name] != after[name]
        ]

    def accounted(self, vendor: str) -> None:
        """Note a fault where a line of a file isn't staged exactly once."""
        with self.market.at(vendor):
            for found in session().scalars(select(Import)).all():
                mine = select(Staged).where(Staged.import_id == found.id, Staged.state != "gone")
                lines = Counter(line for one in session().scalars(mine) for line in lines_of(one))
                twice = [line for line, number in lines.items() if number > 1]
                if len(lines) != found.rows or twice:
                    self.faults.append(
                        f"{vendor} {found.name}: {len(lines)} of {found.rows} lines, twice {twice[:5]}"
                    )

    def levels(self, vendor: str) -> dict[str, Counter[str]]:
        """What lies where."""
        dump = self.dump(vendor)
        return {name: dump[name] for name in ("inventory_item", "inventory_level")}

    @patient
    def dump(self, vendor: str) -> Dump:
        """table → its rows of a vendor as texts, by name instead of by number, without moments."""
        id_ = self.market.vendors[vendor].id
        found: Dump = {}
        with self.market.app.app_context(), db.engines["write"].begin() as connection:
            connection = connection.execution_options(**AS_OWNER)
            names = {}
            for column, named in NAMES.items():
                table, _dot, name = named.partition(".")
                if table in metadata.tables:
                    c = metadata.tables[table].c
                    names[column] = dict(
                        connection.execute(select(c.id, c[name]).where(c.vendor_id == id_)).all()
                    )
            for name in (*_tables(), *TOLD):
                table = metadata.tables[name]
                columns = _columns(name)
                # What an import has made may be of any module: its rows say by a key which is meant.
                made = {"product_id": {}} if name.startswith("marketplace_") else {}
                named = {**names, **made}
                rows = connection.execute(
                    select(*(table.c[c] for c in columns)).where(table.c.vendor_id == id_)
                )
                found[name] = Counter(
                    "|".join(
                        _READ_BY.sub("", str(named[c].get(v, bool(v)) if c in named else v))
                        for c, v in zip(columns, row, strict=True)
                    )
                    for row in rows
                )
        return found

    @patient
    def figures(self) -> dict[tuple[str, str], tuple[int, tuple[Any, ...]]]:
        """(vendor, module) → its data version, and what its tables add up to: of one moment."""
        found: dict[tuple[str, str], tuple[int, tuple[Any, ...]]] = {}
        for vendor in self.plans:
            with self.market.at(vendor) as scope:
                versions = read_versions(scope)
                for module, sums in _sums(self.market.app.extensions["orion"].modules).items():
                    found[vendor, module] = versions.get(module, 0), tuple(session().execute(sums).one())
        return found


def _tables() -> list[str]:
    return [
        name
        for name, table in metadata.tables.items()
        if name.partition("_")[0] in MODULES and "vendor_id" in table.c
    ]


@cache
def _columns(name: str) -> tuple[str, ...]:
    return TOLD.get(name) or tuple(
        c.name
        for c in metadata.tables[name].c
        if c.name not in CHANCE and not isinstance(c.type, UtcDateTime)
    )


def _sums(found: dict[str, Any]) -> dict[str, Any]:
    """module → a statement for what its tables add up to."""
    added = {
        "marketplace": [func.count(Staged.id), func.sum(Staged.id), func.sum(Staged.product_id)],
        "catalog": [
            func.count(catalog.Product.id),
            func.sum(catalog.Product.version),
            func.sum(catalog.Variant.price),
        ],
    }
    if "inventory" in found:
        models = found["inventory"].parts["models"]
        added["inventory"] = [func.sum(models.Level.on_hand), func.sum(models.Movement.quantity)]
    sums = {
        module: select(*(select(one).scalar_subquery() for one in columns))
        for module, columns in added.items()
    }
    return sums


# -- doing it, in peace and not --------------------------------------------------------------------


@dataclass
class Struck:
    """What came of a run."""

    hits: Counter[str] = field(default_factory=Counter)
    restarts: int = 0
    runs: int = 0
    seconds: float = 0.0
    looks: Counter[int] = field(default_factory=Counter)
    claims: int = 0
    lost: int = 0
    doubled: int = 0
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        hits = ", ".join(
            f"{number} of {name.partition('.')[2]}" for name, number in sorted(self.hits.items())
        )
        return (
            f"{sum(self.hits.values())} kills ({hits}), {self.restarts} restarts, {self.runs} runs, "
            f"{self.claims} claims, pages {dict(self.looks)}, {self.lost} rows lost, {self.doubled} doubled, "
            f"{len(self.faults)} other faults, {self.seconds:.0f} s"
        )

    def times(self) -> int:
        """How often it was disturbed."""
        return self.hits.total() + self.restarts

    def compare(self, expected: Mapping[str, Dump], got: Mapping[str, Dump]) -> None:
        """Count what is missing, and what is there too often."""
        for step in expected:
            for table, rows in expected[step].items():
                there = got.get(step, {}).get(table, Counter())
                lost, doubled = rows - there, there - rows
                self.lost += lost.total()
                self.doubled += doubled.total()
                for word, what in (("lost", lost), ("too many", doubled)):
                    self.faults += [f"{step}: {table}: {word}: {row[:200]}" for row in list(what)[:2]]


@contextmanager
def scene(kind: str, folder: Path, rows: int, **changes: Any) -> Iterator[Scene]:
    """A portal on a database of its own, without products."""
    folder.mkdir(parents=True)
    databases = Databases(kind, folder, folder)
    settings = settings_in(folder, **changes)
    url = MARKET.lease(databases, settings)
    if kind == "postgresql":
        databases.harden(url)
    settings = replace(settings, database_url=url)
    app = create_app(settings)
    try:
        market = MARKET.again(app, kind)
        market.person(PERSON)
        yield Scene(market, settings, rows)
    finally:
        close(app)
        databases.close()
        shutil.rmtree(folder, ignore_errors=True)


def undisturbed(folder: Path, rows: int) -> dict[str, Dump]:
    """What the tables say at each step where nobody disturbs: on any database the same."""
    with scene("sqlite", folder, rows, log_level="ERROR") as here:
        for steps in here.plans.values():
            for _step in steps():
                run_due(here.market.app)
        assert not here.faults, here.faults
        return here.seen


class Looking(threading.Thread):
    """Somebody who looks at a page of an `orion serve` all the time, signed in."""

    def __init__(self, address: str, email: str) -> None:
        super().__init__(daemon=True)
        self.address, self.over, self.answers = address, threading.Event(), list[int]()
        self.browser = build_opener(HTTPCookieProcessor())
        form = {"email": email, "password": PASSWORD, "csrf_token": csrf_token(self._text("/login"))}
        self._text("/login", urlencode(form).encode())

    def _text(self, path: str, form: bytes | None = None) -> str:
        with self.browser.open(self.address + path, form, timeout=60) as answer:
            return str(answer.read().decode())

    def run(self) -> None:
        """Note what is answered."""
        while not self.over.wait(SELDOM / 4):
            self.answers.append(self.status())

    def status(self) -> int:
        """What the list of imports answers now; 0 where nobody does."""
        try:
            self._text("/vendor/SHOP/imports")
            return 200
        except HTTPError as error:
            return error.code
        except OSError:
            return 0

    def end(self) -> str:
        """Look no more: what is wrong with what was answered, if anything."""
        self.over.set()
        self.join()
        until = time.monotonic() + PATIENCE
        while self.status() != 200:
            if time.monotonic() > until:
                return "the page is never healthy again"
        strange = Counter(self.answers).keys() - {200, 503}
        return f"the page answered {Counter(self.answers)}" if strange else ""


class Disturbed:
    """One run of a scene while somebody disturbs it."""

    def __init__(self, here: Scene, struck: Struck, rng: random.Random, wanted: int) -> None:
        self.here, self.struck, self.rng, self.wanted = here, struck, rng, wanted
        self.known: dict[Any, Any] = {}
        self.of_one = Counter[str]()
        self.due: dict[int, float] = {}
        self.spared = False

    def go(self, of: Workers, number: int, disturb: Callable[["Disturbed", Workers], None]) -> None:
        """Do all steps with so many workers. Raises AssertionError where they don't get done."""
        for _ in range(number):
            of.start()
        until = time.monotonic() + PATIENCE * (10 + self.wanted)
        ahead = {vendor: steps() for vendor, steps in self.here.plans.items()}
        for steps in ahead.values():
            next(steps)
        often, seldom = 0.0, 0.0
        while ahead:
            time.sleep(PAUSE)
            moment = time.monotonic()
            assert moment < until, "the jobs are never done"
            if moment > seldom:
                seldom = moment + SELDOM
                self.look()
            if moment > often:
                often = moment + OFTEN
                for vendor in list(ahead):
                    if not self.here.open(vendor) and next(ahead[vendor], ahead) is ahead:
                        del ahead[vendor]
                self.spared = self._spared()
            if self.struck.times() < self.wanted:
                disturb(self, of)

    def look(self) -> None:
        """Note a fault where the tables of one data version add up to two things."""
        for key, (version, sums) in self.here.figures().items():
            if self.known.setdefault((key, version), sums) != sums:
                self.here.faults.append(f"{key} at version {version}: {self.known[key, version]} and {sums}")

    def _spared(self) -> bool:
        """Whether a job crashed so often without getting on that one more might park it."""
        with self.here.market.at(None):
            most = session().scalar(select(func.max(Job.crashes)).where(Job.state.in_(OPEN)))
        return (most or 0) >= SPARED

    def is_due(self, of: Workers, pid: int) -> bool:
        """Whether a worker has lived long enough, at something of which there were not enough kills."""
        due = self.due.setdefault(pid, self.rng.uniform(*LIFE))
        at = of.at(pid)
        return at != IDLE and self.of_one[at] < MOST_OF_ONE and of.used(pid) > due


def kill(run: Disturbed, of: Workers) -> None:
    """Kill a worker that is at something, and start another."""
    for pid in [] if run.spared else list(of.running):
        if run.is_due(of, pid):
            at = of.kill(pid)
            if at != IDLE:
                run.struck.hits[at] += 1
                run.of_one[at] += 1
            of.start()


class Beside:
    """The worker that `orion serve` keeps beside itself and starts again when it dies; see Workers."""

    def __init__(self, here: Scene) -> None:
        self.here, self.looked, self.name = here, 0.0, IDLE
        self.from_: dict[int, float] = {}

    def start(self) -> None:
        """It is started by whoever keeps it."""

    @property
    def running(self) -> list[int]:
        """The worker's process id, or none."""
        found = [os.getpid()]
        for pid in found:
            with suppress(OSError):
                found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
                # A child is known to the thread that has begun it.
                for task in Path(f"/proc/{pid}/task").iterdir():
                    found += [c for c in map(int, (task / "children").read_text().split()) if c not in found]
        return [pid for pid in found if _is_worker(pid)]

    def at(self, pid: int) -> str:
        """The name of the job that is being done."""
        if time.monotonic() > self.looked + OFTEN / 5:
            self.looked = time.monotonic()
            with self.here.market.at(None):
                mine = select(Job.name).where(Job.state == "running", Job.due_at > datetime.now(UTC))
                self.name = session().scalar(mine.limit(1)) or IDLE
            if self.name != IDLE:
                self.from_.setdefault(pid, seconds_of(pid))
        return self.name

    def used(self, pid: int) -> float:
        """Seconds of processor time since it was first at something."""
        return seconds_of(pid) - self.from_.get(pid, seconds_of(pid))

    def kill(self, pid: int) -> str:
        """See Workers."""
        kill_process(pid)
        return self.name

    def log(self) -> str:
        """Nothing is known of it."""
        return ""


def _is_worker(pid: int) -> bool:
    try:
        return b"\0worker\0" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


@contextmanager
def looked_at(here: Scene, struck: Struck, beside: bool = False) -> Iterator[None]:
    """Have somebody look at pages meanwhile, of a server that keeps a worker `beside` itself or doesn't."""
    own = {**here.settings.as_env(), "ORION_JOBS_BESIDE": str(int(beside))}
    values = {name.removeprefix("ORION_").lower(): value for name, value in own.items()}
    with embedded(Path(values.pop("data")), **values) as address:
        looking = Looking(address, PERSON)
        looking.start()
        yield
        problem = looking.end()
        struck.looks.update(looking.answers)
        here.faults += [problem] if problem else []


def crash(server: Throwaway) -> Callable[[Disturbed, Workers], None]:
    """What restarts a server while a worker is at something."""

    def restart(run: Disturbed, of: Workers) -> None:
        due = next((pid for pid in of.running if run.is_due(of, pid)), None)
        if due is not None:
            run.of_one[of.at(due)] += MOST_OF_ONE // MOST_CRASHES_OF_ONE
            server.crash()
            run.struck.restarts += 1
            run.due[due] = of.used(due) + run.rng.uniform(*LIFE)

    return restart


def disturbed(
    kind: str,
    folder: Path,
    expected: Mapping[str, Dump],
    *,
    rows: int,
    wanted: int,
    number: int = 1,
    queue: str = "",
    seed: int = 1,
    disturb: Callable[[Disturbed, Workers], None] = kill,
    looking: bool = False,
    beside: bool = False,
) -> Struck:
    """Go through everything again and again until it was disturbed so often; what came of it."""
    struck, begun = Struck(), time.monotonic()
    while struck.times() < wanted and not struck.faults:
        struck.runs += 1
        own = folder / f"run{struck.runs}"
        options = {"jobs_lease": LEASE, "jobs_sweep": SWEEP, "jobs_url": queue, "log_level": "ERROR"}
        with scene(kind, own, rows, **options) as here, ExitStack() as stack:
            rng = random.Random(f"{seed} {struck.runs}")
            kept = nullcontext(Beside(here)) if beside else workers(here.settings, own / "workers")
            of: Any = stack.enter_context(kept)
            try:
                with looked_at(here, struck, beside) if looking or beside else nullcontext():
                    Disturbed(here, struck, rng, wanted).go(of, number, disturb)
                struck.compare(expected, here.seen)
            except AssertionError as error:
                struck.faults.append(f"{error}: {of.log()[-2000:]}")
            struck.faults += here.faults
            with here.market.at(None):
                struck.claims += session().scalar(select(func.sum(Job.token))) or 0
        struck.seconds = time.monotonic() - begun
        print(f"  so far {struck}", file=sys.stderr, flush=True)
    return struck


def main() -> int:
    """Kill, count and say."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--db", choices=["sqlite", "postgresql"], nargs="+", default=["sqlite", "postgresql"])
    parser.add_argument("--queue", default="", help="a Redis; without one a file")
    told = "kill the worker that `orion serve` keeps"
    parser.add_argument("--beside", action="store_true", help=told)
    told = "a server of one's own that is killed --kills times instead of the workers"
    parser.add_argument("--crash", choices=["postgresql", "redis", "forgetful-redis"], help=told)
    parser.add_argument("--rows", type=int, default=3_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory(prefix="orion-faults-") as name, ExitStack() as stack:
        folder = Path(name)
        folder.chmod(0o755)
        disturb, queue = kill, asked.queue
        if asked.crash == "postgresql":
            server = stack.enter_context(postgresql(folder / "postgresql"))
            stack.enter_context(patch("orion.testing.databases.SERVER", server.url))
            disturb = crash(server)
        elif asked.crash:
            keeps = asked.crash == "redis"
            server = stack.enter_context(redis(folder / "redis", keeps))
            disturb, queue = crash(server), server.url
        expected = undisturbed(folder / "peace", asked.rows)
        for kind, number in product(asked.db, asked.workers):
            own = folder / f"{kind}-{number}"
            struck = disturbed(
                kind,
                own,
                expected,
                rows=asked.rows,
                wanted=asked.kills,
                number=number,
                queue=queue,
                seed=asked.seed,
                disturb=disturb,
                looking=bool(asked.crash),
                beside=asked.beside,
            )
            who = "beside" if asked.beside else f"{number} workers"
            print(f"{kind}, {who}, queue {queue or 'file'}, {asked.crash or 'kills'}: {struck}")
            print(*struck.faults[:20], sep="\n", flush=True)
            failed |= bool(struck.faults)
    return failed


if __name__ == "__main__":
    sys.exit(main())
