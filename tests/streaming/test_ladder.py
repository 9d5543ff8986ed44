import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.ladder import NAMES, Capacity, SourceInfo, choose_rungs, cost_in_cores, one_fewer
from streaming.samples import VideoCodec
from tests.support.media import make_flv, read_units, video_config

PLENTY = Capacity(64.0)


def h264(width: int, height: int, fps: float | None = 30.0) -> SourceInfo:
    return SourceInfo(VideoCodec.H264, width, height, fps)


def hevc(width: int, height: int, fps: float | None = 30.0) -> SourceInfo:
    return SourceInfo(VideoCodec.HEVC, width, height, fps)


def sizes(
    source: SourceInfo, capacity: Capacity = PLENTY, setting: str = "auto"
) -> list[tuple[str, int, int]]:
    return [(rung.name, rung.width, rung.height) for rung in choose_rungs(source, capacity, setting)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (h264(1920, 1080), [("720p", 1280, 720), ("480p", 854, 480)]),
        (h264(1280, 720), [("480p", 854, 480)]),
        (h264(854, 480), []),
        (h264(640, 360), []),
        (h264(3840, 2160), [("720p", 1280, 720), ("480p", 854, 480)]),
        (h264(1080, 1920), [("720p", 720, 1280), ("480p", 480, 854)]),
        (h264(1440, 1080), [("720p", 960, 720), ("480p", 640, 480)]),
        (h264(1366, 768), [("480p", 854, 480)]),  # 720p would be nearly as large
        (h264(1023, 771), [("480p", 636, 480)]),
    ],
)
def test_an_h264_source_gets_only_smaller_rungs_of_its_own_shape(
    source: SourceInfo, expected: list[tuple[str, int, int]]
) -> None:
    assert sizes(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (hevc(1920, 1080), [("1080p", 1920, 1080), ("720p", 1280, 720), ("480p", 854, 480)]),
        (hevc(3840, 2160), [("1080p", 1920, 1080), ("720p", 1280, 720), ("480p", 854, 480)]),
        (hevc(1280, 720), [("720p", 1280, 720), ("480p", 854, 480)]),
        (hevc(1600, 900), [("1080p", 1600, 900), ("720p", 1280, 720), ("480p", 854, 480)]),
        (hevc(640, 360), [("480p", 640, 360)]),
        (hevc(1080, 1920), [("1080p", 1080, 1920), ("720p", 720, 1280), ("480p", 480, 854)]),
    ],
)
def test_an_hevc_source_is_also_made_at_its_own_size(
    source: SourceInfo, expected: list[tuple[str, int, int]]
) -> None:
    assert sizes(source) == expected


def test_fewer_cores_carry_fewer_rungs_and_the_lowest_stays_longest() -> None:
    names = [[name for name, _, _ in sizes(h264(1920, 1080), Capacity(cores))] for cores in (0.2, 1, 2, 4)]
    assert names == [[], ["480p"], ["720p", "480p"], ["720p", "480p"]]


def test_sixty_frames_a_second_cost_rungs_not_frames() -> None:
    assert [rung.name for rung in choose_rungs(h264(1920, 1080, 60), Capacity(2))] == ["480p"]


def test_hevc_gives_up_the_middle_before_the_top_and_always_has_one() -> None:
    names = [[name for name, _, _ in sizes(hevc(1920, 1080), Capacity(cores))] for cores in (0.0, 1, 2, 4)]
    assert names == [["480p"], ["480p"], ["1080p", "480p"], ["1080p", "720p", "480p"]]


def test_hardware_carries_more() -> None:
    assert len(choose_rungs(hevc(1920, 1080), Capacity(1.0, hardware=True))) == 3


@pytest.mark.parametrize("source", [h264(1920, 1080), hevc(1920, 1080)])
def test_nothing_is_made_without_an_encoder_or_when_told_not_to(source: SourceInfo) -> None:
    assert choose_rungs(source, Capacity(64.0, encodes=False)) == []
    assert choose_rungs(source, PLENTY, "none") == []


