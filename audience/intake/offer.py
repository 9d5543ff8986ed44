"""A beacon on its way into the log, and what becomes of it."""

from dataclasses import dataclass
from datetime import datetime

from audience.counting.visits import UnitBy
from audience.intake.reading import SentBeacon
from audience.models import Exclusion


@dataclass(frozen=True, slots=True)
class Offer:
    """cookie: the browser's random one, "" without. unit: the code it asks to be counted for, not looked up yet."""

    beacon: SentBeacon
    received_at: datetime
    cookie: str
    unit: str | None
    unit_by: UnitBy
    excluded: Exclusion


@dataclass(frozen=True, slots=True)
class Refusal:
    """status: of HTTP. reason: as /metrics counts it. detail: why, in Chinese."""

    status: int
    reason: str
    detail: str


UNKNOWN_LECTURE = Refusal(404, "unknown_lecture", "没有这一期，或者还没有公布。")
NOT_BEGUN = Refusal(409, "not_begun", "这一期还没有开始，不计收看。")
OTHER_LECTURE = Refusal(409, "other_lecture", "这个 visit 已经用在另一期上，请换一个新的。")
TOO_MUCH = Refusal(422, "too_much", "播放的时长超过了实际经过的时间，这一条不计。")
