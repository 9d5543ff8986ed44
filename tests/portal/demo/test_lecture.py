"""The sample lecture: its text is sound, and the film in the repository is the film of that text."""

import re
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import pytest
from portal.demo.build import build
from portal.demo.script import FILM, Lecture, fingerprint, load
from portal.demo.slides import CLOCK_BOX

from accounts.sample_units import DEPARTMENTS
from tests.support.media import FFMPEG


@pytest.fixture(scope="module")
def lecture() -> Lecture:
    return load()


@pytest.fixture
def film() -> Iterator[av.container.InputContainer]:
    with av.open(str(FILM)) as container:
        yield container


def test_the_film_is_made_from_the_text_as_it_stands(film: av.container.InputContainer) -> None:
    assert film.metadata["comment"] == fingerprint(), "run: .venv/bin/python -m portal.demo.build"


def test_every_sentence_is_spoken_syllable_by_syllable(lecture: Lecture) -> None:
    for sentence in (each for slide in lecture.slides for each in slide.sentences):
        characters = re.findall(r"[\u4e00-\u9fff]", sentence.say)
        syllables = re.findall(r"[a-zü]+[1-5]", sentence.pinyin)
        assert len(syllables) == len(characters), sentence.say


def test_every_lit_point_exists_on_its_slide(lecture: Lecture) -> None:
    for slide in lecture.slides:
        lit = [sentence.point for sentence in slide.sentences if sentence.point is not None]
        assert lit == list(range(1, len(slide.points) + 1)), slide.title


def test_it_says_that_it_is_a_sample_and_that_the_voice_is_synthetic(lecture: Lecture) -> None:
    assert "示例" in lecture.title
    assert "示例" in lecture.lecturer
    assert any("声音由程序合成" in each.say for each in lecture.slides[0].sentences)


def test_its_unit_is_one_of_the_sample_roster(lecture: Lecture) -> None:
    assert lecture.unit in DEPARTMENTS


def test_the_film_is_what_an_encoder_would_send(film: av.container.InputContainer) -> None:
    video, audio = film.streams.video[0], film.streams.audio[0]
    assert (video.codec_context.name, video.width, video.height) == ("h264", 1280, 720)
    assert video.average_rate == Fraction(25)
    assert (audio.codec_context.name, audio.codec_context.channels) == ("aac", 1)
    packets = [packet for packet in film.demux(video) if packet.size]
    assert [packet.pts for packet in packets] == [packet.dts for packet in packets], "B-frames"
    keyframes = [index for index, packet in enumerate(packets) if packet.is_keyframe]
    assert keyframes == list(range(0, len(packets), 50))


def test_both_tracks_of_the_film_end_together(film: av.container.InputContainer) -> None:
    lengths = [float((stream.duration or 0) * (stream.time_base or 0)) for stream in film.streams]
    assert lengths[0] == pytest.approx(lengths[1], abs=0.05)
    assert 150 <= lengths[0] <= 240


def test_the_film_is_small_enough_to_be_kept_in_the_repository() -> None:
    assert FILM.stat().st_size < 4_000_000


def ring_of(frame: av.VideoFrame) -> bytes:
    """The luma of the ring beside the clock, row by row."""
    left, top, _, bottom = CLOCK_BOX
    luma = frame.planes[0]
    rows = bytes(luma)
    return b"".join(
        rows[y * luma.line_size + left : y * luma.line_size + left + 40] for y in range(top, bottom)
    )


def test_something_moves_in_every_half_second(film: av.container.InputContainer) -> None:
    before = b""
    for index, frame in zip(range(25 * 60), film.decode(video=0), strict=False):
        if index % 12 == 0:
            ring = ring_of(frame)
            if before:
                moved = max(abs(one - other) for one, other in zip(before, ring, strict=True))
                assert moved > 30, f"still at {index / 25} s"
            before = ring


@pytest.mark.ffmpeg
def test_the_voice_is_even_and_does_not_clip() -> None:
    report = subprocess.run(
        [
            *(FFMPEG, "-hide_banner", "-nostats", "-i", str(FILM), "-vn"),
            *("-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"),
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stderr
    summary = report[report.rindex("Summary:") :]
    integrated = float(re.findall(r"I:\s+(-?[\d.]+) LUFS", summary)[0])
    spread = float(re.findall(r"LRA:\s+([\d.]+) LU", summary)[0])
    peak = float(re.findall(r"Peak:\s+(-?[\d.]+) dBFS", summary)[0])
    assert integrated == pytest.approx(-18, abs=1)
    assert spread < 6
    assert peak < 0


@pytest.mark.ffmpeg
def test_a_film_can_be_made_again_from_a_text(tmp_path: Path) -> None:
    text = tmp_path / "short.toml"
    text.write_text(
        'title = "示例"\nunit = "州司法局"\nlecturer = "示例讲师A"\npost = "示例"\n'
        '[[slides]]\nlayout = "figure"\ntitle = "多久"\nfigure = "60"\nunit = "日"\npoints = ["六十日"]\n'
        '[[slides.sentences]]\nsay = "六十日。"\npinyin = "liu4shi2ri4."\npoint = 1\n',
        "utf-8",
    )
    out = tmp_path / "short.mp4"
    build(out, text)
    with av.open(str(out)) as made:
        assert made.metadata["comment"] == fingerprint(text)
        seconds = (made.duration or 0) / 1_000_000
        assert 3 <= seconds <= 8
        assert sum(1 for _ in made.decode(video=0)) == round(seconds * 25)
