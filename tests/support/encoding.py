"""Encoders for tests: small rungs, and everything that comes out of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from streaming.encoder import Encoder, EncoderCallbacks
from streaming.encoder_queue import QueueLimits
from streaming.ffmpeg import ffmpeg_path
from streaming.ladder import Rung, SourceInfo
from streaming.ladder_command import EncoderProgram, VideoEncoder
from streaming.samples import MediaUnit, VideoConfig, VideoSample

PROGRAM = EncoderProgram(ffmpeg_path(), VideoEncoder.X264, 2)
UNLIMITED = QueueLimits(seconds=1e6, bytes=1 << 40)


def small_rung(name: str, width: int = 160, height: int = 90) -> Rung:
    return Rung(name, width, height, 100_000, 120_000, 120_000, "3.0", "high", "avc1.64001e")


RUNGS = [small_rung("720p"), small_rung("480p", 96, 54)]


@dataclass(slots=True)
class Outcome:
    """What an encoder has delivered and reported so far."""

    units: dict[str, list[MediaUnit]] = field(default_factory=dict)
    left_out: list[int] = field(default_factory=list)
    overloads: int = 0
    exits: list[tuple[int, list[str]]] = field(default_factory=list)
    on_unit: Callable[[], None] = lambda: None

    def callbacks(self) -> EncoderCallbacks:
        return EncoderCallbacks(
            unit=self._unit,
            left_out=self.left_out.append,
            overloaded=self._overloaded,
            exited=lambda status, lines: self.exits.append((status, lines)),
        )

    def samples(self, rung: str) -> list[VideoSample]:
        return [unit for unit in self.units.get(rung, []) if isinstance(unit, VideoSample)]

    def configs(self, rung: str) -> list[VideoConfig]:
        return [unit for unit in self.units.get(rung, []) if isinstance(unit, VideoConfig)]

    def _unit(self, rung: str, unit: MediaUnit) -> None:
        self.units.setdefault(rung, []).append(unit)
        self.on_unit()

    def _overloaded(self) -> None:
        self.overloads += 1


def make_encoder(
    config: VideoConfig,
    outcome: Outcome,
    *,
    rungs: Sequence[Rung] = tuple(RUNGS),
    grid_frames: int = 60,
    limits: QueueLimits = UNLIMITED,
    program: EncoderProgram = PROGRAM,
    drain_seconds: float = 60.0,
) -> Encoder:
    return Encoder(
        program,
        config,
        SourceInfo.of(config),
        rungs,
        outcome.callbacks(),
        grid_frames=grid_frames,
        limits=limits,
        drain_seconds=drain_seconds,
    )


async def encode(config: VideoConfig, samples: Sequence[VideoSample], *, grid_frames: int = 60) -> Outcome:
    """All that two small rungs make of these pictures, fed as fast as they are taken."""
    outcome = Outcome()
    encoder = make_encoder(config, outcome, grid_frames=grid_frames)
    await encoder.start()
    for sample in samples:
        encoder.feed(sample)
    await encoder.drain()
    return outcome
