"""Servers as people run them: `orion serve`, and gunicorn behind nginx with the configuration in deploy/.
Servers of one's own, to be restarted in the middle of work: a PostgreSQL and a Redis."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from urllib.error import URLError
from urllib.request import urlopen

from orion.settings import ROOT

#: Seconds that a server may take until it answers.
PATIENCE = 90.0
_OURS = ("ORION_", "PROMETHEUS_")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port


def nginx_there() -> bool:
    """Whether this machine has nginx."""
    return nginx_program() is not None


def nginx_program() -> str | None:
    """Where nginx is; Debian keeps it where only root looks."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


@contextmanager
def embedded(data: Path, **settings: object) -> Iterator[str]:
    """`orion serve`; gives its address."""
    port = free_port()
    run = [sys.executable, "-c", "from orion.cli import main; main()", "serve", "--port", str(port)]
    with _running(run, port, _environment(data, settings)) as address:
        yield address


@contextmanager
def gunicorn(data: Path, processes: int = 2, log: Path | None = None, **settings: object) -> Iterator[str]:
    """gunicorn with deploy/gunicorn.conf.py, its standard error in the file `log`; gives its address."""
    port = free_port()
    run = [sys.executable, "-m", "gunicorn", "-c", str(ROOT / "deploy/gunicorn.conf.py")]
    where = {"bind": f"127.0.0.1:{port}", "workers": processes}
    run, environment = [*run, "orion.app:create_app()"], _environment(data, settings | where)
    with open(log or os.devnull, "w") as errors, _running(run, port, environment, errors) as address:
        yield address


@contextmanager
def nginx(folder: Path, upstream: str) -> Iterator[str]:
    """nginx with deploy/nginx.conf, without its certificates, before a server; gives its address."""
    port = free_port()
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "nginx.conf"
    file.write_text(_without_tls((ROOT / "deploy/nginx.conf").read_text(), port, upstream, folder))
    alone = f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;"
    run = [str(nginx_program()), "-p", str(folder), "-c", str(file), "-e", f"{folder}/error.log", "-g", alone]
    with _running(run, port, dict(os.environ)) as address:
        yield address


# -- servers that are restarted --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Throwaway:
    """A server of one's own: where it is, and what restarts it as a crash does."""

    url: str
    crash: Callable[[], None]


def postgresql_programs() -> Path | None:
    """Where the programs of the newest PostgreSQL are; None where there is none."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None)


@contextmanager
def postgresql(folder: Path) -> Iterator[Throwaway]:
    """A PostgreSQL that loses nothing but its processes when it crashes; root has it run by postgres."""
    programs, port = postgresql_programs(), free_port()
    as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder.mkdir(parents=True)
    if as_owner:
        shutil.chown(folder, "postgres")

    def run(program: str, *arguments: str) -> None:
        command = [*as_owner, f"{programs}/{program}", "-D", str(folder), *arguments]
        subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL)

    run("initdb", "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
    options = f"-h 127.0.0.1 -p {port} -k '{folder}' -c fsync=off -c max_connections=100"
    # Its standard streams lead elsewhere: whoever waits for the end of ours must not wait for the server.
    run("pg_ctl", "-w", "-l", f"{folder}/log", "-o", options, "start")
    try:
        url = f"postgresql+psycopg://postgres@127.0.0.1:{port}/postgres"
        yield Throwaway(url, lambda: run("pg_ctl", "-w", "-m", "immediate", "-l", f"{folder}/log", "restart"))
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")


@contextmanager
def redis(folder: Path, keeps: bool, pause: float = 1.0) -> Iterator[Throwaway]:
    """A Redis that `keeps` what it was told when it crashes, or forgets it; back after `pause` seconds."""
    folder.mkdir(parents=True)
    port = free_port()
    run = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    run += ["--appendonly", "yes", "--appendfsync", "always"] if keeps else []
    running: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        running.append(subprocess.Popen(run, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def crash() -> None:
        process = running.pop()
        process.send_signal(signal.SIGKILL)
        process.wait()
        time.sleep(pause)
        start()

    start()
    try:
        yield Throwaway(f"redis://127.0.0.1:{port}/0", crash)
    finally:
        for process in running:
            process.kill()
            process.wait()


def _without_tls(text: str, port: int, upstream: str, folder: Path) -> str:
    """The configuration as it is, but for where it listens, what it writes, and certificates."""
    text = re.sub(r"(?s)    server \{\n        listen 80;.*?\n    \}\n", "", text)
    text = re.sub(r"(?m)^ *(ssl_|include mime).*\n", "", text)
    text = text.replace("listen 443 ssl http2;", f"listen 127.0.0.1:{port};")
    text = text.replace("server 127.0.0.1:8000;", f"server {upstream.removeprefix('http://')};")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"    {kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    return text.replace("http {\n", f"http {{\n{paths}", 1)


def _environment(data: Path, settings: Mapping[str, object]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(_OURS)}
    own = {"data": data, "watch_every": 0, "log_level": "WARNING", **settings}
    return kept | {f"ORION_{name.upper()}": str(value) for name, value in own.items()}


@contextmanager
def _running(
    run: list[str], port: int, environment: dict[str, str], errors: IO[str] | None = None
) -> Iterator[str]:
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        run, env=environment, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=errors
    ) as process:
        try:
            _await(process, address)
            yield address
        finally:
            process.terminate()  # SIGINT is not heard by what was started in the background


def _await(process: "subprocess.Popen[bytes]", address: str) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"{address}/healthz", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise RuntimeError(f"{address} does not answer: {process.args!r}")
