"""What a cue may be: the limits of Chinese subtitles, and how text is measured against them.

Limits after Netflix's Simplified Chinese guide and general requirements: 16 characters a line, 2 lines, 5/6 s to 7 s,
9 characters a second, no gap of less than two frames.
"""

from unicodedata import east_asian_width

MOST_WIDTH = 16.0
"""Characters of a line; a half-width one counts 0.5."""
MOST_LINES = 2
LONGEST_MS = 7_000
SHORTEST_MS = 834
"""5/6 s, rounded up."""
FASTEST = 9.0
"""Characters a second, spaces not counted."""
SMALLEST_GAP_MS = 84
"""Two frames at 24 a second: a shorter gap flickers, so a gap is this or none."""
LINGER_MS = 500
"""How long a cue may stay after its last word."""
HALF_WIDTH = ("Na", "H")  # Unicode Standard Annex 11; what it leaves open is wide among Chinese


def width(text: str) -> float:
    """In characters of a line: half-width ones (Latin letters, digits) count 0.5, all others 1."""
    return len(text) - 0.5 * sum(east_asian_width(letter) in HALF_WIDTH for letter in text)


def reading_width(text: str) -> float:
    """As width, without what is not read: spaces."""
    return width("".join(text.split()))
