"""Pictures and documents for the samples, drawn by code."""

import io
import re
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    pass

#: Pixels; twice as large while it is drawn, for smooth edges.
WIDTH, HEIGHT, LARGER = 1200, 800, 2
Draw = Any


def scene(name: str, rng: Random) -> io.BytesIO:
    """One of the scenes as a PNG."""
    from PIL import Image, ImageDraw

    sky, ground, paint = _SCENES[name]
    image: Image = Image.new("RGB", (WIDTH * LARGER, HEIGHT * LARGER), sky)
    draw = ImageDraw.Draw(image)
    draw.rectangle(_at(0, 560, 1200, 800), fill=ground)
    paint(draw, rng)
    target = io.BytesIO()
    image.reduce(LARGER).save(target, "PNG", compress_level=1)
    target.seek(0)
    return target


def _at(*numbers: float) -> tuple[int, ...]:
    return tuple(round(number * LARGER) for number in numbers)


def _workshop(draw: Draw, rng: Random) -> None:
    draw.rectangle(_at(90, 120, 470, 430), fill="#dfeaf0")
    for x in (210, 340):
        draw.rectangle(_at(x, 120, x + 10, 430), fill="#8a6f56")
    draw.rectangle(_at(0, 540, 1200, 575), fill="#8a5a36")
    for x in range(560, 1120, 110):
        height = rng.randint(90, 200)
        draw.rounded_rectangle(_at(x, 540 - height, x + 80, 540), 20 * LARGER, fill=rng.choice(_WARM))
        draw.ellipse(_at(x + 18, 525 - height, x + 62, 555 - height), fill="#f3e6d2")


def _parcels(draw: Draw, rng: Random) -> None:
    for x, y, size in ((140, 330, 300), (470, 410, 220), (720, 250, 380)):
        draw.rectangle(_at(x, y, x + size, y + size), fill=rng.choice(("#c89b6a", "#b98a5b", "#d3aa7c")))
        draw.rectangle(_at(x + size * 0.42, y, x + size * 0.58, y + size), fill="#efe0c6")
        draw.rectangle(_at(x + size * 0.08, y + size * 0.7, x + size * 0.36, y + size * 0.9), fill="#fffaf0")


def _winter(draw: Draw, rng: Random) -> None:
    draw.ellipse(_at(880, 90, 1010, 220), fill="#fff3c9")
    for x in range(40, 1160, 130):
        height = rng.randint(180, 330)
        for part in range(3):
            width, top = 45 + part * 22, 590 - height + part * height / 4
            foot = top + height / 2.4
            draw.polygon(_at(x, top, x - width, foot, x + width, foot), fill="#2f5d4a")
    for _flake in range(160):
        x, y, size = rng.randint(0, 1190), rng.randint(0, 780), rng.randint(3, 8)
        draw.ellipse(_at(x, y, x + size, y + size), fill="#ffffff")


def _shelf(draw: Draw, rng: Random) -> None:
    for top in (250, 540):
        draw.rectangle(_at(60, top, 1140, top + 18), fill="#6d4c33")
        x = 90
        while x < 1070:
            width, height = rng.randint(24, 58), rng.randint(130, 200)
            draw.rectangle(_at(x, top - height, x + width, top), fill=rng.choice(_BOOKS))
            draw.rectangle(_at(x + 6, top - height + 22, x + width - 6, top - height + 30), fill="#f2e3c4")
            x += width + 4


def _glass(draw: Draw, rng: Random) -> None:
    for x, width, height in ((180, 150, 330), (420, 110, 250), (620, 190, 400), (890, 130, 290)):
        tint = rng.choice(("#7fa7a3", "#9fb9a0", "#88a2b8", "#b59f8d"))
        draw.rounded_rectangle(_at(x, 600 - height, x + width, 600), 28 * LARGER, fill=tint)
        draw.rounded_rectangle(_at(x + 16, 620 - height, x + 30, 570), 7 * LARGER, fill="#dfeceb")
        draw.ellipse(_at(x, 588 - height, x + width, 616 - height), fill="#c9dad8")


_WARM = ("#b6533c", "#d98f4e", "#8b9a6b", "#55707d", "#c9a66b")
_BOOKS = ("#7b2d26", "#29524a", "#c58b2a", "#3d405b", "#8a817c", "#9c6644", "#496a81")
#: Name → sky, ground, and what is painted on both.
_SCENES: dict[str, tuple[str, str, Callable[[Draw, Random], None]]] = {
    "workshop": ("#f4ede3", "#d9c3a5", _workshop),
    "parcels": ("#e9eef2", "#c5ced6", _parcels),
    "winter": ("#28415c", "#e8eef3", _winter),
    "shelf": ("#efe6d8", "#b08e6b", _shelf),
    "glass": ("#eef1ee", "#cdbfae", _glass),
}


def document(lines: tuple[str, ...]) -> io.BytesIO:
    """A PDF of one page: the first line is its title (ISO 32000-1, 7.5)."""
    sizes = [(22, 760), *((12, 720 - 22 * n) for n in range(len(lines) - 1))]
    stream = "\n".join(
        f"BT /F1 {size} Tf 72 {y} Td ({_escaped(line)}) Tj ET"
        for line, (size, y) in zip(lines, sizes, strict=True)
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    written, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(written))
        written += f"{number} 0 obj\n{body}\nendobj\n"
    count = len(objects) + 1
    table = f"xref\n0 {count}\n0000000000 65535 f \n"
    table += "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{len(written)}\n%%EOF\n"
    return io.BytesIO((written + table + end).encode("ascii"))


def _escaped(text: str) -> str:
    plain = text.encode("ascii", "replace").decode()
    return re.sub(r"([\\()])", r"\\\1", plain)
