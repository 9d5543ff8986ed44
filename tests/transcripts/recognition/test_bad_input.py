"""Sound without words and models that are none: the replay stays as it is, and the desk says what to do."""

import asyncio
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from core.jobs import JobContext, JobQueue
from schedules.models import Broadcast
from streaming.journal_loading import load_journal
from streaming.lecture_index import lecture_folder
from streaming.samples import MediaUnit
from tests.support.ended_lectures import ended_lecture, sample_units
from tests.support.media import make_flv, media_directory, read_units, run_ffmpeg
from tests.support.random_whisper import build
from tests.support.speech import SpeechData
from tests.support.website import Website, website
from transcripts.models import CueVersion, Piece, Recognition, SubtitleState, Transcript
from transcripts.recognition.asking import ask_for
from transcripts.recognition.running import recognise_all

__all__ = ["website"]

pytestmark = pytest.mark.ffmpeg

SLOW = {"speech_engine": "tests.support.slow_engine:open_engine"}
"""It hears a syllable wherever it is loud: what it is asked about comes back as words."""


@pytest.fixture
def slow(website: Website) -> JobContext:
    return context_of(website, **SLOW)


def context_of(website: Website, **changed: Any) -> JobContext:
    settings = website.settings.model_copy(update=changed)
    return JobContext(settings, website.clock, website.context.events, JobQueue(settings))


def music() -> list[MediaUnit]:
    """Chords that come and go, a melody above them, and a beat."""
    path = media_directory() / "music.flv"
    chord = "0.12*(sin(2*PI*220*t)+sin(2*PI*277.2*t)+sin(2*PI*329.6*t))*(0.6+0.4*sin(2*PI*0.5*t))"
    melody = "0.15*sin(2*PI*(440+110*floor(mod(t*2,4)))*t)*exp(-3*mod(t,0.5))"
    beat = "0.3*sin(2*PI*70*t)*exp(-20*mod(t,0.5))"
    sound = f"aevalsrc='{chord}+{melody}+{beat}':s=44100:d=15"
    coded = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "10", "-pix_fmt", "yuv420p", "-c:a", "aac"]
    picture = "testsrc2=size=160x90:rate=10:duration=15"
    run_ffmpeg("-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", sound, *coded, "-f", "flv", str(path))
    return read_units(path)


def without_sound() -> list[MediaUnit]:
    return read_units(make_flv(seconds=4, audio=False))


def tone() -> list[MediaUnit]:
    return read_units(make_flv(seconds=6))


def emptied(folder: Path) -> None:
    """Every segment a file of 0 bytes, as a full disk leaves them."""
    for path in folder.rglob("*.m4s"):
        path.write_bytes(b"")


def scrambled(folder: Path) -> None:
    """Every segment noise of its length."""
    for path in folder.rglob("*.m4s"):
        path.write_bytes(bytes(255 - byte for byte in path.read_bytes()))


def nothing(folder: Path) -> None:
    pass


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class Replay:
    """What recognition must leave alone: the files of a lecture and its row."""

    def __init__(self, context: JobContext, lecture: Broadcast) -> None:
        self.folder = lecture_folder(context.settings.data_dir, lecture.number)
        self._lecture = lecture
        self._files = digests(self.folder)

    async def is_as_before(self) -> bool:
        row = await Broadcast.get(id=self._lecture.id)
        same_row = {name: getattr(row, name) for name in Broadcast._meta.db_fields} == {
            name: getattr(self._lecture, name) for name in Broadcast._meta.db_fields
        }
        return same_row and digests(self.folder) == self._files


async def panel_of(website: Website, lecture: Broadcast) -> str:
    path = f"/desk/broadcasts/{lecture.number}/recognition/panel"
    return (await website.page(website.cast.administrator, path)).text


async def waiting(context: JobContext, units: list[MediaUnit]) -> Broadcast:
    lecture = await ended_lecture(context, [units] if units else [])
    await ask_for(lecture, now=context.clock.now())
    return await Broadcast.get(id=lecture.id)


async def transcript_of(lecture: Broadcast) -> Transcript:
    return await Transcript.get(broadcast_id=lecture.id)


