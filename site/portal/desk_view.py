"""Lectures as the bureau's desk shows them: states in its words, what was received, what to do."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.settings import Settings
from portal.board import AirDetails, Signal
from portal.endings import meaning
from portal.lectures import Lecture, lecture_of
from portal.receipt_words import CheckedRecording, checked_recording, needs_somebody
from portal.signal_health import Advice, advice
from schedules.cut_offs import CAN_BE_CUT
from schedules.models import Broadcast
from schedules.states import LABELS, AirState
from schedules.window import TooEarly, ending_time, publish_window
from streaming.models import Publication
from streaming.queries import publications
from transcripts.models import SubtitleState
from transcripts.models.transcript import SUBTITLE_LABELS
from vod.models import ReceiptSummary
from vod.queries import receipt_summary

TONES: Mapping[AirState, str] = {
    AirState.SCHEDULED: "",
    AirState.LIVE: "live",
    AirState.INTERRUPTED: "attention",
    AirState.CLOSED: "attention",
    AirState.ENDED: "quiet",
}
SUBTITLE_TONES: Mapping[SubtitleState, str] = {
    SubtitleState.WAITING: "",
    SubtitleState.REVIEW: "attention",
    SubtitleState.PUBLISHED: "done",
}
ON_AIR = (AirState.LIVE, AirState.INTERRUPTED)
URGENT = ("到点未开播", "已紧急切断")


@dataclass(frozen=True, slots=True)
class DeskLecture:
    lecture: Lecture
    label: str
    tone: str
    is_ending: bool
    is_cut_off: bool = False
    is_damaged: bool = False
    """The check of its recording has found something that somebody should look at."""
    subtitles: SubtitleState | None = None

    @property
    def subtitles_label(self) -> str:
        return SUBTITLE_LABELS[self.subtitles] if self.subtitles else ""

    @property
    def subtitles_tone(self) -> str:
        return SUBTITLE_TONES[self.subtitles] if self.subtitles else ""

    @property
    def is_on_air(self) -> bool:
        return self.lecture.state in ON_AIR

    @property
    def can_be_cut_off(self) -> bool:
        return not self.is_cut_off and self.lecture.state in CAN_BE_CUT

    @property
    def is_over(self) -> bool:
        return self.lecture.state is AirState.ENDED

    @property
    def path(self) -> str:
        return f"/desk/broadcasts/{self.lecture.number}"


def desk_lecture(
    broadcast: Broadcast,
    now: datetime,
    receipt: ReceiptSummary | None = None,
    subtitles: SubtitleState | None = None,
) -> DeskLecture:
    is_ending = broadcast.end_requested_at is not None and broadcast.air_state is not AirState.ENDED
    label = "正在结束" if is_ending else LABELS[broadcast.air_state]
    if broadcast.air_state is AirState.SCHEDULED and not is_ending and broadcast.starts_at:
        label = "待开播" if broadcast.starts_at > now else "到点未开播"
    elif broadcast.air_state is AirState.SCHEDULED and not is_ending:
        label = "随时可开播"
    if broadcast.cut_off_at is not None:
        label = "已紧急切断"
    lecture = lecture_of(broadcast)
    tone = TONES[broadcast.air_state] if label not in URGENT else "attention"
    if lecture.is_called_off:
        label, tone = lecture.public_state.label, lecture.public_state.tone
    return DeskLecture(
        lecture=lecture,
        label=label,
        tone=tone,
        is_ending=is_ending,
        is_cut_off=broadcast.cut_off_at is not None,
        is_damaged=receipt is not None and needs_somebody(receipt),
        subtitles=subtitles,
    )


@dataclass(frozen=True, slots=True)
class PublicationLine:
    """seconds: received; lost: expected by the clock and not received, when it is worth a word."""

    ordinal: int
    peer: str
    encoder: str
    began_at: datetime
    ended_at: datetime | None
    reason: str
    seconds: float
    lost: float


@dataclass(frozen=True, slots=True)
class Panel:
    """What is on the air now. ends_at: when a lecture that stays off the air ends for good.

    accepted_from: when encoders are let in, while that is still to come.
    """

    state: AirState
    since: datetime | None
    ends_at: datetime | None
    accepted_from: datetime | None
    signal: Signal | None
    rungs: tuple[str, ...]
    advice: list[Advice]
    publications: list[PublicationLine]
    received: float
    recording: CheckedRecording | None
    is_known: bool
    """Whether this process sees the signal itself, not only the rows."""


RUNG_NAMES: Mapping[str, str] = {"source": "原画", "audio": "省流听讲"}
WORTH_A_WORD = 3.0  # seconds


async def panel_of(
    broadcast: Broadcast, details: AirDetails | None, *, now: datetime, settings: Settings
) -> Panel:
    rows = await publications(broadcast.id)
    receipt = await receipt_summary(broadcast.id) if broadcast.air_state is AirState.ENDED else None
    signal = details.signal if details else None
    lines = [_line(row, signal, now) for row in rows]
    window = publish_window(broadcast, now, settings)
    return Panel(
        state=broadcast.air_state,
        since=broadcast.interrupted_at
        if broadcast.air_state is AirState.INTERRUPTED
        else broadcast.first_live_at,
        ends_at=ending_time(broadcast, settings),
        accepted_from=window.accepted_from if isinstance(window, TooEarly) else None,
        signal=signal,
        rungs=tuple(RUNG_NAMES.get(rung, rung) for rung in details.rungs) if details else (),
        advice=advice(details) if details and broadcast.air_state in ON_AIR else [],
        publications=lines,
        received=sum(line.seconds for line in lines),
        recording=checked_recording(receipt) if receipt is not None else None,
        is_known=details is not None,
    )


def _line(row: Publication, signal: Signal | None, now: datetime) -> PublicationLine:
    """A stay that goes on has what was received so far in memory, not yet in its row."""
    seconds = row.received_seconds
    if row.ended_at is None and signal is not None:
        seconds = signal.received_seconds
    expected = ((row.ended_at or now) - row.started_at).total_seconds()
    lost = expected - seconds if row.ended_at is not None else 0.0
    return PublicationLine(
        ordinal=row.ordinal,
        peer=row.peer,
        encoder=row.encoder,
        began_at=row.started_at,
        ended_at=row.ended_at,
        reason=meaning(row.end_reason),
        seconds=seconds,
        lost=lost if lost >= WORTH_A_WORD else 0.0,
    )
