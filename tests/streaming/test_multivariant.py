from typing import Any

import m3u8
import pytest

from streaming.multivariant import Variant, common_codecs, multivariant

SOURCE = Variant("source.m3u8", 2_500_000, 2_000_000, "avc1.64001f,mp4a.40.2", 1280, 720, 29.97)
RUNG = Variant("480p.m3u8", 800_000, None, "avc1.4d401e,mp4a.40.2", 854, 480, 25.0)


def parsed(text: str) -> Any:
    return m3u8.loads(text)  # type: ignore[no-untyped-call]


def test_variants_are_listed_with_what_players_choose_by() -> None:
    playlist = parsed(multivariant([SOURCE, RUNG], version=9, independent=True))
    assert playlist.is_variant
    assert playlist.is_independent_segments
    first, second = (variant.stream_info for variant in playlist.playlists)
    assert (first.bandwidth, first.average_bandwidth) == (2_500_000, 2_000_000)
    assert (first.resolution, first.frame_rate) == ((1280, 720), 29.97)
    assert second.codecs == "avc1.4d401e,mp4a.40.2"
    assert second.average_bandwidth is None
    assert [variant.uri for variant in playlist.playlists] == ["source.m3u8", "480p.m3u8"]


def test_sound_alone_has_no_resolution() -> None:
    text = multivariant(
        [Variant("audio.m3u8", 130_000, 128_000, "mp4a.40.2", None, None, None)], version=9, independent=False
    )
    assert "RESOLUTION" not in text
    assert "FRAME-RATE" not in text
    assert "INDEPENDENT" not in text
    assert parsed(text).playlists[0].stream_info.codecs == "mp4a.40.2"


@pytest.mark.parametrize(
    ("codecs", "common"),
    [
        (["avc1.64001f,mp4a.40.2"], "avc1.64001f,mp4a.40.2"),
        (["avc1.64001f,mp4a.40.2", "avc1.640028,mp4a.40.2"], "avc1.640028,mp4a.40.2"),
        (["avc1.640028", "avc1.42c01f,mp4a.40.2"], "avc1.640028,mp4a.40.2"),
        (["mp4a.40.2", "avc1.64001f,mp4a.40.2"], "mp4a.40.2,avc1.64001f"),
        (["mp4a.40.2", "mp4a.40.5"], "mp4a.40.5"),
        ([], ""),
    ],
)
def test_one_codecs_string_stands_for_all_configurations(codecs: list[str], common: str) -> None:
    assert common_codecs(codecs) == common
