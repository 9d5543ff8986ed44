import asyncio
import signal
import subprocess
from datetime import UTC, datetime, timedelta
from typing import IO

import pytest

from core.database import database
from core.events import EventBus
from core.settings import Settings, load_settings
from schedules.queries import by_number
from schedules.services import NewBroadcast, create_broadcast, move_air_state
from schedules.states import AirState
from tests.support.command_line import CommandLine, command

__all__ = ["command"]


def wait_for(stream: IO[str] | None, key: str) -> None:
    assert stream is not None
    for line in stream:
        if key in line:
            return
    raise AssertionError(f"{key} was never logged")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_stops_on_a_signal_and_ends_well(command: CommandLine, number: signal.Signals) -> None:
    with command.process("worker") as worker:
        wait_for(worker.stderr, "worker.started")
        worker.send_signal(number)
        wait_for(worker.stderr, "worker.stopped")
        assert worker.wait(60) == 0


def test_a_worker_ends_with_the_process_that_started_it(command: CommandLine) -> None:
    with command.process("worker", "--until-stdin-closes", stdin=subprocess.PIPE) as worker:
        wait_for(worker.stderr, "worker.started")
        assert worker.stdin is not None
        worker.stdin.close()
        wait_for(worker.stderr, "worker.stopped")
        assert worker.wait(60) == 0


async def _lecture_left_alone(settings: Settings) -> str:
    long_ago = datetime.now(UTC) - timedelta(hours=3)
    async with database(settings):
        row = await create_broadcast(NewBroadcast("题目", "520013"), now=long_ago)
        await move_air_state(row.id, AirState.LIVE, now=long_ago, events=EventBus())
        return row.number


async def _state(settings: Settings, number: str) -> AirState:
    async with database(settings):
        return (await by_number(number)).air_state


def test_a_worker_ends_a_lecture_that_was_left_alone(command: CommandLine) -> None:
    command("seed")
    settings = load_settings(data_dir=command.data_dir)
    number = asyncio.run(_lecture_left_alone(settings))
    with command.process("worker") as worker:
        wait_for(worker.stderr, "lecture.unheld_settled")
        worker.terminate()
        wait_for(worker.stderr, "worker.stopped")
        assert worker.wait(60) == 0
    assert asyncio.run(_state(settings, number)) is AirState.ENDED
