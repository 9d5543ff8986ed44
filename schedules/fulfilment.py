"""The deadlines after a lecture: whether each is kept, as whoever is answerable for it says.

That of the replay is this area's own. Subtitles and 集中收看 belong to areas above, which answer for theirs in a
module that their `jobs.py` imports, so that every process knows:

    @answers_for(Deadline.SUBTITLES, path="/desk/subtitles/{number}")
    async def are_published(lecture: Broadcast) -> bool: ...

Of a deadline that nobody answers for nobody is reminded, and it is never late.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from schedules.deadlines import Deadline
from schedules.models import Broadcast
from schedules.replay_states import OVER
from schedules.states import Delivery, PlanState, ReplayState

IsKept = Callable[[Broadcast], Awaitable[bool]]
AFTER = (Deadline.REPLAY, Deadline.SUBTITLES, Deadline.FEEDBACK)


@dataclass(frozen=True, slots=True)
class Answer:
    """path: the page where it is done, with `{number}` for the lecture's."""

    path: str
    is_kept: IsKept


_answers: dict[Deadline, Answer] = {}


def answers_for(deadline: Deadline, *, path: str) -> Callable[[IsKept], IsKept]:
    """Let a coroutine function say whether a lecture that was given has this behind it. Raises ValueError for a
    deadline that lies before the lecture, or that has its answer already.
    """

    def register(is_kept: IsKept) -> IsKept:
        known = _answers.get(deadline)
        if deadline not in AFTER or (known is not None and known.is_kept is not is_kept):
            raise ValueError(f"{deadline} is not to be answered for here")
        _answers[deadline] = Answer(path, is_kept)
        return is_kept

    return register


def path_of(deadline: Deadline, number: str) -> str:
    """Where it is done. Raises KeyError where nobody answers for it."""
    return _answers[deadline].path.format(number=number)


async def kept_after(lecture: Broadcast, now: datetime) -> dict[Deadline, bool]:
    """The deadlines after a lecture that are asked of it, and whether each is kept; none before it was given."""
    if not was_given(lecture, now):
        return {}
    asked = [each for each in AFTER if each in _answers and not _is_needless(each, lecture)]
    return {each: await _answers[each].is_kept(lecture) for each in asked}


async def open_after(lecture: Broadcast, now: datetime) -> frozenset[Deadline]:
    """Those that are not kept."""
    return frozenset(each for each, is_kept in (await kept_after(lecture, now)).items() if not is_kept)


def was_given(lecture: Broadcast, now: datetime) -> bool:
    """It was on the air and is over; on another platform, where nobody tells us: its time has passed."""
    if lecture.plan_state is not PlanState.SCHEDULED:
        return False
    if lecture.first_live_at is not None:
        return lecture.air_state in OVER
    if lecture.delivery is not Delivery.EXTERNAL or lecture.starts_at is None:
        return False
    return lecture.starts_at + timedelta(minutes=lecture.planned_minutes) <= now


def _is_needless(deadline: Deadline, lecture: Broadcast) -> bool:
    """What was not recorded here, or was taken down, needs no subtitles and no replay."""
    is_shown = lecture.first_live_at is not None and lecture.replay_state is not ReplayState.WITHDRAWN
    return deadline is not Deadline.FEEDBACK and not is_shown


@answers_for(Deadline.REPLAY, path="/desk/review/{number}/replay")
async def _replay_is_public(lecture: Broadcast) -> bool:
    return lecture.replay_state is ReplayState.PUBLIC
