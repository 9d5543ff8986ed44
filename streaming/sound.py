"""A door through which the sound of a lecture on the air can be listened to, as its audio rendition gets it."""

from collections.abc import Callable
from typing import Protocol

import structlog

from streaming.segments import Init, Part, RenditionSink, SegmentHead

log = structlog.get_logger()


class SoundTap(Protocol):
    """Who listens. Calls never wait: what is announced to viewers must not depend on it."""

    def sound_init(self, init: Init) -> None:
        """The decoder configuration of the parts to come: first of all, and whenever it changes."""
        ...

    def sound_part(self, part: Part) -> None:
        """A fragment with sound alone; times in ticks of lecture time."""
        ...


class SoundDoor:
    """One per lecture, over all its runs. At most one listens."""

    def __init__(self) -> None:
        self._tap: SoundTap | None = None
        self._init: Init | None = None

    def listen(self, tap: SoundTap | None) -> None:
        self._tap = tap
        if tap is not None and self._init is not None:
            tap.sound_init(self._init)

    def passing(self, sink: RenditionSink) -> RenditionSink:
        """A sink that hands everything on to sink, and lets the listener hear it."""
        return _Passing(sink, self)

    def init(self, init: Init) -> None:
        self._init = init
        self._tell(lambda tap: tap.sound_init(init))

    def part(self, part: Part) -> None:
        self._tell(lambda tap: tap.sound_part(part))

    def _tell(self, what: Callable[[SoundTap], None]) -> None:
        """A listener that fails is let go: the lecture goes on without it."""
        if self._tap is None:
            return
        try:
            what(self._tap)
        except Exception:
            self._tap = None
            log.exception("sound.listener_failed")


class _Passing:
    def __init__(self, sink: RenditionSink, door: SoundDoor) -> None:
        self._sink = sink
        self._door = door

    def add_init(self, init: Init) -> None:
        self._sink.add_init(init)
        self._door.init(init)

    def open_segment(self, head: SegmentHead) -> None:
        self._sink.open_segment(head)

    def add_part(self, part: Part) -> None:
        self._sink.add_part(part)
        self._door.part(part)

    def close_segment(self, end: int) -> None:
        self._sink.close_segment(end)
