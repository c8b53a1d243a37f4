"""Pictures of sample products, drawn: a thing on a plain ground, in the colours that it is given."""

import io
from collections.abc import Sequence
from textwrap import wrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image as Canvas
    from PIL.ImageDraw import ImageDraw

#: Pixels across: drawn larger than it is kept, so that edges are smooth.
DRAWN, KEPT = 640, 400
Colour = tuple[int, int, int]
Profile = Sequence[tuple[float, float]]
#: Outlines of round things from above to below: (height, half a width), both in parts of the picture.
PROFILES: dict[str, Profile] = {
    "carafe": ((0.16, 0.10), (0.20, 0.08), (0.38, 0.07), (0.55, 0.17), (0.78, 0.20), (0.84, 0.18)),
    "tumbler": ((0.30, 0.17), (0.60, 0.155), (0.84, 0.14)),
    "wine": (
        (0.16, 0.12),
        (0.30, 0.15),
        (0.46, 0.11),
        (0.53, 0.018),
        (0.79, 0.018),
        (0.82, 0.11),
        (0.84, 0.12),
    ),
    "lantern": (
        (0.14, 0.03),
        (0.18, 0.10),
        (0.22, 0.13),
        (0.30, 0.16),
        (0.70, 0.16),
        (0.78, 0.19),
        (0.84, 0.19),
    ),
    "vase": ((0.20, 0.06), (0.26, 0.05), (0.40, 0.09), (0.62, 0.16), (0.78, 0.12), (0.84, 0.10)),
    "dome": (
        (0.24, 0.025),
        (0.28, 0.03),
        (0.31, 0.09),
        (0.42, 0.20),
        (0.62, 0.25),
        (0.78, 0.26),
        (0.84, 0.27),
    ),
    "bottle": ((0.12, 0.04), (0.16, 0.045), (0.32, 0.045), (0.44, 0.12), (0.80, 0.125), (0.84, 0.11)),
    "holder": ((0.44, 0.08), (0.52, 0.06), (0.60, 0.05), (0.74, 0.15), (0.84, 0.18)),
    "bowl": ((0.48, 0.30), (0.56, 0.29), (0.70, 0.22), (0.80, 0.11), (0.84, 0.11)),
    "straws": ((0.14, 0.02), (0.84, 0.02)),
    "candle": ((0.24, 0.10), (0.26, 0.105), (0.82, 0.105), (0.84, 0.10)),
    "mug": ((0.34, 0.18), (0.38, 0.185), (0.78, 0.175), (0.84, 0.15)),
    "pot": ((0.36, 0.25), (0.40, 0.255), (0.74, 0.245), (0.84, 0.20)),
    "soap": ((0.56, 0.20), (0.60, 0.235), (0.74, 0.24), (0.80, 0.20)),
    "mill": (
        (0.14, 0.05),
        (0.19, 0.075),
        (0.25, 0.055),
        (0.30, 0.08),
        (0.52, 0.055),
        (0.78, 0.10),
        (0.84, 0.11),
    ),
    "lamp": ((0.16, 0.10), (0.40, 0.24), (0.42, 0.02), (0.78, 0.02), (0.80, 0.14), (0.84, 0.15)),
    "twine": ((0.44, 0.10), (0.50, 0.15), (0.64, 0.18), (0.78, 0.15), (0.84, 0.10)),
}


def drawn(shape: str, colour: Colour, ground: Colour, title: str = "") -> bytes:
    """A picture as PNG. `shape` is book, cloth, board, clock or hook, or the name of a profile."""
    from PIL import Image, ImageDraw

    canvas = _ground(ground)
    pens = {"book": _book, "cloth": _cloth, "board": _board, "clock": _clock, "hook": _hook}
    if shape in pens:
        _shadow(canvas, 0.26)
        pens[shape](canvas, ImageDraw.Draw(canvas), colour, title)
    else:
        profile = PROFILES[shape]
        _shadow(canvas, profile[-1][1] * 1.1)
        _round(canvas, profile, colour, handle=shape == "mug")
    target = io.BytesIO()
    canvas.resize((KEPT, KEPT), Image.Resampling.LANCZOS).save(target, "PNG", compress_level=1)
    return target.getvalue()


def lighter(colour: Colour, by: float) -> Colour:
    """A colour nearer to white, or with `by` below zero nearer to black; -1 to 1."""
    end = 255 if by > 0 else 0
    red, green, blue = (round(part + (end - part) * abs(by)) for part in colour)
    return red, green, blue


