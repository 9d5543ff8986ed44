"""The door through which a lecture is listened to: it hands everything on, whatever the listener does."""

from streaming.segments import Init, Part, SegmentHead
from streaming.sound import SoundDoor
from tests.support.collecting_sink import CollectingSink
from tests.support.feeder import DATE, make_init

HEAD = SegmentHead(0, 0, "a", discontinuity=False, program_date_time=DATE, publication=1)
PART = Part(index=0, start=0, duration=36_000, independent=True, data=b"moof")


class Listener:
    def __init__(self) -> None:
        self.heard: list[Init | Part] = []

    def sound_init(self, init: Init) -> None:
        self.heard.append(init)

    def sound_part(self, part: Part) -> None:
        self.heard.append(part)


class Broken(Listener):
    def sound_part(self, part: Part) -> None:
        raise RuntimeError("out of range")


def test_who_begins_to_listen_in_the_middle_gets_the_configuration_first() -> None:
    door, sink, listener = SoundDoor(), CollectingSink(), Listener()
    passing = door.passing(sink)
    init = make_init(codecs="mp4a.40.2", height=None)
    passing.add_init(init)
    passing.open_segment(HEAD)
    passing.add_part(PART)
    door.listen(listener)
    passing.add_part(PART)
    door.listen(None)
    passing.add_part(PART)
    passing.close_segment(36_000)
    assert listener.heard == [init, PART]


def test_a_listener_that_fails_is_let_go_and_the_lecture_misses_nothing() -> None:
    door, sink, listener = SoundDoor(), CollectingSink(), Broken()
    passing = door.passing(sink)
    door.listen(listener)
    passing.add_init(make_init())
    passing.open_segment(HEAD)
    for _ in range(3):
        passing.add_part(PART)
    assert len(listener.heard) == 1
    assert sink.parts == [PART, PART, PART]
