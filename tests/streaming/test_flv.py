import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from streaming.codecs import CodecError, HevcInfo
from streaming.flv import (
    LARGEST_TIMESTAMP_MS,
    SCRIPT_TAG,
    VIDEO_TAG,
    FlvError,
    FlvReader,
    UnsupportedCodec,
    audio_payload,
    audio_tag,
    enhanced_video_payload,
    header,
    parse_audio,
    parse_video,
    tag,
    video_payload,
    video_tag,
)
from streaming.samples import AudioConfig, AudioSample, MediaUnit, VideoCodec, VideoConfig, VideoSample
from tests.support.media import make_flv, media_directory, read_units, run_ffmpeg, video_config, video_samples

KEY = VideoSample(1000, 1040, True, b"picture")


def test_a_legacy_picture_carries_its_composition_time() -> None:
    assert parse_video(1000, b"\x17\x01\x00\x00\x28picture") == [KEY]


def test_a_negative_composition_time_is_kept() -> None:
    assert parse_video(1000, b"\x27\x01\xff\xff\xf6picture") == [VideoSample(1000, 990, False, b"picture")]


@pytest.mark.parametrize(
    ("message", "codec"),
    [
        (b"\x17\x00\x00\x00\x00record", VideoCodec.H264),
        (b"\x1c\x00\x00\x00\x00record", VideoCodec.HEVC),
        (b"\x90hvc1record", VideoCodec.HEVC),
        (b"\x90avc1record", VideoCodec.H264),
    ],
)
def test_every_kind_of_sequence_start_is_a_configuration(message: bytes, codec: VideoCodec) -> None:
    assert parse_video(5, message) == [VideoConfig(codec, b"record")]


def test_two_configurations_in_a_row_are_both_handed_on() -> None:
    file = (
        header()
        + video_tag(VideoConfig(VideoCodec.H264, b"a"))
        + video_tag(VideoConfig(VideoCodec.H264, b"b"))
    )
    assert FlvReader().feed(file) == [VideoConfig(VideoCodec.H264, b"a"), VideoConfig(VideoCodec.H264, b"b")]


@pytest.mark.parametrize(
    "message",
    [
        b"\x1c\x01\x00\x00\x28picture",
        b"\x91hvc1\x00\x00\x28picture",
        b"\x97\x00\x07\x01hvc1\x00\x00\x28picture",  # a ModEx part before the real packet type
        b"\x96\x01hvc1\x00\x00\x00\x28picture",  # one of several tracks, the first
        b"\x96\x11hvc1\x00\x00\x00\x0a\x00\x00\x28picture\x01\x00\x00\x03abc",  # two tracks in one message
    ],
)
def test_every_kind_of_hevc_picture_is_read(message: bytes) -> None:
    assert parse_video(1000, message) == [KEY]


def test_coded_frames_x_has_no_composition_time() -> None:
    assert parse_video(1000, b"\xa3hvc1picture") == [VideoSample(1000, 1000, False, b"picture")]


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"\x57\x00",  # command frame, legacy
        b"\xd1\x00",  # command frame, enhanced
        b"\x17\x02\x00\x00\x00",  # end of sequence
        b"\x92hvc1",  # end of sequence, enhanced
        b"\x94hvc1\x02\x00\x09colorInfo",  # HDR metadata
        b"\x17\x01\x00\x00\x00",  # a picture without a byte
        b"\x96\x01hvc1\x01\x00\x00\x28picture",  # second track of a multitrack publisher
    ],
)
def test_messages_without_media_give_nothing(message: bytes) -> None:
    assert parse_video(0, message) == []


@pytest.mark.parametrize(
    "message", [b"\x17", b"\x17\x01\x00\x00", b"\x90hvc", b"\x91hvc1\x00\x00", b"\x97\x09\x00"]
)
def test_a_video_message_cut_short_is_refused(message: bytes) -> None:
    with pytest.raises(FlvError):
        parse_video(0, message)


@pytest.mark.parametrize(
    ("message", "name"),
    [
        (b"\x14\x00\x00\x00\x00", "VP6"),
        (b"\x1d\x00\x00\x00\x00", "AV1"),
        (b"\x90av01\x81", "AV1"),
        (b"\x90vp09\x81", "VP9"),
        (b"\x90zzzz\x81", "zzzz"),
        (b"\x1e\x00\x00\x00\x00", "codec id 14"),
    ],
)
def test_video_that_browsers_cannot_play_is_refused_with_what_to_set(message: bytes, name: str) -> None:
    with pytest.raises(UnsupportedCodec, match=rf"{name}.*OBS.*H\.264"):
        parse_video(0, message)


def test_aac_is_read_in_both_forms() -> None:
    assert parse_audio(7, b"\xaf\x00\x12\x10") == [AudioConfig(b"\x12\x10")]
    assert parse_audio(7, b"\xaf\x01frame") == [AudioSample(7, b"frame")]
    assert parse_audio(7, b"\x90mp4a\x12\x10") == [AudioConfig(b"\x12\x10")]
    assert parse_audio(7, b"\x91mp4aframe") == [AudioSample(7, b"frame")]


def test_an_empty_aac_configuration_reaches_the_judge_of_configurations() -> None:
    assert parse_audio(7, b"\xaf\x00") == [AudioConfig(b"")]


