"""Who may publish: the key is checked before anything is told to the encoder.

While a lecture is on, its key is checked against the lecture in memory; the database is asked only for one that
is not held yet. Every refusal says in the log, for the person on duty, why.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID

import structlog

from core.clock import CHINA, Clock
from core.database import DATABASE_ERRORS
from core.settings import Settings
from schedules import queries
from schedules.models import Broadcast
from schedules.on_duty import lacks_duty_officer
from schedules.states import PlanState
from schedules.window import CutOff, Ended, TooEarly, publish_window
from streaming import keys
from streaming.lecture import BAD_NAME, CUT_OFF, LiveLecture
from streaming.publication import Publication
from streaming.rtmp.gate import PublishRefused, PublishRequest

log = structlog.get_logger()

UNAUTHORIZED = "NetStream.Publish.Unauthorized"
REVOKED_VERSIONS_NAMED = 20
"""So many older versions of a key are tried, only to say in the log that it was revoked."""


class Gate:
    """A `PublishGate`. held gives a lecture in memory; open_lecture takes one up, or None when another holds it."""

    def __init__(
        self,
        secrets: Sequence[bytes],
        held: Callable[[str], LiveLecture | None],
        open_lecture: Callable[[Broadcast], Awaitable[LiveLecture | None]],
        *,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._secrets = secrets
        self._held = held
        self._open_lecture = open_lecture
        self._settings = settings
        self._clock = clock

    async def publish(self, request: PublishRequest) -> Publication:
        try:
            number, _ = keys.parse_key(request.key)
        except keys.MalformedKey:
            raise _refusal("the stream key is malformed") from None
        lecture = self._held(number)
        if lecture is not None:
            self._check_key(request.key, lecture.name.broadcast_id, number, lecture.key_version)
            return lecture.admit(request, lecture.key_version)
        broadcast = await self._find(number)
        if broadcast is None:
            keys.verify(request.key, self._secrets, UUID(int=0), number, 1)  # as slow as for a known number
            raise _refusal(f"there is no lecture {number}")
        self._check_key(request.key, broadcast.id, number, broadcast.key_version)
        await self._check_plan(broadcast)
        self._check_window(broadcast)
        lecture = await self._open_lecture(broadcast)
        if lecture is None:
            raise PublishRefused(
                BAD_NAME, f"another media process holds lecture {number}", "Try the other server"
            )
        return lecture.admit(request, broadcast.key_version)

    async def _find(self, number: str) -> Broadcast | None:
        try:
            return await queries.find_by_number(number)
        except DATABASE_ERRORS as error:
            raise self._no_database(number, error) from error

    def _no_database(self, number: str, error: Exception) -> PublishRefused:
        log.error("gate.database_failed", broadcast=number, error=str(error))
        return PublishRefused(BAD_NAME, "the database does not answer", "Try again in a moment")

    def _check_key(self, key: str, broadcast_id: UUID, number: str, version: int) -> None:
        if keys.verify(key, self._secrets, broadcast_id, number, version):
            # A connection is a task of its own: whatever is logged in it from now on is about this lecture.
            structlog.contextvars.bind_contextvars(broadcast=number)
            return
        for old in range(max(1, version - REVOKED_VERSIONS_NAMED), version):
            if keys.verify(key, self._secrets, broadcast_id, number, old):
                raise _refusal(
                    f"the stream key of lecture {number} was revoked (version {old}, now {version})"
                )
        raise _refusal(f"wrong stream key for lecture {number}")

    async def _check_plan(self, broadcast: Broadcast) -> None:
        if broadcast.plan_state is not PlanState.SCHEDULED:
            raise PublishRefused(
                BAD_NAME,
                f"lecture {broadcast.number} is not scheduled: its plan is {broadcast.plan_state.value}",
                "This lecture is not approved yet, or was called off",
            )
        try:
            unwatched = await lacks_duty_officer(broadcast, self._settings)
        except DATABASE_ERRORS as error:
            raise self._no_database(broadcast.number, error) from error
        if unwatched:
            raise PublishRefused(
                BAD_NAME,
                f"lecture {broadcast.number} has no duty officer",
                "No duty officer is assigned to this lecture",
            )

    def _check_window(self, broadcast: Broadcast) -> None:
        match publish_window(broadcast, self._clock.now(), self._settings):
            case TooEarly(accepted_from):
                raise PublishRefused(
                    BAD_NAME,
                    f"lecture {broadcast.number} is accepted from {_local(accepted_from)} on",
                    f"Too early: accepted from {_local(accepted_from)} on",
                )
            case CutOff():
                raise PublishRefused(BAD_NAME, f"lecture {broadcast.number} was cut off", CUT_OFF)
            case Ended():
                raise PublishRefused(
                    BAD_NAME, f"lecture {broadcast.number} has ended", "This lecture has ended"
                )


def _refusal(reason: str) -> PublishRefused:
    # A stranger learns nothing about which lectures exist.
    return PublishRefused(UNAUTHORIZED, reason, "The stream key is not valid")


def _local(moment: datetime) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
