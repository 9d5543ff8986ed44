"""What an engine says though nobody said it: found, mended where that is sure, else held for a person. Pure.

Whisper's ways of failing and the remedies that hold (facts gathered from its trackers): invented sentences on
silence, loops, end times that stretch, times that cross. Nothing suspicious is published unseen, and nothing is lost.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.settings import Settings
from transcripts.speech.simplified import simplified
from transcripts.speech.words import Segment, Word

NO_SPEECH, LOW_LOGPROB, HIGH_COMPRESSION = 0.6, -1.0, 2.4
"""Whisper's own thresholds for a window it should not have trusted."""
LONGEST_TAIL = 0.5
"""Seconds that a segment may go on after its last word."""
LONGEST_CHARACTER = 1.0
"""Seconds that a character of a word lasts at most: beyond it a pause was counted in."""
FASTEST = 12.0
"""Characters a second beyond which no lecturer speaks."""
FEW = 8
"""Characters of which a speed cannot be told."""
SAME_NEIGHBOURS = 3
"""Rounds of the same sentences, one to LONGEST_ROUND of them, that make a loop."""
LONGEST_ROUND = 3
LEAST_UNHEARD = 4.0
"""Seconds of speech without a word that are told."""
_LOOP = re.compile(r"(.{2,24}?)\1{3,}|(.)\2{9,}")
_NOT_SAID = re.compile(r"[\W_]+")

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
    "字幕志愿者",
    "字幕制作",
    "中文字幕",
    "优优独播剧场",
    "YoYo Television Series Exclusive",
    "词曲李宗盛",
    "作曲李宗盛",
    "以下是普通话的句子",
)
"""Sentences of Whisper's training data that it puts where nobody speaks, and what it was told to write like."""
FAREWELLS = ("谢谢观看", "感谢观看", "谢谢收看", "感谢收看", "谢谢大家收看", "感谢您的观看", "下期再见")
"""Lecturers say these too: suspicious only where a segment says nothing else."""

OUTSIDE = "这里没有人说话"
BLOCKED = "疑似识别模型自带的套话"
LOOP = "同样的话重复太多"
UNSURE = "识别没有把握"
TOO_FAST = "字数超过了说话的速度"
UNHEARD = "这里有人说话，但没有识别出文字"
INAUDIBLE = "（听不清）"


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
    """spans: where somebody speaks, in seconds. Times of what is kept rise and do not cross; every segment with a
    text is either kept or held.
    """
    kept: list[Segment] = []
    held: list[Held] = []
    blocked = [bare for phrase in blocklist if (bare := _bare(phrase))]
    ordered = sorted((each for each in segments if each.text.strip()), key=lambda each: each.start)
    again = _said_again([_bare(each.text) for each in ordered])
    for segment, is_again in zip(ordered, again, strict=True):
        mended = _in_order(segment, spans, kept[-1].words[-1].end if kept else 0.0)
        spoken = _overlap(segment, spans)
        reason = _suspicion(segment, blocked, spoken) or (LOOP if is_again else "")
        if not reason and _is_too_fast(segment, min(spoken, mended.end - mended.start)):
            reason = TOO_FAST
        if reason:
            held.append(Held(segment.start, segment.end, segment.text.strip(), reason))
            continue
        if kept:
            kept[-1] = replace(kept[-1], end=min(kept[-1].end, mended.start))
        kept.append(mended)
    return Sifted(kept, held)


def unheard(segments: Sequence[Segment], spans: Sequence[tuple[float, float]]) -> list[Held]:
    """Speech of which nothing was written down for LEAST_UNHEARD seconds. segments: all that the engine said."""
    words = sorted((word for segment in segments for word in _words_of(segment)), key=lambda word: word.start)
    missing = []
    for start, end in spans:
        until = start
        inside = [word for word in words if word.end > start and word.start < end]
        for begins, ends in [*((word.start, word.end) for word in inside), (end, end)]:
            if begins - until >= LEAST_UNHEARD:
                missing.append(Held(until, begins, INAUDIBLE, UNHEARD))
            until = max(until, ends)
    return missing


def _suspicion(segment: Segment, blocked: Sequence[str], spoken: float) -> str:
    """Why it must be looked at; empty when nothing speaks against it. spoken: seconds of speech under it."""
    bare = _bare(segment.text)
    if any(phrase in bare for phrase in blocked) or any(bare == _bare(each) for each in FAREWELLS):
        return BLOCKED
    if spoken <= 0:
        return OUTSIDE
    if _LOOP.search(bare) or (segment.compression_ratio or 0) > HIGH_COMPRESSION:
        return LOOP
    if (segment.no_speech_prob or 0) > NO_SPEECH and (segment.avg_logprob or 0) < LOW_LOGPROB:
        return UNSURE
    return ""


def _is_too_fast(segment: Segment, seconds: float) -> bool:
    count = len(_bare(segment.text))
    return count > FEW and count > FASTEST * max(seconds, 0.5)


def _said_again(texts: Sequence[str]) -> list[bool]:
    """Of each: whether it only repeats, as one of SAME_NEIGHBOURS rounds or more. The first round is said once."""
    again = [False] * len(texts)
    for length in range(1, LONGEST_ROUND + 1):
        start = 0
        while start + length * SAME_NEIGHBOURS <= len(texts):
            end = start + length
            while end < len(texts) and texts[end] == texts[end - length]:
                end += 1
            if (end - start) // length >= SAME_NEIGHBOURS:
                again[start + length : end] = [True] * (end - start - length)
                start = end
            else:
                start += 1
    return again


def _in_order(segment: Segment, spans: Sequence[tuple[float, float]], earliest: float) -> Segment:
    """Word times that rise from earliest on, none begun in the silence before speech, and an end just after the last
    word.
    """
    words: list[Word] = []
    moment = earliest
    for word in _words_of(segment):
        start = max(moment, _into_speech(word, spans))
        longest = max(1, len(word.text.strip())) * LONGEST_CHARACTER
        end = min(max(start, word.end), start + longest)
        words.append(replace(word, start=start, end=end))
        moment = end
    end = max(words[-1].end, min(segment.end, words[-1].end + LONGEST_TAIL))
    return replace(segment, start=words[0].start, end=end, words=tuple(words))


def _into_speech(word: Word, spans: Sequence[tuple[float, float]]) -> float:
    """A word that is said to begin in a pause and ends in speech begins with that speech."""
    for start, end in spans:
        if start < word.end <= end:
            return max(word.start, start)
    return word.start


def _words_of(segment: Segment) -> Iterator[Word]:
    """An engine that times no words has its text spread evenly."""
    if segment.words:
        yield from segment.words
        return
    letters = [letter for letter in segment.text if not letter.isspace()]
    step = max(0.0, segment.end - segment.start) / max(1, len(letters))
    for place, letter in enumerate(letters):
        start = segment.start + place * step
        yield Word(letter, start, start + step)


def _overlap(segment: Segment, spans: Sequence[tuple[float, float]]) -> float:
    return sum(max(0.0, min(segment.end, end) - max(segment.start, start)) for start, end in spans)


def _bare(text: str) -> str:
    """What is said, however it is written: width, case, script and punctuation aside."""
    return _NOT_SAID.sub("", simplified(unicodedata.normalize("NFKC", text)).casefold())
