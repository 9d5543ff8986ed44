from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from schedules.public.announced import Announced, by_month, event_of
from schedules.states import AirState, PlanState

START = datetime(2026, 12, 31, 7, 0, tzinfo=UTC)
LECTURE = Announced(
    id=UUID(int=7),
    number="2026-12-2",
    title="欠薪怎么办",
    unit="州司法局",
    lecturer="示例讲师A 科长",
    starts_at=START,
    first_starts_at=START,
    began_at=None,
    minutes=15,
    plan=PlanState.SCHEDULED,
    air=AirState.SCHEDULED,
    has_replay=False,
    is_sample=False,
    change="",
    version=2,
    changed_at=datetime(2026, 11, 24, tzinfo=UTC),
)
MOVED = replace(LECTURE, starts_at=START + timedelta(days=7), change="原定31日，现定7日。")


@pytest.mark.parametrize(
    ("lecture", "word"),
    [
        (LECTURE, "预告"),
        (replace(LECTURE, air=AirState.LIVE), "直播中"),
        (replace(LECTURE, air=AirState.INTERRUPTED), "信号中断，正在恢复"),
        (replace(LECTURE, air=AirState.ENDED, has_replay=True), "回看"),
        (replace(LECTURE, air=AirState.ENDED, has_replay=False), "已结束"),
        (replace(LECTURE, plan=PlanState.CANCELLED), "已取消"),
        (replace(LECTURE, plan=PlanState.POSTPONED), "已延期"),
    ],
)
def test_a_state_is_said_in_a_word(lecture: Announced, word: str) -> None:
    assert lecture.label.word == word


def test_months_are_those_of_china_and_a_moved_lecture_stands_where_it_is_now() -> None:
    late = replace(LECTURE, starts_at=datetime(2027, 1, 31, 16, 30, tzinfo=UTC))  # 1 February in China
    undated = replace(LECTURE, starts_at=None, first_starts_at=None)
    months = by_month([late, MOVED, undated])
    assert [(month.number, month.lectures) for month in months] == [(1, [MOVED]), (2, [late])]


def test_an_entry_is_known_by_the_id_and_its_sequence_rises_with_the_plan() -> None:
    event = event_of(MOVED, address="https://fz.example/l/2026-12-2", host="fz.example", site="法治微课堂")
    assert event is not None
    assert event.uid == f"{LECTURE.id}@fz.example"
    assert (event.sequence, event.starts_at, event.is_cancelled) == (2, MOVED.starts_at, False)
    assert event.text.split("\n")[0] == "原定31日，现定7日。"


def test_what_is_called_off_is_cancelled_at_the_time_it_was_meant_for() -> None:
    for state, mark in ((PlanState.CANCELLED, "（已取消）"), (PlanState.POSTPONED, "（已延期，时间另定）")):
        lecture = replace(LECTURE, plan=state, starts_at=None)
        event = event_of(lecture, address="a", host="h", site="法治微课堂")
        assert event is not None
        assert event.is_cancelled
        assert event.starts_at == START
        assert event.title.startswith(mark)


def test_without_any_time_there_is_no_entry() -> None:
    lecture = replace(LECTURE, starts_at=None, first_starts_at=None)
    assert event_of(lecture, address="a", host="h", site="s") is None
