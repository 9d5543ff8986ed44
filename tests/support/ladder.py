"""Ladders small enough for tests: real encoders, real control, rungs of a few thousand pixels."""

from streaming.ffmpeg import Capabilities
from streaming.ladder import Rung, SourceInfo
from streaming.ladder_command import VideoEncoder
from streaming.rungs import EncodingCapacity
from streaming.samples import VideoCodec
from tests.support.encoding import PROGRAM, RUNGS, small_rung

STAND_IN = small_rung("1080p", 192, 108)


class SmallLadder(EncodingCapacity):
    """A machine that carries two small rungs, `720p` and `480p`, of whatever comes, and a stand-in beside them."""

    def __init__(self, path: str = PROGRAM.path, rungs: tuple[Rung, ...] = tuple(RUNGS)) -> None:
        super().__init__(Capabilities(path, (VideoEncoder.X264,), frozenset(VideoCodec), 2.0))
        self._rungs = rungs

    def choose(self, user: object, source: SourceInfo, setting: str, *, fewer: int = 0) -> list[Rung]:
        return list(self._rungs[fewer:])

    def add_stand_in(self, user: object, source: SourceInfo, beside: list[Rung]) -> Rung | None:
        return STAND_IN
