"""How far recognition is, for pages: what is done, how long it will take, what it waits for, what to do. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from schedules.models import Broadcast
from transcripts.models import Recognition, SubtitleState, Transcript
from transcripts.models.transcript import RECOGNITION_LABELS, SUBTITLE_LABELS
from transcripts.recognition.asking import why_not_again
from transcripts.recognition.live_first import LiveFirst

GOING_ON = (
    Recognition.QUEUED,
    Recognition.WAITING_FOR_MODEL,
    Recognition.RUNNING,
    Recognition.PAUSED,
)
"""States that change by themselves: a page that shows one asks again."""


@dataclass(frozen=True, slots=True)
class PieceDone:
    """What progress needs of a piece."""

    length_ms: int
    speech_ms: int
    seconds_spent: float
    is_done: bool
    held: int


@dataclass(frozen=True, slots=True)
class Progress:
    """state: 待识别, 待校对 or 已发布. label: where the machine is. detail: why, and what to do.

    percent: 0 to 100, None before the sound is cut. remaining_seconds: an estimate from the pieces that are done,
    None without one. ahead: lectures that are recognised before this one. held: what was filtered out and waits for
    a person. for_the_public: what viewers have of the subtitles now. can_ask_again: recognition can be begun anew.
    """

    state: SubtitleState
    state_label: str
    recognition: Recognition
    label: str
    detail: str
    percent: int | None
    remaining_seconds: int | None
    pieces_done: int
    pieces: int
    ahead: int
    held: int
    engine: str
    model: str
    draft_version: int
    published_version: int
    for_the_public: str
    can_ask_again: bool

    @property
    def is_going_on(self) -> bool:
        return self.recognition in GOING_ON

    @property
    def remaining(self) -> str:
        """In words; empty without an estimate."""
        if self.remaining_seconds is None:
            return ""
        minutes = -(-self.remaining_seconds // 60)
        return f"大约还要 {minutes} 分钟" if minutes > 1 else "大约还要不到 1 分钟"


def progress(
    broadcast: Broadcast,
    transcript: Transcript,
    pieces: Sequence[PieceDone],
    *,
    first: LiveFirst | None,
    ahead: int,
) -> Progress:
    """first: the lecture that recognition has to wait for; ahead: how many are recognised before this one."""
    recognition = transcript.recognition
    detail = transcript.detail
    if first is not None and recognition is Recognition.QUEUED:
        detail = f"直播优先：《{first.title}》结束后自动开始识别。"
    elif recognition is Recognition.QUEUED and not detail:
        detail = f"前面还有 {ahead} 期，轮到后自动开始。" if ahead else "马上自动开始，不用操作。"
    return Progress(
        state=transcript.state,
        state_label=SUBTITLE_LABELS[transcript.state],
        recognition=recognition,
        label=RECOGNITION_LABELS[recognition],
        detail=detail,
        percent=percent_of(pieces),
        remaining_seconds=remaining_of(pieces) if recognition is Recognition.RUNNING else None,
        pieces_done=sum(piece.is_done for piece in pieces),
        pieces=len(pieces),
        ahead=ahead,
        held=sum(piece.held for piece in pieces),
        engine=transcript.engine,
        model=transcript.model,
        draft_version=transcript.draft_version,
        published_version=transcript.published_version,
        for_the_public=for_the_public(transcript),
        can_ask_again=not why_not_again(broadcast, transcript),
    )


def for_the_public(transcript: Transcript) -> str:
    """What viewers have of the subtitles, in words: of the published version, never of a draft."""
    draft, published = transcript.draft_version, transcript.published_version
    if published and draft == published:
        return f"字幕已发布（版本 {published}），公开的回看上看得到。"
    if published:
        return f"公开的回看上是已发布的版本 {published}；之后改的（版本 {draft}）发布前观众看不到。"
    if transcript.handed_over_at is not None:
        return "校对完成，等州局发布，发布前观众看不到。"
    if draft:
        return "草稿等人校对，发布前观众看不到。"
    return "校对发布后观众才能看到字幕。"


def percent_of(pieces: Sequence[PieceDone]) -> int | None:
    """By length of sound; 100 only when every piece is done."""
    whole = sum(piece.length_ms for piece in pieces)
    if not whole:
        return None
    return sum(piece.length_ms for piece in pieces if piece.is_done) * 100 // whole


def remaining_of(pieces: Sequence[PieceDone]) -> int | None:
    """Seconds: what is left of speech, at the speed of what is done. None before anything with speech is done."""
    done = [piece for piece in pieces if piece.is_done and piece.speech_ms]
    left = sum(piece.speech_ms for piece in pieces if not piece.is_done)
    spoken = sum(piece.speech_ms for piece in done)
    if not spoken:
        return None
    return round(left * sum(piece.seconds_spent for piece in done) / spoken)
