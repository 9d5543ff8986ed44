"""The definition of what is counted, each version with the day it holds from. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Definition:
    """visit_seconds: of distinct media that make a visit (人次). pause_minutes: of server time without play that
    end it. live_minutes: on the air that make a lecture count as 直播普法.
    """

    version: int
    valid_from: date
    visit_seconds: int = 30
    pause_minutes: int = 30
    live_minutes: int = 5

    @property
    def pause(self) -> timedelta:
        return timedelta(minutes=self.pause_minutes)


FIRST = Definition(version=1, valid_from=date(2022, 1, 1))
"""What holds until the bureau decides otherwise."""


def definition_on(day: date, versions: Sequence[Definition]) -> Definition:
    """What holds on a day (of China): the latest version valid by then; before all of them, the first."""
    holding = [version for version in versions if version.valid_from <= day]
    if not holding:
        return min(versions, key=lambda version: version.valid_from, default=FIRST)
    return max(holding, key=lambda version: (version.valid_from, version.version))


def versions_within(first: date, last: date, versions: Sequence[Definition]) -> set[int]:
    """Of the definitions that held on any of these days, both included."""
    began = {each.version for each in versions if first < each.valid_from <= last}
    return began | {definition_on(first, versions).version}
