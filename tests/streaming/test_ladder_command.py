import shlex
import shutil
from dataclasses import replace

import pytest

from streaming.ladder import Capacity, SourceInfo, choose_rungs
from streaming.ladder_command import EncoderProgram, VideoEncoder, ladder_command
from streaming.samples import VideoCodec

SOURCE = SourceInfo(VideoCodec.H264, 1920, 1080, 30.0)
PROGRAM = EncoderProgram("/opt/ffmpeg", VideoEncoder.X264, 2)
FIXED = "/usr/bin/nice -n 10 /opt/ffmpeg -hide_banner -nostats -loglevel warning -filter_complex_threads 1 "
PER_RUNG = (
    "-enc_time_base 1/1000 -flush_packets 1 -flvflags no_duration_filesize -force_key_frames source "
    "-fps_mode passthrough -g 60 "
)


@pytest.fixture(autouse=True)
def _nice_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")


def command(program: EncoderProgram = PROGRAM, source: SourceInfo = SOURCE, setting: str = "auto") -> str:
    rungs = choose_rungs(source, Capacity(8.0), setting)
    return shlex.join(ladder_command(program, source, rungs, {"720p": 7, "480p": 9}, grid_frames=60))


def test_two_rungs_with_x264() -> None:
    assert command() == (
        FIXED + "-f flv -analyzeduration 100000 -copyts -probesize 32768 -threads 1 -i pipe:0 "
        "-filter_complex '[0:v]split=2[s0][s1];[s0]scale=1280:720[s2];[s1]scale=854:480[s3]' "
        "-map '[s2]' -f flv -bf 0 -bufsize 2160000 -c:v libx264 -crf 23 " + PER_RUNG + "-level:v 3.1 "
        "-maxrate 2160000 -pix_fmt yuv420p -preset veryfast -profile:v high -sc_threshold 0 -threads 1 "
        "-tune zerolatency pipe:7 "
        "-map '[s3]' -f flv -bf 0 -bufsize 960000 -c:v libx264 -crf 23 " + PER_RUNG + "-level:v 3.1 "
        "-maxrate 960000 -pix_fmt yuv420p -preset veryfast -profile:v high -sc_threshold 0 -threads 1 "
        "-tune zerolatency pipe:9"
    )


def test_one_rung_of_an_hevc_source() -> None:
    source = SourceInfo(VideoCodec.HEVC, 640, 360, 25.0)
    assert command(source=source) == (
        FIXED + "-f mov -analyzeduration 100000 -copyts -probesize 32768 -threads 1 -i pipe:0 "
        "-filter_complex '[0:v]scale=640:360[s0]' "
        "-map '[s0]' -f flv -bf 0 -bufsize 540000 -c:v libx264 -crf 23 " + PER_RUNG + "-level:v 3.0 "
        "-maxrate 540000 -pix_fmt yuv420p -preset veryfast -profile:v high -sc_threshold 0 -threads 1 "
        "-tune zerolatency pipe:9"
    )


def test_vaapi_gets_its_device_and_its_pictures_there() -> None:
    line = command(replace(PROGRAM, encoder=VideoEncoder.VAAPI), setting="480p")
    assert line == (
        FIXED + "-vaapi_device /dev/dri/renderD128 "
        "-f flv -analyzeduration 100000 -copyts -probesize 32768 -threads 1 -i pipe:0 "
        "-filter_complex '[0:v]scale=854:480[s0];[s0]format=nv12[s1];[s1]hwupload[s2]' "
        "-map '[s2]' -f flv -async_depth 1 -b:v 800000 -bf 0 -bufsize 960000 -c:v h264_vaapi "
        + PER_RUNG
        + "-idr_interval 0 -level:v 3.1 -maxrate 960000 -profile:v high pipe:9"
    )


@pytest.mark.parametrize("encoder", list(VideoEncoder))
def test_what_loses_pictures_or_sound_is_never_there(encoder: VideoEncoder) -> None:
    line = command(replace(PROGRAM, encoder=encoder))
    assert "nobuffer" not in line
    assert "0:a" not in line
    assert "-c:a" not in line
    assert line.count("-fps_mode passthrough") == line.count("-bf 0") == 2


def test_a_large_fast_source_is_decoded_by_more_threads() -> None:
    fast = SourceInfo(VideoCodec.H264, 3840, 2160, 60.0)
    assert "-threads 2 -i" in command(source=fast)
    assert "-threads 4 -i" in command(replace(PROGRAM, cores=16), fast)


def test_without_nice_the_encoder_starts_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert command().startswith("/opt/ffmpeg -hide_banner")