@pytest.mark.parametrize(
    ("units", "harm", "state", "says"),
    [
        pytest.param(list, nothing, Recognition.NO_AUDIO, "没有声音", id="a journal of 0 bytes"),
        pytest.param(without_sound, nothing, Recognition.NO_AUDIO, "没有声音", id="no sound track"),
        pytest.param(tone, emptied, Recognition.NO_AUDIO, "没有声音", id="segments of 0 bytes"),
        pytest.param(tone, nothing, Recognition.NO_SPEECH, "没有听到讲话", id="a tone"),
        pytest.param(tone, scrambled, Recognition.NO_SPEECH, "没有听到讲话", id="segments of noise"),
        pytest.param(music, nothing, Recognition.NO_SPEECH, "没有听到讲话", id="music"),
    ],
)
async def test_where_nobody_speaks_nothing_is_made_up(
    website: Website,
    slow: JobContext,
    units: Callable[[], list[MediaUnit]],
    harm: Callable[[Path], None],
    state: Recognition,
    says: str,
) -> None:
    lecture = await waiting(slow, units())
    harm(lecture_folder(slow.settings.data_dir, lecture.number))
    replay = Replay(slow, lecture)
    before = load_journal(replay.folder)
    await recognise_all(slow)
    after = await transcript_of(lecture)
    assert (after.recognition, after.state) == (state, SubtitleState.WAITING)
    assert await CueVersion.all().count() == 0
    assert await replay.is_as_before()
    assert await asyncio.to_thread(load_journal, replay.folder) == before
    panel = await panel_of(website, lecture)
    for words in (says, "导入", "打点", "再识别一次"):
        assert words in panel


def half_downloaded(models: Path) -> None:
    folder = models / "small.partial"
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"\0" * 1000)


def incomplete(models: Path) -> None:
    folder = models / "small"
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"\0" * 1000)
    (folder / "config.json").write_text("{}")


def empty(models: Path) -> None:
    for_whisper(models, b"")


def corrupt(models: Path) -> None:
    for_whisper(models, b"\x13\x37" * 5000)


def for_whisper(models: Path, data: bytes) -> None:
    folder = models / "small"
    folder.mkdir(parents=True)
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.json"):
        (folder / name).write_bytes(data)


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        pytest.param(nothing, "weiketang models install", id="none"),
        pytest.param(half_downloaded, "weiketang models install", id="half downloaded"),
        pytest.param(incomplete, "tokenizer.json", id="files missing"),
        pytest.param(empty, "model.bin", id="files of 0 bytes"),
        pytest.param(corrupt, "请重新安装", id="files of noise"),
    ],
)
async def test_a_model_that_is_none_leaves_the_lecture_waiting_for_one(
    website: Website, harm: Callable[[Path], None], says: str
) -> None:
    context = context_of(website, speech_engine="whisper")
    harm(website.settings.data_dir / "models")
    lecture = await waiting(context, sample_units(8))
    replay = Replay(context, lecture)
    await recognise_all(context)
    after = await transcript_of(lecture)
    assert (after.recognition, after.claimed_by) == (Recognition.WAITING_FOR_MODEL, "")
    assert await replay.is_as_before()
    panel = await panel_of(website, lecture)
    for words in ("等待语音模型", says, "自动开始识别"):
        assert words in panel
    assert (await website.page(website.cast.anonymous, f"/l/{lecture.number}")).status_code == 200


async def test_what_waited_begins_by_itself_once_the_model_is_there(
    website: Website, speech_data: SpeechData
) -> None:
    """By the whole path of Whisper; the model's weights are random, so what it writes means nothing."""
    context = context_of(website, speech_engine="whisper")
    lecture = await waiting(context, sample_units(12))
    await recognise_all(context)
    assert (await transcript_of(lecture)).recognition is Recognition.WAITING_FOR_MODEL
    model = await asyncio.to_thread(build, website.settings.data_dir / "models" / "toy", speech_data)
    await recognise_all(context)
    after = await transcript_of(lecture)
    assert after.recognition is Recognition.DONE
    pieces = await Piece.filter(transcript_id=after.id)
    assert {(each.engine, each.model) for each in pieces} == {("whisper", model.name)}
    version = await CueVersion.get(transcript_id=after.id)
    assert {cue["sha256"] for cue in version.cues} == {after.model_sha256}
    assert len(after.model_sha256) == 64
    assert "whisper" in await panel_of(website, lecture)
