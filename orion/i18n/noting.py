"""What a page says, word by word: for translators, whose pages note which messages they are made of.

With marks each text carries a small number, which the list at the page's foot explains. A number is plain
letters at the end of the text: it can't break an attribute, a title or markup.
"""

from dataclasses import dataclass, field

from orion.i18n.words import Words, key_of

MISSING = "*"
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class Note:
    """A message that a page asked for: what it says, and whether the reader's language has words for it."""

    number: int
    context: str | None
    text: str
    said: str
    found: bool
    is_label: bool = False

    @property
    def key(self) -> str:
        """As `Words` has it."""
        return key_of(self.context, self.text)


@dataclass(slots=True)
class Notes:
    """Those of one page, in the order in which it asked. With `marking`, texts carry their numbers."""

    marking: bool = False
    found: dict[str, Note] = field(default_factory=dict)

    def take(self, context: str | None, text: str, said: str, found: bool, is_label: bool = False) -> str:
        """Note a message; what is to be said."""
        key = key_of(context, text)
        note = self.found.get(key)
        if note is None:
            note = self.found[key] = Note(len(self.found) + 1, context, text, said, found, is_label)
        return f"{said}{mark(note)}" if self.marking and said.strip() else said


def mark(note: Note) -> str:
    """`¹²`, and `¹²*` for what has no words in the reader's language."""
    return str(note.number).translate(_RAISED) + ("" if note.found else MISSING)


class NotedWords(Words):
    """The words of a locale, and a note of each that is asked for."""

    def __init__(self, words: Words, notes: Notes, is_source: bool) -> None:
        """`is_source`: the texts in the code are in this language, so that none is missing."""
        super().__init__(revision=words.revision)
        self._words, self._notes, self._is_source = words, notes, is_source

    def gettext(self, text: str) -> str:
        """See Words."""
        return self._take(None, text, self._words.gettext(text))

    def pgettext(self, context: str, text: str) -> str:
        """See Words."""
        return self._take(context, text, self._words.pgettext(context, text))

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """See Words."""
        return self._take(None, singular, self._words.ngettext(singular, plural, number))

    def npgettext(self, context: str, singular: str, plural: str, number: int) -> str:
        """See Words."""
        return self._take(context, singular, self._words.npgettext(context, singular, plural, number))

    def label(self, key: str, text: str) -> str:
        """See Words."""
        return self._take(key, text, self._words.label(key, text), is_label=True)

    ugettext, ungettext, upgettext, unpgettext = gettext, ngettext, pgettext, npgettext

    def _take(self, context: str | None, text: str, said: str, is_label: bool = False) -> str:
        found = self._is_source or self._words.has(context, text, is_label)
        return self._notes.take(context, text, said, found, is_label)
