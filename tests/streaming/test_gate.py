"""What the gate leaves behind beside its answer. Who is let in is tested with real encoders in test_media."""

from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
import structlog

from core.clock import ManualClock
from core.settings import load_settings
from streaming.gate import Gate
from streaming.keys import stream_key
from streaming.lecture import LectureName, LiveLecture
from streaming.rtmp.gate import PublishRefused, PublishRequest
from tests.support.air import SilentConnection

NUMBER = "2026-11-2"
SECRET = b"a secret of thirty-two bytes or more"
BROADCAST = UUID(int=7)


def request(version: int) -> PublishRequest:
    key = stream_key(SECRET, BROADCAST, NUMBER, version)
    return PublishRequest("live", key, "", key, "", "", "127.0.0.1:50000", SilentConnection())


@pytest.fixture
def gate(clock: ManualClock) -> Gate:
    admitted = SimpleNamespace(
        name=LectureName(BROADCAST, NUMBER), key_version=1, admit=lambda request, version: version
    )
    never: Any = None
    return Gate(
        [SECRET], lambda number: cast("LiveLecture", admitted), never, settings=load_settings(), clock=clock
    )


async def test_lines_of_a_connection_with_the_right_key_carry_the_lecture(gate: Gate) -> None:
    await gate.publish(request(1))
    assert structlog.contextvars.get_contextvars()["broadcast"] == NUMBER


async def test_a_wrong_key_gives_no_connection_a_lectures_name(gate: Gate) -> None:
    with pytest.raises(PublishRefused):
        await gate.publish(request(2))
    assert "broadcast" not in structlog.contextvars.get_contextvars()
