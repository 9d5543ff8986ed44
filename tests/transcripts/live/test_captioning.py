"""Live captions of a real lecture: real RTMP, a real listening process, an engine that hears syllables."""

import asyncio
import os
import re
import signal
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from tortoise.context import TortoiseContext

from core.audit import Actor, ActorKind
from core.audit.models import AuditEntry
from core.clock import SystemClock
from core.settings import Settings
from schedules.cut_causes import CutCause
from schedules.cut_offs import cut_off
from schedules.models import Broadcast
from schedules.states import AirState
from streaming.lecture_media import LectureMedia
from streaming.origin import Origin
from tests.support.asgi import fetch
from tests.support.ended_lectures import sample_voice
from tests.support.hls_checker import PlaylistWatch
from tests.support.slow_engine import FAILS, SECONDS, SYLLABLES
from tests.support.studio import Studio, pushing, studio, until
from transcripts.cues.rules import Level
from transcripts.cues.vtt_check import check_vtt
from transcripts.live.captioning import Captioning
from transcripts.live.keeping import words_to_draft
from transcripts.live.switch import live_captions_of, turn_off, turn_on
from transcripts.models import CaptionState, CueVersion, LiveCaptions, LiveWords, Transcript, VersionKind
from transcripts.recognition.asking import ask_for
from transcripts.speech.registry import ModelState

pytestmark = [pytest.mark.ffmpeg, pytest.mark.realtime]

ADMINISTRATOR = Actor(ActorKind.USER, "1", "李管理员")
READY = ModelState("slow", "", True)
WITHIN_SECONDS = 3.0
VOICE_SECONDS = 20
CHILD = "transcripts.live.child"


class House:
    def __init__(self, running: Studio, captioning: Captioning) -> None:
        self.studio = running
        self.captioning = captioning
        self.origin = Origin(running.library)

    async def row(self, broadcast: Broadcast) -> LiveCaptions:
        row = await live_captions_of(broadcast.id)
        assert row is not None
        return row

    def media(self, broadcast: Broadcast) -> LectureMedia:
        media = self.studio.library.held(broadcast.number)
        assert media is not None
        return media

    async def status(self, broadcast: Broadcast, name: str = "captions.m3u8") -> int:
        return (await fetch(self.origin, f"/live/{broadcast.number}/{name}")).status

    async def words(self, broadcast: Broadcast) -> str:
        """Everything that the rendition shows now; each segment valid, the playlist by the rules."""
        playlist = await fetch(self.origin, f"/live/{broadcast.number}/captions.m3u8")
        if playlist.status != 200:
            return ""
        read = PlaylistWatch().load(playlist.text, subtitles=True)
        text = ""
        for uri in read.uris:
            answer = await fetch(self.origin, uri.removeprefix("../.."))
            assert answer.status == 200
            assert [each for each in check_vtt(answer.body) if each.level is Level.ERROR] == []
            text += answer.text
        return text


def settings_of(settings: Settings, **overrides: object) -> Settings:
    values = {"rtmp_port": 0, "speech_engine": "tests.support.slow_engine:open_engine", **overrides}
    return settings.model_copy(update=values)


@asynccontextmanager
async def house_with(settings: Settings) -> AsyncIterator[House]:
    async with studio(settings) as running:
        captioning = Captioning(lambda: running.service.lectures, settings=settings, clock=SystemClock())
        captioning.start()
        try:
            yield House(running, captioning)
        finally:
            await captioning.aclose()


async def switch_on(broadcast: Broadcast) -> None:
    now = SystemClock().now()
    await turn_on(broadcast.number, reason="听障观众需要", model=READY, by=ADMINISTRATOR, now=now)


async def switch_off(broadcast: Broadcast) -> None:
    await turn_off(broadcast.number, reason="听错太多", by=ADMINISTRATOR, now=SystemClock().now())


def children() -> list[int]:
    """Listening processes of this one."""
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        if CHILD.encode() in command and parent == os.getpid():
            found.append(int(folder.name))
    return found


@pytest.fixture(autouse=True)
def _none_left() -> Iterator[None]:
    yield
    assert children() == []


