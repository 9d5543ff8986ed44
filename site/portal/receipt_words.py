"""What the check of a finished recording found, in the words of the desk. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from portal.signal_health import Advice
from vod.models import KeptProblem, ReceiptSummary
from vod.receipt import ProblemKind

AT_MOST = 3
"""Problems of one kind that are told one by one; the rest are counted."""

MEANINGS: Mapping[ProblemKind, str] = {
    ProblemKind.NOTHING_RECEIVED: "没有收到任何内容，这一期没有回看。",
    ProblemKind.SHORTFALL: "推流期间少收了 {seconds} 秒，多半是现场网络或推流软件丢了内容。",
    ProblemKind.GAP: "回看中间缺 {seconds} 秒。",
    ProblemKind.INCOMPLETE_RENDITION: "{rendition}画质缺 {seconds} 秒，播放器会自动换用别的画质。",
    ProblemKind.LOST: "有 {seconds} 秒内容收到了，但没有存到硬盘上。请检查硬盘。",
    ProblemKind.BAD_FILE: "有录像文件和收到时不一样了。请检查硬盘，并从备份恢复这一期的文件夹。",
    ProblemKind.BAD_INIT: "录像的一个开头文件缺失或损坏，有的段落放不出来。请从备份恢复这一期的文件夹。",
    ProblemKind.DAMAGED_JOURNAL: "录像的目录有几行读不出来。请检查硬盘，并从备份恢复这一期的文件夹。",
}
BENIGN = frozenset({ProblemKind.INCOMPLETE_RENDITION})
"""Worth knowing, but every viewer sees the whole lecture."""
RENDITIONS = {"source": "原画", "audio": "省流听讲"}


@dataclass(frozen=True, slots=True)
class CheckedRecording:
    """findings: nothing when all is well."""

    checked_at: datetime
    seconds: float
    findings: list[Advice]


def checked_recording(summary: ReceiptSummary) -> CheckedRecording:
    return CheckedRecording(summary.written_at, summary.received_seconds, _findings(summary.problems))


def needs_somebody(summary: ReceiptSummary) -> bool:
    return any(ProblemKind(problem["kind"]) not in BENIGN for problem in summary.problems)


def _findings(problems: Iterable[KeptProblem]) -> list[Advice]:
    by_kind: dict[ProblemKind, list[KeptProblem]] = {}
    for problem in problems:
        by_kind.setdefault(ProblemKind(problem["kind"]), []).append(problem)
    found: list[Advice] = []
    for kind, theirs in by_kind.items():
        tone: Literal["attention", "error"] = "attention" if kind in BENIGN else "error"
        # What is told without its own figure is told once, however often it was found.
        texts = list(dict.fromkeys(_sentence(kind, problem) for problem in theirs))
        found += [Advice(tone, text) for text in texts[:AT_MOST]]
        if len(texts) > AT_MOST:
            found.append(Advice(tone, f"同样的问题还有 {len(texts) - AT_MOST} 处。"))
    return found


def _sentence(kind: ProblemKind, problem: KeptProblem) -> str:
    rendition = problem["rendition"] or ""
    name = RENDITIONS.get(rendition, rendition)
    return MEANINGS[kind].format(seconds=f"{problem['seconds']:.1f}", rendition=f"{name} " if name else "")
