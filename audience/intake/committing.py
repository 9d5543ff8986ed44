"""One batch of beacons, in one transaction: the raw log first, then the visits and sums that follow from it.

Writers take turns (SQLite's write lock, an advisory lock of PostgreSQL), so that the order of ids in the log is the
order in which beacons were counted, and a recount in that order comes to the same figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient

from accounts.models import Unit
from audience.counting.credit import Credit
from audience.counting.spans import Span
from audience.counting.visits import LoggedBeacon, Mode, Tally, UnitBy, VisitKey
from audience.figures.definitions import definitions
from audience.figures.sealed import late_rule
from audience.intake.keeping import keep, open_visits
from audience.intake.offer import NOT_BEGUN, OTHER_LECTURE, TOO_MUCH, UNKNOWN_LECTURE, Offer, Refusal
from audience.intake.viewers import day_viewer_of, salt_of, viewer_of
from audience.intake.writers import take_turn
from audience.models import Beacon, BeaconVisit, Exclusion
from core.bulk import BulkInsert
from core.clock import CHINA
from core.database import transaction
from core.settings import Settings
from schedules.models import Broadcast
from schedules.public.leading import counted_unit
from schedules.public.visibility import PUBLIC
from schedules.states import AirState

LONGEST_CODE = 16


class LogLine(NamedTuple):
    """A line of the raw log before it has its number: columns of Beacon."""

    received_at: datetime
    sent_at: datetime
    broadcast_id: UUID
    visit: UUID
    seq: int
    mode: Mode
    claimed_mode: Mode
    viewer: str
    day_viewer: str
    unit_code: str
    unit_by: UnitBy
    ranges: tuple[Span, ...]
    visible: bool
    muted: bool | None
    speed: float | None
    terminal: str
    stalls: int
    latency_ms: int | None
    captions: bool
    excluded: Exclusion


@dataclass(slots=True)
class _VisitId:
    """A row of BeaconVisit."""

    visit: UUID
    broadcast_id: UUID
    viewer: str
    first_at: datetime
    last_at: datetime
    credit_ms: float


VISIT_ID = ("visit", "broadcast_id", "viewer", "first_at", "last_at", "credit_ms")
_log_lines = BulkInsert(Beacon, LogLine._fields)
_visit_ids = BulkInsert(BeaconVisit, VISIT_ID, conflict="visit", updated=("last_at", "credit_ms"))


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the rows say of the lectures, visit ids, units and salts that a batch names."""

    lectures: dict[str, Broadcast]
    visits: dict[UUID, _VisitId]
    seen: set[tuple[UUID, int]]
    units: dict[str, str | None]


async def commit_batch(offers: Sequence[Offer], secret: bytes, settings: Settings) -> list[Refusal | None]:
    """What became of each, in order; None: it is in the log (or was already). Raises DATABASE_ERRORS: none is."""
    salts = {day: await salt_of(day) for day in {_day(offer) for offer in offers}}
    async with transaction() as connection:
        await take_turn(connection)
        facts = await _facts_of(offers)
        verdicts: list[Refusal | None] = []
        rows: list[LogLine] = []
        changed: dict[UUID, _VisitId] = {}
        for offer in offers:
            outcome = _judge(offer, facts, secret, salts[_day(offer)], settings)
            verdicts.append(outcome if isinstance(outcome, Refusal) else None)
            if isinstance(outcome, LogLine):
                rows.append(outcome)
                changed[outcome.visit] = facts.visits[outcome.visit]
        if rows:
            await _visit_ids.run(connection, map(attrgetter(*VISIT_ID), changed.values()))
            await _log_lines.run(connection, rows)
            await _count(rows, connection)
    return verdicts


async def _facts_of(offers: Sequence[Offer]) -> _Facts:
    numbers = {offer.beacon.broadcast for offer in offers}
    visits = {offer.beacon.visit for offer in offers}
    lectures = await Broadcast.filter(PUBLIC).filter(number__in=numbers)
    known = await BeaconVisit.filter(visit__in=visits).values_list(*VISIT_ID)
    seqs = {offer.beacon.seq for offer in offers}
    # Also of visit ids that have been forgotten since: what is sent again after weeks is in the log still.
    seen = await Beacon.filter(visit__in=visits, seq__in=seqs).values_list("visit", "seq")
    today = max(_day(offer) for offer in offers)
    units = await _units_of({offer.unit for offer in offers if offer.unit}, today)
    return _Facts(
        {lecture.number: lecture for lecture in lectures},
        {row[0]: _VisitId(*row) for row in known},
        {(visit, seq) for visit, seq in seen},
        units,
    )


