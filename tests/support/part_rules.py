"""What must hold for the parts of any rendition (draft-pantos-hls-rfc8216bis §4.4.4.9)."""

from tests.support.collecting_sink import CollectingSink

TARGET = 36_000


def check_part_rules(sink: CollectingSink) -> None:
    for segment in sink.segments:
        assert segment.end is not None
        expected_start = segment.head.start
        for index, part in enumerate(segment.parts):
            assert part.index == index
            assert part.start == expected_start
            assert 0 < part.duration <= TARGET
            if index < len(segment.parts) - 1:
                assert part.duration >= 0.85 * TARGET
            expected_start += part.duration
        if not segment.head.gap:
            assert expected_start == segment.end
    for before, after in zip(sink.segments, sink.segments[1:], strict=False):
        assert after.head.msn == before.head.msn + 1
        assert after.head.start == before.end
