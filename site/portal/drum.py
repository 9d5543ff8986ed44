"""The fine pattern of posters and stages: the face of a bronze drum, as the peoples of 黔南 cast them."""

from functools import cache
from math import cos, pi, sin

RAYS = 12
RINGS = (108, 132, 168, 176, 214, 250, 258, 298)
DOTTED_RING = 195
DOT, PAUSE, DOT_WIDTH = 2, 12, 8
TOOTHED_RING = 276
TEETH = 48
Point = tuple[float, float]


@cache
def drum_paths() -> str:
    """Strokes in a 600 × 600 box, to be coloured by the `stroke` around them."""
    rings = "".join(f'<circle cx="300" cy="300" r="{radius}"/>' for radius in RINGS)
    dashes = f'stroke-dasharray="{DOT} {PAUSE}" stroke-width="{DOT_WIDTH}"'
    dots = f'<circle cx="300" cy="300" r="{DOTTED_RING}" {dashes}/>'
    return rings + dots + _closed(teeth()) + _closed(sun())


def sun() -> list[Point]:
    """The corners of the sun in the middle, in the same box."""
    return [_point(100 if step % 2 == 0 else 34, step / (2 * RAYS)) for step in range(2 * RAYS)]


def teeth() -> list[Point]:
    """The corners of the toothed ring."""
    return [
        _point(TOOTHED_RING + (12 if step % 2 == 0 else -12), step / (2 * TEETH)) for step in range(2 * TEETH)
    ]


def _point(radius: float, turn: float) -> Point:
    return 300 + radius * sin(turn * 2 * pi), 300 - radius * cos(turn * 2 * pi)


def _closed(corners: list[Point]) -> str:
    return f'<path d="M{"L".join(f"{x:.1f} {y:.1f}" for x, y in corners)}Z"/>'
