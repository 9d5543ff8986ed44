"""What the gate leaves behind beside its answer. Who is let in is tested with real encoders in test_media."""

from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
import structlog
from tortoise.context import TortoiseContext

from accounts.models import Role, Unit, User
from accounts.services import seed_sample_units
from core.clock import ManualClock
from core.settings import load_settings
from schedules.models import Broadcast
from schedules.services import NewBroadcast, create_broadcast
from schedules.states import PlanState
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


class TestThePlan:
    """Only what is 已排期 and, where it must be, watched over, goes on the air."""

    @pytest.fixture(autouse=True)
    async def _units(self, sqlite_db: TortoiseContext) -> None:
        await seed_sample_units()

    async def refusal(self, clock: ManualClock, required: Any = "auto", **values: Any) -> PublishRefused:
        new = NewBroadcast("欠薪怎么办", "520013", is_sample=values.pop("is_sample", False))
        broadcast = await create_broadcast(new, now=clock.now())
        await Broadcast.filter(id=broadcast.id).update(**values, changed_at=clock.now())

        async def held_elsewhere(broadcast: Broadcast) -> None:
            return None

        settings = load_settings(duty_officer_required=required)
        gate = Gate([SECRET], lambda number: None, held_elsewhere, settings=settings, clock=clock)
        key = stream_key(SECRET, broadcast.id, broadcast.number, 1)
        with pytest.raises(PublishRefused) as refused:
            await gate.publish(
                PublishRequest("live", key, "", key, "", "", "127.0.0.1:50000", SilentConnection())
            )
        return refused.value

    @pytest.mark.parametrize("state", [state for state in PlanState if state is not PlanState.SCHEDULED])
    async def test_a_lecture_that_is_not_scheduled_is_refused_and_the_log_says_why(
        self, clock: ManualClock, state: PlanState
    ) -> None:
        refused = await self.refusal(clock, plan_state=state)
        assert state.value in refused.reason
        assert "not scheduled" in refused.reason

    async def test_without_a_duty_officer_nothing_starts_where_one_is_required(
        self, clock: ManualClock
    ) -> None:
        assert "duty officer" in (await self.refusal(clock, "on")).reason
        assert "duty officer" not in (await self.refusal(clock, "off")).reason
        assert "duty officer" not in (await self.refusal(clock, "auto")).reason, "the roster is a sample"
        assert "duty officer" not in (await self.refusal(clock, "on", is_sample=True)).reason

    async def test_with_a_real_roster_one_is_required_and_with_one_it_starts(
        self, clock: ManualClock
    ) -> None:
        await Unit.filter(code="520013").update(is_sample=False)
        assert "duty officer" in (await self.refusal(clock)).reason
        officer = await User.create(
            username="duty",
            display_name="示例值班员",
            role=Role.DUTY,
            password_hash="",
            created_at=clock.now(),
        )
        assert "holds" in (await self.refusal(clock, duty_officer_id=officer.id)).reason
