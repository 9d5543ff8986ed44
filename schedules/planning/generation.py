"""Generating a year's drafts and taking that back. Audited."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from tortoise.exceptions import IntegrityError

from accounts.models import UnitKind
from core.audit import Actor, record
from core.clock import CHINA
from core.database import transaction
from core.errors import Conflict, Invalid
from core.settings import Settings
from schedules.models import Broadcast
from schedules.models.rota import RotaRun, RotaTurn
from schedules.planning.inputs import YearState, pattern_of, planned_ids, year_state
from schedules.planning.numbers import number_meanwhile, renumber_drafts
from schedules.rota.year import MONTHS, Proposal, RotaPlan, Rule, plan_year
from schedules.states import PlanState

FIRST_YEAR = 2020
YEARS_AHEAD = 11


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A lecture of the year's rota. is_new: this generation proposes it; else it stays as it was."""

    number: str
    unit_code: str
    unit_name: str
    kind: UnitKind
    start: datetime
    reason: str
    is_new: bool


@dataclass(frozen=True, slots=True)
class YearPlan:
    """lines in order of time; replaced: numbers of drafts that this generation takes away; run_id None: not saved."""

    year: int
    rule: Rule
    lines: list[PlanLine]
    notes: list[str]
    replaced: list[str]
    is_official: bool
    run_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """Numbers of drafts that were taken away, that stay because somebody changed or issued them, that came back."""

    year: int
    removed: list[str]
    stayed: list[str]
    restored: list[str]


async def generate(
    year: int, rule: Rule, *, save: bool, by: Actor, now: datetime, settings: Settings
) -> YearPlan:
    """Plan the year anew around what is issued or locked. Without save nothing is written.

    Drafts that are not locked are replaced. Raises Invalid for a year out of reach, Conflict when somebody else
    is planning at this very moment or the calendar lacks the year.
    """
    present = now.astimezone(CHINA).year
    if not FIRST_YEAR <= year <= present + YEARS_AHEAD:
        raise Invalid({"year": f"年份要在 {FIRST_YEAR} 到 {present + YEARS_AHEAD} 之间。"})
    if not save:
        state = await year_state(year, rule, settings, now)
        return _shown(state, plan_year(state.given))
    try:
        async with transaction():
            state = await year_state(year, rule, settings, now)
            plan = plan_year(state.given)
            run = await _replace_drafts(state, plan, by, now)
            shown = _shown(state, plan, run.id)
            await record(
                "rota.generated",
                by=by,
                subject=f"rota:{year}",
                now=now,
                before={"drafts": [_remembered(row) for row in state.replaced]},
                after={"rule": rule.value, "lectures": [_said(line) for line in plan.proposals]},
            )
            return shown
    except IntegrityError:  # another administrator generates at the same moment
        raise Conflict("另一位管理员正好也在生成排期，请刷新看过以后再试。") from None


async def undo_last(*, by: Actor, now: datetime, settings: Settings) -> Undone:
    """Take back the last generation: its drafts that nobody has changed go, the drafts it replaced come back
    where their month has room. Raises Conflict when there is nothing to undo."""
    async with transaction():
        run = await RotaRun.filter(undone_at=None).order_by("-made_at").first()
        if run is None or not await RotaRun.filter(id=run.id, undone_at=None).update(undone_at=now):
            raise Conflict("没有可以撤销的生成。")
        turns = await RotaTurn.filter(run_id=run.id).prefetch_related("broadcast")
        untouched = [turn.broadcast for turn in turns if is_untouched(turn.broadcast, turn)]
        gone = {row.id for row in untouched}
        await Broadcast.filter(id__in=list(gone)).delete()
        newest = max((row.version for row in untouched), default=0)
        back = await _bring_back(run, newest + 1, now, len(pattern_of(settings).weeks))
        await renumber_drafts([(run.year, month) for month in MONTHS], back, by=by, now=now)
        ids = [row.id for row in back]
        restored = await Broadcast.filter(id__in=ids).order_by("starts_at").values_list("number", flat=True)
        undone = Undone(
            run.year,
            removed=[row.number for row in sorted(untouched, key=lambda row: row.starts_at or now)],
            stayed=[turn.broadcast.number for turn in turns if turn.broadcast.id not in gone],
            restored=[str(number) for number in restored],
        )
        await record(
            "rota.undone",
            by=by,
            subject=f"rota:{run.year}",
            now=now,
            before={"lectures": undone.removed},
            after={"stayed": undone.stayed, "restored": undone.restored},
        )
    return undone


async def last_run() -> RotaRun | None:
    """The generation that undo_last would take back."""
    return await RotaRun.filter(undone_at=None).order_by("-made_at").first()


def is_untouched(row: Broadcast, turn: RotaTurn) -> bool:
    """Whether a lecture is still as its generation left it."""
    return (
        row.plan_state is PlanState.DRAFT
        and not row.locked
        and not row.title
        and row.unit_id == turn.unit_code
        and row.starts_at == turn.starts_at
    )


