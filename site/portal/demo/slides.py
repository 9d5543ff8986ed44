"""Draws the sample lecture's slides with Pillow, in the site's colours, at 1280x720.

Everything is drawn at twice the size and scaled down, which smooths shapes and type alike. A slide is drawn
once for each sentence (its point lit up, the sentence at its foot); what moves is laid over it, frame by
frame.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

from portal.demo.script import Lecture, Slide

WIDTH, HEIGHT = 1280, 720
SCALE = 2

INK, INK_2, INK_3 = "#1C2430", "#465263", "#67727F"
PAPER, GROUND, LINE = "#FFFFFF", "#F5F7FA", "#D9E0E8"
BLUE_700, BLUE_600, BLUE_50 = "#123F7A", "#1B5AA7", "#EEF4FB"
TRACK = "#2A5D9C"  # on blue-700: what the ring and the bar have still to fill

MARGIN = 64
CAPTION_TOP, CAPTION_BOTTOM = 612, 704
BAR_HEIGHT = 8  # the progress bar at the very foot
CLOCK_BOX = (1280 - MARGIN - 210, 28, 1280 - MARGIN, 72)

Weight = Literal["Regular", "Bold"]
Box = tuple[float, float, float, float]
FONT_FOLDERS = (Path("/usr/share/fonts/opentype/noto"), Path("/usr/share/fonts/noto-cjk"))
SIMPLIFIED = 2  # the index of the SC face in Noto's collection


@cache
def font(size: int, weight: Weight = "Regular") -> ImageFont.FreeTypeFont:
    """Noto Sans CJK SC at `size` pixels of the finished slide.

    Raises:
        FileNotFoundError: the font is not installed (Debian: fonts-noto-cjk).
    """
    for folder in FONT_FOLDERS:
        path = folder / f"NotoSansCJK-{weight}.ttc"
        if path.exists():
            return ImageFont.truetype(str(path), size * SCALE, index=SIMPLIFIED)
    raise FileNotFoundError("Noto Sans CJK is not installed; on Debian: apt-get install fonts-noto-cjk")


class Canvas:
    """A drawing in slide pixels, drawn at `SCALE` times the size."""

    def __init__(self, background: str) -> None:
        self.image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), background)
        self.draw = ImageDraw.Draw(self.image)

    def text(
        self,
        at: tuple[float, float],
        text: str,
        size: int,
        colour: str,
        weight: Weight = "Regular",
        anchor: str = "lm",
    ) -> None:
        """One line of text; `anchor` as Pillow's (left-middle unless told)."""
        x, y = at
        self.draw.text((x * SCALE, y * SCALE), text, font=font(size, weight), fill=colour, anchor=anchor)

    def box(self, box: Box, fill: str | None, *, outline: str | None = None, radius: float = 8) -> None:
        """A rounded box."""
        scaled = tuple(value * SCALE for value in box)
        self.draw.rounded_rectangle(scaled, radius * SCALE, fill=fill, outline=outline, width=SCALE)

    def line(self, box: Box, colour: str, width: float = 1) -> None:
        """A straight line."""
        self.draw.line([value * SCALE for value in box], fill=colour, width=round(width * SCALE))

    def done(self) -> Image.Image:
        """The slide at its own size."""
        return self.image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)


def width_of(text: str, size: int, weight: Weight = "Regular") -> float:
    """Width of one line in slide pixels."""
    return font(size, weight).getlength(text) / SCALE


NO_LINE_START = "，。；：、！？）”…"
BREAK_AFTER = "，。；："  # where a sentence may be broken without hurting a word
BREAK_AFTER_ITEM = "、"


def wrapped(text: str, size: int, width: float, weight: Weight = "Regular") -> list[str]:
    """Lines no wider than `width`: two lines are broken at a mark near the middle, more are simply filled."""
    lines = greedy(text, size, width, weight)
    if len(lines) != 2:
        return lines
    for marks in (BREAK_AFTER, BREAK_AFTER_ITEM):
        halves = [
            (text[:cut], text[cut:])
            for cut in range(1, len(text))
            if text[cut - 1] in marks and text[cut] not in NO_LINE_START
        ]
        by_width = {max(width_of(half, size, weight) for half in pair): pair for pair in halves}
        if by_width and min(by_width) <= width:
            return list(by_width[min(by_width)])
    return lines


