"""What checks of one translation give: a place in it, a code, and what to do."""

from typing import NamedTuple

from orion.manifest.diagnostics import ERROR


class Finding(NamedTuple):
    """One mistake. `at` is the index of a character in the translation, 0 for the whole of it."""

    at: int
    code: str
    message: str
    hint: str = ""
    severity: str = ERROR


class Form(NamedTuple):
    """One translated text, and what it translates: the English, or English singular and plural.

    `lenient` says that it is for so few numbers that it need not say which.
    """

    text: str
    english: tuple[str, ...]
    flags: frozenset[str] = frozenset()
    lenient: bool = False

    @property
    def reference(self) -> str:
        """The English that this form is held against: of two, the plural, which says the number."""
        return self.english[-1]