@pytest.mark.parametrize("message", [b"", b"\xaf\x01", b"\x92mp4a", b"\x95\x01mp4a\x01frame"])
def test_audio_messages_without_media_give_nothing(message: bytes) -> None:
    assert parse_audio(0, message) == []


def test_an_aac_message_of_one_byte_is_refused() -> None:
    with pytest.raises(FlvError, match="1 byte"):
        parse_audio(0, b"\xaf")


@pytest.mark.parametrize(
    ("message", "name"), [(b"\x2fabc", "MP3"), (b"\x90Opus", "Opus"), (b"\x90fLaC", "FLAC")]
)
def test_other_sound_is_refused_with_what_to_set(message: bytes, name: str) -> None:
    with pytest.raises(UnsupportedCodec, match=rf"{name}.*OBS.*AAC"):
        parse_audio(0, message)


@settings(deadline=None)  # the machine is shared
@given(st.binary(max_size=80))
def test_garbage_messages_raise_flv_error_and_nothing_else(message: bytes) -> None:
    for parse in (parse_video, parse_audio):
        try:
            parse(0, message)
        except FlvError:
            continue


@settings(deadline=None)  # the machine is shared
@given(st.binary(max_size=300), st.booleans())
def test_a_garbage_file_raises_flv_error_and_nothing_else(garbage: bytes, headed: bool) -> None:
    try:
        FlvReader().feed(header() + garbage if headed else garbage)
    except FlvError:
        return


def test_real_files_of_both_codecs_are_read() -> None:
    units = read_units(make_flv(fps="25", seconds=2, b_frames=2))
    samples = video_samples(units)
    assert len(samples) == 50
    times = sorted(sample.pts_ms for sample in samples)
    assert times == [times[0] + 40 * index for index in range(50)]
    assert any(sample.pts_ms != sample.dts_ms for sample in samples)
    hevc = read_units(make_flv(fps="25", seconds=1, audio=False, codec="hevc"))
    assert HevcInfo.parse(video_config(hevc).record).width == 320
    assert len(video_samples(hevc)) == 25


def test_written_payloads_are_read_back_the_same() -> None:
    late = VideoSample(10, 4, False, b"x")
    for sample in (KEY, late, VideoSample(5, 5, True, b"y")):
        assert parse_video(sample.dts_ms, video_payload(sample)) == [sample]
        assert parse_video(sample.dts_ms, enhanced_video_payload(sample)) == [sample]
    for config in (VideoConfig(VideoCodec.H264, b"r"), VideoConfig(VideoCodec.HEVC, b"r")):
        assert parse_video(0, video_payload(config)) == [config]
    assert parse_video(0, enhanced_video_payload(VideoConfig(VideoCodec.HEVC, b"r"))) == [
        VideoConfig(VideoCodec.HEVC, b"r")
    ]
    for unit in (AudioConfig(b"c"), AudioSample(3, b"f")):
        assert parse_audio(3, audio_payload(unit)) == [unit]


@settings(deadline=None)  # the machine is shared
@given(st.lists(st.integers(1, 900), max_size=60))
def test_pieces_of_any_size_give_the_same_units(sizes: list[int]) -> None:
    units: list[MediaUnit] = [
        VideoConfig(VideoCodec.H264, b"r"),
        *(VideoSample(i, i, i == 0, bytes(200)) for i in range(9)),
        AudioSample(9, b"s"),
    ]
    file = header(audio=True) + tag(SCRIPT_TAG, 0, b"\x02\x00\x0aonMetaData")
    for unit in units:
        file += audio_tag(unit) if isinstance(unit, AudioConfig | AudioSample) else video_tag(unit)
    reader, read, at = FlvReader(), [], 0
    for size in [*sizes, len(file)]:
        read += reader.feed(file[at : at + size])
        at += size
    assert read == units


def test_timestamps_reach_31_bits() -> None:
    sample = VideoSample(LARGEST_TIMESTAMP_MS, LARGEST_TIMESTAMP_MS, True, b"x")
    assert FlvReader().feed(header() + video_tag(sample)) == [sample]


@pytest.mark.parametrize(
    "start", [b"HTTP/1.1", b"FLV\x02\x01\x00\x00\x00\x09", b"FLV\x01\x01\x00\x00\x10\x09" + bytes(4)]
)
def test_what_is_no_flv_file_is_refused_at_its_start(start: bytes) -> None:
    with pytest.raises(FlvError):
        FlvReader().feed(start)


def test_a_wrong_back_pointer_is_refused() -> None:
    broken = header() + tag(VIDEO_TAG, 0, b"\x17\x01\x00\x00\x00x")[:-1] + b"\x00"
    with pytest.raises(FlvError, match="back pointer"):
        FlvReader().feed(broken)


def test_ffmpeg_reads_what_is_written() -> None:
    path = media_directory() / "written.flv"
    units = read_units(make_flv(seconds=1))
    with path.open("wb") as file:
        file.write(header(audio=True))
        for unit in units:
            file.write(audio_tag(unit) if isinstance(unit, AudioConfig | AudioSample) else video_tag(unit))
    copy = media_directory() / "copied.flv"
    run_ffmpeg("-xerror", "-i", str(path), "-c", "copy", "-copyts", str(copy))
    assert video_samples(read_units(copy)) == video_samples(units)


def test_an_error_is_told_apart_from_a_broken_configuration() -> None:
    assert not issubclass(FlvError, CodecError)
