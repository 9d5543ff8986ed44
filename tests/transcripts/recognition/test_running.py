"""Recognition of what waits, with real journals and the real listening process; only the engine is a slow one."""

import asyncio
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.services import seed_sample_units
from core.audit import Actor, ActorKind
from core.clock import ManualClock
from core.database import transaction
from core.events import EventBus
from core.jobs import JobContext, JobQueue
from core.settings import Settings
from schedules.services import NewBroadcast, create_broadcast, move_air_state
from schedules.states import AirState, Language
from streaming.lecture_index import JOURNAL, lecture_folder
from tests.support.cast import UNIT_A
from tests.support.ended_lectures import ended_lecture, sample_units
from tests.support.media import make_flv, read_units
from tests.support.slow_engine import FAILS, SECONDS
from tests.support.studio import until
from transcripts.cues.cue import Cue
from transcripts.cues.draft import DraftCue, from_rows
from transcripts.editing.versions import add_version
from transcripts.models import CueVersion, Piece, Recognition, SubtitleState, Transcript, VersionKind
from transcripts.recognition.asking import ask_for, recognise_again
from transcripts.recognition.running import recognise_all

pytestmark = pytest.mark.ffmpeg

LECTURE_SECONDS = 40
ADMINISTRATOR = Actor(ActorKind.USER, "1", "李管理员")
ENGINE = "tests.support.slow_engine:open_engine"


@pytest.fixture
def context(sqlite_db: object, sqlite_settings: Settings, clock: ManualClock) -> JobContext:
    return context_with(sqlite_settings, clock)


def context_with(settings: Settings, clock: ManualClock, **overrides: Any) -> JobContext:
    values = {
        "speech_engine": ENGINE,
        "speech_piece_least_seconds": 5,
        "speech_piece_most_seconds": 18,
        "speech_attempts": 2,
        **overrides,
    }
    changed = settings.model_copy(update=values)
    return JobContext(changed, clock, EventBus(), JobQueue(changed))


@pytest.fixture(autouse=True)
async def _units(sqlite_db: object) -> None:
    await seed_sample_units()


async def waiting_lecture(context: JobContext, seconds: int = LECTURE_SECONDS, **values: Any) -> Transcript:
    lecture = await ended_lecture(context, [sample_units(seconds)] if seconds else [], **values)
    await ask_for(lecture, now=context.clock.now())
    return await Transcript.get(broadcast_id=lecture.id)


async def again(transcript: Transcript) -> Transcript:
    return await Transcript.get(id=transcript.id).prefetch_related("broadcast")


async def recognised(transcript: Transcript) -> dict[int, Any]:
    """Ordinal → when, of the pieces that are done."""
    rows = await Piece.filter(transcript_id=transcript.id, recognised_at__isnull=False)
    return {piece.ordinal: piece.recognised_at for piece in rows}


async def until_pieces(transcript: Transcript, count: int) -> None:
    async def reached() -> bool:
        return len(await recognised(transcript)) >= count

    await until(reached, 30)


async def until_state(transcript: Transcript, state: Recognition) -> None:
    async def reached() -> bool:
        return (await again(transcript)).recognition is state

    await until(reached, 30)


async def typed(transcript: Transcript) -> None:
    """Somebody brings subtitles of their own."""
    async with transaction():
        row = await Transcript.filter(id=transcript.id).select_for_update().get()
        cues = [DraftCue("1", Cue(0, 2000, ("人写的",)))]
        await add_version(row, VersionKind.IMPORTED, cues, by=ADMINISTRATOR, now=row.created_at)


@contextmanager
def holding(folder: Path) -> Iterator[None]:
    """As the media process does while anything may still be added."""
    with (folder / JOURNAL).open("rb") as journal:
        fcntl.flock(journal, fcntl.LOCK_EX)
        yield


def children() -> list[int]:
    """Listening processes of this process."""
    found = []
    for task in Path("/proc/self/task").iterdir():
        for pid in (task / "children").read_text().split():
            command = Path(f"/proc/{pid}/cmdline").read_text()
            found += [int(pid)] if "recognition.child" in command else []
    return found


def hours_in_seconds(hours: float) -> float:
    return hours * 3600


async def test_a_lecture_becomes_a_draft_that_a_person_can_correct(context: JobContext) -> None:
    transcript = await waiting_lecture(context)
    await recognise_all(context)
    after = await again(transcript)
    assert (after.recognition, after.state, after.detail) == (Recognition.DONE, SubtitleState.REVIEW, "")
    assert (after.engine, after.model, after.model_sha256) == ("slow-test", "syllables", "5" * 64)
    assert (after.claimed_by, after.attempts) == ("", 0)
    pieces = await Piece.filter(transcript_id=transcript.id)
    assert len(pieces) >= 3
    assert pieces[0].start_ms == 0
    assert pieces[-1].end_ms == after.audio_ms
    assert abs(after.audio_ms - LECTURE_SECONDS * 1000) < 200
    version = await CueVersion.get(transcript_id=transcript.id)
    assert (version.number, version.kind, version.person) == (1, VersionKind.RECOGNISED, "")
    cues = from_rows(version.cues)
    assert len({cue.id for cue in cues}) == len(cues) > 5
    assert all(cue.engine == "slow-test" and cue.sha256 == "5" * 64 and cue.prob for cue in cues)
    heard = [word for piece in pieces for segment in piece.segments for word in segment["words"]]
    assert sum(len(cue.cue.text) for cue in cues) == len(heard) == after.characters_recognised
    await recognise_all(context)  # nothing waits any more: the draft is made once
    assert await CueVersion.filter(transcript_id=transcript.id).count() == after.draft_version == 1
    assert (await again(transcript)).revision == after.revision == 1


