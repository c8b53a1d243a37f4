"""Files and pictures that a module keeps for vendors.

`put`, `read` and `delete` go with the transaction of the frame that is entered; `read_picture` is the
one way in for pictures, `send_media` the one way out for any file.
"""

from orion.data.media import delete, path_of, put, read
from orion.data.pictures import FORMATS, MIMETYPE, MOST_BYTES, MOST_PIXELS, Picture, read_picture
from orion.web.media import send_media

__all__ = [
    "FORMATS",
    "MIMETYPE",
    "MOST_BYTES",
    "MOST_PIXELS",
    "Picture",
    "delete",
    "path_of",
    "put",
    "read",
    "read_picture",
    "send_media",
]
