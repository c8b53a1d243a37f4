"""The forms of pages and files."""

from datetime import time

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from wtforms import FileField, MultipleFileField
from wtforms.widgets import TimeInput

from orion.contracts.errors import Invalid
from orion.contracts.forms import (
    ChoiceField,
    ChoicesField,
    DateField,
    Form,
    LinesField,
    TextField,
    TypedField,
    VersionField,
    languages,
)
from orion.contracts.markdown import LONGEST
from orion.contracts.texts import LANGUAGES

TYPES = "image/png,image/jpeg,image/webp,application/pdf"


class TimeField(TypedField):
    """A time of day."""

    widget = TimeInput()

    def read(self, text: str) -> time:
        try:
            return time.fromisoformat(text.strip()).replace(second=0, microsecond=0, tzinfo=None)
        except ValueError:
            raise Invalid(_("Enter a time, such as 09:30.")) from None

    def written(self, value: time) -> str:
        return value.strftime("%H:%M")


class PageForm(Form):
    """A page's text and address."""

    title = TextField(_l("Title"), most=160, required=True)
    body = LinesField(_l("Text"), most=LONGEST, rows=18)
    slug = TextField(
        lazy_pgettext("web", "Address"),
        most=120,
        hint=_l("The last part of the page's address. Left empty, it is made of the title."),
    )
    language = ChoiceField(_l("Language"), options=lambda: languages(LANGUAGES), required=True, search=False)
    version = VersionField()


class TranslationForm(Form):
    """A page's text in another language."""

    title = TextField(_l("Title"), most=160)
    body = LinesField(_l("Text"), most=LONGEST, rows=18)
    version = VersionField()


class PublishForm(Form):
    """When a page becomes public, and where."""

    on = DateField(_l("Date"), hint=_l("Left empty, the page is public at once."))
    time = TimeField(_l("Time"))
    shown_on = ChoicesField(_l("Shown on"))
    version = VersionField()


class UploadForm(Form):
    """New files for the library."""

    uploads = MultipleFileField(
        _l("Files"),
        description=_l("Pictures (PNG, JPEG, WebP) and documents (PDF), each of at most 12 MB."),
        render_kw={"accept": TYPES, "required": True},
    )
    folder = TextField(
        _l("Folder"), most=80, hint=_l("Such as “Season/Winter”. Left empty, they lie on top.")
    )


class MediaForm(Form):
    """What is said about a file."""

    name = TextField(_l("Name"), most=160, required=True)
    alt = TextField(
        _l("Alternative text"), most=300, hint=_l("What the picture shows, for people who can't see it.")
    )
    folder = TextField(_l("Folder"), most=80)
    version = VersionField()


class ReplaceForm(Form):
    """Another content for a file."""

    upload = FileField(_l("File"), render_kw={"accept": TYPES, "required": True})
    version = VersionField()


class FolderForm(Form):
    """Where files are moved to."""

    folder = TextField(_l("Folder"), most=80, hint=_l("Left empty, they lie on top."))
