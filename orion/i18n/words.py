"""The words of a locale as code and templates ask for them, with those of wider locales behind them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from flask_babel import gettext

SEPARATOR = "\x04"


def N_(text: str) -> str:
    """Marks a text that is translated where it is shown."""
    return text


def said_of(text: str, values: Mapping[str, Any]) -> str:
    """A text that `N_` marked, in the reader's language."""
    return str(gettext(text, **values))


class Forms(NamedTuple):
    """A translation with a form for each kind of number; `plural` chooses one."""

    plural: Callable[[int], int]
    strings: tuple[str, ...]

    def of(self, number: int) -> str:
        """The form for a number; empty where the catalog has none."""
        try:
            return self.strings[self.plural(number)]
        except (IndexError, ValueError, TypeError, ZeroDivisionError):
            return ""


def key_of(context: str | None, text: str) -> str:
    """The key of a message; of one with plurals `text` is the singular."""
    return text if context is None else f"{context}{SEPARATOR}{text}"


#: What there is for a key (see `key_of`).
Table = Mapping[str, str | Forms]


class Words:
    """Answers gettext's questions from tables: the first that knows a message has it.

    `labels` are, table by table, translations by context alone: what a manifest calls by its key keeps its
    translation when its English is worded anew. `revision` changes with every change of a table, in the same
    way in every process.
    """

    def __init__(
        self, tables: Sequence[Table] = (), labels: Sequence[Mapping[str, str]] = (), revision: str = ""
    ) -> None:
        self._tables, self._labels, self.revision = tuple(tables), tuple(labels), revision

    def gettext(self, text: str) -> str:
        """The translation of a text, or itself."""
        return self._one(text) or text

    def pgettext(self, context: str, text: str) -> str:
        """The same in a context."""
        return self._one(key_of(context, text)) or text

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """The form for a number, or the English one."""
        return self._form(singular, number) or (singular if number == 1 else plural)

    def npgettext(self, context: str, singular: str, plural: str, number: int) -> str:
        """The same in a context."""
        found = self._form(key_of(context, singular), number)
        return found or (singular if number == 1 else plural)

    def label(self, key: str, text: str) -> str:
        """The translation of a manifest's label: of this English, else of what the key was called before."""
        full = key_of(key, text)
        for table, labels in zip(self._tables, self._labels, strict=True):
            found = table.get(full) or labels.get(key)
            if isinstance(found, str):
                return found
        return text

    ugettext, ungettext, upgettext, unpgettext = gettext, ngettext, pgettext, npgettext

    def has(self, context: str | None, text: str, is_label: bool = False) -> bool:
        """Whether there are words for a message, and not its English alone."""
        if is_label and any(context in labels for labels in self._labels):
            return True
        key = key_of(context, text)
        return any(key in table for table in self._tables)

    def _one(self, key: str) -> str:
        for table in self._tables:
            found = table.get(key)
            if found is not None and (text := found if isinstance(found, str) else found.of(1)):
                return text
        return ""

    def _form(self, key: str, number: int) -> str:
        for table in self._tables:
            found = table.get(key)
            if isinstance(found, Forms) and (text := found.of(number)):
                return text
        return ""


ENGLISH = Words()
