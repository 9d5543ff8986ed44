"""QR codes drawn into the page: short addresses, error correction M, a quiet zone."""

from functools import lru_cache

import segno
from markupsafe import Markup, escape


@lru_cache(maxsize=256)
def qr_svg(address: str, label: str) -> Markup:
    """An address of the site. label: what a screen reader says of the picture."""
    return draw_qr(address, label)


def draw_qr(address: str, label: str) -> Markup:
    """The same of a secret: nothing of it stays in memory."""
    code = segno.make(address, error="m", micro=False)
    size = code.symbol_size(border=3)[0]
    path = "".join(
        f"M{column} {row}h1v1h-1z"
        for row, line in enumerate(code.matrix_iter(border=3))
        for column, dark in enumerate(line)
        if dark
    )
    return Markup(
        f'<svg viewBox="0 0 {size} {size}" role="img" aria-label="{escape(label)}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{size}v{size}H0z"/><path fill="#0b2a54" d="{path}"/></svg>'
    )
