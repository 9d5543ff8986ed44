"""What every recognition engine is to the house. One is chosen by a setting; it is never changed silently."""

from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from transcripts.speech.words import Segment

SAMPLE_RATE = 16_000
"""Hz of the sound every engine is given."""

Pcm: TypeAlias = NDArray[np.float32]
"""Mono sound of SAMPLE_RATE, from -1 to 1, one dimension."""


@dataclass(frozen=True, slots=True)
class EngineIdentity:
    """engine: its name in the setting. model: the folder's name. sha256: over the model's files; "" without any."""

    engine: str
    model: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Hints:
    """hotwords: what this sound probably speaks of, the most telling first; an engine takes what it has room for."""

    hotwords: tuple[str, ...] = field(default=())


class Engine(Protocol):
    @property
    def identity(self) -> EngineIdentity: ...

    def transcribe(self, pcm: Pcm, hints: Hints) -> list[Segment]:
        """In simplified Chinese, in order, times from the beginning of pcm. Blocks: call it in a thread or process.

        Raises EngineFailed.
        """
        ...

    def close(self) -> None:
        """Give the model's memory back."""
        ...
