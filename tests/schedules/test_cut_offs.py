"""紧急切断: what a lecture's row says of it, who may, and how long the recording must stay."""

from datetime import timedelta

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.audit import Actor, ActorKind
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.events import EventBus
from core.settings import load_settings
from schedules.cut_causes import CutCause
from schedules.cut_offs import cause_of, cut_off, cut_offs_of, kept_until, undo_cut_off
from schedules.models import Broadcast, Step, StepAction
from schedules.public.visibility import media_is_shut, replay_notice
from schedules.queries import by_number, live_now, orders
from schedules.replays import set_replay
from schedules.services import NewBroadcast, create_broadcast, move_air_state
from schedules.states import AirState, ReplayState
from schedules.window import Allowed, CutOff, publish_window

L, I, C, E = AirState.LIVE, AirState.INTERRUPTED, AirState.CLOSED, AirState.ENDED  # noqa: E741
BY = Actor(ActorKind.USER, "1", "示例管理员")
OF_A_UNIT = Actor(ActorKind.USER, "2", "示例联络员", "520013")


@pytest.fixture(autouse=True)
async def _units(db: TortoiseContext) -> None:
    await seed_sample_units()


async def lecture(clock: ManualClock, *moves: AirState) -> Broadcast:
    broadcast = await create_broadcast(NewBroadcast("题目", "520013"), now=clock.now())
    for to in moves:
        broadcast = await move_air_state(broadcast.id, to, now=clock.now(), events=EventBus())
    return broadcast


async def cut(broadcast: Broadcast, clock: ManualClock, words: str = "") -> Broadcast:
    return await cut_off(broadcast.number, cause=CutCause.CONTENT, words=words, by=BY, now=clock.now())


@pytest.mark.parametrize("moves", [(L,), (L, I), (L, I, C)])
async def test_a_lecture_on_the_air_is_cut_off_with_its_reason_on_record(
    clock: ManualClock, moves: tuple[AirState, ...]
) -> None:
    before = await lecture(clock, *moves)
    after = await cut(before, clock, " 说了  不该说的 ")
    assert after.cut_off_at == clock.now()
    assert after.replay_state is ReplayState.WITHDRAWN
    assert after.media_generation == before.media_generation + 1
    assert after.key_version == before.key_version  # a cut that was a mistake needs no new key
    step = await Step.get(broadcast_id=after.id, action=StepAction.CUT_OFF)
    assert (step.person, step.opinion) == ("示例管理员", "内容安全：说了 不该说的")
    entry = await AuditEntry.get(action="broadcast.cut_off")
    assert entry.subject == f"broadcast:{after.number}"
    assert "说了 不该说的" in str(entry.after)
    order = (await orders([after.id]))[after.id]
    assert order.cut_off_at == clock.now()
    assert order.replay_state is ReplayState.WITHDRAWN


async def test_the_public_is_told_that_it_was_stopped_and_not_why(clock: ManualClock) -> None:
    after = await cut(await lecture(clock, L), clock, "内部原因")
    assert media_is_shut(after)
    assert "已中止" in replay_notice(after)
    assert "内部原因" not in replay_notice(after)
    assert "内部原因" not in after.replay_reason
    assert await live_now() == []


async def test_asking_twice_cuts_once(clock: ManualClock) -> None:
    broadcast = await lecture(clock, L)
    first = await cut(broadcast, clock)
    clock.advance(1)
    second = await cut(broadcast, clock)
    assert (first.cut_off_at, first.media_generation) == (second.cut_off_at, second.media_generation)
    assert len(await cut_offs_of(broadcast.id)) == 1
    assert await AuditEntry.filter(action="broadcast.cut_off").count() == 1


async def test_what_is_not_on_the_air_is_not_cut_off(clock: ManualClock) -> None:
    for moves in ((), (L, E)):
        broadcast = await lecture(clock, *moves)
        with pytest.raises(Conflict, match="没有在直播"):
            await cut(broadcast, clock)
    with pytest.raises(NotFound):
        await cut_off("2026-11-99", cause=CutCause.CONTENT, words="", by=BY, now=clock.now())


async def test_units_cut_nothing_off_and_other_needs_words(clock: ManualClock) -> None:
    broadcast = await lecture(clock, L)
    with pytest.raises(Forbidden):
        await cut_off(broadcast.number, cause=CutCause.LEAK, words="", by=OF_A_UNIT, now=clock.now())
    with pytest.raises(Invalid) as refused:
        await cut_off(broadcast.number, cause=CutCause.OTHER, words=" ", by=BY, now=clock.now())
    assert set(refused.value.fields) == {"words"}
    with pytest.raises(Invalid):
        cause_of("nonsense")
    assert (await by_number(broadcast.number)).cut_off_at is None


async def test_no_encoder_is_let_in_and_no_replay_given_out_until_it_is_undone(clock: ManualClock) -> None:
    settings = load_settings()
    cut_lecture = await cut(await lecture(clock, L), clock)
    assert publish_window(cut_lecture, clock.now(), settings) == CutOff()
    with pytest.raises(Conflict, match="撤销切断"):
        await set_replay(
            cut_lecture.number,
            ReplayState.PUBLIC,
            reason="",
            version=cut_lecture.version,
            by=BY,
            now=clock.now(),
        )
    with pytest.raises(Invalid):
        await undo_cut_off(cut_lecture.number, reason="", by=BY, now=clock.now())
    undone = await undo_cut_off(cut_lecture.number, reason="点错了", by=BY, now=clock.now())
    assert undone.cut_off_at is None
    assert (undone.replay_state, undone.replay_reason) == (ReplayState.PUBLIC, "")
    assert publish_window(undone, clock.now(), settings) == Allowed()
    assert await AuditEntry.filter(action="broadcast.cut_off_undone").count() == 1
    with pytest.raises(Conflict, match="没有被切断"):
        await undo_cut_off(cut_lecture.number, reason="点错了", by=BY, now=clock.now())


async def test_a_replay_that_was_withheld_before_is_withheld_again_when_a_cut_is_undone(
    clock: ManualClock,
) -> None:
    live = await lecture(clock, L)
    withheld = await set_replay(
        live.number, ReplayState.WITHHELD, reason="待核对", version=live.version, by=BY, now=clock.now()
    )
    await cut(withheld, clock)
    undone = await undo_cut_off(live.number, reason="点错了", by=BY, now=clock.now())
    assert (undone.replay_state, undone.replay_reason) == (ReplayState.WITHHELD, "待核对")


async def test_the_recording_stays_for_sixty_days_from_the_last_cut_undone_or_not(clock: ManualClock) -> None:
    broadcast = await lecture(clock, L)
    assert kept_until(await cut_offs_of(broadcast.id), 60) is None
    await cut(broadcast, clock)
    await undo_cut_off(broadcast.number, reason="点错了", by=BY, now=clock.now())
    clock.advance(minutes=24 * 60)
    await cut(broadcast, clock)
    assert kept_until(await cut_offs_of(broadcast.id), 60) == clock.now() + timedelta(days=60)
