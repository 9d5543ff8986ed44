import pytest

from streaming.reload import (
    NO_DIRECTIVES,
    BadDirective,
    Directives,
    Edge,
    Readiness,
    parse_directives,
    playlist_readiness,
)

LIMIT = 7


@pytest.mark.parametrize(
    ("query", "directives"),
    [
        (b"", NO_DIRECTIVES),
        (b"u=520013", NO_DIRECTIVES),
        (b"_HLS_msn=12", Directives(12)),
        (b"_HLS_msn=12&_HLS_part=3", Directives(12, 3)),
        (b"a=1&_HLS_part=0&b&_HLS_msn=0", Directives(0, 0)),
        (b"_HLS_skip=YES", Directives(skip=True)),
        (b"_HLS_skip=v2&_HLS_msn=3", Directives(3, skip=True)),
        (b"_HLS_skip=NO", Directives()),
    ],
)
def test_directives_are_read_and_other_parameters_ignored(query: bytes, directives: Directives) -> None:
    assert parse_directives(query) == directives


@pytest.mark.parametrize(
    "query",
    [
        b"_HLS_part=1",
        b"_HLS_msn=-1",
        b"_HLS_msn=",
        b"_HLS_msn=1.5",
        b"_HLS_msn=abc",
        b"_HLS_msn=1&_HLS_part=x",
        b"_HLS_msn=9999999999999",
        b"_HLS_msn=%31",
    ],
)
def test_bad_directives_are_refused(query: bytes) -> None:
    with pytest.raises(BadDirective):
        parse_directives(query)


# Segments 0 to 9 are closed with 5 parts each; segment 10 is open with 2.
EDGE = Edge(next_msn=10, open_parts=2)


@pytest.mark.parametrize(
    ("msn", "part", "readiness"),
    [
        (3, None, Readiness.READY),
        (9, None, Readiness.READY),
        (9, 4, Readiness.READY),
        (10, 1, Readiness.READY),
        (10, 2, Readiness.WAIT),
        (10, None, Readiness.WAIT),
        (11, None, Readiness.WAIT),
        (11, 0, Readiness.WAIT),
        (12, None, Readiness.TOO_FAR),
        (12, 0, Readiness.TOO_FAR),
        (10, 2 + LIMIT - 1, Readiness.WAIT),
        (10, 2 + LIMIT, Readiness.TOO_FAR),
        (11, LIMIT, Readiness.TOO_FAR),
        (9, 5, Readiness.READY),  # rolls over to part 0 of segment 10, which is there
        (3, 99, Readiness.READY),
    ],
)
def test_what_a_blocking_request_waits_for(msn: int, part: int | None, readiness: Readiness) -> None:
    parts_of_msn = 5 if msn < 10 else None
    assert playlist_readiness(msn, part, EDGE, parts_of_msn, LIMIT) is readiness


def test_a_part_behind_the_last_segments_end_waits_for_the_next_segments_first() -> None:
    edge = Edge(next_msn=10, open_parts=0)
    assert playlist_readiness(9, 5, edge, 5, LIMIT) is Readiness.WAIT
    assert playlist_readiness(9, 5, Edge(10, 1), 5, LIMIT) is Readiness.READY


def test_a_part_of_a_gap_is_answered_with_the_next_segment() -> None:
    assert playlist_readiness(9, 0, Edge(10, 0), 0, LIMIT) is Readiness.WAIT
    assert playlist_readiness(9, 0, Edge(11, 0), 0, LIMIT) is Readiness.READY


def test_what_lies_before_the_first_segment_is_answered_at_once() -> None:
    assert playlist_readiness(2, 7, Edge(next_msn=10, open_parts=0), None, LIMIT) is Readiness.READY
