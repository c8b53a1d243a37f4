"""Pictures that people upload: read by Pillow alone and written anew, so that nothing else stays."""

import io
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import IO, TYPE_CHECKING

from flask_babel import lazy_gettext as _l

from orion.contracts.errors import Invalid

if TYPE_CHECKING:
    from PIL.Image import Image

#: Formats that are read. A drawing (SVG) is a program, and is not among them.
FORMATS = ("PNG", "JPEG", "WEBP")
#: Bytes of a file, and pixels of a picture: more is refused before anything is unpacked.
MOST_BYTES, MOST_PIXELS = 12 * 1024 * 1024, 25_000_000
#: Pictures of as many colours as a palette holds (logos, charts) are written without loss. With more, as in a
#: drawing with soft edges, that takes four times the bytes and ten times as long.
_FEW_COLOURS, _QUALITY = 256, 82
MIMETYPE = "image/webp"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as WebP in several widths. `width` and `height` are those of the largest."""

    width: int
    height: int
    files: Mapping[int, bytes]


def read_picture(source: IO[bytes] | bytes, widths: Sequence[int]) -> Picture:
    """A picture in at most these widths (pixels, ascending), upright, without what cameras write beside it.

    None is higher than twice its width, and none is enlarged: a small picture stands in each width as it
    is. Of an animation the first picture is taken. Raises Invalid with a sentence for the person.
    """
    content = source if isinstance(source, bytes) else source.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise Invalid(_l("This file is larger than %(num)s MB.", num=MOST_BYTES // 1024 // 1024))
    image = _opened(content)
    sizes = {width: _size_within(image, width) for width in widths}
    written = {size: _written(_fitted(image, size)) for size in set(sizes.values())}
    return Picture(*sizes[widths[-1]], {width: written[size] for width, size in sizes.items()})


@cache
def _pillow() -> ModuleType:
    """Loaded by the first picture. It asks for the pixels before it unpacks any of them."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    return Image


def _opened(content: bytes) -> "Image":
    from PIL.ImageOps import exif_transpose

    pillow = _pillow()
    try:
        with pillow.open(io.BytesIO(content), formats=FORMATS) as image:
            return _plain(exif_transpose(image))
    except (pillow.DecompressionBombError, pillow.DecompressionBombWarning):
        most = MOST_PIXELS // 1_000_000
        raise Invalid(
            _l("This picture has too many pixels: %(num)s million at the most.", num=most)
        ) from None
    except Exception:
        # Whatever a decoder stumbles over, the file is what is wrong.
        raise Invalid(_l("This file is no picture that can be read: use PNG, JPEG or WebP.")) from None


def _plain(image: "Image") -> "Image":
    """Eight bits for each colour, with a channel for what shows through where there is any."""
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    see_through = "transparency" in image.info or "A" in image.getbands()
    return image.convert("RGBA" if see_through else "RGB")


def _size_within(image: "Image", width: int) -> tuple[int, int]:
    """(width, height) of a picture that is at most this wide and twice as high."""
    scale = min(1.0, width / image.width, 2 * width / image.height)
    return max(1, round(image.width * scale)), max(1, round(image.height * scale))


def _fitted(image: "Image", size: tuple[int, int]) -> "Image":
    """A copy of the pixels alone, in this size."""
    pillow = _pillow()
    fitted = image.resize(size, pillow.Resampling.LANCZOS, reducing_gap=2.0) if size != image.size else image
    clean: Image = pillow.new(image.mode, fitted.size)
    clean.paste(fitted)
    return clean


def _written(image: "Image") -> bytes:
    target = io.BytesIO()
    few = image.getcolors(_FEW_COLOURS) is not None
    image.save(target, "WEBP", quality=_QUALITY, lossless=few, method=2)
    return target.getvalue()
