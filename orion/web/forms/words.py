"""What WTForms itself says, in our words."""

from flask_babel import gettext


def N_(text: str) -> str:
    """Mark a text for the catalogs; it is translated when it is shown."""
    return text


_OURS = {
    "This field is required.": N_("Fill this in."),
    "Invalid CSRF Token.": N_("The form is too old. Send it once more."),
    "CSRF token missing.": N_("The form is too old. Send it once more."),
    "Not a valid choice.": N_("Choose one of the list."),
    "Invalid input.": N_("This can't be used here."),
}


class _Words:
    """Translations as WTForms asks for them."""

    def gettext(self, text: str) -> str:
        return str(gettext(_OURS.get(text, text)))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(singular if n == 1 else plural)


WORDS = _Words()
