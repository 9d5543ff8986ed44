import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.clock import ManualClock
from core.errors import Conflict, Forbidden, Invalid
from core.events import EventBus
from schedules.models import Broadcast
from schedules.public.visibility import media_is_shut, replay_notice
from schedules.queries import latest_replays, orders, timeline
from schedules.replays import set_replay
from schedules.services import NewBroadcast, create_broadcast, move_air_state
from schedules.states import AirState, ReplayState
from tests.support.plan import ADMIN, LIAISON_A


@pytest.fixture(autouse=True)
async def _units(db: TortoiseContext) -> None:
    await seed_sample_units()


async def lecture(clock: ManualClock, *moves: AirState) -> Broadcast:
    broadcast = await create_broadcast(NewBroadcast("题目", "520013"), now=clock.now())
    for to in moves:
        broadcast = await move_air_state(broadcast.id, to, now=clock.now(), events=EventBus())
    return broadcast


async def put(
    broadcast: Broadcast, state: ReplayState, clock: ManualClock, reason: str = "讲师撤回同意"
) -> Broadcast:
    return await set_replay(
        broadcast.number, state, reason=reason, version=broadcast.version, by=ADMIN, now=clock.now()
    )


async def test_a_withdrawn_replay_gets_new_addresses_leaves_the_list_and_says_why(clock: ManualClock) -> None:
    broadcast = await lecture(clock, AirState.LIVE, AirState.ENDED)
    assert [each.id for each in await latest_replays()] == [broadcast.id]
    gone = await put(broadcast, ReplayState.WITHDRAWN, clock)
    assert gone.media_generation == 2
    assert await latest_replays() == []
    assert media_is_shut(gone)
    assert replay_notice(gone) == "回看已下架：讲师撤回同意。"
    assert (await timeline(gone.id))[-1].opinion == "下架：讲师撤回同意"
    told = (await orders([gone.id]))[gone.id]
    assert (told.media_generation, told.replay_state) == (2, ReplayState.WITHDRAWN)


async def test_it_may_be_withheld_before_the_lecture_and_made_public_after(clock: ManualClock) -> None:
    broadcast = await put(await lecture(clock), ReplayState.WITHHELD, clock, "内容待核")
    assert not media_is_shut(broadcast)
    for to in (AirState.LIVE, AirState.ENDED):
        broadcast = await move_air_state(broadcast.id, to, now=clock.now(), events=EventBus())
    assert media_is_shut(broadcast)
    assert await latest_replays() == []
    public = await put(broadcast, ReplayState.PUBLIC, clock, "")
    assert (public.replay_reason, replay_notice(public)) == ("", "")
    assert len(await latest_replays()) == 1


async def test_it_is_the_bureaus_to_say_with_a_reason_and_once(clock: ManualClock) -> None:
    broadcast = await lecture(clock)
    with pytest.raises(Forbidden):
        await set_replay(
            broadcast.number,
            ReplayState.WITHDRAWN,
            reason="x",
            version=0,
            by=LIAISON_A,
            now=clock.now(),
        )
    with pytest.raises(Invalid):
        await put(broadcast, ReplayState.WITHDRAWN, clock, " ")
    with pytest.raises(Conflict, match="公开"):
        await put(broadcast, ReplayState.PUBLIC, clock, "")
    await put(broadcast, ReplayState.WITHDRAWN, clock)
    with pytest.raises(Conflict):
        await put(broadcast, ReplayState.WITHHELD, clock)
