"""A year's plan as those who make it look at it: lectures by month and as a list. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from accounts.models import UnitKind
from core.clock import CHINA
from core.web.text import zh_datetime
from schedules.models import Broadcast
from schedules.rota.queue import KIND_LABELS
from schedules.states import LABELS, STATE_LABELS, AirState, PlanState

TONES: Mapping[PlanState, str] = {
    PlanState.DRAFT: "sample",
    PlanState.ISSUED: "",
    PlanState.AWAITING: "",
    PlanState.UNIT_REVIEW: "attention",
    PlanState.BUREAU_REVIEW: "attention",
    PlanState.SCHEDULED: "done",
    PlanState.POSTPONED: "attention",
    PlanState.CANCELLED: "quiet",
}
CALLED_OFF = (PlanState.POSTPONED, PlanState.CANCELLED)


@dataclass(frozen=True, slots=True)
class YearLecture:
    """start is None where no day stands; first_start: 原定. kind: of the unit, in words."""

    number: str
    version: int
    unit: str
    kind: str
    title: str
    start: datetime | None
    first_start: datetime | None
    state: PlanState
    air: AirState
    reason: str
    locked: bool

    @property
    def is_draft(self) -> bool:
        return self.state is PlanState.DRAFT

    @property
    def is_called_off(self) -> bool:
        return self.state in CALLED_OFF

    @property
    def place(self) -> datetime | None:
        """Where in the year it stands."""
        return self.start or self.first_start

    @property
    def label(self) -> str:
        if self.state is PlanState.SCHEDULED and self.air is not AirState.SCHEDULED:
            return LABELS[self.air]
        return STATE_LABELS[self.state]

    @property
    def tone(self) -> str:
        if self.state is PlanState.SCHEDULED and self.air is not AirState.SCHEDULED:
            return "quiet" if self.air in (AirState.CLOSED, AirState.ENDED) else "live"
        return TONES[self.state]

    @property
    def moved(self) -> str:
        """原定, where it is another time than now."""
        if self.first_start is None or self.first_start == self.start:
            return ""
        return f"原定{zh_datetime(self.first_start)}"

    @property
    def token(self) -> str:
        """The lecture as it was seen: what a form sends back, so that nobody acts on what has changed since."""
        return f"{self.number}:{self.version}"


@dataclass(frozen=True, slots=True)
class YearMonth:
    number: int
    lectures: list[YearLecture]


@dataclass(frozen=True, slots=True)
class YearCounts:
    """Lectures that are not called off, and of these the drafts, the locked drafts, and those by kind of unit."""

    total: int
    drafts: int
    locked: int
    departments: int
    counties: int


def year_lecture(lecture: Broadcast) -> YearLecture:
    """lecture comes with its unit loaded."""
    return YearLecture(
        number=lecture.number,
        version=lecture.version,
        unit=lecture.unit_name or lecture.unit.name,
        kind=KIND_LABELS[lecture.unit.kind],
        title=lecture.title,
        start=lecture.starts_at,
        first_start=lecture.first_starts_at,
        state=lecture.plan_state,
        air=lecture.air_state,
        reason=lecture.reason,
        locked=lecture.locked,
    )


def in_order(lectures: Iterable[YearLecture]) -> list[YearLecture]:
    """By time; those without any come last."""
    return sorted(lectures, key=lambda each: (each.place is None, each.place, each.number))


def by_month(year: int, lectures: Iterable[YearLecture]) -> list[YearMonth]:
    """All twelve months. A lecture that has left the year stands in the month its number names."""
    months: dict[int, list[YearLecture]] = {number: [] for number in range(1, 13)}
    for lecture in in_order(lectures):
        months[_month(year, lecture)].append(lecture)
    return [YearMonth(number, found) for number, found in months.items()]


def _month(year: int, lecture: YearLecture) -> int:
    local = lecture.place.astimezone(CHINA) if lecture.place else None
    return local.month if local and local.year == year else int(lecture.number.split("-")[1])


def counts(lectures: Iterable[YearLecture]) -> YearCounts:
    standing = [each for each in lectures if not each.is_called_off]
    return YearCounts(
        total=len(standing),
        drafts=sum(each.is_draft for each in standing),
        locked=sum(each.is_draft and each.locked for each in standing),
        departments=sum(each.kind == KIND_LABELS[UnitKind.DEPARTMENT] for each in standing),
        counties=sum(each.kind == KIND_LABELS[UnitKind.COUNTY] for each in standing),
    )


def tokens(texts: Iterable[str]) -> dict[str, int]:
    """Number → version, of the tokens a form sent back. Raises ValueError."""
    found = {}
    for text in texts:
        number, _, version = text.partition(":")
        if not (version.isascii() and version.isdigit() and len(version) < 10):
            raise ValueError(text)
        found[number] = int(version)
    return found
