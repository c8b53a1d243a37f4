"""One dashboard and one list at several numbers of orders, asked in turn. See bench/README.md."""

import argparse
import statistics
from contextlib import ExitStack
from pathlib import Path

from bench.compare import HOME, HTMX, Server, batches, orion, sign_in, span, timed
from orion.settings import Settings


def main() -> None:
    """Print medians of computing for each of the data folders, and of the last beside the first."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("places", nargs="+", metavar="FOLDER[=URL]", help="data that bench.compare kept")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--each", type=int, default=4, help="requests of a run")
    options = parser.parse_args()
    with ExitStack() as stack:
        servers = []
        for place in options.places:
            folder, _, url = place.partition("=")
            settings = Settings(data=Path(folder), database_url=url)
            servers.append(stack.enter_context(orion(settings.data, settings.database)))
            sign_in(servers[-1])
        for name in ("remembered", "counted anew", "list"):
            found: list[list[float]] = [[] for _server in servers]
            for _run in range(options.runs + 1):
                for server, times in zip(servers, found, strict=True):
                    times.append(_asked(name, server, options.each))
            medians = [statistics.median(times[1:]) for times in found]
            told = " | ".join(f"{one:.2f}" for one in medians)
            print(f"| {name} | {told} | {medians[-1] / medians[0]:.2f} |", flush=True)


def _asked(name: str, server: Server, each: int) -> float:
    """Milliseconds of computing for the whole dashboard, or for the list's first page."""

    def dashboard() -> None:
        more = f"?{span()}" if name == "counted anew" else ""
        # The shell comes uncompressed, so that the addresses of its tiles can be read.
        for address in batches(server.page(HOME + more)):
            server.ask(address, **HTMX)

    server.line = None  # While others were asked, the server may have closed it.
    return timed(dashboard if name != "list" else lambda: server.ask(f"{HOME}orders"), server, each)[1]


if __name__ == "__main__":
    main()
