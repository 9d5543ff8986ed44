"""An auditor's own count over the exported raw log, written from the definition and from nothing of the platform.

`weiketang audience export-raw … > raw.jsonl`, then `python -m tests.support.by_hand raw.jsonl --from D --to D` prints
what `weiketang report --from D --to D --format json` should say of views. Only Python's own library is used.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

CHINA = timezone(timedelta(hours=8))
VISIT_MS = 30_000
PAUSE = timedelta(minutes=30)


def count(lines: Iterable[str], first: date, last: date) -> dict[str, Any]:
    """Views begun from the first day to the last, by lecture and 收看单位, and the most viewers of one minute.

    lines: in the order of their ids, the days before and after included, since visits run over midnight.
    """
    playing = _playing(lines)
    minutes: defaultdict[str, defaultdict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for (lecture, mode, viewer), beacons in playing.items():
        if mode == "live":
            for beacon in beacons:
                minutes[lecture][beacon["received_at"][:16]].add(viewer)
    views: defaultdict[str, defaultdict[tuple[str | None, str], int]]
    views = defaultdict(lambda: defaultdict(int))
    for (lecture, mode, _), beacons in playing.items():
        for visit in _visits(beacons):
            began = datetime.fromisoformat(visit[0]["received_at"]).astimezone(CHINA).date()
            if first <= began <= last and _distinct_ms(visit) >= VISIT_MS:
                views[lecture][_unit(visit), mode] += 1
    lectures: dict[str, dict[str, Any]] = {
        lecture: {
            "live": sum(number for (_, mode), number in by_unit.items() if mode == "live"),
            "replay": sum(number for (_, mode), number in by_unit.items() if mode == "replay"),
            "units": {
                str(unit): {mode: by_unit[unit, mode] for mode in ("live", "replay")}
                for unit in sorted({unit for unit, _ in list(by_unit)}, key=str)
            },
            "peak": max(map(len, minutes[lecture].values()), default=0),
        }
        for lecture, by_unit in sorted(views.items())
    }
    live = sum(lecture["live"] for lecture in lectures.values())
    replay = sum(lecture["replay"] for lecture in lectures.values())
    return {"lectures": lectures, "totals": {"live": live, "replay": replay, "online": live + replay}}


def day_viewers(lines: Iterable[str]) -> dict[date, int]:
    """收看人数（估算）: browsers with a view begun on the day, over all lectures."""
    days: defaultdict[date, set[str]] = defaultdict(set)
    for beacons in _playing(lines).values():
        for visit in _visits(beacons):
            if _distinct_ms(visit) >= VISIT_MS:
                began = datetime.fromisoformat(visit[0]["received_at"]).astimezone(CHINA).date()
                days[began].add(visit[0]["day_viewer"])
    return {day: len(viewers) for day, viewers in days.items()}


def told(report: dict[str, Any]) -> dict[str, Any]:
    """The same of a report of the platform: what of it an auditor can count from the log."""
    totals = report["totals"]
    return {
        "lectures": {
            lecture["number"]: {
                "live": lecture["live"],
                "replay": lecture["replay"],
                "units": {
                    str(unit["unit"]): {"live": unit["live"], "replay": unit["replay"]}
                    for unit in sorted(lecture["units"], key=lambda unit: str(unit["unit"]))
                    if unit["live"] or unit["replay"]
                },
                "peak": lecture["peak"],
            }
            for lecture in sorted(report["lectures"], key=lambda lecture: lecture["number"])
            if lecture["live"] or lecture["replay"]
        },
        "totals": {name: totals[name] for name in ("live", "replay", "online")},
    }


def _playing(lines: Iterable[str]) -> dict[tuple[str, str, str], list[dict[str, Any]]]:
    """What counts and tells of play, by lecture, mode and viewer."""
    playing: defaultdict[tuple[str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for line in map(json.loads, lines):
        if not line["excluded"] and any(until > since for since, until in line["ranges_ms"]):
            playing[line["broadcast"], line["mode"], line["viewer"]].append(line)
    return playing


def _visits(beacons: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """A new one starts when more than thirty minutes have passed without play."""
    visits: list[list[dict[str, Any]]] = []
    played_at = datetime.min.replace(tzinfo=CHINA)
    for beacon in beacons:
        at = datetime.fromisoformat(beacon["received_at"])
        if not visits or at - played_at > PAUSE:
            visits.append([])
        visits[-1].append(beacon)
        played_at = max(played_at, at)
    return visits


def _distinct_ms(visit: Sequence[dict[str, Any]]) -> int:
    """Media time that was played at least once: by sweeping over where ranges begin and end."""
    edges = sorted(
        edge for beacon in visit for since, until in beacon["ranges_ms"] for edge in ((since, 1), (until, -1))
    )
    depth, last, played = 0, 0, 0
    for at, step in edges:
        if depth > 0:
            played += at - last
        depth, last = depth + step, at
    return played


def _unit(visit: Sequence[dict[str, Any]]) -> str | None:
    """Of the visit's first beacon; a choice on the page holds from then on, unless somebody is logged in."""
    unit, by = visit[0]["unit"], visit[0]["unit_by"]
    for beacon in visit[1:]:
        if beacon["unit_by"] == "choice" and by != "login":
            unit, by = beacon["unit"], "choice"
    answer: str | None = unit
    return answer


def main() -> None:
    parser = argparse.ArgumentParser(description="Count views over an exported raw log.")
    parser.add_argument("raw", type=Path)
    parser.add_argument("--from", dest="first", type=date.fromisoformat, required=True)
    parser.add_argument("--to", dest="last", type=date.fromisoformat, required=True)
    asked = parser.parse_args()
    counted = count(asked.raw.read_text("utf-8").splitlines(), asked.first, asked.last)
    print(json.dumps(counted, ensure_ascii=False, indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
