from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from schedules.public.ics import CalendarEvent, Feed, calendar_feed, calendar_file

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
EVENT = CalendarEvent(
    uid="7e1d6c1e@fz.example",
    title="法治微课堂：欠薪怎么办；农民工，请看" + "长" * 40,
    text="州司法局\n收看地址：https://fz.example/l/2026-11-2",
    url="https://fz.example/l/2026-11-2",
    starts_at=datetime(2026, 11, 26, 7, 0, tzinfo=UTC),
    minutes=15,
    changed_at=datetime(2026, 11, 20, 7, 0, tzinfo=UTC),
    sequence=3,
)
FEED = Feed("法治微课堂安排", 60)


def test_lines_end_as_rfc_5545_wants_and_are_folded_at_75_octets() -> None:
    lines = calendar_file(EVENT, "法治微课堂", NOW).split("\r\n")
    assert lines[-1] == ""
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "\n" not in "".join(lines)


def test_unfolded_it_holds_title_times_and_a_reminder() -> None:
    text = calendar_file(EVENT, "法治微课堂", NOW).replace("\r\n ", "")
    for line in (
        "BEGIN:VCALENDAR",
        "METHOD:PUBLISH",
        f"UID:{EVENT.uid}",
        "DTSTAMP:20261124T070000Z",
        "LAST-MODIFIED:20261120T070000Z",
        "SEQUENCE:3",
        "DTSTART:20261126T070000Z",
        "DTEND:20261126T071500Z",
        f"SUMMARY:{EVENT.title}",
        "TRIGGER:-PT15M",
        "DESCRIPTION:州司法局\\n收看地址：https://fz.example/l/2026-11-2",
        "END:VCALENDAR",
    ):
        assert line in text.split("\r\n")


def test_signs_with_a_meaning_of_their_own_are_escaped() -> None:
    text = calendar_file(EVENT, "a;b,c\\d", NOW)
    assert "PRODID:-//a\\;b\\,c\\\\d//ZH" in text


def test_another_reader_understands_the_feed() -> None:
    called_off = replace(EVENT, uid="2@fz.example", sequence=4, is_cancelled=True)
    calendar: Any = Calendar.from_ical(calendar_feed([EVENT, called_off], "法治微课堂", FEED))
    assert calendar["X-WR-CALNAME"] == FEED.name
    assert "METHOD" not in calendar
    standing, cancelled = calendar.walk("VEVENT")
    assert (standing["UID"], standing["SEQUENCE"], standing["STATUS"]) == (EVENT.uid, 3, "CONFIRMED")
    assert standing["DTSTART"].dt == EVENT.starts_at
    assert (standing["DTEND"].dt - standing["DTSTART"].dt).total_seconds() == 15 * 60
    assert standing["LAST-MODIFIED"].dt == EVENT.changed_at == standing["DTSTAMP"].dt
    assert len(standing.walk("VALARM")) == 1
    assert (cancelled["STATUS"], cancelled["SEQUENCE"]) == ("CANCELLED", 4)
    assert cancelled.walk("VALARM") == []


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=120),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=300),
)
def test_another_reader_gets_back_every_text(title: str, text: str) -> None:
    written = calendar_feed([replace(EVENT, title=title, text=text)], "法治微课堂", FEED)
    assert all(len(line.encode()) <= 75 for line in written.split("\r\n"))
    (read,) = Calendar.from_ical(written).walk("VEVENT")
    assert str(read["SUMMARY"]) == title
    assert str(read["DESCRIPTION"]) == text


def test_an_unchanged_plan_is_the_same_bytes() -> None:
    assert calendar_feed([EVENT], "a", FEED) == calendar_feed([EVENT], "a", FEED)