def greedy(text: str, size: int, width: float, weight: Weight) -> list[str]:
    """Lines filled one after the other; a line never starts with a closing mark."""
    lines = [""]
    for character in text:
        if width_of(lines[-1] + character, size, weight) > width and character not in NO_LINE_START:
            lines.append("")
        lines[-1] += character
    return lines


def draw(lecture: Lecture, slide: Slide, lit: int | None, caption: str) -> Image.Image:
    """One slide with its point number `lit` (from 1) lit up and the sentence being spoken at its foot."""
    if slide.layout == "cover":
        return cover(lecture, slide, caption)
    canvas = Canvas(PAPER)
    header(canvas, slide)
    if slide.layout == "tiles":
        tiles(canvas, slide.points, lit)
    elif slide.layout == "figure":
        figure(canvas, slide)
        rows(canvas, slide.points, lit, left=432, size=34)
    else:
        rows(canvas, slide.points, lit, left=MARGIN, size=38)
    foot(canvas, caption, INK, GROUND)
    return canvas.done()


def cover(lecture: Lecture, slide: Slide, caption: str) -> Image.Image:
    """The opening slide: white on blue, before three discs, each one shade lighter."""
    canvas = Canvas(BLUE_700)
    x, y = WIDTH - 150, 420
    for radius, shade in ((420, "#16467F"), (300, "#1A4D8A"), (180, "#1E5595")):
        canvas.box((x - radius, y - radius, x + radius, y + radius), shade, radius=radius)
    canvas.text((MARGIN, 50), "法治微课堂", 28, PAPER, "Bold")
    chip(canvas, MARGIN + 160, 50, PAPER)
    canvas.text((MARGIN, 250), slide.title, 88, PAPER, "Bold")
    canvas.line((MARGIN, 330, MARGIN + 96, 330), PAPER, 4)
    canvas.text((MARGIN, 384), slide.subtitle, 40, BLUE_50)
    canvas.text((MARGIN, 500), f"{lecture.unit}  ·  {lecture.lecturer}", 32, PAPER)
    canvas.text((MARGIN, 552), lecture.post, 26, "#B9CCE6")
    foot(canvas, caption, PAPER, "#0E3365")
    return canvas.done()


def header(canvas: Canvas, slide: Slide) -> None:
    """The name of the series, the sample mark, and the slide's title with its source in the law."""
    canvas.text((MARGIN, 50), "法治微课堂", 28, BLUE_700, "Bold")
    chip(canvas, MARGIN + 160, 50, BLUE_600)
    canvas.line((MARGIN, 88, WIDTH - MARGIN, 88), LINE)
    canvas.text((MARGIN, 148), slide.title, 54, INK, "Bold")
    canvas.text((WIDTH - MARGIN, 156), slide.source, 22, INK_3, anchor="rm")


def chip(canvas: Canvas, left: float, middle: float, colour: str) -> None:
    """The outlined mark 示例."""
    canvas.box((left, middle - 18, left + 68, middle + 18), None, outline=colour, radius=6)
    canvas.text((left + 34, middle), "示例", 22, colour, anchor="mm")


def rows(canvas: Canvas, points: Sequence[str], lit: int | None, *, left: float, size: int) -> None:
    """The points one under the other, numbered, the lit one on a pale blue ground."""
    top, bottom = 206.0, float(CAPTION_TOP - 20)
    text_left = left + 92
    lines = [wrapped(point, size, WIDTH - MARGIN - 24 - text_left) for point in points]
    line_height = size * 1.4
    heights = [len(each) * line_height + 32 for each in lines]
    gap = min((bottom - top - sum(heights)) / max(len(points) - 1, 1), 28)
    y = top + (bottom - top - sum(heights) - gap * (len(points) - 1)) / 2
    for number, (each, height) in enumerate(zip(lines, heights, strict=True), start=1):
        on = number == lit
        if on:
            canvas.box((left, y, WIDTH - MARGIN, y + height), BLUE_50)
            canvas.box((left, y, left + 8, y + height), BLUE_600, radius=4)
        middle = y + height / 2
        badge(canvas, left + 52, middle, str(number), on=on)
        for index, line in enumerate(each):
            canvas.text(
                (text_left, middle + (index - (len(each) - 1) / 2) * line_height),
                line,
                size,
                INK if on or lit is None else INK_2,
                "Bold" if on else "Regular",
            )
        y += height + gap


