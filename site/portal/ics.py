"""A lecture for people's own calendars (RFC 5545). Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MEDIA_TYPE = "text/calendar; charset=utf-8"
REMIND_MINUTES = 15


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """starts_at is aware; url is absolute; uid stays the same when the event is changed."""

    uid: str
    title: str
    text: str
    url: str
    starts_at: datetime
    minutes: int
    changed_at: datetime


def calendar_file(event: CalendarEvent, product: str) -> str:
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//{_escape(product)}//ZH",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{_utc(event.changed_at)}",
        f"DTSTART:{_utc(event.starts_at)}",
        f"DTEND:{_utc(event.starts_at + timedelta(minutes=event.minutes))}",
        f"SUMMARY:{_escape(event.title)}",
        f"DESCRIPTION:{_escape(event.text)}",
        f"URL:{event.url}",
        f"LOCATION:{_escape(event.url)}",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"TRIGGER:-PT{REMIND_MINUTES}M",
        f"DESCRIPTION:{_escape(event.title)}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    )
    return "".join(_fold(line) + "\r\n" for line in lines)


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escape(text: str) -> str:
    """RFC 5545 §3.3.11."""
    for letter in "\\;,":
        text = text.replace(letter, "\\" + letter)
    return text.replace("\r\n", "\n").replace("\n", "\\n")


def _fold(line: str) -> str:
    """RFC 5545 §3.1: at most 75 octets a line, never within a character."""
    folded, width = "", 0
    for letter in line:
        octets = len(letter.encode())
        if width + octets > 75:
            folded += "\r\n "
            width = 1
        folded += letter
        width += octets
    return folded
