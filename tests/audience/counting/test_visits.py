"""From beacons to visits: the written definition, sentence by sentence."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from audience.counting.definition import FIRST, Definition, definition_on
from audience.counting.visits import LoggedBeacon, Mode, Tally, UnitBy, VisitKey, VisitTally

LECTURE, OTHER = UUID(int=1), UUID(int=2)
BEGIN = datetime(2026, 11, 24, 7, tzinfo=UTC)


def beacon(
    at: float,
    start: float,
    end: float,
    *,
    viewer: str = "a",
    mode: Mode = Mode.LIVE,
    lecture: UUID = LECTURE,
    unit: str | None = None,
    by: UnitBy = UnitBy.NOBODY,
) -> LoggedBeacon:
    return LoggedBeacon(
        VisitKey(lecture, mode, viewer),
        f"{viewer} of the day",
        BEGIN + timedelta(seconds=at),
        ((round(start * 1000), round(end * 1000)),),
        unit,
        by,
    )


def visits(*beacons: LoggedBeacon, definition: Definition = FIRST) -> list[VisitTally]:
    tally = Tally(lambda day: definition)
    for each in beacons:
        tally.take(each)
    return [*tally.drain_over(), *tally.rest()]


def counted(*beacons: LoggedBeacon, definition: Definition = FIRST) -> int:
    return sum(visit.counted_at is not None for visit in visits(*beacons, definition=definition))


def test_a_visit_counts_from_thirty_seconds_of_distinct_media() -> None:
    assert counted(beacon(15, 0, 15), beacon(30, 15, 29.999)) == 0
    assert counted(beacon(15, 0, 15), beacon(30, 15, 30)) == 1


def test_the_same_passage_again_and_again_is_no_more_media() -> None:
    assert counted(*(beacon(15 * step, 0, 15) for step in range(1, 20))) == 0


def test_a_reload_is_the_same_visit() -> None:
    assert len(visits(beacon(15, 0, 15), beacon(40, 15, 30), beacon(60, 0, 20))) == 1


def test_thirty_minutes_without_play_end_a_visit_and_not_a_second_less() -> None:
    assert counted(beacon(0, 0, 30), beacon(1800, 30, 60)) == 1
    assert counted(beacon(0, 0, 30), beacon(1800.001, 30, 60)) == 2


def test_a_beacon_without_play_begins_nothing_and_keeps_nothing_going() -> None:
    assert visits(beacon(0, 5, 5)) == []
    assert counted(beacon(0, 0, 30), beacon(1000, 30, 30), beacon(1801, 30, 60)) == 2


def test_live_and_replay_each_have_their_own_thirty_seconds() -> None:
    assert counted(beacon(15, 0, 20), beacon(30, 20, 40, mode=Mode.REPLAY)) == 0
    assert counted(beacon(15, 0, 30), beacon(30, 0, 30, mode=Mode.REPLAY)) == 2


def test_viewers_and_lectures_are_apart() -> None:
    assert counted(beacon(15, 0, 30), beacon(15, 0, 30, viewer="b"), beacon(15, 0, 30, lecture=OTHER)) == 3


def test_the_unit_is_that_of_the_first_beacon_whatever_link_comes_later() -> None:
    [visit] = visits(
        beacon(15, 0, 15, unit="520013", by=UnitBy.LINK), beacon(30, 15, 30, unit="522701", by=UnitBy.LINK)
    )
    assert (visit.unit, visit.unit_by) == ("520013", UnitBy.LINK)


def test_what_the_viewer_chooses_on_the_page_holds_from_then_on() -> None:
    [visit] = visits(
        beacon(15, 0, 15, unit="520013", by=UnitBy.LINK), beacon(30, 15, 30, unit="522701", by=UnitBy.CHOICE)
    )
    assert (visit.unit, visit.unit_by) == ("522701", UnitBy.CHOICE)


def test_nobody_chooses_away_from_the_unit_they_logged_in_for() -> None:
    [visit] = visits(
        beacon(15, 0, 15, unit="520013", by=UnitBy.LOGIN), beacon(30, 15, 30, unit="522701", by=UnitBy.CHOICE)
    )
    assert visit.unit == "520013"


def test_a_visit_belongs_to_the_day_in_china_on_which_it_began() -> None:
    midnight = datetime(2026, 11, 30, 15, 59, tzinfo=UTC)
    at = (midnight - BEGIN).total_seconds()
    [visit] = visits(beacon(at, 0, 15), beacon(at + 120, 15, 45))
    assert visit.day == date(2026, 11, 30)


def test_the_definition_of_the_day_it_began_holds_for_the_whole_visit() -> None:
    stricter = Definition(2, date(2026, 12, 1), visit_seconds=60)
    versions = [FIRST, stricter]
    assert definition_on(date(2026, 11, 30), versions) is FIRST
    assert definition_on(date(2026, 12, 1), versions) is stricter
    assert definition_on(date(2020, 1, 1), versions) is FIRST
    assert counted(beacon(15, 0, 45), definition=stricter) == 0


def test_each_viewer_is_one_of_a_minute_however_many_beacons() -> None:
    tally = Tally(lambda day: FIRST)
    for at, viewer in ((5, "a"), (20, "a"), (35, "b"), (50, "a"), (65, "a")):
        tally.take(beacon(at, at, at + 15, viewer=viewer))
    assert sorted(tally.minutes.values()) == [1, 2]


def test_replays_are_not_in_the_viewers_of_a_minute() -> None:
    tally = Tally(lambda day: FIRST)
    tally.take(beacon(5, 0, 15, mode=Mode.REPLAY))
    assert not tally.minutes