def badge(canvas: Canvas, x: float, y: float, text: str, *, on: bool) -> None:
    """A point's number in a circle."""
    canvas.box((x - 22, y - 22, x + 22, y + 22), BLUE_600 if on else PAPER, outline=BLUE_600, radius=22)
    canvas.text((x, y - 1), text, 26, PAPER if on else BLUE_600, "Bold", anchor="mm")


def figure(canvas: Canvas, slide: Slide) -> None:
    """The one figure of the slide, large, in the left column."""
    canvas.box((MARGIN, 214, 392, CAPTION_TOP - 28), BLUE_700)
    middle = (214 + CAPTION_TOP - 28) / 2
    total = width_of(slide.figure, 150, "Bold") + 12 + width_of(slide.unit, 56, "Bold")
    left = (MARGIN + 392 - total) / 2
    canvas.text((left, middle + 50), slide.figure, 150, PAPER, "Bold", anchor="ls")
    canvas.text((left + total, middle + 50), slide.unit, 56, PAPER, "Bold", anchor="rs")


def tiles(canvas: Canvas, points: Sequence[str], lit: int | None) -> None:
    """Four tiles, two by two."""
    wide, high, gap = (WIDTH - 2 * MARGIN - 24) / 2, 176.0, 24.0
    for index, point in enumerate(points):
        on = index + 1 == lit
        left, top = MARGIN + (index % 2) * (wide + gap), 210 + (index // 2) * (high + gap)
        canvas.box((left, top, left + wide, top + high), BLUE_700 if on else BLUE_50, radius=12)
        canvas.text(
            (left + wide / 2, top + high / 2), point, 50, PAPER if on else BLUE_700, "Bold", anchor="mm"
        )


def foot(canvas: Canvas, caption: str, colour: str, ground: str) -> None:
    """The sentence being spoken, centred on a strip of its own."""
    canvas.box((0, CAPTION_TOP, WIDTH, HEIGHT), ground, radius=0)
    lines = wrapped(caption, 28, WIDTH - 2 * MARGIN)
    middle = (CAPTION_TOP + CAPTION_BOTTOM) / 2
    for index, line in enumerate(lines):
        canvas.text((WIDTH / 2, middle + (index - (len(lines) - 1) / 2) * 40), line, 28, colour, anchor="mm")


@cache
def clock(second: int, total: int, step: int, steps: int, *, dark: bool) -> Image.Image:
    """Elapsed and whole time, and a ring that fills once a second (`step` of `steps`): one sees it move."""
    left, top, right, bottom = CLOCK_BOX
    wide, high = (right - left) * SCALE, (bottom - top) * SCALE
    ground, colour, track = (BLUE_700, PAPER, TRACK) if dark else (PAPER, INK_2, LINE)
    image = Image.new("RGB", (wide, high), ground)
    pen = ImageDraw.Draw(image)
    ring = [8 * SCALE, high / 2 - 13 * SCALE, 34 * SCALE, high / 2 + 13 * SCALE]
    pen.ellipse(ring, outline=track, width=4 * SCALE)
    pen.arc(ring, -90, -90 + 360 * (step + 1) / steps, fill=PAPER if dark else BLUE_600, width=4 * SCALE)
    text = f"{second // 60:02}:{second % 60:02} / {total // 60:02}:{total % 60:02}"
    pen.text((wide, high / 2), text, font=font(24), fill=colour, anchor="rm")
    return image.resize((right - left, bottom - top), Image.Resampling.LANCZOS)


def with_motion(base: Image.Image, frame: int, frames: int, rate: int, *, dark: bool) -> Image.Image:
    """The slide with what moves at this frame: the ring and clock, and the progress bar at the foot."""
    image = base.copy()
    image.paste(clock(frame // rate, frames // rate, frame % rate, rate, dark=dark), CLOCK_BOX[:2])
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, HEIGHT - BAR_HEIGHT, WIDTH, HEIGHT), fill=TRACK if dark else LINE)
    pen.rectangle(
        (0, HEIGHT - BAR_HEIGHT, WIDTH * (frame + 1) / frames, HEIGHT), fill=PAPER if dark else BLUE_600
    )
    return image
