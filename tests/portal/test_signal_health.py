from dataclasses import replace
from datetime import UTC, datetime

from portal.board import AirDetails, Signal
from portal.signal_health import advice

GOOD = Signal(
    peer="10.0.0.7:5000",
    encoder="obs",
    since=datetime(2026, 11, 24, 7, tzinfo=UTC),
    received_seconds=60,
    bitrate_kbps=2000,
    video_codec="h264",
    audio_codec="mp4a.40.2",
    keyframe_seconds=1.0,
)


def said(details: AirDetails) -> str:
    return "".join(each.text for each in advice(details))


def test_a_good_signal_needs_no_advice() -> None:
    assert advice(AirDetails(GOOD)) == []


def test_keyframes_far_apart_are_named_with_the_remedy() -> None:
    text = said(AirDetails(replace(GOOD, keyframe_seconds=8.33)))
    assert "8.3 秒" in text
    assert "改为 1 秒" in text


def test_missing_sound_is_more_urgent_than_a_missing_picture() -> None:
    found = advice(AirDetails(replace(GOOD, video_codec=None, audio_codec=None)))
    assert [each.tone for each in found] == ["attention", "error"]
    assert "麦克风" in found[1].text


def test_bitrates_out_of_bounds_are_noted_and_unknown_ones_are_not() -> None:
    assert "很低" in said(AirDetails(replace(GOOD, bitrate_kbps=120)))
    assert "很高" in said(AirDetails(replace(GOOD, bitrate_kbps=9000)))
    assert said(AirDetails(replace(GOOD, bitrate_kbps=None))) == ""


def test_a_second_encoder_is_the_first_thing_said() -> None:
    found = advice(AirDetails(replace(GOOD, keyframe_seconds=9), contenders=("10.0.0.8:1",)))
    assert found[0].tone == "error"
    assert "10.0.0.8:1" in found[0].text


def test_shed_qualities_and_broken_data_are_told() -> None:
    text = said(AirDetails(GOOD, shed=("720p",), problems=3))
    assert "已停用 720p" in text
    assert "3 处" in text


def test_a_disk_that_does_not_take_the_lecture_is_said_before_everything_else() -> None:
    found = advice(AirDetails(GOOD, contenders=("10.0.0.8:1",), unwritten=3 * 1024 * 1024, segments_lost=2))
    assert [each.tone for each in found] == ["error"] * 3
    assert "3.0 MB" in found[0].text
    assert "检查硬盘空间" in found[0].text
    assert "有 2 段" in found[1].text


def test_a_source_that_nobody_can_see_here_is_an_error_with_its_remedy() -> None:
    hevc = replace(GOOD, video_codec="hevc")
    assert "改为 H.264" in said(AirDetails(hevc))
    assert said(AirDetails(hevc, rungs=("720p",))) == ""
