"""`python -m bench.plan_years YEARS`: fill a database with so many years of the plan, by the house's own services.

Two lectures a month by forty units in turn, each taken the whole way: issued, handed in with three files, reviewed
by unit and bureau, given a duty officer, reminded, spoken, ended. So steps, reviews, reminders and the audit log are
what such years leave behind. The last year is the next one: its first lectures are told to their units, the rest are
drafts. Prints JSON.
"""

import argparse
import asyncio
import json
import secrets
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from accounts.links import issue_link
from accounts.models import Role, Unit, User
from accounts.services import create_user, seed_sample_units
from core.audit import Actor, ActorKind
from core.audit.models import AuditEntry
from core.clock import CHINA, SystemClock
from core.database import database
from core.events import EventBus
from core.grants import LinkPurpose
from core.logs import configure_logs
from core.settings import Settings, load_settings
from core.storage import Store
from schedules.models import (
    Broadcast,
    CheckKind,
    MaterialKind,
    Reminder,
    ReminderAttempt,
    RotaRun,
    RotaTurn,
    Step,
)
from schedules.models.reminder import Outcome
from schedules.reminders.contacts import Contact, set_contact
from schedules.reminders.sending import make_due
from schedules.rota.year import Rule
from schedules.services import move_air_state
from schedules.states import AirState, PlanState
from schedules.turns.handing_in import HandInData, hand_in, save_hand_in
from schedules.turns.materials import add_material, open_materials
from schedules.turns.reviews import BureauCheck, pass_bureau_review, pass_unit_review
from schedules.turns.steps import assign_duty, issue
from schedules.workdays.calendars import ensure_years, load_calendar
from schedules.workdays.days import WorkingCalendar

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
NEEDED = (MaterialKind.SLIDES, MaterialKind.SCRIPT, MaterialKind.CONSENT)
BUREAU = Actor(ActorKind.USER, "bench-bureau", "示例管理员")
CHECKS = [BureauCheck(kind, "示例审核员", "引用的法律法规现行有效，同意。") for kind in CheckKind]
LATEST_AHEAD = timedelta(days=100)
"""What starts within so long is told to its unit already."""


@dataclass(frozen=True, slots=True)
class Slot:
    number: str
    unit: Unit
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Filler:
    """What every lecture's way needs. now: the moment the plan is looked at."""

    settings: Settings
    store: Store
    calendar: WorkingCalendar
    officer: User
    now: datetime

    async def tell(self, slot: Slot) -> None:
        """草案 → 已下达, three months before."""
        at = min(slot.starts_at - timedelta(days=90), self.now)
        await issue([slot.number], by=BUREAU, now=at, settings=self.settings)

    async def prepare(self, slot: Slot) -> None:
        """Handed in, reviewed, scheduled."""
        unit, number = slot.unit, slot.number
        liaison = Actor(ActorKind.USER, f"liaison-{unit.code}", f"{unit.name}联络员", unit.code)
        approver = Actor(ActorKind.LINK, f"approver-{unit.code}", f"{unit.name}分管领导", unit.code)
        at = min(slot.starts_at - timedelta(days=20), self.now)
        await self._remind(min(slot.starts_at - timedelta(days=27), self.now))
        data = HandInData(
            title=f"{unit.name}说法：{number} 与群众生活有关的法律问题",
            laws=("中华人民共和国民法典", "中华人民共和国行政处罚法"),
            lecturer_name="示例讲师A",
            lecturer_post="法规科科长",
            lecturer_phone="0854-8221234",
            consent_recording=True,
            consent_publication=True,
            audience="本系统干部职工、村（居）民",
            promised=True,
        )
        await save_hand_in(
            number, data, version=await _version(number), by=liaison, now=at, settings=self.settings
        )
        for kind in NEEDED:
            await add_material(
                number,
                kind,
                f"{kind.value}.pdf",
                _chunks(PDF + f"{number} {kind}".encode()),
                version=await _version(number),
                by=liaison,
                now=at,
                settings=self.settings,
                store=self.store,
            )
        for purpose in (LinkPurpose.APPROVER, LinkPurpose.LECTURER):
            await issue_link(
                purpose,
                unit_code=unit.code,
                subject=number,
                holder="示例审核员",
                by=liaison,
                now=at,
                settings=self.settings,
            )
        await hand_in(number, version=await _version(number), by=liaison, now=at)
        await pass_unit_review(number, version=await _version(number), by=approver, now=at, opinion="同意。")
        await pass_bureau_review(
            number,
            version=await _version(number),
            checks=CHECKS,
            by=BUREAU,
            now=at,
            settings=self.settings,
        )
        await assign_duty(number, officer=self.officer.id, version=await _version(number), by=BUREAU, now=at)
        await self._remind(min(slot.starts_at - timedelta(hours=26), self.now))

    async def speak(self, slot: Slot) -> None:
        lecture = await Broadcast.get(number=slot.number)
        minutes = {AirState.LIVE: 0, AirState.INTERRUPTED: 15, AirState.CLOSED: 17, AirState.ENDED: 45}
        for state, minute in minutes.items():
            at = slot.starts_at + timedelta(minutes=minute)
            await move_air_state(lecture.id, state, now=at, events=EventBus())

    async def _remind(self, at: datetime) -> None:
        """What is due then, and that each unit read it."""
        await make_due(at, self.settings, self.calendar, ())
        for each in await Reminder.filter(delivered_at=None):
            await Reminder.filter(id=each.id).update(delivered_at=at)
            await ReminderAttempt.create(reminder=each, way="seen", at=at, outcome=Outcome.DELIVERED)


