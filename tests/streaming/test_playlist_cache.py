import gzip
import time

from streaming.playlist_cache import PlaylistCache
from tests.support.hls_checker import read_playlist
from tests.support.renditions import RenditionStage


def test_cached_forms_say_what_a_fresh_rendering_says_in_every_version() -> None:
    stage = RenditionStage()
    for place in range(30):
        stage.feeder.open(discontinuity=place == 11)
        for _ in range(5):
            stage.feeder.part()
            if place % 3 == 0:  # not every version is asked for
                fresh = PlaylistCache().form(stage.first._view(), 1, delta=False, gzipped=False)
                assert stage.live() == fresh.decode()
        stage.feeder.close()


def test_the_same_version_is_made_once() -> None:
    stage = RenditionStage()
    stage.feeder.segments(3)
    assert stage.first.live_playlist() is stage.first.live_playlist()
    assert stage.first.live_playlist(gzipped=True) is stage.first.live_playlist(gzipped=True)
    before = stage.first.live_playlist()
    stage.feeder.segments(1)
    assert stage.first.live_playlist() != before


def test_a_new_media_token_reaches_the_old_segments_too() -> None:
    stage = RenditionStage()
    stage.feeder.segments(20)
    stage.live()
    stage.context.base = "../../media/2026-11-2/other/"
    stage.first.refresh()
    text = stage.live()
    assert "/token/" not in text
    assert len(read_playlist(text).segments) == 20


def test_the_prefix_says_no_longer_that_segments_are_independent_when_one_is_not() -> None:
    stage = RenditionStage()
    stage.feeder.segments(20)
    assert "EXT-X-INDEPENDENT-SEGMENTS" in stage.live()
    stage.feeder.open()
    stage.feeder.part(independent=False)
    stage.feeder.close()
    assert "EXT-X-INDEPENDENT-SEGMENTS" not in stage.live()


def test_a_part_late_in_a_long_lecture_costs_a_fraction_of_the_whole_playlist() -> None:
    stage = RenditionStage()
    stage.feeder.segments(3600)
    stage.live()
    assert len(stage.first.live_playlist()) > 200_000
    assert len(stage.first.live_playlist(gzipped=True)) < 25_000
    with_prefix = []
    for _ in range(8):
        stage.feeder.segment()
        started = time.perf_counter()
        stage.first.live_playlist(gzipped=True)
        with_prefix.append(time.perf_counter() - started)
    started = time.perf_counter()
    PlaylistCache().form(stage.first._view(), 1, delta=False, gzipped=True)
    assert min(with_prefix) < (time.perf_counter() - started) / 3


def test_the_gzip_form_can_be_read_by_any_gzip_reader() -> None:
    stage = RenditionStage()
    stage.feeder.segments(100)
    data = stage.first.live_playlist(gzipped=True)
    assert gzip.decompress(data) == stage.first.live_playlist()
