"""What a figure is given and what it gives back."""

import asyncio
import logging
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

Detail = str | int | float | bool | None | list["Detail"] | dict[str, "Detail"]
T = TypeVar("T")
log = logging.getLogger("bench")


@dataclass(frozen=True, slots=True)
class Row:
    """One measured value. target: what is asked of it, None where it stands for comparison."""

    subject: str
    what: str
    value: float
    unit: str
    target: float | None = None
    better: Literal["lower", "higher"] = "lower"
    details: dict[str, Detail] = field(default_factory=dict)

    @property
    def met(self) -> bool | None:
        if self.target is None:
            return None
        return self.value <= self.target if self.better == "lower" else self.value >= self.target


@dataclass(frozen=True, slots=True)
class Bench:
    """How to measure: quick (fewer and shorter runs), and which sides: our server, the peers, or both."""

    quick: bool = False
    ours: bool = True
    peers: bool = True
    soak_minutes: float = 60.0

    def choose(self, full: T, quick: T) -> T:
        return quick if self.quick else full

    @asynccontextmanager
    async def folder(self) -> AsyncIterator[Path]:
        """A temporary folder; what ran in it has ended before it goes."""
        path = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="weiketang-bench-run-"))
        try:
            yield path
        finally:
            await asyncio.to_thread(shutil.rmtree, path, ignore_errors=True)


@dataclass(frozen=True, slots=True)
class Figure:
    """A named measurement; run() gives its rows as they are measured, for all sides."""

    name: str
    title: str
    run: Callable[[Bench], AsyncIterator[Row]]
