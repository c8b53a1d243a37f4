"""The keys, declared here and nowhere else: pages tell the script what each of them does (`data-keys`)."""

from dataclasses import dataclass

from flask import Flask
from flask_babel import lazy_gettext as _l


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


def init_app(app: Flask) -> None:
    """Give templates `keys_map`: each key with what it does."""
    app.jinja_env.globals["keys_map"] = " ".join(f"{one.key} {one.does}" for one in (PALETTE, *KEYS))
