"""Renditions of one lecture without library, journal or event loop."""

import gzip

from streaming.cuts import CutTable
from streaming.playlist import PlaylistShape
from streaming.rendition import MediaContext, Rendition
from streaming.waking import Waker
from tests.support.feeder import Feeder, make_init
from tests.support.hls_checker import PlaylistWatch, ReadPlaylist

BASE = "../../media/2026-11-2/token/"


class RenditionStage:
    """One rendition unless more are named; `watch` follows the first one's live playlist as a player does."""

    def __init__(self, *names: str, hot_segments: int = 8) -> None:
        self.table = CutTable()
        self.context = MediaContext(BASE, self.table, PlaylistShape(), Waker())
        self.renditions = {
            name: Rendition(name, "e1", self.context, hot_segments=hot_segments)
            for name in names or ("source",)
        }
        self.context.others = lambda one: [other for other in self.renditions.values() if other is not one]
        self.context.closed = self._follow_cuts
        self.feeder = Feeder(self.table, dict(self.renditions))
        self.watch = PlaylistWatch()
        self.configure("a")

    def _follow_cuts(self, closed: Rendition) -> None:
        for other in self.renditions.values():
            other.follow_cuts()

    @property
    def first(self) -> Rendition:
        return next(iter(self.renditions.values()))

    def configure(self, name: str) -> None:
        self.feeder.configure(make_init(name))

    def live(self, *, delta: bool = False) -> str:
        """The first rendition's live playlist; its gzip form must say the same."""
        plain = self.first.live_playlist(delta=delta)
        assert gzip.decompress(self.first.live_playlist(delta=delta, gzipped=True)) == plain
        return plain.decode()

    def load(self) -> ReadPlaylist:
        """As a player does: the full playlist first, delta updates from then on, everything compared."""
        full = self.watch.load(self.live())
        if self.watch.updates > 1:
            self.watch.load(self.live(delta=True))
        return full

    def replay(self) -> str:
        plain = self.first.replay_playlist()
        assert gzip.decompress(self.first.replay_playlist(gzipped=True)) == plain
        return plain.decode()

    def finish(self) -> None:
        self.context.finished = True
        for rendition in self.renditions.values():
            rendition.refresh()
