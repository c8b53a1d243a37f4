"""What many languages cost: memory, first and later requests, saving meanwhile. See bench/README.md."""

import argparse
import itertools
import random
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from bench.pages import HOME, portal, signed_in, timed
from orion.i18n.catalogs import CatalogDomain
from orion.i18n.held import Keeper
from orion.testing.apps import close

LOCALES = ["ar", "bg", "cs", "da", "de", "el", "es", "et", "fi", "fr"]
LOCALES += ["hu", "it", "lb", "lt", "lv", "nl", "pl", "pt", "ro", "sv"]
FILES = ["orion", *(f"module{number}" for number in range(7))]
PAGES = [HOME, f"{HOME}orders", f"{HOME}customers"]
WORDS = ["order", "product", "customer", "price", "stock", "date", "file", "list", "page", "role", "change"]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=3000, help="of each locale")
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=10.0, help="of saving while requests come")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = portal(Path(folder) / "data", 200, "")
        translations = Path(folder) / "translations"
        write(translations, options.messages)
        domain = CatalogDomain(translations, live=True, keeper=Keeper(None))
        in_place(app, domain)
        memory(app)
        compared(app, options.runs)
        saved(app, translations, options.seconds)
        close(app)


def write(folder: Path, messages: int) -> None:
    """Catalogs of every locale, whose messages have the length of real ones."""
    rng = random.Random(1)
    texts = [" ".join(rng.choices(WORDS, k=rng.randint(1, 10))) + f" {n}" for n in range(messages)]
    for locale in LOCALES:
        for number, name in enumerate(FILES):
            file = folder / locale / "LC_MESSAGES" / f"{name}.po"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("".join(entries(texts[number :: len(FILES)], locale)))


def entries(texts: list[str], locale: str) -> Iterator[str]:
    """A header, then an entry for each text: every tenth a plural, every third with a context."""
    yield 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    for number, text in enumerate(texts):
        yield f"\n#: modules/x/templates/x/y.html:{number}\n"
        said = f"{locale} ü {text[::-1]}"
        if number % 10 == 0:
            yield f'msgid "%(num)d {text}"\nmsgid_plural "%(num)d {text}s"\n'
            yield f'msgstr[0] "%(num)d {said}"\nmsgstr[1] "%(num)d {said}s"\n'
        else:
            context = f'msgctxt "x.menu.{number}"\n' if number % 3 == 0 else ""
            yield f'{context}msgid "{text}"\nmsgstr "{said}"\n'


def in_place(app: Flask, domain: CatalogDomain) -> None:
    """Let the application read these catalogs and no others."""
    app.extensions["orion_catalogs"].__dict__.update(domain.__dict__)


def memory(app: Flask) -> None:
    """The first request of each locale, and what they hold when all were asked for."""
    client = signed_in(app)
    for page in PAGES:
        client.get(page)
    before = resident()
    english = statistics.median(timed(lambda: client.get(HOME)) for _ in range(10))
    firsts = [timed(lambda locale=locale: client.get(f"{HOME}?lang={locale}")) for locale in LOCALES]
    print(
        f"first request of a locale: median {statistics.median(firsts):.0f} ms, longest {max(firsts):.0f} ms"
    )
    print(f"  of which the page itself in English: {english:.0f} ms")
    print(f"{len(LOCALES)} locales hold {resident() - before:.1f} MB")


def resident() -> float:
    """Megabytes of this process that are in memory."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


def compared(app: Flask, runs: int) -> None:
    """Later requests in German and in English, in turn: processor time of this thread."""
    client = signed_in(app)
    for page in PAGES:
        taken: dict[str, list[float]] = {"en": [], "de": []}
        for _run, lang in itertools.product(range(runs), taken):
            begun = time.thread_time()
            assert client.get(f"{page}?lang={lang}").status_code == 200
            taken[lang].append((time.thread_time() - begun) * 1000)
        medians = {lang: statistics.median(times) for lang, times in taken.items()}
        ratio = medians["de"] / medians["en"]
        in_both = f"{medians['en']:.2f} ms, {medians['de']:.2f} in German"
        print(f"later requests of {page}: {in_both}, ratio {ratio:.3f}")


def saved(app: Flask, folder: Path, seconds: float) -> None:
    """Save a catalog again and again while fifty requests a second come, and look at the next page."""
    file = folder / "de" / "LC_MESSAGES" / "orion.po"
    text, stop = file.read_text(), threading.Event()
    statuses: list[int] = []
    threads = [threading.Thread(target=ask, args=(app, stop, statuses, 8)) for _ in range(8)]
    for thread in threads:
        thread.start()
    client, late, saves = signed_in(app), 0, 0
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        saves += 1
        file.write_text(f'{text}\nmsgid "Customers"\nmsgctxt_\n' if saves % 5 == 0 else worded(text, saves))
        late += saves % 5 != 0 and f"Kunden {saves}" not in client.get(f"{HOME}?lang=de").text
        time.sleep(0.1)
    stop.set()
    for thread in threads:
        thread.join()
    rate, wrong = len(statuses) / seconds, sum(status != 200 for status in statuses)
    print(f"saved {saves} times at {rate:.0f} requests a second: {wrong} errors, {late} pages with old words")


def worded(text: str, number: int) -> str:
    """The catalog with a label that is told from others by a number."""
    return (
        f'{text}\nmsgctxt "customers.menu.all_customers"\nmsgid "All customers"\nmsgstr "Kunden {number}"\n'
    )


def ask(app: Flask, stop: threading.Event, statuses: list[int], threads: int) -> None:
    """Ask a page so often that all threads together ask fifty times a second."""
    client = signed_in(app)
    for turn in itertools.count():
        if stop.is_set():
            return
        begun = time.monotonic()
        statuses.append(client.get(f"{HOME}orders?lang={('de', 'en')[turn % 2]}").status_code)
        time.sleep(max(0.0, threads / 50 - (time.monotonic() - begun)))


if __name__ == "__main__":
    main()