@pytest.mark.parametrize(
    ("publications", "state"),
    [
        pytest.param([], Recognition.NO_AUDIO, id="an empty journal"),
        pytest.param(["picture"], Recognition.NO_AUDIO, id="a picture without sound"),
        pytest.param(["tone"], Recognition.NO_SPEECH, id="a tone, in which nobody speaks"),
    ],
)
async def test_without_speech_nothing_is_made_up(
    context: JobContext, publications: list[str], state: Recognition
) -> None:
    sound = {"picture": False, "tone": True}
    units = [read_units(make_flv(seconds=4, audio=sound[each])) for each in publications]
    lecture = await ended_lecture(context, units)
    await ask_for(lecture, now=context.clock.now())
    await recognise_all(context)
    after = await Transcript.get(broadcast_id=lecture.id)
    assert after.recognition is state
    assert "导入" in after.detail
    assert "打点" in after.detail
    assert await CueVersion.all().count() == 0
    assert after.state is SubtitleState.WAITING


async def test_a_lecture_whose_journal_is_still_written_has_to_wait(context: JobContext) -> None:
    transcript = await waiting_lecture(context, 8)
    number = (await again(transcript)).broadcast.number
    with holding(lecture_folder(context.settings.data_dir, number)):
        await recognise_all(context)
        assert (await again(transcript)).recognition is Recognition.QUEUED
    await recognise_all(context)
    assert (await again(transcript)).recognition is Recognition.DONE


async def test_a_lecture_whose_journal_is_elsewhere_says_so(context: JobContext) -> None:
    transcript = await waiting_lecture(context, 8)
    number = (await again(transcript)).broadcast.number
    folder = lecture_folder(context.settings.data_dir, number)
    folder.rename(folder.with_name("away"))
    await recognise_all(context)
    after = await again(transcript)
    assert after.recognition is Recognition.QUEUED
    assert "不在这台机器上" in after.detail


async def test_another_language_is_left_to_people(context: JobContext) -> None:
    transcript = await waiting_lecture(context, 8, language=Language.SUI)
    assert transcript.recognition is Recognition.BY_PEOPLE
    assert "水语" in transcript.detail
    await recognise_all(context)
    assert (await again(transcript)).recognition is Recognition.BY_PEOPLE