def _ground(ground: Colour) -> "Canvas":
    """A wall above a table."""
    from PIL import Image

    top = Image.linear_gradient("L").resize((DRAWN, DRAWN))
    wall = Image.composite(
        Image.new("RGB", (DRAWN, DRAWN), lighter(ground, -0.06)),
        Image.new("RGB", (DRAWN, DRAWN), lighter(ground, 0.25)),
        top,
    )
    table = Image.new("RGB", (DRAWN, DRAWN // 4), lighter(ground, 0.38))
    wall.paste(table, (0, DRAWN - DRAWN // 4))
    return wall


def _shadow(canvas: "Canvas", half: float) -> None:
    from PIL import Image, ImageDraw, ImageFilter

    small = DRAWN // 4
    mask = Image.new("L", (small, small))
    box = [small * (0.5 - half * 1.15), small * 0.81, small * (0.5 + half * 1.35), small * 0.88]
    ImageDraw.Draw(mask).ellipse(box, fill=95)
    soft = mask.filter(ImageFilter.GaussianBlur(7)).resize(canvas.size)
    canvas.paste((40, 36, 48), mask=soft)


def _outline(profile: Profile) -> list[tuple[float, float]]:
    """The outline as points: a curve through the profile's, and its mirror image."""
    heights, halves = [y for y, _x in profile], [x for _y, x in profile]
    slopes = [_slope(heights, halves, n) for n in range(len(profile))]
    right: list[tuple[float, float]] = []
    for n in range(len(profile) - 1):
        span = heights[n + 1] - heights[n]
        for step in range(14):
            t = step / 14
            half = (
                halves[n] * (2 * t**3 - 3 * t**2 + 1)
                + slopes[n] * span * (t**3 - 2 * t**2 + t)
                + halves[n + 1] * (3 * t**2 - 2 * t**3)
                + slopes[n + 1] * span * (t**3 - t**2)
            )
            right.append((0.5 + half, heights[n] + span * t))
    right.append((0.5 + halves[-1], heights[-1]))
    left = [(1 - x, y) for x, y in reversed(right)]
    return [(x * DRAWN, y * DRAWN) for x, y in (*right, *left)]


def _slope(heights: Sequence[float], halves: Sequence[float], n: int) -> float:
    """How fast the curve widens at a point: not at all where it turns, and never faster than beside it."""
    if n in (0, len(halves) - 1):
        return 0.0
    before = (halves[n] - halves[n - 1]) / (heights[n] - heights[n - 1])
    after = (halves[n + 1] - halves[n]) / (heights[n + 1] - heights[n])
    return 0.0 if before * after <= 0 else 2 * before * after / (before + after)


def _round(canvas: "Canvas", profile: Profile, colour: Colour, handle: bool) -> None:
    """A thing turned on a lathe: darker to the right, a light on its left."""
    from PIL import Image, ImageChops, ImageDraw, ImageFilter

    pen = ImageDraw.Draw(canvas)
    if handle:
        pen.ellipse(_box(0.60, 0.44, 0.80, 0.70), outline=lighter(colour, -0.18), width=DRAWN // 28)
    points = _outline(profile)
    mask = Image.new("L", canvas.size)
    ImageDraw.Draw(mask).polygon(points, fill=255)
    half = max(x for _y, x in profile)
    across = Image.linear_gradient("L").rotate(90).resize((round(2 * half * DRAWN), DRAWN))
    shade = Image.new("L", canvas.size)
    shade.paste(across, (round((0.5 - half) * DRAWN), 0))
    body = Image.composite(
        Image.new("RGB", canvas.size, lighter(colour, -0.28)),
        Image.new("RGB", canvas.size, lighter(colour, 0.22)),
        shade,
    )
    canvas.paste(body, mask=mask)
    light = Image.new("L", canvas.size)
    inner = [
        ((x - DRAWN / 2) * 0.16 + DRAWN * (0.5 - half * 0.52), y * 0.94 + DRAWN * 0.03) for x, y in points
    ]
    ImageDraw.Draw(light).polygon(inner, fill=110)
    soft = light.filter(ImageFilter.GaussianBlur(DRAWN // 100))
    canvas.paste((255, 255, 255), mask=ImageChops.multiply(soft, mask))
    top, width = profile[0]
    pen.ellipse(
        _box(0.5 - width, top - width * 0.14, 0.5 + width, top + width * 0.14), fill=lighter(colour, 0.38)
    )


def _box(left: float, top: float, right: float, bottom: float) -> list[float]:
    return [left * DRAWN, top * DRAWN, right * DRAWN, bottom * DRAWN]


def _book(canvas: "Canvas", pen: "ImageDraw", colour: Colour, title: str) -> None:
    from PIL import ImageFont

    pen.rounded_rectangle(_box(0.27, 0.15, 0.75, 0.85), DRAWN // 70, fill=(244, 239, 228))
    pen.rounded_rectangle(_box(0.25, 0.14, 0.73, 0.84), DRAWN // 70, fill=colour)
    pen.rectangle(_box(0.25, 0.14, 0.285, 0.84), fill=lighter(colour, -0.22))
    for n in range(5):
        at = 0.60 + n * 0.035
        pen.line(
            [(DRAWN * 0.33, DRAWN * at), (DRAWN * (0.69 - n * 0.05), DRAWN * at)],
            fill=lighter(colour, 0.35 - n * 0.05),
            width=DRAWN // 80,
        )
    font = ImageFont.load_default(DRAWN // 18)
    pen.multiline_text(
        (DRAWN * 0.33, DRAWN * 0.21),
        "\n".join(wrap(title, 13)),
        fill=(255, 252, 244),
        font=font,
        spacing=DRAWN // 70,
    )


def _cloth(canvas: "Canvas", pen: "ImageDraw", colour: Colour, _title: str) -> None:
    """Folded, so that its layers show."""
    for n in range(4):
        top = 0.36 + n * 0.12
        shade = lighter(colour, 0.12 - n * 0.09)
        pen.rounded_rectangle(
            _box(0.22 - n * 0.012, top, 0.78 + n * 0.012, top + 0.13), DRAWN // 21, fill=shade
        )
        edge = [(DRAWN * 0.26, DRAWN * (top + 0.105)), (DRAWN * 0.74, DRAWN * (top + 0.105))]
        pen.line(edge, fill=lighter(shade, 0.30), width=DRAWN // 140)


def _board(canvas: "Canvas", pen: "ImageDraw", colour: Colour, _title: str) -> None:
    pen.rounded_rectangle(_box(0.30, 0.14, 0.70, 0.85), DRAWN // 11, fill=lighter(colour, -0.15))
    pen.rounded_rectangle(_box(0.29, 0.13, 0.69, 0.84), DRAWN // 11, fill=colour)
    for n in range(1, 6):
        at = DRAWN * (0.29 + n * 0.066)
        pen.line([(at, DRAWN * 0.20), (at, DRAWN * 0.80)], fill=lighter(colour, -0.08), width=DRAWN // 190)
    pen.ellipse(_box(0.465, 0.17, 0.515, 0.22), fill=lighter(colour, -0.45))


def _clock(canvas: "Canvas", pen: "ImageDraw", colour: Colour, _title: str) -> None:
    pen.ellipse(_box(0.20, 0.20, 0.80, 0.80), fill=lighter(colour, -0.15))
    pen.ellipse(_box(0.23, 0.22, 0.77, 0.76), fill=(250, 248, 243))
    centre = (DRAWN * 0.5, DRAWN * 0.49)
    for end, width in (((0.5, 0.29), DRAWN // 70), ((0.63, 0.55), DRAWN // 48)):
        pen.line([centre, (DRAWN * end[0], DRAWN * end[1])], fill=(52, 48, 56), width=width)
    pen.ellipse(_box(0.48, 0.47, 0.52, 0.51), fill=colour)


def _hook(canvas: "Canvas", pen: "ImageDraw", colour: Colour, _title: str) -> None:
    pen.rounded_rectangle(_box(0.42, 0.16, 0.58, 0.44), DRAWN // 14, fill=lighter(colour, -0.18))
    pen.rounded_rectangle(_box(0.465, 0.26, 0.535, 0.62), DRAWN // 40, fill=colour)
    pen.arc(_box(0.305, 0.48, 0.535, 0.72), 0, 180, fill=colour, width=round(DRAWN * 0.07))
    pen.ellipse(_box(0.29, 0.53, 0.39, 0.63), fill=lighter(colour, 0.2))
