"""Texts of several paragraphs that people write: `markdown`, or its halves `read` and `shown`; `from_html`
makes such a text of another system's HTML."""

from orion.web.html import from_html
from orion.web.markdown import LONGEST, Files, markdown, media_in, read, shown

__all__ = ["LONGEST", "Files", "from_html", "markdown", "media_in", "read", "shown"]
