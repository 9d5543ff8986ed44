"""Beacons as players send them (DESIGN §7): one JSON object, or a list of them."""

import json
import math
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictBool, ValidationError

from audience.counting.spans import Span
from audience.counting.visits import Mode

LONGEST_LECTURE_SECONDS = 24 * 3600


class NoBeacons(ValueError):
    """The body is neither a beacon nor a list of them; the message says what it should be."""


def _span(pair: tuple[float, float]) -> tuple[float, float]:
    start, end = pair
    if not (math.isfinite(start) and math.isfinite(end)) or not 0 <= start <= end <= LONGEST_LECTURE_SECONDS:
        raise ValueError("每一段要写成 [起, 止]，单位是秒，起不大于止")
    return pair


def _moment(when: datetime) -> datetime:
    """In UTC. A viewer's clock may be wrong by years, but every database must be able to keep what it says."""
    try:
        moment = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        moment = None
    if moment is None or not 1900 <= moment.year < 3000:
        raise ValueError("sent_at 不是一个能用的时间")
    return moment


def _text(text: str) -> str:
    """PostgreSQL keeps no NUL; no other such sign has any business here either."""
    if not text.isprintable():
        raise ValueError("不能有控制字符")
    return text


Text = AfterValidator(_text)


class SentBeacon(BaseModel):
    """ranges: media seconds played since the last one. chosen: the viewer named the unit on the page. stalls: how
    often the picture stood still for want of data since the last one. latency: seconds behind the live, at the end
    of the ranges. captions: they were on.
    """

    model_config = ConfigDict(extra="ignore")

    visit: UUID
    seq: int = Field(ge=0, le=1_000_000, strict=True)
    broadcast: Annotated[str, Text] = Field(min_length=1, max_length=16)
    mode: Literal["live", "replay"]
    unit: Annotated[str, Text] | None = Field(default=None, max_length=64)
    ranges: list[Annotated[tuple[float, float], AfterValidator(_span)]]
    visible: StrictBool
    sent_at: Annotated[datetime, AfterValidator(_moment)]
    chosen: StrictBool = False
    muted: StrictBool | None = None
    speed: float | None = Field(default=None, gt=0, le=16)
    terminal: Annotated[str, Text] = Field(default="", max_length=32)
    stalls: int = Field(default=0, ge=0, le=10_000, strict=True)
    latency: float | None = Field(default=None, ge=0, le=LONGEST_LECTURE_SECONDS, allow_inf_nan=False)
    captions: StrictBool = False

    @property
    def spans(self) -> tuple[Span, ...]:
        return tuple((round(start * 1000), round(end * 1000)) for start, end in self.ranges)

    @property
    def claimed_mode(self) -> Mode:
        return Mode(self.mode)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why one of them cannot be taken."""

    detail: str


def read_beacons(body: bytes, *, most: int, most_ranges: int) -> list[SentBeacon | Unreadable]:
    """Each as it was sent, in order. Raises NoBeacons."""
    try:
        value: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise NoBeacons("内容不是正确的 JSON。") from None
    sent = value if isinstance(value, list) else [value]
    if not sent or len(sent) > most:
        raise NoBeacons(f"一次要有 1 到 {most} 条。")
    return [_read(one, most_ranges) for one in sent]


def _read(one: object, most_ranges: int) -> SentBeacon | Unreadable:
    if not isinstance(one, dict):
        return Unreadable("每一条要是一个 JSON 对象。")
    ranges = one.get("ranges")
    if isinstance(ranges, list) and len(ranges) > most_ranges:
        return Unreadable(f"ranges 一次最多 {most_ranges} 段。")
    try:
        return SentBeacon.model_validate(one)
    except ValidationError as error:
        fault = error.errors(include_url=False, include_context=False, include_input=False)[0]
        return Unreadable(f"{'.'.join(map(str, fault['loc'])) or '内容'}：{fault['msg']}")
