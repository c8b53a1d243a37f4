"""The configuration in deploy/, run as it is: what nginx says of a request counts, not what a client says."""

import http.client
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bench.slow_clients import portal
from orion.settings import ROOT
from orion.testing import need, servers
from tests.certificates import self_signed

CONFIGURATION = (ROOT / "deploy/nginx.conf").read_text()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of an empty portal; the file `log` in it is what the processes write."""
    return portal(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def production(data: Path) -> Iterator[tuple[str, str]]:
    """nginx before gunicorn: the address in front, and the one behind."""
    need("nginx", servers.nginx_there())
    with (
        servers.gunicorn(
            data, 1, data / "log", trusted_proxies=1, metrics_token="token", log_level="INFO"
        ) as behind,
        servers.nginx(data / "nginx", behind) as front,
    ):
        yield front, behind


def ask(address: str, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and body of an answer."""
    line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
    line.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = line.getresponse()
    found = (answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read().decode())
    line.close()
    return found


def test_the_names_of_requests_are_the_proxys(production: tuple[str, str]) -> None:
    front, behind = production
    forged = "forged-by-a-client"
    named = ask(front, "/healthz", X_Request_ID=forged)[1]["x-request-id"]
    assert named != forged and re.fullmatch(r"[0-9a-f]{32}", named)
    assert ask(behind, "/healthz", X_Request_ID=forged)[1]["x-request-id"] == forged


def test_a_client_cannot_say_where_it_is_or_that_it_came_by_tls(production: tuple[str, str]) -> None:
    front, behind = production
    forged = {
        "X_Forwarded_Proto": "https",
        "X_Forwarded_Host": "evil.example",
        "X_Forwarded_For": "192.0.2.9",
    }
    assert "strict-transport-security" not in ask(front, "/login", **forged)[1]
    assert "strict-transport-security" in ask(behind, "/login", **forged)[1]
    location = ask(front, "/account/sessions", **forged)[1]["location"]
    assert "evil.example" not in location


def test_figures_are_not_for_outside(production: tuple[str, str]) -> None:
    front, behind = production
    assert ask(front, "/metrics", Authorization="Bearer token")[0] == 404
    assert ask(behind, "/metrics", Authorization="Bearer token")[0] == 200


def test_no_version_is_told(production: tuple[str, str]) -> None:
    for path in ("/login", "/no/such/page"):
        headers = ask(production[0], path)[1]
        assert headers["server"] == "nginx"
        assert "x-powered-by" not in headers


def test_an_answer_is_framed_in_one_way(production: tuple[str, str]) -> None:
    line = http.client.HTTPConnection(urlsplit(production[0]).netloc, timeout=10)
    line.putrequest("POST", "/login")
    line.putheader("Content-Length", "4")
    line.putheader("Transfer-Encoding", "chunked")
    line.endheaders(b"0\r\n\r\n")
    assert line.getresponse().status == 400
    line.close()
    assert ask(production[0], "/healthz")[0] == 200


def test_trace_is_refused(production: tuple[str, str]) -> None:
    assert ask(production[0], "/login", method="TRACE")[0] == 405


def test_the_process_behind_is_ready(production: tuple[str, str]) -> None:
    status, _headers, body = ask(production[1], "/readyz", Authorization="Bearer token")
    assert status in (200, 503) and "status" in json.loads(body)


def test_each_line_of_the_log_is_an_object_whoever_writes_it(production: tuple[str, str], data: Path) -> None:
    ask(production[0], "/login?email=canary@example.com&token=canary-token")
    lines = [json.loads(line) for line in (data / "log").read_text().splitlines()]
    assert {"gunicorn.error", "orion.request"} <= {line["logger"] for line in lines}
    assert "canary" not in (data / "log").read_text()


def test_the_configuration_is_good_with_its_certificates(tmp_path: Path) -> None:
    need("nginx", servers.nginx_there())
    certificate, key = self_signed(tmp_path)
    text = CONFIGURATION.replace("/etc/ssl/portal.example.com.pem", str(certificate))
    text = text.replace("/etc/ssl/portal.example.com.key", str(key)).replace("include mime.types;", "")
    file = tmp_path / "nginx.conf"
    file.write_text(text)
    run = [str(servers.nginx_program()), "-t", "-q", "-p", str(tmp_path), "-c", str(file)]
    alone = f"pid {tmp_path}/pid; error_log {tmp_path}/log;"
    done = subprocess.run([*run, "-e", f"{tmp_path}/log", "-g", alone], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_only_todays_tls_is_spoken_and_http_leads_to_it() -> None:
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in CONFIGURATION
    (ciphers,) = re.findall(r"ssl_ciphers (\S+);", CONFIGURATION)
    assert all(one.startswith("ECDHE+") for one in ciphers.split(":"))
    assert "return 308 https://$host$request_uri;" in CONFIGURATION
