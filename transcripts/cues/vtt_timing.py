"""A cue's first line: its times and its settings (webvtt1 §4.1, §4.4)."""

import re
from collections.abc import Iterator

from transcripts.cues.timestamps import MS_OF_HOUR, MS_OF_MINUTE, MS_OF_SECOND

STAMP = re.compile(r"(?:([0-9]{2,}):)?([0-5][0-9]):([0-5][0-9])\.([0-9]{3})")
TIMING = re.compile(
    r"(?P<start>\S+)(?P<before>[ \t]*)-->(?P<after>[ \t]*)(?P<end>\S*)(?P<settings>.*)", re.DOTALL
)
PERCENTAGE = r"(?:100(?:\.0+)?|[0-9]{1,2}(?:\.[0-9]+)?)%"
SETTINGS = {
    "vertical": re.compile(r"rl|lr"),
    "line": re.compile(rf"(?:-?[0-9]+|{PERCENTAGE})(?:,(?:start|center|end))?"),
    "position": re.compile(rf"{PERCENTAGE}(?:,(?:line-left|center|line-right))?"),
    "size": re.compile(PERCENTAGE),
    "align": re.compile(r"start|center|end|left|right"),
    "region": re.compile(r"\S+"),
}
REGION_SETTINGS = {
    "id": re.compile(r"\S+"),
    "width": re.compile(PERCENTAGE),
    "lines": re.compile(r"[0-9]+"),
    "regionanchor": re.compile(rf"{PERCENTAGE},{PERCENTAGE}"),
    "viewportanchor": re.compile(rf"{PERCENTAGE},{PERCENTAGE}"),
    "scroll": re.compile(r"up"),
}


def in_ms(stamp: str) -> int | None:
    """Of `[hh:]mm:ss.ttt`; None where it is not written so."""
    match = STAMP.fullmatch(stamp)
    if match is None or len(match[1] or "") > 9:
        return None
    hours, minutes, seconds, millis = (int(part or 0) for part in match.groups())
    return hours * MS_OF_HOUR + minutes * MS_OF_MINUTE + seconds * MS_OF_SECOND + millis


def stamp_fault(stamp: str) -> str:
    """Why a time is not one, for somebody who has to mend it."""
    if "," in stamp:
        return f"时间 {stamp[:20]} 用了逗号，毫秒前面要用点，例如 00:01:02.500。"
    if re.fullmatch(r"(?:[0-9]+:)?[0-9]{1,2}:[0-9]{1,2}\.[0-9]{3}", stamp):
        return f"时间 {stamp[:20]} 里分和秒要写两位、不超过 59，小时至少写两位。"
    return f"时间 {stamp[:20]} 的写法不对，要像 00:01:02.500 这样，毫秒写三位。"


def setting_faults(text: str, patterns: dict[str, re.Pattern[str]] = SETTINGS) -> Iterator[str]:
    """What is wrong with `name:value name:value`."""
    seen: set[str] = set()
    for setting in text.split():
        name, colon, value = setting.partition(":")
        pattern = patterns.get(name)
        if pattern is None or not colon:
            yield f"不认识的设置 {setting[:30]}。"
        elif name in seen:
            yield f"设置 {name} 写了两次。"
        elif not pattern.fullmatch(value):
            yield f"设置 {name} 的值 {value[:20]!r} 不对。"
        seen.add(name)
