"""From beacons to visits. Pure: the same beacons in the same order make the same visits, now and in a recount.

A visit belongs to one viewer (a browser, by a keyed hash), one lecture and one mode. It begins with the first beacon
that tells of play, takes the distinct media time of every later one, and is over when so many minutes of server time
have passed without play. It counts from the beacon that brings its distinct media time to the definition's seconds.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from audience.counting.definition import Definition
from audience.counting.spans import Span, length, union
from core.clock import CHINA


class Mode(StrEnum):
    """LIVE: everything until 已结束, seeking back too. REPLAY: after it."""

    LIVE = "live"
    REPLAY = "replay"


class UnitBy(StrEnum):
    """How a visit came to its 收看单位. NOBODY: it is the public's."""

    LOGIN = "login"
    CHOICE = "choice"
    LINK = "link"
    NOBODY = "nobody"


class VisitKey(NamedTuple):
    broadcast_id: UUID
    mode: Mode
    viewer: str


@dataclass(frozen=True, slots=True)
class LoggedBeacon:
    """What of a line of the raw log is counted. day_viewer: the browser on that day, whatever lecture. unit: a code
    that held when it came, None for 社会公众.
    """

    key: VisitKey
    day_viewer: str
    received_at: datetime
    spans: tuple[Span, ...]
    unit: str | None
    unit_by: UnitBy
    stalls: int = 0
    latency_ms: int | None = None
    captions: bool = False


@dataclass(slots=True)
class VisitTally:
    """day_viewer: of the beacon that began it. began_at, played_at: server time. counted_at: when it came to count;
    None while it does not. latency_sum_ms: over as many reports as latency_count says. captions: they were on at
    any time.
    """

    key: VisitKey
    day_viewer: str
    began_at: datetime
    played_at: datetime
    definition: Definition
    unit: str | None
    unit_by: UnitBy
    spans: list[Span] = field(default_factory=list)
    counted_at: datetime | None = None
    stalls: int = 0
    latency_sum_ms: int = 0
    latency_count: int = 0
    captions: bool = False
    row_id: UUID | None = None
    """Of the row that keeps it; None for one that is new."""

    @property
    def played_ms(self) -> int:
        return length(self.spans)

    @property
    def day(self) -> date:
        """In China: the period it belongs to."""
        return self.began_at.astimezone(CHINA).date()

    def hear(self, beacon: LoggedBeacon) -> None:
        """How well it played, as the player says."""
        self.stalls += beacon.stalls
        self.captions = self.captions or beacon.captions
        if beacon.latency_ms is not None:
            self.latency_sum_ms += beacon.latency_ms
            self.latency_count += 1

    def is_over(self, now: datetime) -> bool:
        return now - self.played_at > self.definition.pause


class Minute(NamedTuple):
    """One of server time, of one lecture on the air."""

    broadcast_id: UUID
    begins: datetime


class Tally:
    """Takes beacons in order. Holds the latest visit of each key; visits that are over are handed out once.

    definition_on: the definition of a day. minutes: by how many live visits play was reported in each.
    """

    def __init__(
        self, definition_on: Callable[[date], Definition], open_visits: Iterable[VisitTally] = ()
    ) -> None:
        self.minutes: Counter[Minute] = Counter()
        self._definition_on = definition_on
        self._latest: dict[VisitKey, VisitTally] = {visit.key: visit for visit in open_visits}
        self._over: list[VisitTally] = []
        self._touched: dict[int, VisitTally] = {}

    def take(self, beacon: LoggedBeacon) -> VisitTally | None:
        """The visit it was counted for; None when it tells of no play."""
        played = union(beacon.spans)
        if not played:
            return None
        visit = self._latest.get(beacon.key)
        minute = beacon.received_at.replace(second=0, microsecond=0)
        if beacon.key.mode is Mode.LIVE and (visit is None or visit.played_at < minute):
            self.minutes[Minute(beacon.key.broadcast_id, minute)] += 1
        if visit is None or visit.is_over(beacon.received_at):
            if visit is not None:
                self._over.append(visit)
            visit = self._begin(beacon)
        elif beacon.unit_by is UnitBy.CHOICE and visit.unit_by is not UnitBy.LOGIN:
            visit.unit, visit.unit_by = beacon.unit, UnitBy.CHOICE
        visit.spans = union(visit.spans, played)
        visit.played_at = max(visit.played_at, beacon.received_at)
        visit.hear(beacon)
        if visit.counted_at is None and visit.played_ms >= visit.definition.visit_seconds * 1000:
            visit.counted_at = beacon.received_at
        self._touched[id(visit)] = visit
        return visit

    def touched(self) -> list[VisitTally]:
        """The visits that beacons were taken for, in the order of their first."""
        return list(self._touched.values())

    def drain_over(self) -> Iterator[VisitTally]:
        """Visits that can no longer change, so that a recount need not keep them."""
        while self._over:
            visit = self._over.pop()
            self._touched.pop(id(visit), None)
            yield visit

    def rest(self) -> Iterator[VisitTally]:
        yield from self._latest.values()

    def _begin(self, beacon: LoggedBeacon) -> VisitTally:
        visit = VisitTally(
            key=beacon.key,
            day_viewer=beacon.day_viewer,
            began_at=beacon.received_at,
            played_at=beacon.received_at,
            definition=self._definition_on(beacon.received_at.astimezone(CHINA).date()),
            unit=beacon.unit,
            unit_by=beacon.unit_by,
        )
        self._latest[beacon.key] = visit
        return visit
