"""Whether a draft may be shown to the public: what is wrong with it, and what nobody has looked at."""

import asyncio
from bisect import bisect_left
from collections.abc import Collection, Sequence
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


async def faults_around(
    cues: Sequence[DraftCue], touched: Collection[str], gone_at: Collection[int] = ()
) -> tuple[list[str], list[Fault]]:
    """What the rules say of the touched cues and their neighbours alone: the ids looked at, and the faults.

    gone_at: where cues were taken out, in ms.
    """
    starts = [each.cue.start_ms for each in cues]
    places = {index for index, each in enumerate(cues) if each.id in touched}
    places |= {bisect_left(starts, at) for at in gone_at}
    wanted = {each for place in places for each in (place - 1, place, place + 1) if 0 <= each < len(cues)}
    near = sorted(
        {each for place in wanted for each in (place - 1, place, place + 1) if 0 <= each < len(cues)}
    )
    faults: list[Fault] = []
    for run in _runs(near):
        names = {cues[index].id for index in run if index in wanted}
        faults += [each for each in await faults_of([cues[index] for index in run]) if each.cue in names]
    return [cues[index].id for index in sorted(wanted)], faults


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


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """Ascending numbers, cut where one is left out."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs
