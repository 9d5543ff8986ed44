"""Posters drawn by the system: unit, title and date on blue with a fine pattern. Pure; legible at 160 px."""

from dataclasses import dataclass
from html import escape

from portal.drum import drum_paths

WIDTH, HEIGHT = 1280, 720
MARGIN = 88
SIZES = (112, 96, 80)  # px of the title: the largest that fits in three lines
LINES = 3
MIDDLE = 372  # px from the top: where the lines of the title are centred
LEADING = 1.28  # from line to line, in sizes
RISE = 0.36  # from the middle of a line down to its baseline, in sizes
FONT = "'PingFang SC','Microsoft YaHei','Noto Sans SC','Noto Sans CJK SC','Source Han Sans SC',sans-serif"
NO_LINE_START = "，。、；：？！）》”’』」】…·,.;:?!)"
NO_LINE_END = "（《“‘『「【("


@dataclass(frozen=True, slots=True)
class Poster:
    title: str
    unit: str
    when: str
    site: str
    is_sample: bool = False


def text_width(text: str) -> float:
    """In ems: a Chinese character is one, a Latin letter or a digit about 0.56."""
    return sum(1.0 if ord(letter) > 0x2E7F else 0.56 for letter in text)


def wrap(text: str, width: float, lines: int) -> list[str] | None:
    """Break into at most so many lines of at most width ems, evenly; None when it does not fit.

    No line begins with closing punctuation or ends with an opening one; words of Latin letters stay whole.
    """
    wanted = -(-text_width(text) // width)
    for count in range(int(wanted), lines + 1):
        even = min(width, text_width(text) / count + 0.9)
        for limit in (even, width):
            broken = _break(text, limit)
            if len(broken) <= count and all(text_width(line) <= width for line in broken):
                return broken
    return None


def _break(text: str, limit: float) -> list[str]:
    lines, line = [], ""
    for piece in _pieces(text):
        if line and text_width(line + piece.rstrip()) > limit:
            lines.append(line.strip())
            line = ""
        line += piece
    return [*lines, line.strip()] if line.strip() else lines


def _pieces(text: str) -> list[str]:
    """What may not be broken: a character with its punctuation, a Latin word."""
    pieces: list[str] = []
    for letter in text:
        last = pieces[-1] if pieces else ""
        joins = last and (
            letter in NO_LINE_START
            or last[-1] in NO_LINE_END
            or (letter.isascii() and not letter.isspace() and last[-1].isascii() and not last[-1].isspace())
            or letter.isspace()
        )
        if joins:
            pieces[-1] += letter
        else:
            pieces.append(letter)
    return pieces


def fit_title(title: str) -> tuple[int, list[str]]:
    """The size (px) and the lines of a title; one that is far too long ends with an ellipsis."""
    for size in SIZES:
        lines = wrap(title, (WIDTH - 2 * MARGIN) / size, LINES)
        if lines is not None:
            return size, lines
    shorter = title
    while (lines := wrap(shorter + "…", (WIDTH - 2 * MARGIN) / SIZES[-1], LINES)) is None:
        shorter = shorter[:-1]
    return SIZES[-1], lines


def poster_svg(poster: Poster) -> str:
    size, lines = fit_title(poster.title)
    leading = size * LEADING
    first = MIDDLE - leading * (len(lines) - 1) / 2 + size * RISE
    title = "".join(
        f'<text x="{MARGIN}" y="{first + leading * place:.0f}">{escape(line)}</text>'
        for place, line in enumerate(lines)
    )
    foot = foot_of(poster)
    sample = (
        f'<g transform="translate({WIDTH - MARGIN - 132} 84)"><rect width="132" height="64" rx="8" fill="none" '
        'stroke="#fff" stroke-width="3"/><text x="66" y="46" font-size="40" text-anchor="middle">示例</text></g>'
        if poster.is_sample
        else ""
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        '<defs><linearGradient id="sky" x1="0" y1="0" x2="1" y2="1">'
        '<stop offset="0" stop-color="#174b90"/><stop offset="1" stop-color="#0d2f5e"/></linearGradient></defs>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#sky)"/>'
        '<g transform="translate(690 180) scale(1.25)" fill="none" stroke="#fff" stroke-width="2.2" opacity="0.13">'
        f"{drum_paths()}</g>"
        f'<rect x="{MARGIN}" y="88" width="10" height="52" rx="5" fill="#fff"/>'
        f'<g fill="#fff" font-family="{FONT}">'
        f'<text x="{MARGIN + 32}" y="133" font-size="52" font-weight="500">{escape(short_unit(poster.unit))}</text>'
        f'<g font-size="{size}" font-weight="700">{title}</g>{sample}<g fill="#d7e5f6">'
        f'<text x="{MARGIN}" y="640" font-size="44">{escape(foot)}</text>'
        "</g></g></svg>"
    )


def foot_of(poster: Poster) -> str:
    return " · ".join(filter(None, (poster.when, poster.site)))


def short_unit(unit: str) -> str:
    return unit if text_width(unit) <= 18 else unit[:17] + "…"
