"""The fine pattern of posters and stages: the face of a bronze drum, as the peoples of 黔南 cast them."""

from functools import cache
from math import cos, pi, sin

RAYS = 12
RINGS = (108, 132, 168, 176, 214, 250, 258, 298)
DOTTED_RING = 195
TOOTHED_RING = 276


@cache
def drum_paths() -> str:
    """Strokes in a 600 × 600 box, to be coloured by the `stroke` around them."""
    rings = "".join(f'<circle cx="300" cy="300" r="{radius}"/>' for radius in RINGS)
    dots = f'<circle cx="300" cy="300" r="{DOTTED_RING}" stroke-dasharray="2 12" stroke-width="8"/>'
    return rings + dots + _teeth() + _sun()


def _point(radius: float, turn: float) -> str:
    return f"{300 + radius * sin(turn * 2 * pi):.1f} {300 - radius * cos(turn * 2 * pi):.1f}"


def _sun() -> str:
    corners = [_point(100 if step % 2 == 0 else 34, step / (2 * RAYS)) for step in range(2 * RAYS)]
    return f'<path d="M{"L".join(corners)}Z"/>'


def _teeth() -> str:
    count = 48
    corners = [
        _point(TOOTHED_RING + (12 if step % 2 == 0 else -12), step / (2 * count)) for step in range(2 * count)
    ]
    return f'<path d="M{"L".join(corners)}Z"/>'
