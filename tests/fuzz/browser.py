"""Somebody's browser: it signs in, asks, keeps what came back, and listens to what happened meanwhile."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import cached_property
from html import unescape
from typing import Any
from urllib.parse import unquote_plus, urlencode, urlsplit

from flask import Flask
from flask.testing import FlaskClient

from orion.logs import LineFormatter
from orion.testing import csrf_token
from orion.testing.apps import PASSWORD
from tests.fuzz.stage import Person, Stage

Pairs = tuple[tuple[str, str], ...]
BOUNDARY = "zxboundary"


@dataclass(frozen=True, slots=True)
class Question:
    """A request. `data` are the fields of a form, in their order."""

    method: str
    address: str
    data: Pairs = ()
    headers: Pairs = ()
    #: Files: the field's name, the file's name, what is in it. With any, the fields are sent as parts.
    files: tuple[tuple[str, str, bytes], ...] = ()
    parts: bool = False

    @property
    def kind(self) -> str:
        """How the fields are written."""
        return (
            f"multipart/form-data; boundary={BOUNDARY}" if self.parts else "application/x-www-form-urlencoded"
        )

    @property
    def body(self) -> bytes:
        """The fields as a browser writes them; halves of surrogates are left as they are."""
        if not self.parts:
            return urlencode(self.data, errors="surrogatepass").encode()
        parts = [_part(f'name="{_quoted(name)}"', _bytes(value)) for name, value in self.data]
        parts += [
            _part(f'name="{_quoted(name)}"; filename="{_quoted(file)}"\r\nContent-Type: image/png', content)
            for name, file, content in self.files
        ]
        return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()

    @property
    def path(self) -> str:
        """The path alone."""
        return urlsplit(self.address).path

    @property
    def sent(self) -> str:
        """All that the question says, as text."""
        fields = " ".join(f"{name} {value}" for name, value in (*self.data, *self.headers))
        return f"{unquote_plus(self.address)} {self.address} {fields}"

    def __str__(self) -> str:
        data = " ".join(f"{name}={value[:80]!r}" for name, value in self.data if name != "csrf_token")
        headers = " ".join(f"{name}: {value}" for name, value in self.headers)
        return " ".join(part for part in (self.method, self.address[:300], data[:400], headers) if part)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and what the application logged, mailed and kept in its cache because of it."""

    question: Question
    status: int
    headers: Mapping[str, str]
    text: str
    logged: tuple[str, ...] = ()
    mails: tuple[EmailMessage, ...] = ()
    cached: tuple[str, ...] = ()

    @property
    def is_page(self) -> bool:
        """Whether it is markup."""
        return self.headers.get("Content-Type", "").startswith("text/html")


@dataclass
class Ear(logging.Handler):
    """Hears what an application says beside its answers."""

    app: Flask
    lines: list[str] = field(default_factory=list)
    mails: list[EmailMessage] = field(default_factory=list)
    cached: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(LineFormatter(as_json=False))
        self.listen()
        self.mailer = self.app.extensions["orion_mail"]
        self.mailer.transport = self
        cache = self.app.extensions["orion_metrics"].cache._cache
        self.keep, cache.set = cache.set, self._kept

    def listen(self) -> None:
        """Hear from now on."""
        logging.getLogger().addHandler(self)
        self.heard(wrote=False)

    def emit(self, record: logging.LogRecord) -> None:
        """A line of the log."""
        self.lines.append(self.format(record))

    def check(self) -> None:
        """Mail can always leave."""

    def send(self, message: EmailMessage) -> None:
        """A mail that leaves."""
        self.mails.append(message)

    def _kept(self, key: str, value: Any, **options: Any) -> Any:
        self.cached.append(f"{key} {value}")
        return self.keep(key, value, **options)

    def heard(self, wrote: bool) -> dict[str, Any]:
        """What was said since the last time."""
        if wrote:
            self.mailer.flush()
        said = {"logged": tuple(self.lines), "mails": tuple(self.mails), "cached": tuple(self.cached)}
        for one in (self.lines, self.mails, self.cached):
            one.clear()  # type: ignore[attr-defined]
        return said

    def close(self) -> None:
        """Hear no more."""
        logging.getLogger().removeHandler(self)
        super().close()

    def __hash__(self) -> int:
        return id(self)


class Browser:
    """A person at a stage. Signs in by the form as everybody does, again when signed out."""

    def __init__(self, stage: Stage, person: Person, ear: Ear) -> None:
        self.stage, self.person, self.ear, self.token = stage, person, ear, ""

    @cached_property
    def home(self) -> str:
        """Where this person's work begins."""
        return self.client.get("/").headers.get("Location", "")

    @cached_property
    def client(self) -> FlaskClient:
        """The browser itself; it signs in when it is first needed."""
        self.start()
        return self.client

    def forget(self) -> None:
        """A browser without memory, which signs in when it is needed."""
        self.__dict__.pop("client", None)
        self.token = ""

    def start(self) -> None:
        """A browser without memory, signed in."""
        self.client = self.stage.app.test_client()
        self.token = ""
        if self.person.email:
            self._sign_in()

    def _sign_in(self) -> None:
        form = {"email": self.person.email, "password": PASSWORD}
        answer = self.client.post("/login", data=form | {"csrf_token": self.fresh_token("/login")})
        if answer.status_code not in (302, 303):
            self.stage.put_back()
            self.client = self.stage.app.test_client()
            form["csrf_token"] = self.fresh_token("/login")
            answer = self.client.post("/login", data=form)
        assert answer.status_code in (302, 303), f"{self.person.name} cannot sign in: {answer.status}"
        self.token = ""
        self.ear.heard(wrote=True)

    def settle(self) -> None:
        """Be signed in at one's own place, whatever was done meanwhile."""
        if not self.person.email:
            return
        home = self.home
        if self.client.get("/account/sessions").status_code != 200:
            self.start()
        if self.client.get("/").headers.get("Location", "") != home:
            self.stage.put_back()
            self.start()

    def fresh_token(self, address: str = "/account/sessions") -> str:
        """A token that forms of this browser are taken with."""
        if not self.token:
            page = address if self.person.email else "/login"
            self.token = csrf_token(self.client.get(page).text)
        return self.token

    def ask(self, question: Question) -> Answer:
        """Ask, and wait for what follows from it."""
        wrote = question.method not in ("GET", "HEAD", "OPTIONS")
        with self.client.open(  # A server closes what it answers with, though nobody reads it to the end.
            question.address,
            method=question.method,
            headers=[*question.headers, *([("Content-Type", question.kind)] if wrote else ())],
            data=question.body if wrote else None,
        ) as answer:
            text = answer.get_data().decode("utf-8", "replace")
            status, told = answer.status_code, dict(answer.headers)
        return Answer(question, status, told, text, **self.ear.heard(wrote))


def _part(names: str, content: bytes) -> bytes:
    return (
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; ".encode()
        + _bytes(names)
        + b"\r\n\r\n"
        + content
        + b"\r\n"
    )


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _quoted(name: str) -> str:
    return name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def plain(text: str) -> str:
    """A text as people read it."""
    return unescape(text)


def with_token(data: Iterable[tuple[str, str]], token: str) -> Pairs:
    """Fields with a token that is valid now."""
    return (*((name, value) for name, value in data if name != "csrf_token"), ("csrf_token", token))
