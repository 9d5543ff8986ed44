import pytest
from starlette.types import Scope

from streaming.answers import accepts_gzip, byte_range


@pytest.mark.parametrize(
    ("value", "span"),
    [
        (b"bytes=0-99", (0, 100)),
        (b"bytes=100-", (100, 1000)),
        (b"bytes=-100", (900, 1000)),
        (b"bytes=0-5000", (0, 1000)),
        (b"bytes=-5000", (0, 1000)),
        (b"bytes=999-999", (999, 1000)),
        (b"bytes=1000-", (0, 0)),
        (b"bytes=-0", (1000, 1000)),
        (b"bytes=5-4", None),
        (b"bytes=0-1,5-6", None),
        (b"bytes=-", None),
        (b"bytes=a-b", None),
        (b"items=0-1", None),
        (b"", None),
    ],
)
def test_single_ranges_are_read_and_others_ignored(value: bytes, span: tuple[int, int] | None) -> None:
    assert byte_range(value, 1000) == span


@pytest.mark.parametrize(
    ("value", "accepted"),
    [
        (b"gzip, deflate, br, zstd", True),
        (b"gzip;q=0.5", True),
        (b"br;q=1.0, gzip;q=0", False),
        (b"deflate, gzip; q=0", False),
        (b"identity", False),
        (None, False),
    ],
)
def test_gzip_is_sent_to_those_who_take_it(value: bytes | None, accepted: bool) -> None:
    scope: Scope = {"headers": [(b"host", b"h")] + ([(b"accept-encoding", value)] if value else [])}
    assert accepts_gzip(scope) is accepted
