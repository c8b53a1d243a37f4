"""The demo with a manifests folder of its own, in which tests may switch."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from orion.contracts.scope import system_scope
from orion.data.database import entered
from orion.installation import Installation
from orion.settings import ROOT
from orion.testing import client_of, csrf_token, settings_in, shared_demo
from orion.testing.databases import Databases

ADMIN, PLATFORM, OWNER = (f"{name}@orion.example" for name in ("admin", "platform", "owner"))


@dataclass
class Board:
    """A portal, the folder of its manifests, and people who are signed in."""

    app: Flask
    folder: Path
    clients: dict[str, FlaskClient] = field(default_factory=dict)

    @property
    def orion(self) -> Installation:
        """The installation."""
        orion: Installation = self.app.extensions["orion"]
        return orion

    def get(self, address: str, who: str = ADMIN) -> Any:
        """A page, as somebody sees it."""
        return self._client(who).get(address)

    def send(self, address: str, who: str = ADMIN, page: str = "", **fields: str) -> Any:
        """A form, sent as its page (by default the one at the address) has it."""
        html = page or self.get(address, who).text
        hidden = {"csrf_token": csrf_token(html), "base": value_of(html, "base")}
        return self._client(who).post(address, data=hidden | fields)

    def _client(self, who: str) -> FlaskClient:
        if who not in self.clients:
            self.clients[who] = client_of(self.app, who)
        return self.clients[who]

    def edit(self, name: str, old: str, new: str) -> Path:
        """Change a file as with an editor, and have it read."""
        file = self.folder / name
        text = file.read_text()
        assert old in text
        file.write_text(text.replace(old, new, 1))
        self.orion.refresh()
        return file

    def text(self, name: str) -> str:
        """What a file says."""
        return (self.folder / name).read_text()

    def put_back(self) -> None:
        """All files as they are in the checkout."""
        shutil.rmtree(self.folder)
        shutil.copytree(ROOT / "manifests", self.folder)
        self.orion.refresh()

    def rows(self, statement: Any) -> list[Any]:
        """What the database answers to the machine itself."""
        with self.app.app_context(), entered(system_scope("command")) as reading:
            return list(reading.execute(statement))


def value_of(html: str, name: str) -> str:
    """The value of a hidden field."""
    return html.partition(f' name="{name}"')[2].partition('value="')[2].partition('"')[0]


@contextmanager
def board(databases: Databases, folder: Path, **changes: Any) -> Iterator[Board]:
    """A board on a demo that is put back afterwards."""
    shutil.copytree(ROOT / "manifests", folder / "manifests")
    settings = replace(settings_in(folder), manifests=folder / "manifests", edit_manifests=True, **changes)
    with shared_demo(databases, settings) as app:
        yield Board(app, folder / "manifests")
