"""A desk with something at every place: a year of drafts, lectures at every stage, what is asked and what is late."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from accounts.tokens import issue_token
from core.audit import Actor, ActorKind
from schedules.models import Broadcast, Reminder
from schedules.planning import generate
from schedules.planning.rules import add_absence, add_pin, add_quiet_days
from schedules.prompts.issuing import Issue, draft
from schedules.prompts.issuing import issue as issue_prompt
from schedules.reminders.sending import make_due, sent_by_hand
from schedules.rota.year import Rule
from schedules.states import PlanState
from schedules.turns.materials import open_materials
from schedules.turns.postponements import ask_postponement
from schedules.turns.reviews import pass_bureau_review
from schedules.turns.steps import assign_duty, return_to_unit
from schedules.turns.swaps import request_swap
from tests.support.bureau import Bureau
from tests.support.cast import UNIT_A, UNIT_B, Person
from tests.support.plan import APPROVER_A, CHECKS, handed_in, issued, unit_passed, version_of
from tests.support.turns import turn


@dataclass(frozen=True, slots=True)
class BusyDesk:
    """Numbers of lectures by where they stand; all but `asking` are of unit B. year: that of the drafts."""

    year: int
    draft: str
    late: str
    scheduled: str
    returned: str
    unit_review: str
    bureau_review: str
    asking: str
    swap: UUID
    postponing: str
    prompt: UUID


def acting(person: Person) -> Actor:
    assert person.user is not None
    return Actor(ActorKind.USER, str(person.user.id), person.user.display_name, person.user.unit_id)


class _Furnisher:
    def __init__(self, bureau: Bureau) -> None:
        self.bureau = bureau
        self.clock, self.settings = bureau.clock, bureau.settings
        self.store = open_materials(bureau.settings)
        self.admin, self.liaison = acting(bureau.cast.administrator), acting(bureau.cast.liaison_b)
        self.approver = Actor(ActorKind.LINK, "link-b", APPROVER_A.name, UNIT_B)
        self._issued: dict[str, int] = {}

    @property
    def now(self) -> datetime:
        return self.clock.now()

    async def told(self, working_days: int, unit: str = UNIT_B) -> str:
        """The number of a lecture just told to its unit, so many working days ahead."""
        start = self.bureau.working_days_ahead(working_days)
        number = self._number(start)
        await issued(number, unit, self.clock, self.settings, starts_at=start)
        return number

    async def late(self, working_days: int) -> str:
        """One that was told long ago, so near that its hand-in is overdue."""
        start = self.bureau.working_days_ahead(working_days)
        return (await turn(start, number=self._number(start))).number

    def _number(self, start: datetime) -> str:
        month = f"{start.year}-{start.month}"
        self._issued[month] = self._issued.get(month, 0) + 1
        return f"{month}-{self._issued[month]}"

    async def handed_in(self, working_days: int) -> str:
        number = await self.told(working_days)
        await handed_in(number, self.clock, self.settings, self.store, by=self.liaison)
        return number

    async def unit_passed(self, working_days: int) -> str:
        number = await self.told(working_days)
        await unit_passed(
            number, self.clock, self.settings, self.store, by=self.liaison, approver=self.approver
        )
        return number

    async def scheduled(self, working_days: int) -> str:
        number = await self.unit_passed(working_days)
        await pass_bureau_review(
            number,
            version=await version_of(number),
            checks=CHECKS,
            by=self.admin,
            now=self.now,
            settings=self.settings,
        )
        duty = self.bureau.cast.duty.user
        assert duty is not None
        await assign_duty(
            number, officer=duty.id, version=await version_of(number), by=self.admin, now=self.now
        )
        return number

    async def returned(self, working_days: int) -> str:
        number = await self.unit_passed(working_days)
        await return_to_unit(
            number,
            version=await version_of(number),
            by=self.admin,
            now=self.now,
            reason="引用的条款已经修订，请按现行文本改。",
        )
        return number

    async def swap(self, asking: str, offered: str) -> UUID:
        swap = await request_swap(
            asking,
            offered,
            reason="主讲人那天出差，想和贵单位换一换。",
            version=await version_of(asking),
            by=acting(self.bureau.cast.liaison_a),
            now=self.now,
        )
        return swap.id

    async def postponing(self, working_days: int) -> str:
        number = await self.told(working_days)
        await ask_postponement(
            number,
            reason="全系统培训，想晚两周讲。",
            wanted=self.bureau.working_days_ahead(working_days + 10),
            version=await version_of(number),
            by=self.liaison,
            now=self.now,
        )
        return number

    async def prompt(self, number: str) -> UUID:
        """The 普法提示 about a late lecture, issued after its reminder has arrived."""
        reminder = await Reminder.get(broadcast__number=number).prefetch_related("broadcast")
        await sent_by_hand(reminder.id, how="微信发给联络员", by=self.admin, now=self.now)
        until = self.bureau.working_days_ahead(10).date()
        made = await draft(number, feedback_until=until, by=self.admin, now=self.now, settings=self.settings)
        entered = Issue("示例局长", f"黔南司普提〔{self.bureau.today.year}〕1号", self.bureau.today, until)
        issued_now = await issue_prompt(
            made.id, entered, version=made.version, by=self.admin, now=self.now, settings=self.settings
        )
        return issued_now.id

    async def rules(self) -> None:
        """One pin, one absence, one span of quiet days, one token."""
        first = self.bureau.today + timedelta(days=60)
        last = first + timedelta(days=20)
        by, now = self.admin, self.now
        await add_pin("520025", month=3, note="消费者权益日", by=by, now=now, settings=self.settings)
        await add_absence("520028", first, last, reason="机构改革", by=by, now=now)
        await add_quiet_days(first, first + timedelta(days=6), reason="州两会", by=by, now=now)
        await issue_token("州政府门户", "administrator", days=90, by=by, now=now, settings=self.settings)


async def furnish(bureau: Bureau) -> BusyDesk:
    """All of it. The late lecture comes first: it is the one that the unit's desk is about."""
    make = _Furnisher(bureau)
    year = bureau.today.year + 1
    await make.rules()
    late = await make.late(4)
    asking, offered = await make.told(31, UNIT_A), await make.told(33)
    scheduled, returned = await make.scheduled(12), await make.returned(15)
    unit_review, bureau_review = await make.handed_in(18), await make.unit_passed(19)
    postponing = await make.postponing(40)
    await make_due(make.now, bureau.settings, bureau.calendar, ())
    await generate(year, Rule.B, save=True, by=make.admin, now=make.now, settings=bureau.settings)
    drafts = Broadcast.filter(plan_state=PlanState.DRAFT).order_by("starts_at")
    return BusyDesk(
        year=year,
        draft=(await drafts)[4].number,
        late=late,
        scheduled=scheduled,
        returned=returned,
        unit_review=unit_review,
        bureau_review=bureau_review,
        asking=asking,
        swap=await make.swap(asking, offered),
        postponing=postponing,
        prompt=await make.prompt(late),
    )
