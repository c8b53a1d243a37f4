"""`python -m tests.fuzz --states 1000 --requests 100000`: prints figures, exits 1 over any defect."""

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from orion.settings import Settings
from orion.testing import shared_app
from orion.testing.databases import Databases, postgresql_answers
from tests.fuzz.run import Run
from tests.fuzz.stage import staged
from tests.fuzz.trade import NEEDED, trade

#: Requests of a round, and the part of them that only reads.
ROUND, READING = 5000, 0.6


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until there were so many requests."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description="The crawl and the fuzzers.")
    parser.add_argument("--requests", type=int, default=100_000)
    parser.add_argument("--states", type=int, default=1000, help="runs of 50 steps of a vendor's trade")
    parser.add_argument("--seed", type=int, default=1, help="the same seed asks the same questions")
    parser.add_argument("--db", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--redis", default="", metavar="URL", help="cache there instead of in memory")
    asked = parser.parse_args(arguments)
    if asked.db == "postgresql" and not postgresql_answers():
        parser.error("PostgreSQL does not answer; ORION_TEST_DATABASE_URL says where it is")
    with tempfile.TemporaryDirectory(prefix="orion-fuzz-") as folder:
        databases = Databases(asked.db, Path(folder), Path(folder))
        try:
            settings = _settings(Path(folder))
            failed = _trade(databases, settings, asked) if asked.states else 0
            return (_run(databases, settings, asked) if asked.requests else 0) or failed
        finally:
            databases.close()


def _settings(folder: Path) -> Settings:
    return Settings(
        data=folder / "data",
        secret_key="fuzz-secret-fuzz-secret-fuzz-secret",
        mail_url=f"file://{folder / 'mail'}",
        testing=True,
        watch_every=0,
    )


def _trade(databases: Databases, settings: Settings, asked: argparse.Namespace) -> int:
    begun = time.monotonic()
    with shared_app(databases, settings) as app:
        if not app.extensions["orion"].modules.keys() >= set(NEEDED):
            return 0
        try:
            market = trade(app, asked.states, asked.seed, shorten=True)
        except AssertionError as error:
            print(error, *getattr(error, "__notes__", ()), sep="\n")
            return 1
    steps = market.done.total() + market.refused.total()
    print(f"{time.monotonic() - begun:7.0f} s  {asked.states:>7} runs, {steps} steps: the books agree")
    for name, number in sorted(market.done.items()):
        print(f"  {name:<14}{number:>8} done{market.refused[name]:>8} refused")
    return 0


def _run(databases: Databases, settings: Settings, asked: argparse.Namespace) -> int:
    begun = time.monotonic()
    with staged(databases, settings, asked.seed, asked.redis) as stage:
        run = Run(stage, asked.seed)
        figures = run.figures
        run.walk()
        said = 0
        while figures.requests < asked.requests:
            ahead = min(ROUND, asked.requests - figures.requests)
            run.read(round(ahead * READING))
            run.write(max(1, round(ahead * (1 - READING) / 1.5)))
            bad = sum(len(examples) for examples in figures.defects.values())
            print(
                f"{time.monotonic() - begun:7.0f} s  {figures.requests:>7} requests  {bad} defects",
                flush=True,
            )
            for (kind, where), examples in list(figures.defects.items())[said:]:
                print(f"  {kind} [{where}]: {examples[0]}", flush=True)
            said = len(figures.defects)
        run.close()
    print(f"\n{asked.db}, seed {asked.seed}", *figures.lines(), sep="\n")
    return 1 if figures.defects else 0


if __name__ == "__main__":
    sys.exit(main())
