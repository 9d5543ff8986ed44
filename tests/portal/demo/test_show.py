"""The show: the film goes through a real RTMP port into a lecture, which is ended when it is over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from portal.demo import show
from portal.demo.show import Stage

from accounts.models import Unit
from accounts.services import seed_sample_units
from core.clock import ManualClock, SystemClock
from core.events import EventBus
from core.secrets import load_app_secrets
from core.settings import Settings
from schedules.models import Broadcast
from schedules.services import NewBroadcast, create_broadcast, move_air_state, request_end
from schedules.states import AirState
from streaming.keys import parse_key
from streaming.lecture_index import lecture_folder
from streaming.rtmp.gate import MessageKind, PublishRequest, PublishSink
from streaming.rtmp.limits import RtmpLimits
from streaming.rtmp.server import RtmpServer
from tests.support.media import media_directory, run_ffmpeg

FILM_FRAMES = 25
BROKEN_AFTER = 10


@dataclass
class Sink:
    """Counts pictures; one that breaks closes the connection after a few of them."""

    request: PublishRequest
    breaks: bool
    pictures: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def media(self, kind: MessageKind, timestamp_ms: int, payload: bytes) -> None:
        self.pictures += kind is MessageKind.VIDEO
        if self.breaks and self.pictures == BROKEN_AFTER:
            await self.request.connection.close("NetStream.Publish.BadName", "broken on purpose")

    async def closed(self, reason: str) -> None:
        self.over.set()


class Gate:
    """Lets everybody in; the first `breaks` publications are broken off."""

    def __init__(self, breaks: int = 0) -> None:
        self.breaks = breaks
        self.sinks: list[Sink] = []
        self.published = asyncio.Event()

    async def publish(self, request: PublishRequest) -> PublishSink:
        sink = Sink(request, breaks=len(self.sinks) < self.breaks)
        self.sinks.append(sink)
        self.published.set()
        return sink


@pytest.fixture
def film() -> Path:
    """One second of film, with sound."""
    path = media_directory() / "one-second.mp4"
    if not path.exists():
        run_ffmpeg(
            *("-f", "lavfi", "-i", "testsrc2=size=160x90:rate=25:duration=1"),
            *(
                "-f",
                "lavfi",
                "-i",
                "sine=duration=1",
                "-c:v",
                "libx264",
                "-bf",
                "0",
                "-c:a",
                "aac",
                str(path),
            ),
        )
    return path


@pytest.fixture
async def stage(sqlite_settings: Settings, sqlite_db: object, film: Path) -> Stage:
    await seed_sample_units()
    secrets = load_app_secrets(sqlite_settings)
    return Stage(sqlite_settings, secrets, SystemClock(), EventBus(), "", film, retry_seconds=0.05)


@asynccontextmanager
async def listening(stage: Stage, gate: Gate) -> AsyncIterator[Stage]:
    server = RtmpServer(gate, RtmpLimits(), stage.clock)
    await server.start("127.0.0.1", 0)
    try:
        yield replace(stage, rtmp_url=show.local_rtmp_url("127.0.0.1", server.port))
    finally:
        await server.aclose()


@pytest.mark.ffmpeg
async def test_the_film_runs_as_often_as_asked_and_then_the_lecture_ends(stage: Stage) -> None:
    gate = Gate()
    async with listening(stage, gate) as stage:
        lecture = await show.new_lecture(stage, 2)
        await show.put_on_air(stage, lecture, 2)
        (sink,) = gate.sinks
        await sink.over.wait()
    number, _ = parse_key(sink.request.key)
    assert number == lecture.number
    # The end of sequence and the decoder's configuration come as messages too.
    assert 2 * FILM_FRAMES <= sink.pictures <= 2 * FILM_FRAMES + 4
    await lecture.refresh_from_db()
    assert lecture.air_state is AirState.ENDED
    assert lecture.is_sample


@pytest.mark.ffmpeg
async def test_a_broken_push_is_made_again(stage: Stage) -> None:
    gate = Gate(breaks=1)
    async with listening(stage, gate) as stage:
        await show.put_on_air(stage, await show.new_lecture(stage, 1), 1)
        await gate.sinks[-1].over.wait()
    assert len(gate.sinks) == 2
    assert gate.sinks[1].pictures >= FILM_FRAMES


@pytest.mark.ffmpeg
async def test_once_somebody_has_ended_the_lecture_nothing_is_pushed_again(stage: Stage) -> None:
    gate = Gate()
    async with listening(stage, gate) as stage:
        lecture = await show.new_lecture(stage, 100)
        pushing = asyncio.create_task(show.put_on_air(stage, lecture, 100))
        await gate.published.wait()
        await request_end(lecture.id, now=stage.clock.now())
        await gate.sinks[0].request.connection.close("NetStream.Publish.BadName", "ended")
        await pushing
    assert len(gate.sinks) == 1


@pytest.mark.ffmpeg
async def test_leaving_the_show_stops_the_push_and_ends_the_lecture(stage: Stage) -> None:
    gate = Gate()
    async with listening(stage, gate) as stage:
        async with show.sample_on_air(stage):
            await gate.published.wait()
        (sink,) = gate.sinks
        await asyncio.wait_for(sink.over.wait(), 10)  # ffmpeg is gone, so is its connection
    (lecture,) = await Broadcast.all()
    assert lecture.air_state is AirState.ENDED


async def test_without_units_the_show_says_so_and_leaves_the_server_alone(stage: Stage) -> None:
    await Unit.all().delete()
    with pytest.raises(show.NoUnits):
        await show.new_lecture(stage, 1)
    async with show.sample_on_air(stage):
        await asyncio.sleep(0.05)
    assert await Broadcast.all().count() == 0


async def sample(stage: Stage, minutes_ago: int, state: AirState) -> Broadcast:
    """A lecture that an earlier show made, with a file of media."""
    clock = ManualClock(stage.clock.now() - timedelta(minutes=minutes_ago))
    made = await show.new_lecture(replace(stage, clock=clock), 1)
    for step in (AirState.LIVE, AirState.ENDED)[: 2 if state is AirState.ENDED else 1]:
        await move_air_state(made.id, step, now=clock.now(), events=stage.events)
    folder = lecture_folder(stage.settings.data_dir, made.number)
    folder.mkdir(parents=True)
    (folder / "journal.jsonl").write_text("{}\n")
    await made.refresh_from_db()
    return made


async def test_of_old_samples_the_newest_two_stay_and_nothing_else_is_touched(stage: Stage) -> None:
    own = await create_broadcast(NewBroadcast(title="自己的课", unit_code="520013"), now=stage.clock.now())
    old = [await sample(stage, age, AirState.ENDED) for age in (50, 40, 30, 20)]
    await show.remove_old_samples(stage)
    left = {each.number for each in await Broadcast.all()}
    assert left == {own.number, old[2].number, old[3].number}
    kept = [lecture_folder(stage.settings.data_dir, each.number).exists() for each in old]
    assert kept == [False, False, True, True]


async def test_an_old_sample_that_is_still_on_the_air_is_not_removed(stage: Stage) -> None:
    left_behind = await sample(stage, 50, AirState.LIVE)
    for age in (40, 30, 20):
        await sample(stage, age, AirState.ENDED)
    await show.remove_old_samples(stage)
    assert await Broadcast.exists(id=left_behind.id)


async def test_the_show_goes_on_with_the_lecture_that_a_killed_server_left_behind(stage: Stage) -> None:
    assert await show.find_unfinished() is None
    await sample(stage, 30, AirState.ENDED)
    left_behind = await sample(stage, 20, AirState.LIVE)
    found = await show.find_unfinished()
    assert found is not None
    assert found.id == left_behind.id
    assert show.passes_of(found) == 1


async def test_a_long_lecture_is_planned_for_as_long_as_its_film_runs(stage: Stage) -> None:
    made = await show.new_lecture(stage, show.LONG_PASSES, in_seconds=20)
    assert show.passes_of(made) == show.LONG_PASSES
    assert made.starts_at is not None


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "rtmp://127.0.0.1:1935/live"),
        ("0.0.0.0", "rtmp://127.0.0.1:1935/live"),
        ("10.1.2.3", "rtmp://10.1.2.3:1935/live"),
        ("::1", "rtmp://[::1]:1935/live"),
    ],
)
def test_the_show_pushes_to_an_address_the_server_listens_on(host: str, url: str) -> None:
    assert show.local_rtmp_url(host, 1935) == url


async def test_a_port_nobody_listens_on_is_said_before_anything_is_made() -> None:
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    with suppress(Exception):
        await server.wait_closed()
    with pytest.raises(show.NothingListens, match="weiketang serve"):
        await show.check_listening(f"rtmp://127.0.0.1:{port}/live")
