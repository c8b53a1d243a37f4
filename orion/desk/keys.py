"""The keys, declared here and nowhere else: pages tell the script what each of them does (`data-keys`)."""

from dataclasses import dataclass

from flask import Flask, Response, request
from flask_babel import lazy_gettext as _l

from orion.identity.cookies import delete_cookie, read_cookie, set_cookie


@dataclass(frozen=True, slots=True)
class Key:
    """A key, what the script does for it (a function of static/keys.js), and that in words."""

    key: str
    does: str
    words: object
    shown: str = ""


KEYS = (
    Key("/", "find", _l("Search this list, or everything")),
    Key("k", "up", _l("The row before")),
    Key("j", "down", _l("The next row")),
    Key("x", "check", _l("Check this row, or not")),
    Key("n", "add", _l("Add a new one, where the page offers it")),
    Key("?", "help", _l("These keys")),
    Key("g", "go", _l("Go to an entry of the menu: its letter comes next")),
)
#: With Ctrl, or with ⌘.
PALETTE = Key("ctrl+k", "palette", _l("Search everything"), "Ctrl K")
#: The cookie of browsers that want no key without Ctrl.
KIND = "keys"
YEAR = 365 * 24 * 3600


def init_app(app: Flask) -> None:
    """Give templates `keys_map()`: each key that is on with what it does."""
    app.jinja_env.globals["keys_map"] = lambda: " ".join(
        f"{one.key} {one.does}" for one in (PALETTE, *(KEYS if are_on() else ()))
    )


def are_on() -> bool:
    """Whether keys without Ctrl do anything in this browser: who speaks to it may not want that."""
    return read_cookie(request, KIND) != "off"


def switch(response: Response, on: bool) -> None:
    """Let the browser remember whether they do."""
    if on:
        delete_cookie(request, response, KIND)
    else:
        set_cookie(request, response, KIND, "off", YEAR)
