"""What people upload: pictures and PDF documents, told by their content and never by their names."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import IO

from flask_babel import gettext as _

from orion.contracts.errors import Invalid
from orion.contracts.media import MOST_BYTES, read_picture

#: Pixels across: in lists, on phones, at full size.
WIDTHS = (320, 800, 1600)
LONGEST_NAME = 160


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was taken: `kind` picture or document, `files` by the ends of their names."""

    name: str
    kind: str
    files: Mapping[str, bytes]
    width: int = 0
    height: int = 0

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(len(content) for content in self.files.values())


def taken(stream: IO[bytes], filename: str) -> Upload:
    """Read an upload. Raises Invalid for whatever is neither a picture nor a document."""
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Invalid(_("This file is larger than %(num)s MB.", num=MOST_BYTES // 1024 // 1024))
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return Upload(name_of(filename), "document", {".pdf": content})
    picture = read_picture(content, WIDTHS)
    files = {f"-{width}.webp": one for width, one in picture.files.items()}
    return Upload(name_of(filename), "picture", files, picture.width, picture.height)


def name_of(filename: str) -> str:
    """What a file is called here: the last part of its name, without its ending.

    >>> name_of("C:\\\\shop\\\\Oak table.final.JPG")
    'Oak table.final'
    """
    last = re.split(r"[/\\]", filename)[-1]
    shown = " ".join("".join(c if c.isprintable() else " " for c in last).split())
    stem = re.sub(r"\.[A-Za-z0-9]{1,5}$", "", shown).strip(". ")
    return stem[:LONGEST_NAME] or _("Untitled")
