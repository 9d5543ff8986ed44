"""The report for machines, exactly as `weiketang report --format json` and `/api/v1/statistics` give it."""

from typing import Any

from audience.figures.report import LectureFigures, Report, UnitFigures
from core.clock import CHINA


def report_json(report: Report) -> dict[str, Any]:
    """社会公众 is the unit null. Times have China's offset."""
    total = report.total
    return {
        "from": report.period.first.isoformat(),
        "to": report.period.last.isoformat(),
        "definition": report.definition.version,
        "sealed": report.sealed,
        "lectures": [_lecture(lecture) for lecture in report.lectures],
        "totals": {
            "lectures": report.live_lectures,
            "live": total.live,
            "replay": total.replay,
            "online": total.online,
            "group_sessions": total.group_sessions,
            "group_people": total.group_people,
        },
    }


def _lecture(lecture: LectureFigures) -> dict[str, Any]:
    total = lecture.total
    return {
        "number": lecture.number,
        "host": lecture.host,
        "start": lecture.start.astimezone(CHINA).isoformat(timespec="seconds") if lecture.start else None,
        "live": total.live,
        "replay": total.replay,
        "peak": lecture.peak,
        "units": [_unit(unit) for unit in lecture.units],
    }


def _unit(figures: UnitFigures) -> dict[str, Any]:
    return {
        "unit": figures.unit,
        "live": figures.live,
        "replay": figures.replay,
        "group_sessions": figures.group_sessions,
        "group_people": figures.group_people,
    }
