"""How times and amounts are written for a Chinese reader. Pure."""

from datetime import date, datetime

from core.clock import CHINA

WEEKDAYS = "一二三四五六日"


def zh_date(moment: datetime | date) -> str:
    """2026年11月24日"""
    day = _local(moment) if isinstance(moment, datetime) else moment
    return f"{day.year}年{day.month}月{day.day}日"


def zh_time(moment: datetime) -> str:
    """15:00"""
    return _local(moment).strftime("%H:%M")


def zh_datetime(moment: datetime) -> str:
    """2026年11月24日 15:00"""
    return f"{zh_date(moment)} {zh_time(moment)}"


def zh_weekday(moment: datetime | date) -> str:
    """周二"""
    day = _local(moment) if isinstance(moment, datetime) else moment
    return f"周{WEEKDAYS[day.weekday()]}"


def zh_duration(seconds: float) -> str:
    """15分钟, 1小时5分, 40秒: as long as it is useful to know."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole}秒"
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        return f"{minutes}分{rest}秒" if rest and minutes < 10 else f"{minutes}分钟"
    hours, rest = divmod(whole, 3600)
    return f"{hours}小时{rest // 60}分" if rest >= 60 else f"{hours}小时"


def clock_duration(seconds: float) -> str:
    """14:58, 1:02:03: as a player shows it."""
    whole = max(0, round(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, last = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{last:02d}" if hours else f"{minutes:02d}:{last:02d}"


def zh_count(amount: int) -> str:
    """9,999 → 9999, 12,345 → 1.2万; for running text, tables show whole numbers."""
    if amount < 10_000:
        return str(amount)
    tens = amount * 10 // 10_000
    return f"{tens // 10}.{tens % 10}万" if tens % 10 else f"{tens // 10}万"


def thousands(amount: int) -> str:
    """28655 → 28,655; for tables, figures and reports."""
    return f"{amount:,}"


def iso(moment: datetime) -> str:
    """For <time datetime>: with the offset of China."""
    return _local(moment).isoformat(timespec="seconds")


def _local(moment: datetime) -> datetime:
    if moment.utcoffset() is None:
        raise ValueError("a moment to show must be aware")
    return moment.astimezone(CHINA)


FILTERS = {
    "zh_date": zh_date,
    "zh_time": zh_time,
    "zh_datetime": zh_datetime,
    "zh_weekday": zh_weekday,
    "zh_duration": zh_duration,
    "clock_duration": clock_duration,
    "zh_count": zh_count,
    "thousands": thousands,
    "iso": iso,
}
