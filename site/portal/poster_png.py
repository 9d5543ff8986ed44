"""The poster as a picture to send: the one of poster.py, and a white foot with the QR code. Slow: in a thread.

Drawn at twice the size and scaled down, which smooths shapes and type alike.
"""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from math import pi
from typing import Literal

from PIL import Image, ImageColor, ImageDraw, ImageFont

from core.fonts import Typeface
from portal import drum
from portal.poster import HEIGHT, LEADING, MARGIN, MIDDLE, RISE, WIDTH, Poster, fit_title, foot_of, short_unit
from schedules.papers.qr_codes import qr_picture, runs, wrapped_address

SCALE = 2
FOOT = 288
"""px of the white foot below the poster itself."""
TOTAL_HEIGHT = HEIGHT + FOOT
CODE = 256
"""px at most of the code with its quiet zone."""
SKY = ("#174b90", "#0d2f5e")
"""Upper left to lower right."""
PALE, INK, INK_2 = "#d7e5f6", "#1C2430", "#465263"
PATTERN_AT, PATTERN_SCALE, PATTERN_STROKE, PATTERN_STRENGTH = (690, 180), 1.25, 2.2, 0.13

Weight = Literal["regular", "bold"]


@dataclass(frozen=True, slots=True)
class PosterFoot:
    """address: what the code says and what is printed beside it. invitation: what the code is good for."""

    invitation: str
    address: str


@lru_cache(maxsize=16)
def poster_png(poster: Poster, foot: PosterFoot, face: Typeface) -> bytes:
    """1280 × 1008 px. The last few are kept: a page that shows one is opened more than once."""
    image = Image.new("RGB", (WIDTH * SCALE, TOTAL_HEIGHT * SCALE), "#fff")
    image.paste(_sky(), (0, 0))
    _pattern(image)
    pen = Pen(ImageDraw.Draw(image), face)
    pen.draw.rounded_rectangle(_scaled(MARGIN, 88, MARGIN + 10, 140), 5 * SCALE, fill="#fff")
    pen.text(MARGIN + 32, 133, short_unit(poster.unit), 52, "#fff")
    size, lines = fit_title(poster.title)
    first = MIDDLE - size * LEADING * (len(lines) - 1) / 2 + size * RISE
    for place, line in enumerate(lines):
        pen.text(MARGIN, first + size * LEADING * place, line, size, "#fff", "bold")
    if poster.is_sample:
        _sample_mark(pen)
    pen.text(MARGIN, 640, foot_of(poster), 44, PALE, most=WIDTH - 2 * MARGIN)
    _foot(image, pen, foot)
    out = BytesIO()
    image.resize((WIDTH, TOTAL_HEIGHT), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()


@dataclass(frozen=True, slots=True)
class Pen:
    draw: ImageDraw.ImageDraw
    face: Typeface

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: str,
        weight: Weight = "regular",
        *,
        most: float | None = None,
        anchor: str = "ls",
    ) -> None:
        """One line, y its baseline; set smaller where it would be wider than most, in poster's pixels."""
        font = self._font(weight, size)
        width = font.getlength(text) / SCALE
        if most is not None and width > most:
            font = self._font(weight, size * most / width)
        self.draw.text((x * SCALE, y * SCALE), text, font=font, fill=colour, anchor=anchor)

    def _font(self, weight: Weight, size: float) -> ImageFont.FreeTypeFont:
        path = self.face.bold if weight == "bold" else self.face.regular
        return ImageFont.truetype(str(path), size * SCALE, index=self.face.index)


def _sky() -> Image.Image:
    """The slope of colour, made small and drawn large: there is nothing fine in it."""
    columns, rows = 64, 36
    # objectBoundingBox of SVG: how far along the diagonal, from 0 to 1.
    slope = bytes(
        round(255 * (column / (columns - 1) + row / (rows - 1)) / 2)
        for row in range(rows)
        for column in range(columns)
    )
    mask = Image.frombytes("L", (columns, rows), slope)
    mask = mask.resize((WIDTH * SCALE, HEIGHT * SCALE), Image.Resampling.BICUBIC)
    upper, lower = (Image.new("RGB", mask.size, ImageColor.getrgb(colour)) for colour in SKY)
    return Image.composite(lower, upper, mask)


def _pattern(image: Image.Image) -> None:
    """The drum, one veil of white: strokes that cross are not brighter there."""
    veil = Image.new("L", (WIDTH * SCALE, HEIGHT * SCALE), 0)
    pen = ImageDraw.Draw(veil)
    strength = round(255 * PATTERN_STRENGTH)
    scale = PATTERN_SCALE * SCALE
    left, top = (value * SCALE for value in PATTERN_AT)
    stroke = round(PATTERN_STROKE * scale)

    def ring(radius: float) -> tuple[float, float, float, float]:
        x, y, reach = left + 300 * scale, top + 300 * scale, radius * scale
        return x - reach, y - reach, x + reach, y + reach

    for radius in drum.RINGS:
        pen.ellipse(ring(radius + PATTERN_STROKE / 2), outline=strength, width=stroke)
    degrees = 360 / (2 * pi * drum.DOTTED_RING)  # of one unit of length along that ring
    turn = 0.0
    while turn < 360:
        box = ring(drum.DOTTED_RING + drum.DOT_WIDTH / 2)
        pen.arc(box, turn, turn + drum.DOT * degrees, fill=strength, width=round(drum.DOT_WIDTH * scale))
        turn += (drum.DOT + drum.PAUSE) * degrees
    for corners in (drum.teeth(), drum.sun()):
        points = [(left + x * scale, top + y * scale) for x, y in [*corners, *corners[:2]]]
        pen.line(points, fill=strength, width=stroke, joint="curve")
    image.paste("#fff", (0, 0), veil)


def _sample_mark(pen: Pen) -> None:
    left = WIDTH - MARGIN - 132
    box = _scaled(left, 84, left + 132, 148)
    pen.draw.rounded_rectangle(box, 8 * SCALE, outline="#fff", width=3 * SCALE)
    pen.text(left + 66, 130, "示例", 40, "#fff", anchor="ms")


def _foot(image: Image.Image, pen: Pen, foot: PosterFoot) -> None:
    size, _ = runs(foot.address)
    # Whole modules only: half-tones at their edges are what a phone's camera stumbles over.
    code = qr_picture(foot.address, CODE // size * SCALE)
    side = code.width // SCALE
    left, top = WIDTH - MARGIN - side, HEIGHT + (FOOT - side) // 2
    image.paste(code, (left * SCALE, top * SCALE))
    room = left - MARGIN - 32
    pen.text(MARGIN, HEIGHT + 108, foot.invitation, 46, INK, "bold", most=room)
    pen.text(MARGIN, HEIGHT + 162, "不用下载，不用登录", 32, INK_2)
    for place, line in enumerate(wrapped_address(foot.address, 60)):
        pen.text(MARGIN, HEIGHT + 216 + 32 * place, line, 28, INK_2, most=room)


def _scaled(*values: float) -> tuple[float, float, float, float]:
    left, top, right, bottom = (value * SCALE for value in values)
    return left, top, right, bottom