async def test_a_lecture_on_the_air_gets_them_by_the_switch_and_loses_them_within_three_seconds(
    sqlite_db: TortoiseContext, sqlite_settings: Settings
) -> None:
    async with house_with(settings_of(sqlite_settings)) as house:
        broadcast = await house.studio.broadcast()
        await switch_on(broadcast)
        assert (await house.row(broadcast)).state is CaptionState.WAITING
        async with pushing(
            sample_voice(VOICE_SECONDS), house.studio.address(broadcast), realtime=True, loop=True
        ):
            await until(lambda: heard(house, broadcast), 40)
            niceness = {os.getpriority(os.PRIO_PROCESS, child) for child in children()}
            assert niceness == {sqlite_settings.speech_nice}
            assert "SUBTITLES" in (await fetch(house.origin, f"/live/{broadcast.number}/index.m3u8")).text
            await until(lambda: told(house, broadcast), 10)

            off_at = time.monotonic()
            await switch_off(broadcast)
            await until(lambda: answers(house, broadcast, 410), WITHIN_SECONDS)
            assert time.monotonic() - off_at < WITHIN_SECONDS
            assert "SUBTITLES" not in (await fetch(house.origin, f"/live/{broadcast.number}/index.m3u8")).text
            await until(lambda: gone(), WITHIN_SECONDS)
            assert await house.status(broadcast, "source.m3u8") == 200

            # On once more, the process killed: another one goes on.
            await switch_on(broadcast)
            await until(lambda: heard(house, broadcast), 40)
            (child,) = children()
            os.kill(child, signal.SIGKILL)
            await until(lambda: answers(house, broadcast, 410), WITHIN_SECONDS)
            await until(lambda: heard(house, broadcast), 40)

            lecture = house.studio.service.lectures[broadcast.number]
            folder = lecture.media.folder
            await lecture.end("the lecture was ended")
            assert await house.status(broadcast) == 410
        await until(lambda: gone(), WITHIN_SECONDS)
        assert not list(folder.rglob("*captions*"))

        await house.studio.until_state(broadcast, AirState.ENDED)
        ended = await Broadcast.get(id=broadcast.id)
        now = SystemClock().now()
        await ask_for(ended, now=now)
        assert await words_to_draft(ended, now=now)
        transcript = await Transcript.get(broadcast_id=broadcast.id)
        (version,) = await CueVersion.filter(transcript_id=transcript.id)
        assert (version.kind, version.number, transcript.draft_version) == (VersionKind.LIVE, 1, 1)
        text = "".join(line for cue in version.cues for line in cue["lines"])
        assert set(text) <= set(SYLLABLES)
        assert len(text) > 10
        assert not await LiveWords.exists()
        actions = await AuditEntry.filter(action__startswith="captions.").order_by("number")
        assert [entry.action for entry in actions] == ["captions.on", "captions.off", "captions.on"]


async def heard(house: House, broadcast: Broadcast) -> bool:
    return re.search(rf"[{SYLLABLES}]{{4}}", await house.words(broadcast)) is not None


async def told(house: House, broadcast: Broadcast) -> bool:
    row = await house.row(broadcast)
    return row.state is CaptionState.ON and row.delay_ms is not None and 0 <= row.delay_ms < 6000


async def answers(house: House, broadcast: Broadcast, status: int) -> bool:
    return await house.status(broadcast) == status


async def gone() -> bool:
    return children() == []


async def test_the_emergency_stop_takes_them_with_the_picture_within_three_seconds(
    sqlite_db: TortoiseContext, sqlite_settings: Settings
) -> None:
    async with house_with(settings_of(sqlite_settings)) as house:
        broadcast = await house.studio.broadcast()
        await switch_on(broadcast)
        async with pushing(
            sample_voice(VOICE_SECONDS), house.studio.address(broadcast), realtime=True, loop=True
        ):
            await until(lambda: heard(house, broadcast), 40)
            segment = next(iter(house.media(broadcast).captions.closed)).msn  # type: ignore[union-attr]
            media = house.media(broadcast)
            address = f"/media/{broadcast.number}/{media.token}/{media.epoch}/captions/{segment}.vtt"
            assert (await fetch(house.origin, address)).status == 200
            cut_at = time.monotonic()
            await cut_off(
                broadcast.number, cause=CutCause.CONTENT, words="", by=ADMINISTRATOR, now=SystemClock().now()
            )
            await until(lambda: answers(house, broadcast, 410), WITHIN_SECONDS)
            assert (await fetch(house.origin, address)).status == 410
            await until(lambda: gone(), WITHIN_SECONDS)
            assert time.monotonic() - cut_at < WITHIN_SECONDS


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        (SECONDS, "9", "这台机器跟不上"),
        (FAILS, "death", "意外退出"),
    ],
)
async def test_what_cannot_go_on_is_off_with_the_reason_on_the_desk_and_the_lecture_goes_on(
    sqlite_db: TortoiseContext,
    sqlite_settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    value: str,
    words: str,
) -> None:
    monkeypatch.setenv(variable, value)
    monkeypatch.setattr("transcripts.live.captioner.RESTART_SECONDS", 0.1)
    settings = settings_of(sqlite_settings, live_caption_delay_seconds=2, live_caption_patience_seconds=5)
    async with house_with(settings) as house:
        broadcast = await house.studio.broadcast()
        await switch_on(broadcast)
        async with pushing(
            sample_voice(VOICE_SECONDS), house.studio.address(broadcast), realtime=True, loop=True
        ):

            async def is_stopped() -> bool:
                row = await house.row(broadcast)
                return not row.is_on and row.state is CaptionState.STOPPED

            await until(is_stopped, 60)
            row = await house.row(broadcast)
            assert words in row.detail
            assert row.person == "系统"
            assert await house.status(broadcast) == 410
            source = house.media(broadcast).renditions["source"]
            before = len(source.closed)
            await until(lambda: grown(source.closed, before), 10)
        entry = await AuditEntry.get(action="captions.stopped")
        assert entry.actor_name == "系统"


async def grown(listed: Sequence[object], before: int) -> bool:
    await asyncio.sleep(0)
    return len(listed) > before
