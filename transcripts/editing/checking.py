"""Whether a draft may be shown to the public: what is wrong with it, and what nobody has looked at."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from core.settings import Settings
from transcripts.cues.draft import DraftCue
from transcripts.cues.rules import CueFinding, cue_findings
from transcripts.glossary.services import terms_by_frequency


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule says of a cue. cue: its id."""

    cue: str
    start_ms: int
    level: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """errors keep a draft from being handed over and published; so do held cues. warnings and doubtful cues are
    said, and a person answers for them.
    """

    errors: list[Fault]
    warnings: list[Fault]
    held: list[DraftCue]
    doubtful: list[DraftCue]

    @property
    def is_sound(self) -> bool:
        return not self.errors and not self.held


async def faults_of(cues: Sequence[DraftCue]) -> list[Fault]:
    """In the order of the cues."""
    terms = [term.text for term in await terms_by_frequency()]
    found = await asyncio.to_thread(cue_findings, [each.cue for each in cues], terms)
    return [_fault(cues, each) for each in found]


async def readiness_of(cues: Sequence[DraftCue], settings: Settings) -> Readiness:
    faults = await faults_of(cues)
    return Readiness(
        errors=[each for each in faults if each.level == "error"],
        warnings=[each for each in faults if each.level != "error"],
        held=[each for each in cues if each.held],
        doubtful=[each for each in cues if not each.held and is_doubtful(each, settings)],
    )


def is_doubtful(cue: DraftCue, settings: Settings) -> bool:
    """The machine was not sure, and nobody has found it right since."""
    return cue.prob is not None and cue.prob * 100 < settings.subtitle_doubt_percent


def _fault(cues: Sequence[DraftCue], finding: CueFinding) -> Fault:
    cue = cues[finding.index]
    return Fault(cue.id, cue.cue.start_ms, finding.level, finding.code, finding.message)
