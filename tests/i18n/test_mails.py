"""Nothing in a mail is written into the code: in the pseudo-language what isn't data stands in brackets."""

import ast
from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import Undefined

from orion.app import create_app
from orion.i18n import speaking
from orion.mail import Folder
from orion.settings import Settings
from orion.testing import close, csrf_token
from tests.i18n.reading_pages import pieces, texts_of
from tests.identity.conftest import KEEPER

ROOT = Path(__file__).parents[2]
#: What mails say that is the same in every language.
NAMES = {"Orion"}
DATA = "0"


class Filled(Undefined):
    """Whatever a mail is told: data, which is no word."""

    def __str__(self) -> str:
        return DATA

    def __getattr__(self, name: str) -> Any:
        return super().__getattr__(name) if name.startswith("__") else self

    def __bool__(self) -> bool:
        return True


def foreign(kind: str, said: str) -> list[str]:
    """What stands in a part of a mail and came from no catalog; addresses are data."""
    texts = [one.text for one in texts_of(said)] if kind == "html" else said.splitlines()
    found = (piece for text in texts if not text.startswith("http") for piece in pieces(text))
    return [piece for piece in found if piece not in NAMES]


def mail_templates(app: Flask) -> list[str]:
    """Every template of ours that is a mail, of the engine and of all modules."""
    env = app.jinja_env
    names = [name for name in env.list_templates(["txt", "html"]) if "mail/" in name and "/_" not in name]
    ours = (ROOT / "templates", ROOT / "modules")
    return [n for n in names if any(Path(str(env.get_template(n).filename)).is_relative_to(o) for o in ours)]


def test_every_word_of_every_mail_comes_from_a_catalog_or_is_data(database: str, settings: Settings) -> None:
    app = create_app(replace(settings, database_url=database))
    env = app.jinja_env.overlay(undefined=Filled)
    found = {}
    with app.test_request_context(), speaking("en_XA"):
        for name in mail_templates(app):
            context: dict[str, Any] = {}
            app.update_template_context(context)
            said = env.get_template(name).render(context)
            assert "⟦" in said, name
            found[name] = foreign(name.rpartition(".")[2], said)
    close(app)
    files = {*ROOT.glob("templates/**/mail/[!_]*.*"), *ROOT.glob("modules/*/templates/**/mail/[!_]*.*")}
    assert len(found) >= len(files) > 0
    assert {name: texts for name, texts in found.items() if texts} == {}


def test_so_does_what_each_mail_is_about() -> None:
    wrong = []
    for file in [*ROOT.glob("orion/**/*.py"), *ROOT.glob("modules/**/*.py")]:
        if "tests" in file.parts or ("/mail/" not in (text := file.read_text()) and "notify(" not in text):
            continue
        for node in ast.walk(ast.parse(text)):
            named = isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("notify", "send", "_send")
            if named and len(node.args) > 2 and isinstance(node.args[1], ast.Constant | ast.JoinedStr):
                wrong.append(f"{file.relative_to(ROOT)}:{node.lineno}")
    assert wrong == []


def test_so_does_a_mail_that_signing_in_sends(house: Any) -> None:
    app: Flask = house.app()
    client, page = app.test_client(), "/reset?lang=en-XA"
    client.post(page, data={"csrf_token": csrf_token(client.get(page).text), "email": KEEPER})
    app.extensions["orion_mail"].flush()
    transport = app.extensions["orion_mail"].transport
    assert isinstance(transport, Folder)
    (file,) = transport.path.glob("*.eml")
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert str(mail["Subject"]).startswith("⟦")
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            assert foreign(part.get_content_subtype(), part.get_content()) == []
