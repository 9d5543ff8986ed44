import pytest

from streaming.multivariant import Nominal
from streaming.reload import Readiness
from streaming.rendition import Shed
from streaming.segments import Init, Part, SegmentHead
from tests.support.feeder import PART, make_init, part_bytes
from tests.support.hls_checker import read_playlist
from tests.support.renditions import BASE, RenditionStage


def test_hot_segments_are_their_parts_one_after_the_other() -> None:
    stage = RenditionStage()
    stage.feeder.segments(3)
    expected = b"".join(part_bytes("source", 2, index) for index in range(5))
    assert stage.first.hot("2.m4s") == expected
    assert stage.first.hot("2.3.m4s") == part_bytes("source", 2, 3)
    assert stage.first.hot("3.m4s") is None


def test_only_the_newest_segments_stay_in_memory() -> None:
    stage = RenditionStage(hot_segments=5)
    stage.feeder.segments(20)
    kept = [msn for msn in range(20) if stage.first.hot(f"{msn}.m4s") is not None]
    assert kept == [15, 16, 17, 18, 19]
    in_parts = [msn for msn in range(20) if stage.first.hot(f"{msn}.0.m4s") is not None]
    assert in_parts == [16, 17, 18, 19]


def test_a_segment_that_is_not_on_the_disk_yet_stays_in_memory() -> None:
    stage = RenditionStage(hot_segments=5)
    journal = NullJournal()
    stage.context.journal = journal
    stage.feeder.segments(20)
    assert stage.first.hot("0.m4s") is not None
    for msn in range(19):
        stage.first.segment_saved(msn)
    assert [msn for msn in range(20) if stage.first.hot(f"{msn}.m4s")] == [15, 16, 17, 18, 19]


def test_what_is_handed_in_out_of_order_is_refused() -> None:
    stage = RenditionStage()
    with pytest.raises(ValueError, match="no segment is open"):
        stage.first.add_part(Part(0, 0, PART, True, b"x"))
    stage.feeder.open()
    stage.feeder.part()
    with pytest.raises(ValueError, match="still open"):
        stage.feeder.open()
    stage.feeder.close()
    with pytest.raises(ValueError, match="segment 0 after 0"):
        stage.first.open_segment(SegmentHead(0, 0, "a", False, 0.0, 1))


def test_numbers_a_rendition_has_nothing_for_are_listed_as_gaps() -> None:
    stage = RenditionStage("480p", "source")
    stage.feeder.segment()
    for _ in range(2):
        stage.feeder.open(to=("source",))
        stage.feeder.part(to=("source",))
        stage.feeder.close(to=("source",))
    stage.feeder.segment()
    playlist = stage.load()
    assert [segment.gap for segment in playlist.segments] == [False, True, True, False]
    assert playlist.duration == read_playlist(stage.renditions["source"].live_playlist().decode()).duration
    assert stage.first.lacking == 2 * PART


def test_a_segment_that_closes_without_parts_is_a_gap() -> None:
    stage = RenditionStage()
    stage.feeder.segment()
    stage.feeder.open()
    stage.feeder.now += 90_000
    stage.feeder.close()
    assert stage.load().segments[1].gap


def test_a_rendition_may_begin_later_and_counts_the_discontinuities_before_it() -> None:
    stage = RenditionStage("480p", "source")
    for place in range(4):
        stage.feeder.open(to=("source",), discontinuity=place in (1, 2))
        stage.feeder.part(to=("source",))
        stage.feeder.close(to=("source",))
    stage.feeder.segment(discontinuity=True)
    playlist = stage.load()
    assert playlist.media_sequence == 4
    assert playlist.tags["EXT-X-DISCONTINUITY-SEQUENCE"] == "2"
    source = read_playlist(stage.renditions["source"].live_playlist().decode())
    assert playlist.segments[0].discontinuity_sequence == source.segments[4].discontinuity_sequence == 3


def test_siblings_are_reported_with_their_last_part() -> None:
    stage = RenditionStage("source", "480p")
    stage.feeder.segment()
    stage.feeder.open()
    stage.feeder.part()
    stage.feeder.part()
    assert read_playlist(stage.live()).reports == [{"URI": "480p.m3u8", "LAST-MSN": "1", "LAST-PART": "1"}]


def test_a_closed_sibling_is_reported_with_its_segments_last_part() -> None:
    stage = RenditionStage("source", "480p")
    stage.feeder.segment()
    assert read_playlist(stage.live()).reports == [{"URI": "480p.m3u8", "LAST-MSN": "0", "LAST-PART": "4"}]


def test_a_part_is_waited_for_only_where_the_playlist_hints_at_it() -> None:
    stage = RenditionStage()
    stage.feeder.segment()
    stage.feeder.open()
    stage.feeder.part()
    rendition = stage.first
    assert rendition.part_readiness(1, 0) is Readiness.READY
    assert rendition.part_readiness(1, 1) is Readiness.WAIT
    assert rendition.part_readiness(1, 2) is Readiness.NEVER
    assert rendition.part_readiness(2, 0) is Readiness.NEVER
    stage.feeder.close()
    assert rendition.part_readiness(1, 1) is Readiness.NEVER
    assert rendition.part_readiness(2, 0) is Readiness.WAIT
    stage.finish()
    assert rendition.part_readiness(2, 0) is Readiness.NEVER


def test_a_finished_lecture_answers_every_blocking_request_at_once() -> None:
    stage = RenditionStage()
    stage.feeder.segment()
    assert stage.first.readiness(1, 0) is Readiness.WAIT
    stage.finish()
    assert stage.first.readiness(1, 0) is Readiness.READY
    assert stage.first.readiness(99, 0) is Readiness.READY


