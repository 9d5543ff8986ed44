from datetime import UTC, datetime

from portal.ics import CalendarEvent, calendar_file

EVENT = CalendarEvent(
    uid="2026-11-2@fz.example",
    title="法治微课堂：欠薪怎么办；农民工，请看" + "长" * 40,
    text="州司法局\n收看地址：https://fz.example/l/2026-11-2",
    url="https://fz.example/l/2026-11-2",
    starts_at=datetime(2026, 11, 26, 7, 0, tzinfo=UTC),
    minutes=15,
    changed_at=datetime(2026, 11, 24, 7, 0, tzinfo=UTC),
)


def test_lines_end_as_rfc_5545_wants_and_are_folded_at_75_octets() -> None:
    lines = calendar_file(EVENT, "法治微课堂").split("\r\n")
    assert lines[-1] == ""
    assert all(len(line.encode()) <= 75 for line in lines)
    assert "\n" not in "".join(lines)


def test_unfolded_it_holds_title_times_and_a_reminder() -> None:
    text = calendar_file(EVENT, "法治微课堂").replace("\r\n ", "")
    for line in (
        "BEGIN:VCALENDAR",
        "UID:2026-11-2@fz.example",
        "DTSTART:20261126T070000Z",
        "DTEND:20261126T071500Z",
        f"SUMMARY:{EVENT.title}",
        "TRIGGER:-PT15M",
        "DESCRIPTION:州司法局\\n收看地址：https://fz.example/l/2026-11-2",
        "END:VCALENDAR",
    ):
        assert line in text.split("\r\n")


def test_signs_with_a_meaning_of_their_own_are_escaped() -> None:
    text = calendar_file(EVENT, "a;b,c\\d")
    assert "PRODID:-//a\\;b\\,c\\\\d//ZH" in text