async def _replace_drafts(state: YearState, plan: RotaPlan, by: Actor, now: datetime) -> RotaRun:
    year = state.given.year
    old = {turn.broadcast_id: turn for turn in await RotaTurn.filter(broadcast_id__in=_ids(state.replaced))}
    ids = _ids(state.replaced)
    await Broadcast.filter(id__in=ids, plan_state=PlanState.DRAFT, locked=False).delete()
    if await Broadcast.filter(id__in=ids).exists():  # PostgreSQL: issued or locked since it was read
        raise Conflict("排期刚刚被别人改过，请刷新看过以后再生成。")
    run = await RotaRun.create(
        year=year,
        rule=state.given.rule,
        made_by=by.name,
        made_at=now,
        replaced=[_remembered(row, old.get(row.id)) for row in state.replaced],
    )
    # An old page that still shows a replaced draft must not move the new one of the same number.
    version = max((row.version + 1 for row in state.replaced), default=0)
    made = [_draft(proposal, version, now) for proposal in plan.proposals]
    for row in made:
        await row.save(force_create=True)
        await RotaTurn.create(broadcast_id=row.id, run=run, unit_code=row.unit_id, starts_at=row.starts_at)
    await renumber_drafts([(year, month) for month in MONTHS], made, by=by, now=now)
    return run


def _draft(proposal: Proposal, version: int, now: datetime) -> Broadcast:
    row = Broadcast(
        id=uuid4(),
        title="",
        unit_id=proposal.unit_code,
        starts_at=proposal.start,
        plan_state=PlanState.DRAFT,
        reason=proposal.reason,
        version=version,
        created_at=now,
        changed_at=now,
    )
    row.number = number_meanwhile(row)
    return row


async def _bring_back(run: RotaRun, version: int, now: datetime, per_month: int) -> list[Broadcast]:
    rows = await Broadcast.filter(number__startswith=f"{run.year}-").exclude(plan_state=PlanState.CANCELLED)
    planned = await planned_ids([row.id for row in rows])
    full = [int(row.number.split("-")[1]) for row in rows if row.id in planned]
    back = []
    for kept in run.replaced:
        start = datetime.fromisoformat(kept["start"])
        month = start.astimezone(CHINA).month
        if full.count(month) >= per_month:
            continue
        full.append(month)
        row = Broadcast(
            id=UUID(kept["id"]),
            title=kept["title"],
            unit_id=kept["unit"],
            starts_at=start,
            plan_state=PlanState.DRAFT,
            reason=kept["reason"],
            version=max(version, kept["version"] + 1),
            created_at=now,
            changed_at=now,
        )
        row.number = number_meanwhile(row)
        await row.save(force_create=True)
        if turn := kept.get("turn"):
            await RotaTurn.create(
                broadcast_id=row.id,
                run_id=UUID(turn["run"]),
                unit_code=turn["unit"],
                starts_at=datetime.fromisoformat(turn["start"]),
            )
        back.append(row)
    return back


def _remembered(row: Broadcast, turn: RotaTurn | None = None) -> dict[str, Any]:
    """A draft as JSON, whole enough to bring it back."""
    values: dict[str, Any] = {
        "id": str(row.id),
        "number": row.number,
        "title": row.title,
        "unit": row.unit_id,
        "start": row.starts_at.isoformat() if row.starts_at else None,
        "reason": row.reason,
        "version": row.version,
    }
    if turn is not None:
        values["turn"] = {
            "run": str(turn.run_id),
            "unit": turn.unit_code,
            "start": turn.starts_at.isoformat(),
        }
    return values


def _said(proposal: Proposal) -> dict[str, str]:
    return {
        "number": proposal.number,
        "unit": proposal.unit_code,
        "start": proposal.start.isoformat(),
        "reason": proposal.reason,
    }


def _shown(state: YearState, plan: RotaPlan, run_id: UUID | None = None) -> YearPlan:
    names = {unit.code: unit.name for unit in state.given.units}
    lines = [
        PlanLine(each.number, each.unit_code, names[each.unit_code], each.kind, each.start, each.reason, True)
        for each in plan.proposals
    ]
    for row in state.kept:
        if row.starts_at is not None and row.plan_state is not PlanState.CANCELLED:
            number = plan.renumbered.get(row.number, row.number)
            start = row.starts_at.astimezone(CHINA)
            reason = row.reason or "已经排定，保持不变。"
            name = row.unit_name or row.unit.name
            lines.append(PlanLine(number, row.unit_id, name, row.unit.kind, start, reason, False))
    return YearPlan(
        state.given.year,
        state.given.rule,
        sorted(lines, key=lambda line: (line.start, line.number)),
        plan.notes,
        [row.number for row in state.replaced],
        state.given.calendar.is_official(state.given.year),
        run_id,
    )


def _ids(rows: list[Broadcast]) -> list[UUID]:
    return [row.id for row in rows]
