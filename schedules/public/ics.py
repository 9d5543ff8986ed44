"""Lectures for people's own calendars (RFC 5545): one to keep, or all of them to subscribe to. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

MEDIA_TYPE = "text/calendar; charset=utf-8"
REMIND_MINUTES = 15


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """starts_at and changed_at are aware; url is absolute; uid stays the same when the event is changed.

    sequence rises with every change of the plan (RFC 5545 §3.8.7.4). is_cancelled: shown as called off.
    """

    uid: str
    title: str
    text: str
    url: str
    starts_at: datetime
    minutes: int
    changed_at: datetime
    sequence: int = 0
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Feed:
    """A calendar to subscribe to. refresh_minutes: how often subscribers are asked to look again (RFC 7986 §5.7)."""

    name: str
    refresh_minutes: int


def calendar_file(event: CalendarEvent, product: str, published_at: datetime) -> str:
    """One lecture, to be put into a calendar once: METHOD:PUBLISH, with the moment it was made (§3.8.7.2)."""
    return _text((*_head(product), "METHOD:PUBLISH", *_event(event, published_at), "END:VCALENDAR"))


def calendar_feed(events: Iterable[CalendarEvent], product: str, feed: Feed) -> str:
    """All lectures, without a METHOD: then DTSTAMP is the last change (§3.8.7.2), and an unchanged plan is the
    same bytes each time it is asked for."""
    lines = [
        *_head(product),
        "CALSCALE:GREGORIAN",
        f"NAME:{_escape(feed.name)}",
        f"X-WR-CALNAME:{_escape(feed.name)}",  # what most programs read instead of NAME
        "X-WR-TIMEZONE:Asia/Shanghai",
        f"REFRESH-INTERVAL;VALUE=DURATION:PT{feed.refresh_minutes}M",
        f"X-PUBLISHED-TTL:PT{feed.refresh_minutes}M",
    ]
    for event in events:
        lines += _event(event, event.changed_at)
    return _text((*lines, "END:VCALENDAR"))


def _head(product: str) -> tuple[str, ...]:
    return ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{_escape(product)}//ZH")


def _event(event: CalendarEvent, stamp: datetime) -> tuple[str, ...]:
    reminder = () if event.is_cancelled else _reminder(event)
    return (
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{_utc(stamp)}",
        f"LAST-MODIFIED:{_utc(event.changed_at)}",
        f"SEQUENCE:{event.sequence}",
        f"STATUS:{'CANCELLED' if event.is_cancelled else 'CONFIRMED'}",
        f"DTSTART:{_utc(event.starts_at)}",
        f"DTEND:{_utc(event.starts_at + timedelta(minutes=event.minutes))}",
        f"SUMMARY:{_escape(event.title)}",
        f"DESCRIPTION:{_escape(event.text)}",
        f"URL:{event.url}",
        f"LOCATION:{_escape(event.url)}",
        *reminder,
        "END:VEVENT",
    )


def _reminder(event: CalendarEvent) -> tuple[str, ...]:
    return (
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"TRIGGER:-PT{REMIND_MINUTES}M",
        f"DESCRIPTION:{_escape(event.title)}",
        "END:VALARM",
    )


def _text(lines: Iterable[str]) -> str:
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
    if len(line.encode()) <= 75:
        return line
    folded, width = "", 0
    for letter in line:
        octets = len(letter.encode())
        if width + octets > 75:
            folded += "\r\n "
            width = 1
        folded += letter
        width += octets
    return folded