async def test_without_a_model_everything_waits_and_begins_by_itself_once_it_is_there(
    context: JobContext, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = await waiting_lecture(context, 8), await waiting_lecture(context, 8)
    without = context_with(context.settings, clock, speech_engine="whisper")
    await recognise_all(without)
    for transcript in (first, second):
        after = await again(transcript)
        assert after.recognition is Recognition.WAITING_FOR_MODEL
        assert "weiketang models install" in after.detail
    await recognise_all(context)
    for transcript in (first, second):
        assert (await again(transcript)).recognition is Recognition.DONE


async def test_a_model_that_is_found_out_only_on_opening_waits_too_and_is_looked_at_again(
    context: JobContext, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    transcript = await waiting_lecture(context, 8)
    monkeypatch.setenv(FAILS, "broken_model")
    await recognise_all(context)
    after = await again(transcript)
    assert after.recognition is Recognition.WAITING_FOR_MODEL
    assert "weiketang models verify" in after.detail
    monkeypatch.delenv(FAILS)
    await recognise_all(context)
    assert (await again(transcript)).recognition is Recognition.WAITING_FOR_MODEL  # it has its rest
    clock.advance(context.settings.speech_retry_seconds)
    await recognise_all(context)
    assert (await again(transcript)).recognition is Recognition.DONE


@pytest.mark.parametrize("failure", ["bug", "death"])
async def test_an_engine_that_fails_is_tried_again_and_then_given_up_with_what_to_do(
    context: JobContext, clock: ManualClock, monkeypatch: pytest.MonkeyPatch, failure: str
) -> None:
    transcript = await waiting_lecture(context, 8)
    monkeypatch.setenv(FAILS, failure)
    for _ in range(context.settings.speech_attempts - 1):
        await recognise_all(context)
        after = await again(transcript)
        assert after.recognition is Recognition.QUEUED
        assert "自动再试" in after.detail
        clock.advance(context.settings.speech_retry_seconds)
    await recognise_all(context)
    after = await again(transcript)
    assert after.recognition is Recognition.FAILED
    assert "再识别一次" in after.detail
    clock.advance(hours_in_seconds(5))
    monkeypatch.delenv(FAILS)
    await recognise_all(context)
    assert (await again(transcript)).recognition is Recognition.FAILED


async def test_a_lecture_that_fails_does_not_hold_up_the_next(
    context: JobContext, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FAILS, "engine")
    failing = await waiting_lecture(context, 8)
    empty = await waiting_lecture(context, 0)
    await recognise_all(context)
    assert (await again(failing)).recognition is Recognition.QUEUED
    assert (await again(empty)).recognition is Recognition.NO_AUDIO


async def test_the_live_comes_first_within_moments_and_recognition_goes_on_from_its_checkpoint(
    context: JobContext, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECONDS, "2.5")
    transcript = await waiting_lecture(context)
    working = asyncio.create_task(recognise_all(context))
    await until_pieces(transcript, 1)
    live = await create_broadcast(NewBroadcast("没有排期就开播的", UNIT_A), now=clock.now())
    await move_air_state(live.id, AirState.LIVE, now=clock.now(), events=EventBus())
    began = asyncio.get_running_loop().time()
    await working
    assert asyncio.get_running_loop().time() - began < 4
    paused = await again(transcript)
    assert (paused.recognition, paused.claimed_by) == (Recognition.PAUSED, "")
    assert "《没有排期就开播的》正在直播" in paused.detail
    done = await recognised(transcript)
    assert done
    await recognise_all(context)
    assert (await again(transcript)).recognition is Recognition.PAUSED
    await move_air_state(live.id, AirState.ENDED, now=clock.now(), events=EventBus())
    monkeypatch.delenv(SECONDS)
    await recognise_all(context)
    assert (await again(transcript)).recognition is Recognition.DONE
    assert {key: at for key, at in (await recognised(transcript)).items() if key in done} == done


async def test_nothing_is_begun_when_a_lecture_is_near(context: JobContext, clock: ManualClock) -> None:
    transcript = await waiting_lecture(context, 8)
    start = clock.now() + timedelta(minutes=29)
    await create_broadcast(NewBroadcast("快要讲的", UNIT_A, start), now=clock.now())
    await recognise_all(context)
    assert (await again(transcript)).recognition is Recognition.QUEUED
    clock.advance(minutes=29 + 15)  # it never began: behind its planned end nothing waits for it
    await recognise_all(context)
    assert (await again(transcript)).recognition is Recognition.DONE


async def test_a_worker_that_is_stopped_leaves_the_lecture_free_at_once(
    context: JobContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECONDS, "30")
    transcript = await waiting_lecture(context, 8)
    working = asyncio.create_task(recognise_all(context))
    await until_state(transcript, Recognition.RUNNING)
    working.cancel()
    await asyncio.wait([working])
    after = await again(transcript)
    assert (after.recognition, after.claimed_by, after.attempts) == (Recognition.QUEUED, "", 0)
    assert children() == []


async def test_two_workers_do_not_recognise_the_same_lecture(
    context: JobContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECONDS, "0.3")
    transcript = await waiting_lecture(context)
    await asyncio.gather(*(recognise_all(context) for _ in range(3)))
    assert (await again(transcript)).recognition is Recognition.DONE
    assert await CueVersion.filter(transcript_id=transcript.id).count() == 1


async def test_a_worker_that_was_away_too_long_writes_nothing_more(
    context: JobContext, clock: ManualClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECONDS, "1.5")
    transcript = await waiting_lecture(context, 8)
    slow = asyncio.create_task(recognise_all(context))
    await until_state(transcript, Recognition.RUNNING)
    clock.advance(context.settings.speech_claim_seconds * 2)  # as if it had been asleep
    await Transcript.filter(id=transcript.id).update(claimed_by="another", claimed_at=clock.now())
    await slow
    after = await again(transcript)
    assert (after.recognition, after.claimed_by) == (Recognition.RUNNING, "another")
    assert await recognised(transcript) == {}


async def test_a_person_s_subtitles_stay_the_draft_when_the_machine_is_late(context: JobContext) -> None:
    transcript = await waiting_lecture(context, 8)
    await typed(transcript)
    await recognise_all(context)
    after = await again(transcript)
    assert after.draft_version == 1
    versions = await CueVersion.filter(transcript_id=transcript.id).order_by("number")
    assert [each.kind for each in versions] == [VersionKind.IMPORTED, VersionKind.RECOGNISED]


async def test_recognised_once_more_the_machine_s_words_become_the_draft_and_corrections_stay(
    context: JobContext, clock: ManualClock
) -> None:
    transcript = await waiting_lecture(context, 8)
    await recognise_all(context)
    await typed(transcript)
    revision = (await again(transcript)).revision
    number = (await again(transcript)).broadcast.number
    await recognise_again(number, by=ADMINISTRATOR, now=clock.now())
    await recognise_all(context)
    after = await again(transcript)
    assert (after.recognition, after.draft_version, after.again_by) == (Recognition.DONE, 3, "")
    assert after.revision > revision
    assert (await CueVersion.get(transcript_id=transcript.id, number=2)).kind is VersionKind.IMPORTED
    assert "要求再识别一次" in (await CueVersion.get(transcript_id=transcript.id, number=3)).note