async def _units_of(codes: set[str], today: date) -> dict[str, str | None]:
    """For which unit each code counts; None, or no entry: the public's."""
    known = await Unit.filter(code__in={code for code in codes if len(code) <= LONGEST_CODE})
    held = {unit.code: await counted_unit(unit, today) for unit in known}  # asks no more of those in use
    return {code: unit.code if unit else None for code, unit in held.items()}


def _judge(
    offer: Offer, facts: _Facts, secret: bytes, salt: bytes, settings: Settings
) -> LogLine | Refusal | None:
    """The line of the log; None for one that is in it already."""
    sent = offer.beacon
    lecture = facts.lectures.get(sent.broadcast)
    if lecture is None:
        return UNKNOWN_LECTURE
    if lecture.first_live_at is None:
        return NOT_BEGUN
    known = facts.visits.get(sent.visit)
    if known is not None and known.broadcast_id != lecture.id:
        return OTHER_LECTURE
    if (sent.visit, sent.seq) in facts.seen:
        return None
    allowance = settings.beacon_offline_seconds
    credit = Credit(known.credit_ms, known.last_at) if known else Credit.opened(offer.received_at, allowance)
    spans = sent.spans
    if not credit.spend(sum(end - start for start, end in spans), offer.received_at, allowance):
        return TOO_MUCH
    if known is None:
        known = _VisitId(
            visit=sent.visit,
            broadcast_id=lecture.id,
            viewer=viewer_of(secret, lecture.id, sent.visit, offer.cookie),
            first_at=offer.received_at,
            last_at=credit.at,
            credit_ms=credit.ms,
        )
        facts.visits[sent.visit] = known
    known.last_at, known.credit_ms = credit.at, credit.ms
    facts.seen.add((sent.visit, sent.seq))
    code = facts.units.get(offer.unit) if offer.unit else None
    return LogLine(
        received_at=offer.received_at,
        sent_at=sent.sent_at,
        broadcast_id=lecture.id,
        visit=sent.visit,
        seq=sent.seq,
        mode=_mode(sent.claimed_mode, lecture, known, offer, settings),
        claimed_mode=sent.claimed_mode,
        viewer=known.viewer,
        day_viewer=day_viewer_of(salt, sent.visit, offer.cookie),
        unit_code=code or "",
        unit_by=offer.unit_by if code else UnitBy.NOBODY,
        ranges=spans,
        visible=sent.visible,
        muted=sent.muted,
        speed=sent.speed,
        terminal=sent.terminal,
        stalls=sent.stalls,
        latency_ms=None if sent.latency is None else round(sent.latency * 1000),
        captions=sent.captions,
        excluded=offer.excluded,
    )


def _mode(claimed: Mode, lecture: Broadcast, visit: _VisitId, offer: Offer, settings: Settings) -> Mode:
    """Everything until 已结束 is live. Just afterwards beacons of that time still come in."""
    if lecture.air_state is not AirState.ENDED or lecture.ended_at is None:
        return Mode.LIVE
    late = timedelta(minutes=settings.live_late_minutes)
    of_that_time = visit.first_at <= lecture.ended_at and offer.received_at <= lecture.ended_at + late
    return Mode.LIVE if claimed is Mode.LIVE and of_that_time else Mode.REPLAY


async def _count(rows: Sequence[LogLine], connection: BaseDBAsyncClient) -> None:
    counted = [logged(row) for row in rows if row.excluded is Exclusion.NONE]
    if not counted:
        return
    definition_on = await definitions()
    now = min(row.received_at for row in rows)
    known = await open_visits({beacon.key for beacon in counted}, now, definition_on)
    tally = Tally(definition_on, known.visits)
    for beacon in counted:
        tally.take(beacon)
    await keep(tally.touched(), tally.minutes, known, await late_rule(), connection)


def logged(row: Beacon | LogLine) -> LoggedBeacon:
    """A line of the raw log, as it is counted."""
    return LoggedBeacon(
        key=VisitKey(row.broadcast_id, row.mode, row.viewer),
        day_viewer=row.day_viewer,
        received_at=row.received_at,
        spans=tuple((start, end) for start, end in row.ranges),
        unit=row.unit_code or None,
        unit_by=row.unit_by,
        stalls=row.stalls,
        latency_ms=row.latency_ms,
        captions=row.captions,
    )


def _day(offer: Offer) -> date:
    return offer.received_at.astimezone(CHINA).date()
