"""QR codes as files to download: SVG and PNG, the address printed below in plain letters. Pure.

Error correction M at least, and a quiet zone of four modules on all sides (ISO/IEC 18004 §6.3.8).
"""

from functools import lru_cache
from html import escape
from io import BytesIO

import segno
from PIL import Image, ImageDraw, ImageFont

from core.fonts import Typeface

QUIET = 4  # modules
INK = "#000"
Run = tuple[int, int, int]


@lru_cache(maxsize=512)
def runs(address: str) -> tuple[int, tuple[Run, ...]]:
    """How many modules a side has, quiet zone included, and the dark stretches: (column, row, length)."""
    code = segno.make(address, error="m", micro=False)
    size = int(code.symbol_size(border=QUIET)[0])
    found: list[Run] = []
    for row, line in enumerate(code.matrix_iter(border=QUIET)):
        start: int | None = None
        for column, dark in enumerate([*line, 0]):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                found.append((start, row, column - start))
                start = None
    return size, tuple(found)


def wrapped_address(address: str, most: int) -> list[str]:
    """In lines of at most so many characters, broken before a slash or the question mark where there is one."""
    if len(address) <= most:
        return [address]
    cut = max(address.rfind("/", 0, most), address.rfind("?", 0, most))
    at = cut if cut > len("https://") else most
    return [address[:at], *wrapped_address(address[at:], most)]


def qr_svg_file(address: str, label: str) -> str:
    """label: printed above the code, e.g. the unit. 60 mm wide as it stands, the code itself more than 4 cm."""
    size, dark = runs(address)
    width, head = size * 10, 60
    lines = wrapped_address(address, 52)
    height = head + width + 34 * len(lines) + 16
    path = "".join(f"M{column} {row}h{length}v1h-{length}z" for column, row, length in dark)
    # Long names are set closer rather than cut off.
    closer = (
        f' textLength="{width - 20}" lengthAdjust="spacingAndGlyphs"' if len(label) * 34 > width - 20 else ""
    )
    foot = "".join(
        f'<text x="{width / 2:g}" y="{head + width + 24 + 34 * place}" font-size="{_address_size(width, lines)}" '
        f'font-family="monospace">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="60mm" '
        f'height="{60 * height / width:.1f}mm"><title>{escape(f"{label} {address}")}</title>'
        f'<path fill="#fff" d="M0 0h{width}v{height}H0z"/><g fill="{INK}" text-anchor="middle">'
        f'<text x="{width / 2:g}" y="50" font-size="34" font-family="sans-serif"{closer}>{escape(label)}</text>'
        f'<path transform="translate(0 {head}) scale(10)" shape-rendering="crispEdges" d="{path}"/>{foot}</g></svg>'
    )


def _address_size(width: int, lines: list[str]) -> int:
    return min(26, int((width - 20) / (0.61 * max(map(len, lines)))))


def qr_picture(address: str, module: int) -> Image.Image:
    """The bare code with its quiet zone, one module so many pixels; "L"."""
    size, dark = runs(address)
    image = Image.new("L", (size * module, size * module), 255)
    pen = ImageDraw.Draw(image)
    for column, row, length in dark:
        pen.rectangle(
            (column * module, row * module, (column + length) * module - 1, (row + 1) * module - 1), fill=0
        )
    return image


def qr_png(address: str, label: str, face: Typeface) -> bytes:
    """300 dpi, more than 6 cm wide. Slow (10 ms): in a thread."""
    code = qr_picture(address, 20)
    lines = wrapped_address(address, 52)
    head, leading = 90, 44
    image = Image.new("L", (code.width, head + code.height + leading * len(lines) + 30), 255)
    image.paste(code, (0, head))
    pen = ImageDraw.Draw(image)
    middle = code.width / 2
    pen.text(
        (middle, 66), label, font=_fitting(face.bold, face.index, label, 48, code.width - 40), anchor="mm"
    )
    for place, line in enumerate(lines):
        font = _fitting(face.regular, face.index, line, 32, code.width - 40)
        pen.text((middle, head + code.height + leading * place + 8), line, font=font, anchor="mm")
    out = BytesIO()
    image.save(out, "PNG", optimize=True, dpi=(300, 300))
    return out.getvalue()


def _fitting(path: object, index: int, text: str, size: int, width: float) -> ImageFont.FreeTypeFont:
    """The face in this size, or in the smaller one in which the text is no wider."""
    font = ImageFont.truetype(str(path), size, index=index)
    length = font.getlength(text)
    return font if length <= width else ImageFont.truetype(str(path), size * width / length, index=index)
