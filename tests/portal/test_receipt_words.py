from datetime import UTC, datetime

import pytest
from portal.receipt_words import MEANINGS, checked_recording, needs_somebody

from vod.models import KeptProblem, ReceiptSummary
from vod.receipt import ProblemKind


def summary(*problems: tuple[ProblemKind, str | None, float]) -> ReceiptSummary:
    kept: list[KeptProblem] = [
        {"kind": kind.value, "detail": "", "rendition": rendition, "seconds": seconds}
        for kind, rendition, seconds in problems
    ]
    now = datetime(2026, 11, 24, 7, tzinfo=UTC)
    return ReceiptSummary(written_at=now, expected_seconds=900, received_seconds=898, problems=kept)


def texts(one: ReceiptSummary) -> list[str]:
    return [finding.text for finding in checked_recording(one).findings]


@pytest.mark.parametrize("kind", ProblemKind)
def test_every_problem_has_a_sentence(kind: ProblemKind) -> None:
    assert "{" not in texts(summary((kind, "720p", 4.0)))[0]
    assert MEANINGS[kind].endswith("。")


def test_a_whole_recording_needs_nobody() -> None:
    assert checked_recording(summary()).findings == []
    assert not needs_somebody(summary())


def test_what_viewers_do_not_notice_is_told_but_calls_nobody() -> None:
    shed = summary((ProblemKind.INCOMPLETE_RENDITION, "720p", 60.0))
    assert texts(shed) == ["720p 画质缺 60.0 秒，播放器会自动换用别的画质。"]
    assert not needs_somebody(shed)


def test_the_same_sentence_is_said_once_and_many_gaps_are_counted() -> None:
    files = [(ProblemKind.BAD_FILE, "source", 0.0)] * 5
    gaps = [(ProblemKind.GAP, None, float(seconds)) for seconds in range(5)]
    found = texts(summary(*files, *gaps))
    assert len(found) == 1 + 3 + 1
    assert found[-1] == "同样的问题还有 2 处。"
    assert needs_somebody(summary(*files))
