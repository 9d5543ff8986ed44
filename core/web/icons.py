"""Icons of one outline set, drawn into the page so that they take the colour of their text."""

import re
from functools import cache

from markupsafe import Markup

from core.web.assets import Assets

FOLDER = "vendor/icons/"


class Icons:
    """`icon("play")`: an icon beside text, hidden from screen readers; the text says what it is for."""

    def __init__(self, assets: Assets) -> None:
        self._assets = assets
        self._draw = cache(self._read)

    def __call__(self, name: str) -> Markup:
        """Raises KeyError for an icon that scripts/vendor.mjs does not lay out."""
        return self._draw(name)

    def _read(self, name: str) -> Markup:
        svg = self._assets.text(f"{FOLDER}{name}.svg")
        shape = re.sub(r"<!--.*?-->", "", svg, flags=re.DOTALL)
        root, rest = shape.strip().split(">", 1)
        root = re.sub(r"\s+(class|width|height)=\"[^\"]*\"", "", root)
        shape = re.sub(r"\s+", " ", f"{root}>{rest}").replace("> <", "><")
        return Markup(shape.replace("<svg", '<svg class="icon" aria-hidden="true" focusable="false"', 1))
