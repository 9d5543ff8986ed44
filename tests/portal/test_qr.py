import re

import segno
from portal.qr import qr_svg

ADDRESS = "https://fz.example.gov.cn/l/2026-11-2?u=520028"


def test_the_drawn_squares_are_the_codes_own() -> None:
    svg = str(qr_svg(ADDRESS, "手机收看"))
    drawn = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1", svg)}
    code = segno.make(ADDRESS, error="m", micro=False)
    wanted = {
        (x, y) for y, row in enumerate(code.matrix_iter(border=3)) for x, dark in enumerate(row) if dark
    }
    assert drawn == wanted
    assert code.error in {"M", "Q", "H"}  # at least M; more where it costs no size


def test_the_label_cannot_carry_markup() -> None:
    assert '"><script>' not in str(qr_svg(ADDRESS, '"><script>'))
