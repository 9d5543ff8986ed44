import pytest

from core.web.assets import Assets
from core.web.icons import Icons

DRAWN = b"""<!-- @license somebody's -->
<svg class="lucide" xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24">
  <rect width="18" height="16" x="3" y="4" />
</svg>
"""


def test_an_icon_takes_its_size_from_the_style_and_is_silent() -> None:
    icon = str(Icons(Assets({"vendor/icons/box.svg": DRAWN}))("box"))
    assert icon.startswith('<svg class="icon" aria-hidden="true" focusable="false"')
    assert 'width="24"' not in icon
    assert '<rect width="18" height="16" x="3" y="4" />' in icon
    assert "license" not in icon


def test_an_unknown_icon_is_an_error() -> None:
    with pytest.raises(KeyError):
        Icons(Assets({}))("box")