async def _version(number: str) -> int:
    return (await Broadcast.get(number=number)).version


async def _chunks(data: bytes) -> AsyncIterator[bytes]:
    yield data


def thursdays(year: int, month: int) -> list[date]:
    """The second and the fourth of a month."""
    first = date(year, month, 1)
    lead = (3 - first.weekday()) % 7
    return [first + timedelta(days=lead + 7), first + timedelta(days=lead + 21)]


def slots(years: list[int], units: list[Unit]) -> list[Slot]:
    """Two a month, the units in turn."""
    found: list[Slot] = []
    for year in years:
        for month in range(1, 13):
            for order, day in enumerate(thursdays(year, month), start=1):
                starts_at = datetime.combine(day, time(15), CHINA)
                found.append(Slot(f"{year}-{month}-{order}", units[len(found) % len(units)], starts_at))
    return found


async def draft(slot: Slot, run: RotaRun, at: datetime) -> None:
    """As the rota leaves it."""
    lecture = await Broadcast.create(
        number=slot.number,
        title="",
        unit=slot.unit,
        starts_at=slot.starts_at,
        plan_state=PlanState.DRAFT,
        reason="州级单位按顺序轮值，等候最久。",
        created_at=at,
        changed_at=at,
    )
    await RotaTurn.create(broadcast=lecture, run=run, unit_code=slot.unit.code, starts_at=slot.starts_at)


async def fill(settings: Settings, years: int, now: datetime) -> dict[str, object]:
    """years: the last of them is the next one."""
    await seed_sample_units()
    coming = now.astimezone(CHINA).year + 1
    wanted = list(range(coming - years + 1, coming + 1))
    await ensure_years([wanted[0] - 1, *wanted, coming + 1], now=now)
    officer = await create_user(
        "bench.officer", "示例值班员", Role.DUTY, password=secrets.token_urlsafe(16) + "-Aa7", now=now
    )
    calendar = await load_calendar([wanted[0] - 1, *wanted, coming + 1])
    filler = Filler(settings, open_materials(settings), calendar, officer, now)
    units = await Unit.all()
    planned = slots(wanted, units)
    for year in wanted:
        for unit in units:  # people change, and with them whom the reminders go to
            contact = Contact("示例联络员", f"139{year:04d}{unit.display_order:04d}")
            await set_contact(unit.code, contact, by=BUREAU, now=datetime(year - 1, 11, 1, tzinfo=CHINA))
        made_at = min(datetime(year - 1, 11, 20, 9, tzinfo=CHINA), now)
        run = await RotaRun.create(year=year, rule=Rule.B, made_by=BUREAU.name, made_at=made_at)
        for slot in planned:
            if slot.number.startswith(f"{year}-"):
                await draft(slot, run, made_at)
    for slot in planned:
        if slot.starts_at > now + LATEST_AHEAD:
            continue
        await filler.tell(slot)
        if slot.starts_at < now + timedelta(days=15):
            await filler.prepare(slot)
        if slot.starts_at + timedelta(hours=1) < now:
            await filler.speak(slot)
    given = [slot.number for slot in planned if slot.starts_at < now]
    drafts = [slot.number for slot in planned if slot.starts_at > now + LATEST_AHEAD]
    return {
        "lectures": await Broadcast.all().count(),
        "steps": await Step.all().count(),
        "reminders": await Reminder.all().count(),
        "audit_entries": await AuditEntry.all().count(),
        "given": given[-1],
        "under_way": next(slot.number for slot in planned if slot.starts_at > now),
        "draft": drafts[0],
        "unit": planned[0].unit.code,
    }


async def run(years: int) -> None:
    settings = load_settings()
    configure_logs("console", "warning")
    async with database(settings):
        told = await fill(settings, years, SystemClock().now())
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.plan_years", description=__doc__)
    parser.add_argument("years", type=int)
    asyncio.run(run(parser.parse_args().years))


if __name__ == "__main__":
    main()
