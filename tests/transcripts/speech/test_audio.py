"""Sound of real files, made by ffmpeg as people make them, and what is no sound."""

from pathlib import Path

import numpy as np
import pytest

from tests.support.beeps import beeps, onsets, write_wav
from tests.support.media import run_ffmpeg
from transcripts.speech.audio import BLOCK_SECONDS, media_seconds, read_media
from transcripts.speech.engine import SAMPLE_RATE, Pcm
from transcripts.speech.errors import NoAudio, UnreadableMedia

pytestmark = pytest.mark.ffmpeg
AT = (0.5, 2.0, 3.75)


def sound_of(path: Path) -> Pcm:
    return np.concatenate(list(read_media(path)))


def heard(path: Path) -> list[float]:
    return onsets(sound_of(path))


@pytest.mark.parametrize("name", ["a.mp3", "a.m4a", "a.flac", "a.opus", "a.mp4", "a.mkv", "a.flv"])
def test_beeps_are_where_they_were_whatever_the_file_is(name: str, tmp_path: Path) -> None:
    wav = write_wav(tmp_path / "a.wav", beeps(AT, 5))
    path = tmp_path / name
    picture = (
        ["-f", "lavfi", "-i", "testsrc2=size=64x36:rate=10"] if name.endswith(("mp4", "mkv", "flv")) else []
    )
    run_ffmpeg(
        *picture,
        "-i",
        str(wav),
        "-t",
        "5",
        "-ar",
        "48000" if "opus" in name else "44100",
        "-ac",
        "2",
        str(path),
    )
    assert heard(path) == pytest.approx(AT, abs=0.06)
    assert len(sound_of(path)) / SAMPLE_RATE == pytest.approx(5, abs=0.15)
    assert media_seconds(path) == pytest.approx(5, abs=0.2)


def test_sound_that_begins_after_the_picture_keeps_its_seconds(tmp_path: Path) -> None:
    wav = write_wav(tmp_path / "a.wav", beeps(AT, 5))
    path = tmp_path / "late.mkv"
    picture = ["-f", "lavfi", "-i", "testsrc2=size=64x36:rate=10"]
    run_ffmpeg(
        *picture, "-itsoffset", "2", "-i", str(wav), "-t", "7", "-map", "0:v", "-map", "1:a", str(path)
    )
    assert heard(path) == pytest.approx([each + 2 for each in AT], abs=0.06)


def test_long_sound_comes_in_blocks(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", beeps((1, 64), 65))
    blocks = list(read_media(path))
    assert [len(block) / SAMPLE_RATE for block in blocks] == [BLOCK_SECONDS, BLOCK_SECONDS, 5]
    assert onsets(np.concatenate(blocks)) == pytest.approx([1, 64], abs=0.01)


def test_a_damaged_middle_is_passed_over_and_what_follows_is_in_its_place(tmp_path: Path) -> None:
    wav = write_wav(tmp_path / "a.wav", beeps((0.5, 7.0), 8))
    path = tmp_path / "a.ts"
    run_ffmpeg("-i", str(wav), "-c:a", "aac", str(path))
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle - 400 : middle + 400] = bytes(800)
    path.write_bytes(data)
    assert heard(path)[0] == pytest.approx(0.5, abs=0.1)
    assert heard(path)[-1] == pytest.approx(7.0, abs=0.15)


def test_a_picture_without_sound_is_told(tmp_path: Path) -> None:
    path = tmp_path / "silent film.mp4"
    run_ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x36:rate=10", "-t", "1", str(path))
    with pytest.raises(NoAudio, match="没有声音轨道"):
        list(read_media(path))


@pytest.mark.parametrize("data", [b"", b"hello", b"\0" * 4096, b"RIFF\xff\xff\xff\xffWAVEfmt "])
def test_what_is_no_media_is_told(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(data)
    with pytest.raises(UnreadableMedia, match=r"a\.mp4"):
        list(read_media(path))
    assert media_seconds(path) is None


def test_half_a_film_is_told(tmp_path: Path) -> None:
    wav = write_wav(tmp_path / "a.wav", beeps(AT, 5))
    path = tmp_path / "half.mp4"
    run_ffmpeg("-i", str(wav), "-c:a", "aac", str(path))
    path.write_bytes(path.read_bytes()[:-2000])
    with pytest.raises(UnreadableMedia, match="不完整"):
        list(read_media(path))


def test_a_folder_is_no_media(tmp_path: Path) -> None:
    with pytest.raises(UnreadableMedia):
        list(read_media(tmp_path))
