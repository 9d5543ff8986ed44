"""What may be read about 普法提示, and which lectures are late enough to ask for one."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from core.clock import CHINA
from core.settings import Settings
from schedules.models import Broadcast, Prompt
from schedules.prompts.facts import Standing, standing_of
from schedules.prompts.issuing import reasons_against
from schedules.prompts.letter import Letter
from schedules.prompts.rules import AWAITS_FEEDBACK, COUNTED
from schedules.states import WITH_THE_UNIT

LISTED = 300
AHEAD = timedelta(days=60)
BEHIND = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class LateLecture:
    """reasons: why no letter may be drafted yet; empty: it may."""

    lecture: Broadcast
    standing: Standing
    reasons: list[str]


async def prompts(unit_code: str | None = None) -> list[Prompt]:
    """The last drafted first; of one unit only what was issued to it."""
    rows = Prompt.all() if unit_code is None else Prompt.filter(unit_id=unit_code, issued_at__isnull=False)
    return await rows.limit(LISTED).prefetch_related("broadcast")


async def open_prompts_of(unit_code: str) -> list[Prompt]:
    """What the unit has still to answer, the first due first: for the bar on its desk."""
    rows = Prompt.filter(unit_id=unit_code, state__in=AWAITS_FEEDBACK)
    return await rows.order_by("feedback_until").prefetch_related("broadcast")


async def counted(year: int) -> int:
    """How many were issued in a year; drafts and withdrawn ones do not count."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return await Prompt.filter(state__in=COUNTED, issued_on__gte=first, issued_on__lte=last).count()


async def late_lectures(now: datetime, settings: Settings) -> list[LateLecture]:
    """Lectures whose hand-in is overdue, the longest overdue first, each with what stands against a letter."""
    rows = Broadcast.filter(
        plan_state__in=WITH_THE_UNIT,
        starts_at__gte=now - BEHIND,
        starts_at__lt=now + AHEAD,
        is_sample=False,
    )
    found = []
    for lecture in await rows.order_by("starts_at").prefetch_related("unit"):
        standing = await standing_of(lecture, now=now, settings=settings)
        if standing.facts.late_days > 0 and not standing.facts.has_prompt:
            found.append(LateLecture(lecture, standing, reasons_against(standing, settings)))
    return found


def letter_of(prompt: Prompt, settings: Settings) -> Letter:
    """The letter with its lecture loaded, as it stands now."""
    return Letter(
        issuer=settings.prompt_issuer,
        number_word=settings.prompt_number_word,
        unit_name=prompt.unit_name,
        lecture_number=prompt.broadcast.number,
        starts_at=prompt.starts_at,
        hand_in=prompt.hand_in,
        reminded_on=prompt.reminded_on,
        late_days=prompt.late_days,
        as_of=prompt.counted_on,
        feedback_until=prompt.feedback_until,
        document_number=prompt.document_number,
        issued_on=prompt.issued_on,
    )


def is_overdue(prompt: Prompt, now: datetime) -> bool:
    """Whether the unit's answer is late."""
    return prompt.state in AWAITS_FEEDBACK and prompt.feedback_until < now.astimezone(CHINA).date()
