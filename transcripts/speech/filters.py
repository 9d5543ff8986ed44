"""What an engine says though nobody said it: found, mended where that is sure, else held for a person. Pure.

Whisper's ways of failing and the remedies that hold (facts gathered from its trackers): invented sentences on
silence, loops, end times that stretch, times that cross. Nothing suspicious is published unseen, and nothing is lost.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from core.settings import Settings
from transcripts.speech.words import Segment, Word

NO_SPEECH, LOW_LOGPROB, HIGH_COMPRESSION = 0.6, -1.0, 2.4
"""Whisper's own thresholds for a window it should not have trusted."""
LONGEST_TAIL = 0.5
"""Seconds that a segment may go on after its last word, and a word of one character after its start."""
LONGEST_CHARACTER = 1.0
FASTEST = 12.0
"""Characters a second of one segment beyond which no lecturer speaks."""
SAME_NEIGHBOURS = 3
_LOOP = re.compile(r"(.{2,24}?)\1{3,}")
_SPACES = re.compile(r"\s+")

PHRASES = (
    "字幕由Amara.org社区提供",
    "Amara.org",
    "请不吝点赞",
    "点赞订阅转发",
    "订阅转发打赏",
    "打赏支持明镜",
    "明镜与点点栏目",
    "明镜需要您的支持",
    "欢迎收看订阅明镜",
    "谢谢观看",
    "感谢观看",
    "感谢收看",
    "下期再见",
    "字幕志愿者",
    "字幕制作",
    "中文字幕",
    "优优独播剧场",
    "YoYo Television Series Exclusive",
    "李宗盛",
    "以下是普通话的句子",
)
"""Sentences of Whisper's training data that it puts where nobody speaks."""

OUTSIDE = "这里没有人说话"
BLOCKED = "疑似识别模型自带的套话"
LOOP = "同样的话重复太多"
UNSURE = "识别没有把握"
TOO_FAST = "字数超过了说话的速度"


@dataclass(frozen=True, slots=True)
class Held:
    """What waits for a person, and why. Seconds."""

    start: float
    end: float
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sifted:
    kept: list[Segment]
    held: list[Held]


def blocklist(settings: Settings) -> tuple[str, ...]:
    """Phrases that are held wherever they stand: ours, and those of the setting."""
    own = (phrase.strip() for phrase in settings.speech_blocklist.split("|"))
    return (*PHRASES, *(phrase for phrase in own if phrase))


def sift(
    segments: Sequence[Segment], spans: Sequence[tuple[float, float]], blocklist: Sequence[str]
) -> Sifted:
    """spans: where somebody speaks, in seconds. Times of what is kept rise and do not cross."""
    kept: list[Segment] = []
    held: list[Held] = []
    blocked = [_bare(phrase) for phrase in blocklist]
    for _, same in groupby(segments, key=lambda segment: _bare(segment.text)):
        neighbours = list(same)
        for place, segment in enumerate(neighbours):
            segment = _in_order(segment, kept[-1].end if kept else 0.0)
            reason = _suspicion(segment, spans, blocked)
            if not reason and len(neighbours) >= SAME_NEIGHBOURS and place > 0:
                reason = LOOP
            if reason:
                held.append(Held(segment.start, segment.end, segment.text.strip(), reason))
            elif segment.words:
                kept.append(segment)
    return Sifted(kept, held)


def _suspicion(segment: Segment, spans: Sequence[tuple[float, float]], blocked: Iterable[str]) -> str:
    """Why it must be looked at; empty when nothing speaks against it."""
    bare = _bare(segment.text)
    if any(phrase in bare for phrase in blocked):
        return BLOCKED
    spoken = _overlap(segment, spans)
    if spoken <= 0:
        return OUTSIDE
    if _LOOP.search(bare):
        return LOOP
    if (segment.compression_ratio or 0) > HIGH_COMPRESSION:
        return LOOP
    if (segment.no_speech_prob or 0) > NO_SPEECH and (segment.avg_logprob or 0) < LOW_LOGPROB:
        return UNSURE
    if len(bare) > 8 and len(bare) / max(spoken, 0.5) > FASTEST:
        return TOO_FAST
    return ""


def _in_order(segment: Segment, earliest: float) -> Segment:
    """Word times that rise from earliest on, and an end just after the last word."""
    words: list[Word] = []
    moment = earliest
    for word in segment.words:
        start = max(moment, word.start)
        longest = max(1, len(word.text.strip())) * LONGEST_CHARACTER
        end = min(max(start, word.end), start + longest)
        words.append(replace(word, start=start, end=end))
        moment = end
    if not words:
        return replace(segment, start=max(earliest, segment.start), end=max(earliest, segment.end))
    end = min(max(words[-1].end, segment.end), words[-1].end + LONGEST_TAIL)
    return replace(segment, start=words[0].start, end=end, words=tuple(words))


def _overlap(segment: Segment, spans: Sequence[tuple[float, float]]) -> float:
    return sum(max(0.0, min(segment.end, end) - max(segment.start, start)) for start, end in spans)


def _bare(text: str) -> str:
    return _SPACES.sub("", text)