def test_the_operator_decides_whatever_it_costs() -> None:
    poor = Capacity(0.1)
    assert sizes(h264(1920, 1080), poor, "720p") == [("720p", 1280, 720)]
    assert sizes(h264(1920, 1080), poor, "480p,720p") == [("720p", 1280, 720), ("480p", 854, 480)]
    assert sizes(h264(3840, 2160), poor, "1080p") == [("1080p", 1920, 1080)]
    assert sizes(h264(1280, 720), poor, "720p") == []
    assert sizes(hevc(1920, 1080), poor, "480p") == [("480p", 854, 480)]
    assert sizes(hevc(640, 360), poor, "1080p") == [("480p", 640, 360)]


@pytest.mark.parametrize(
    ("source", "name", "level", "codecs"),
    [
        (h264(1280, 720, 25), "480p", "3.0", "avc1.64001e"),
        (h264(1280, 720, 30), "480p", "3.1", "avc1.64001f"),
        (h264(1920, 1080, 30.02), "720p", "3.1", "avc1.64001f"),
        (h264(1920, 1080, 60), "720p", "3.2", "avc1.640020"),
        (hevc(1920, 1080, 30), "1080p", "4.0", "avc1.640028"),
        (hevc(1920, 1080, 60), "1080p", "4.2", "avc1.64002a"),
        (hevc(1920, 1080, None), "1080p", "4.0", "avc1.640028"),
    ],
)
def test_level_and_codecs_follow_from_size_and_rate(
    source: SourceInfo, name: str, level: str, codecs: str
) -> None:
    rung = next(rung for rung in choose_rungs(source, PLENTY) if rung.name == name)
    assert (rung.level, rung.codecs, rung.profile) == (level, codecs, "high")


def test_bit_rates_follow_from_the_size() -> None:
    rates = {rung.name: rung.video_bitrate for rung in choose_rungs(hevc(1920, 1080), PLENTY)}
    assert rates == {"1080p": 4_050_000, "720p": 1_800_000, "480p": 800_000}
    fast = {rung.name: rung.video_bitrate for rung in choose_rungs(hevc(1920, 1080, 50), PLENTY)}
    assert fast["720p"] == 2_700_000


def test_the_largest_rung_goes_first_and_hevc_keeps_its_last() -> None:
    rungs = choose_rungs(hevc(1920, 1080), PLENTY)
    assert [rung.name for rung in one_fewer(rungs, hevc(1920, 1080))] == ["720p", "480p"]
    assert one_fewer(rungs[-1:], hevc(1920, 1080)) == rungs[-1:]
    assert one_fewer(rungs[-1:], h264(1920, 1080)) == []


@given(
    st.sampled_from(VideoCodec),
    st.integers(16, 8192),
    st.integers(16, 8192),
    st.floats(1, 240) | st.none(),
    st.floats(0, 64),
    st.booleans(),
)
def test_every_choice_is_even_small_enough_and_affordable(
    codec: VideoCodec, width: int, height: int, fps: float | None, cores: float, hardware: bool
) -> None:
    source = SourceInfo(codec, width, height, fps)
    rungs = choose_rungs(source, Capacity(cores, hardware))
    assert [rung.name for rung in rungs] == [name for name in NAMES if name in {rung.name for rung in rungs}]
    for rung in rungs:
        assert rung.width % 2 == rung.height % 2 == 0
        assert min(rung.width, rung.height) <= NAMES[rung.name] + 1
        assert rung.width <= width + 1
        assert rung.height <= height + 1
        assert 0 < rung.video_bitrate < rung.maxrate
    if codec is VideoCodec.HEVC:
        assert rungs
    if len(rungs) > 1 or codec is VideoCodec.H264:
        assert cost_in_cores(source, rungs, hardware=hardware) <= cores


def test_a_source_is_read_from_its_configuration() -> None:
    config = video_config(read_units(make_flv(width=322, height=182, fps="25", seconds=1)))
    assert SourceInfo.of(config) == h264(322, 182, 25.0)
