"""What somebody changed in a list of cues, applied to it: typed, split, joined, moved, put in, taken out. Pure.

Splitting, joining and shifting are made where they are seen, in the page; what arrives here is their outcome, cue by
cue. So the second of two people can be told exactly which cues both of them touched.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from core.errors import Invalid
from transcripts.cues.cue import Cue
from transcripts.cues.draft import DraftCue

LONGEST_LINE = 200
MOST_LINES = 6
LAST_MS = 24 * 3600 * 1000
SURE = 1.0
"""prob of a cue of the machine that a person has looked at and found right."""


@dataclass(frozen=True, slots=True)
class CueChange:
    """A cue as it is now. sources: the cues it was split from or joined of, when it is not simply itself."""

    id: str
    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """looked: ids of cues that a person found right as they stand, held ones too. unlooked: of those they did not
    find right after all.
    """

    cues: tuple[CueChange, ...] = ()
    removed: tuple[str, ...] = ()
    looked: tuple[str, ...] = ()
    unlooked: tuple[str, ...] = ()

    @property
    def touched(self) -> frozenset[str]:
        return frozenset((*(each.id for each in self.cues), *self.removed, *self.looked, *self.unlooked))


def apply(
    cues: Sequence[DraftCue],
    changes: Changes,
    *,
    heard: Mapping[str, DraftCue] | None = None,
    most: int,
) -> list[DraftCue]:
    """The cues after the changes, by their start. In removed, looked and unlooked, ids that are not there (any more)
    are passed over. heard: the machine's own cues by id, so that what is undone is the machine's again. most: cues
    at most.

    Raises Invalid.
    """
    before = {each.id: each for each in cues}
    after = dict(before)
    tidied = [_tidied(change) for change in changes.cues]
    _check(tidied)
    for change in tidied:
        after[change.id] = _changed(change, before, heard or {})
    for gone in changes.removed:
        after.pop(gone, None)
    for seen in changes.looked:
        if seen in after:
            cue = after[seen]
            after[seen] = replace(cue, held="", prob=None if cue.prob is None else SURE)
    for doubted in changes.unlooked:
        machine = (heard or {}).get(doubted)
        if machine is not None and doubted in after and _letters(after[doubted].cue) == _letters(machine.cue):
            after[doubted] = replace(machine, cue=after[doubted].cue)
    if len(after) > most:
        raise Invalid({"cues": f"一期最多 {most} 条字幕，请合并一些。"})
    return sorted(after.values(), key=lambda each: (each.cue.start_ms, each.cue.end_ms))


def _changed(change: CueChange, before: Mapping[str, DraftCue], heard: Mapping[str, DraftCue]) -> DraftCue:
    """Words that the machine said stay the machine's, wherever they are cut; what a person typed is the person's."""
    cue = Cue(change.start_ms, change.end_ms, change.lines)
    names = change.sources or (change.id,)
    sources = [before[name] for name in names if name in before]
    text = _letters(cue)
    if sources and text in "".join(_letters(each.cue) for each in sources):
        return _of(change.id, cue, sources)
    machine = heard.get(change.id)
    if machine is not None and _letters(machine.cue) == text:
        return replace(machine, cue=cue)
    return DraftCue(change.id, cue)


def _tidied(change: CueChange) -> CueChange:
    """Without empty lines, and with single plain spaces: people type full-width ones."""
    lines = (" ".join(line.split()) for line in change.lines)
    return replace(change, lines=tuple(filter(None, lines)))


def _of(name: str, cue: Cue, sources: Sequence[DraftCue]) -> DraftCue:
    """Cut out of these cues or put together of them: as sure as the least sure, held when one is held."""
    probs = [each.prob for each in sources if each.prob is not None]
    machine = next((each for each in sources if each.engine), sources[0])
    return DraftCue(
        name,
        cue,
        prob=min(probs, default=None),
        engine=machine.engine,
        model=machine.model,
        sha256=machine.sha256,
        held=next((each.held for each in sources if each.held), ""),
    )


def _letters(cue: Cue) -> str:
    return "".join("".join(cue.lines).split())


def _check(changes: Iterable[CueChange]) -> None:
    names: set[str] = set()
    for change in changes:
        if change.id in names:
            raise Invalid({"cues": "同一条字幕在一次保存里出现了两次。"})
        names.add(change.id)
        if not 0 <= change.start_ms <= LAST_MS or not 0 <= change.end_ms <= LAST_MS:
            raise Invalid({"cues": "字幕的时间要在 0 到 24 小时之间。"})
        if len(change.lines) > MOST_LINES or any(len(line) > LONGEST_LINE for line in change.lines):
            raise Invalid(
                {"cues": f"一条字幕最多 {MOST_LINES} 行，一行最多 {LONGEST_LINE} 个字，请拆成几条。"}
            )
        if not all(line.isprintable() for line in change.lines):
            raise Invalid({"cues": "字幕里有看不见的控制字符，请删掉后再存。"})
