from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schedules.papers.notices import (
    NoticeFacts,
    NoticeKind,
    further_notices,
    heading,
    notice,
    right_notice,
    said_time,
)
from schedules.states import Delivery, PlanState

START = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)
ADDRESS = "https://fz.example.gov.cn/l/2026-11-2?u=520013"
FACTS = NoticeFacts(
    site="法治微课堂",
    number="2026-11-2",
    title="欠薪怎么办",
    unit="州人力资源社会保障局",
    lecturer="示例讲师A 主任",
    address=ADDRESS,
    starts_at=START,
    first_starts_at=START,
    minutes=15,
    plan=PlanState.SCHEDULED,
    audience="进城务工人员",
)


def test_an_announcement_says_everything_one_has_to_know() -> None:
    assert notice(NoticeKind.ANNOUNCEMENT, FACTS).splitlines() == [
        "【直播预告】法治微课堂 2026-11-2",
        "题目：《欠薪怎么办》",
        "时间：2026年11月26日（周四）15:00，约15分钟",
        "主讲单位：州人力资源社会保障局",
        "主讲人：示例讲师A 主任",
        "收看对象：进城务工人员",
        f"收看地址：{ADDRESS}",
        "手机点开就能看，不用下载，不用登录。错过了直播，用同一个地址可以看回看。欢迎干部职工和服务对象收看。",
    ]


def test_a_moved_lecture_says_the_old_time_and_the_new() -> None:
    moved = replace(FACTS, starts_at=START + timedelta(days=14))
    text = notice(right_notice(moved), moved)
    assert text.startswith("【改期通知】法治微课堂 2026-11-2\n")
    assert "原定：2026年11月26日（周四）15:00\n现定：2026年12月10日（周四）15:00，约15分钟" in text
    assert further_notices(moved) == [NoticeKind.ANNOUNCEMENT]


def test_a_postponed_lecture_promises_no_time() -> None:
    postponed = replace(FACTS, plan=PlanState.POSTPONED, starts_at=None)
    text = notice(right_notice(postponed), postponed)
    assert text.startswith("【延期通知】")
    assert "原定：2026年11月26日（周四）15:00" in text
    assert "新的时间另行通知" in text
    assert "现定" not in text
    assert further_notices(postponed) == []


def test_a_cancelled_lecture_invites_nobody() -> None:
    cancelled = replace(FACTS, plan=PlanState.CANCELLED)
    text = notice(right_notice(cancelled), cancelled)
    assert text.startswith("【取消通知】")
    assert "取消，不再举行" in text
    assert "欢迎" not in text


def test_when_it_is_over_the_replay_is_told() -> None:
    over = replace(FACTS, is_over=True)
    assert right_notice(over) is NoticeKind.REPLAY
    assert f"回看地址：{ADDRESS}" in notice(NoticeKind.REPLAY, over)


def test_a_replay_that_is_not_public_is_not_promised() -> None:
    text = notice(NoticeKind.REPLAY, replace(FACTS, is_over=True, has_replay=False))
    assert "回看暂不提供" in text
    assert "随时可以回看" not in text


def test_a_film_shown_first_is_not_called_live() -> None:
    premiere = replace(FACTS, delivery=Delivery.PREMIERE)
    text = notice(NoticeKind.ANNOUNCEMENT, premiere)
    assert text.startswith("【首播预告】")
    assert "直播" not in text
    assert heading(NoticeKind.CANCELLED, Delivery.PREMIERE) == "取消通知"


def test_a_lecture_without_a_time_says_so() -> None:
    assert said_time(None) == "待定"


@pytest.mark.parametrize("plan", [PlanState.CANCELLED, PlanState.POSTPONED])
def test_what_is_called_off_stays_so_whatever_else_is_true(plan: PlanState) -> None:
    off = replace(FACTS, plan=plan, is_over=True, starts_at=START + timedelta(days=1))
    assert right_notice(off) is (
        NoticeKind.CANCELLED if plan is PlanState.CANCELLED else NoticeKind.POSTPONED
    )


@given(
    kind=st.sampled_from(NoticeKind),
    starts_at=st.none() | st.datetimes(datetime(2025, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    first=st.none() | st.datetimes(datetime(2025, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),
    plan=st.sampled_from(PlanState),
    delivery=st.sampled_from(Delivery),
    lecturer=st.sampled_from(["", "示例讲师A"]),
    is_over=st.booleans(),
)
def test_every_notice_names_the_lecture_its_unit_and_its_address(
    kind: NoticeKind,
    starts_at: datetime | None,
    first: datetime | None,
    plan: PlanState,
    delivery: Delivery,
    lecturer: str,
    is_over: bool,
) -> None:
    facts = replace(
        FACTS,
        starts_at=starts_at,
        first_starts_at=first,
        plan=plan,
        delivery=delivery,
        lecturer=lecturer,
        is_over=is_over,
    )
    text = notice(kind, facts)
    assert all(part in text for part in (facts.site, facts.number, facts.title, facts.unit, facts.address))
    assert "None" not in text
    assert all(line.strip() == line != "" for line in text.splitlines())
    assert notice(right_notice(facts), facts) != ""
