"""Claims hold on both databases: one worker at a time, and what was waiting for a model says so."""

from typing import Any

import pytest

from accounts.services import seed_sample_units
from core.clock import ManualClock
from core.settings import Settings
from schedules.models import Broadcast
from schedules.services import NewBroadcast, create_broadcast
from schedules.states import AirState
from tests.support.cast import UNIT_A
from transcripts.models import CueVersion, Piece, Recognition, Transcript
from transcripts.recognition.claims import Claim, ClaimLost, claim, give_up, wait_for_model, waiting

CUE = {
    "id": "1",
    "start_ms": 0,
    "end_ms": 2000,
    "lines": ["依法行政"],
    "prob": 0.9,
    "engine": "whisper",
    "model": "small",
    "sha256": "7" * 64,
    "held": "",
}
HEARD = {
    "segments": [],
    "held": [],
    "seconds_spent": 1.5,
    "engine": "whisper",
    "model": "small",
    "sha256": "7" * 64,
}


@pytest.fixture(autouse=True)
async def _units(db: object) -> None:
    await seed_sample_units()


async def transcript_of(clock: ManualClock, air: AirState = AirState.ENDED, **values: Any) -> Transcript:
    now = clock.now()
    lecture = await create_broadcast(NewBroadcast("行政复议怎么申请", UNIT_A), now=now)
    await Broadcast.filter(id=lecture.id).update(air_state=air)
    made = await Transcript.create(broadcast_id=lecture.id, created_at=now, changed_at=now, **values)
    return await again(made)


async def again(transcript: Transcript) -> Transcript:
    return await Transcript.get(id=transcript.id).prefetch_related("broadcast")


async def taken(transcript: Transcript, worker: str, clock: ManualClock, settings: Settings) -> Claim:
    got = await claim(await again(transcript), worker, clock.now(), settings)
    assert got is not None
    return got


async def waiting_ids(clock: ManualClock, settings: Settings) -> list[Any]:
    return [each.id for each in await waiting(clock.now(), settings)]


async def test_only_what_has_ended_and_is_nobody_s_waits_the_longest_first(
    clock: ManualClock, db_settings: Settings
) -> None:
    await transcript_of(clock, AirState.CLOSED)
    await transcript_of(clock, recognition=Recognition.DONE)
    first = await transcript_of(clock)
    clock.advance(1)
    second = await transcript_of(clock, recognition=Recognition.PAUSED)
    third = await transcript_of(clock, recognition=Recognition.WAITING_FOR_MODEL)
    assert await waiting_ids(clock, db_settings) == [first.id, *sorted((second.id, third.id), key=str)]
    await taken(first, "one", clock, db_settings)
    assert first.id not in await waiting_ids(clock, db_settings)


async def test_a_claim_is_one_worker_s_until_it_is_silent_for_too_long(
    clock: ManualClock, db_settings: Settings
) -> None:
    transcript = await transcript_of(clock)
    one = await taken(transcript, "one", clock, db_settings)
    assert await claim(await again(transcript), "two", clock.now(), db_settings) is None
    clock.advance(db_settings.speech_claim_seconds)
    await one.keep(clock.now())
    clock.advance(db_settings.speech_claim_seconds - 1)
    assert await waiting_ids(clock, db_settings) == []
    clock.advance(2)
    two = await taken(transcript, "two", clock, db_settings)
    with pytest.raises(ClaimLost):
        await one.keep(clock.now())
    with pytest.raises(ClaimLost):
        await one.done([CUE], 4, clock.now())
    with pytest.raises(ClaimLost):
        await one.leave(Recognition.FAILED, "坏了", clock.now())
    assert (await again(transcript)).attempts == 2
    assert await two.done([CUE], 4, clock.now())
    assert await CueVersion.filter(transcript_id=transcript.id).count() == 1


async def test_a_checkpoint_is_written_whole_or_not_at_all(clock: ManualClock, db_settings: Settings) -> None:
    transcript = await transcript_of(clock)
    one = await taken(transcript, "one", clock, db_settings)
    cut = [
        {"start_ms": 0, "end_ms": 900, "speech_ms": 800},
        {"start_ms": 900, "end_ms": 1500, "speech_ms": 9},
    ]
    await one.pieces_cut(cut, 1500, clock.now())
    first, second = await Piece.filter(transcript_id=transcript.id)
    await one.piece_heard(first, HEARD, clock.now())
    assert (await again(transcript)).attempts == 0
    await Transcript.filter(id=transcript.id).update(claimed_by="two")
    with pytest.raises(ClaimLost):
        await one.piece_heard(second, HEARD, clock.now())
    with pytest.raises(ClaimLost):
        await one.pieces_cut(cut[:1], 900, clock.now())
    rows = await Piece.filter(transcript_id=transcript.id)
    assert [(row.recognised_at is not None, row.engine) for row in rows] == [(True, "whisper"), (False, "")]


async def test_without_a_model_everything_that_could_begin_says_what_to_do(
    clock: ManualClock, db_settings: Settings
) -> None:
    dead = await transcript_of(clock)
    await taken(dead, "killed", clock, db_settings)
    clock.advance(db_settings.speech_claim_seconds + 1)
    queued = await transcript_of(clock)
    paused = await transcript_of(clock, recognition=Recognition.PAUSED)
    working = await transcript_of(clock)
    await taken(working, "alive", clock, db_settings)
    on_air = await transcript_of(clock, AirState.LIVE)
    failed = await transcript_of(clock, recognition=Recognition.FAILED)
    await wait_for_model(clock.now(), "请运行 weiketang models install small", db_settings)
    for transcript in (dead, queued, paused):
        after = await again(transcript)
        assert (after.recognition, after.claimed_by) == (Recognition.WAITING_FOR_MODEL, "")
        assert "weiketang models install" in after.detail
    assert (await again(working)).recognition is Recognition.RUNNING
    assert (await again(on_air)).recognition is Recognition.QUEUED
    assert (await again(failed)).recognition is Recognition.FAILED
    await wait_for_model(clock.now(), "缺少文件：model.bin", db_settings)
    assert (await again(queued)).detail == "缺少文件：model.bin"
    assert set(await waiting_ids(clock, db_settings)) == {dead.id, queued.id, paused.id}


async def test_a_lecture_that_kills_its_workers_is_given_up(
    clock: ManualClock, db_settings: Settings
) -> None:
    transcript = await transcript_of(clock)
    for worker in "abcd":
        await taken(transcript, worker, clock, db_settings)
        clock.advance(db_settings.speech_claim_seconds + 1)
    await give_up(await again(transcript), clock.now(), db_settings)
    after = await again(transcript)
    assert after.recognition is Recognition.FAILED
    assert "已经试过 4 次" in after.detail
    assert "再识别一次" in after.detail


async def test_what_the_machine_heard_names_its_engine_and_model(
    clock: ManualClock, db_settings: Settings
) -> None:
    transcript = await transcript_of(clock)
    one = await taken(transcript, "one", clock, db_settings)
    await one.pieces_cut([{"start_ms": 0, "end_ms": 2000, "speech_ms": 1900}], 2000, clock.now())
    await one.piece_heard(await Piece.get(transcript_id=transcript.id), HEARD, clock.now())
    assert await one.done([CUE], 4, clock.now())
    after = await again(transcript)
    assert (after.engine, after.model, after.model_sha256) == ("whisper", "small", "7" * 64)
    assert (await CueVersion.get(transcript_id=transcript.id)).cues == [CUE]
