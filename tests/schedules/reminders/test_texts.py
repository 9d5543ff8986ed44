from dataclasses import replace
from datetime import UTC, date, datetime

from schedules.reminders.rules import KIND_LABELS, Addressee, ReminderKind
from schedules.reminders.texts import (
    AFTERWARDS,
    PATHS,
    SENTENCES,
    Words,
    path_to,
    subject_of,
    text_of,
    with_link,
)

WORDS = Words(
    number="2027-3-1",
    title="欠薪怎么办",
    unit_name="州税务局",
    starts_at=datetime(2027, 3, 11, 7, 0, tzinfo=UTC),
    deadline=date(2027, 2, 25),
    address="https://example.gov.cn/desk",
)


def test_a_reminder_can_be_pasted_as_it_stands() -> None:
    assert text_of(ReminderKind.HAND_IN_SOON, Addressee.UNIT, WORDS) == (
        "州税务局：\n"
        "法治微课堂2027-3-1期《欠薪怎么办》，由贵单位主讲，2027年3月11日 15:00（周四）开播。\n"
        "材料还没有报送，2027年2月25日（周四）截止。请报送主题、主讲人、课件和讲稿。\n"
        "办理地址：https://example.gov.cn/desk"
    )
    assert subject_of(ReminderKind.HAND_IN_SOON, WORDS) == "法治微课堂2027-3-1期：报送快到期"


def test_without_a_topic_no_empty_title_is_quoted() -> None:
    text = text_of(ReminderKind.TURN, Addressee.UNIT, replace(WORDS, title=""))
    assert "2027-3-1期，由贵单位主讲" in text


def test_the_bureau_is_told_which_unit_speaks() -> None:
    text = text_of(ReminderKind.BUREAU_REVIEW, Addressee.BUREAU, WORDS)
    assert text.startswith("州局普法工作人员：\n")
    assert "由州税务局主讲" in text


def test_every_kind_has_its_label_and_its_sentence() -> None:
    assert set(SENTENCES) == set(KIND_LABELS) == set(ReminderKind)


def test_every_kind_says_where_it_is_done_or_asks_whoever_answers_for_it() -> None:
    assert set(PATHS) | set(AFTERWARDS) == set(ReminderKind)
    assert not set(PATHS) & set(AFTERWARDS)
    assert path_to(ReminderKind.HAND_IN_LATE, "2027-3-1") == "/desk/unit/2027-3-1/hand-in"
    assert path_to(ReminderKind.REPLAY, "2027-3-1") == "/desk/review/2027-3-1/replay"


def test_after_a_lecture_it_is_not_said_that_it_begins() -> None:
    text = text_of(ReminderKind.FEEDBACK, Addressee.UNIT, replace(WORDS, deadline=date(2027, 3, 18)))
    assert "2027年3月11日 15:00（周四）。\n" in text
    assert "请在2027年3月18日（周四）前报场次和人数。" in text


def test_a_link_comes_with_how_long_it_lasts_and_that_it_is_for_one_person() -> None:
    assert with_link("文", "https://example.gov.cn/link/abc", 24) == (
        "文\n一次性链接（24小时内有效，只能用一次，请不要转发）：https://example.gov.cn/link/abc"
    )
