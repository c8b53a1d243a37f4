"""Sentences about manifests and modules: English wherever they are kept, sorted and printed, and in the
reader's language on pages."""

from collections.abc import Mapping

from flask_babel import gettext


class Sentence(str):
    """An English text that knows what it was made of: the message of the catalogs, and its values."""

    message: str
    values: Mapping[str, object]

    def __new__(cls, message: str, values: Mapping[str, object] | None = None) -> "Sentence":
        made = super().__new__(cls, message % values if values else message)
        made.message, made.values = message, values or {}
        return made


def sentence(message: str, /, **values: object) -> str:
    """A message that the catalogs have; values may be sentences too."""
    return Sentence(message, values)


def in_words(text: str) -> str:
    """A text in the reader's language, if it is a sentence; in commands that is English."""
    if not isinstance(text, Sentence):
        return text
    values = {name: in_words(one) if isinstance(one, str) else one for name, one in text.values.items()}
    return str(gettext(text.message, **values))