class TestShedding:
    def test_gaps_follow_for_three_segments_and_then_the_playlist_is_gone(self) -> None:
        stage = RenditionStage("480p", "source")
        stage.feeder.segments(2)
        stage.feeder.open()
        stage.feeder.part()
        stage.load()
        stage.first.shed()
        assert not stage.watch.load(stage.live(), shed=True).segments[2:]
        stage.feeder.part(to=("source",))
        stage.feeder.close(to=("source",))
        for gaps in (0, 1, 2, 3):
            playlist = stage.watch.load(stage.live(), shed=True)
            assert [segment.gap for segment in playlist.segments] == [False] * 3 + [True] * gaps
            assert playlist.duration == pytest.approx(stage.feeder.now / 90_000)
            stage.feeder.open(to=("source",))
            stage.feeder.part(to=("source",))
            stage.feeder.close(to=("source",))
        assert stage.first.is_gone
        with pytest.raises(Shed):
            stage.first.live_playlist()
        with pytest.raises(Shed):
            stage.first.readiness(3, None)

    def test_what_the_encoder_still_delivers_is_left_out(self) -> None:
        stage = RenditionStage("480p", "source")
        stage.feeder.segment()
        stage.first.shed()
        stage.feeder.segments(2)
        assert [segment.gap for segment in read_playlist(stage.live(), shed=True).segments] == [
            False,
            True,
            True,
        ]

    def test_one_that_had_nothing_yet_is_gone_at_once(self) -> None:
        stage = RenditionStage("480p", "source")
        stage.first.shed()
        assert stage.first.is_gone

    def test_its_siblings_report_it_no_longer(self) -> None:
        stage = RenditionStage("source", "480p")
        stage.feeder.segment()
        stage.renditions["480p"].shed()
        stage.feeder.open(to=("source",))
        stage.feeder.part(to=("source",))
        assert read_playlist(stage.live()).reports == []

    def test_it_covers_nothing_any_more(self) -> None:
        stage = RenditionStage("source", "480p")
        stage.feeder.segments(3)
        assert stage.renditions["480p"].covers(stage.first)
        stage.renditions["480p"].shed()
        assert not stage.renditions["480p"].covers(stage.first)


class TestCovering:
    def test_a_rendition_that_began_later_does_not_cover_the_lecture(self) -> None:
        stage = RenditionStage("source", "480p")
        stage.feeder.open(to=("source",))
        stage.feeder.part(to=("source",))
        stage.feeder.close(to=("source",))
        stage.feeder.segments(3)
        assert not stage.renditions["480p"].covers(stage.first)

    def test_a_gap_that_players_bridge_is_allowed_and_many_are_not(self) -> None:
        stage = RenditionStage("source", "480p")
        stage.feeder.segment()
        for missing, covers in ((2, True), (1, False)):
            for _ in range(missing):
                stage.feeder.open(to=("source",))
                for _ in range(5):
                    stage.feeder.part(to=("source",))
                stage.feeder.close(to=("source",))
            stage.feeder.segment()
            assert stage.renditions["480p"].covers(stage.first) is covers


class TestVariant:
    def test_it_is_known_from_what_was_promised_before_there_is_media(self) -> None:
        stage = RenditionStage()
        assert stage.first.variant() is None
        stage.first.nominal = Nominal("avc1.4d401f,mp4a.40.2", 1_000_000, 854, 480, 30.0)
        variant = stage.first.variant()
        assert variant is not None
        assert (variant.bandwidth, variant.average, variant.height) == (1_000_000, None, 480)

    def test_the_measured_rate_counts_once_a_segment_has_closed(self) -> None:
        stage = RenditionStage()
        stage.first.nominal = Nominal("avc1.4d401f", 5)
        stage.feeder.open()
        stage.feeder.part()
        first = stage.first.variant()
        assert first is not None
        assert first.bandwidth == 25_000  # 1000 bytes in 0.4 s, and a quarter more
        stage.feeder.close()
        stage.feeder.segment()
        second = stage.first.variant()
        assert second is not None
        assert second.bandwidth == second.average == 20_000

    def test_it_names_what_all_its_init_sections_need(self) -> None:
        stage = RenditionStage()
        stage.feeder.segment()
        stage.feeder.configure(make_init("b", codecs="avc1.640028,mp4a.40.2", height=1080))
        stage.feeder.segment()
        variant = stage.first.variant()
        assert variant is not None
        assert variant.codecs == "avc1.640028,mp4a.40.2"
        assert (variant.width, variant.height) == (1920, 1080)


class NullJournal:
    """A `RenditionJournal` that saves nothing by itself."""

    def init_added(self, rendition: str, init: Init) -> None: ...

    def segment_opened(self, rendition: str, head: SegmentHead) -> None: ...

    def part_added(self, rendition: str, msn: int, part: Part) -> None: ...

    def segment_closed(self, rendition: str, msn: int, end: int) -> None: ...

    def rendition_shed(self, rendition: str) -> None: ...


def test_a_segment_that_never_reached_the_disk_is_listed_as_a_gap_however_old_it_is() -> None:
    stage = RenditionStage()
    stage.feeder.segments(20)
    stage.live()
    stage.first.segment_lost(3, 0, 0)
    lines = stage.live().splitlines()
    assert [lines[at + 2] for at, line in enumerate(lines) if line == "#EXT-X-GAP"] == [
        f"{BASE}e1/source/3.m4s"
    ]
