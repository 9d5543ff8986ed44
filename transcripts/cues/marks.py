"""What exports say of themselves (人工智能生成合成内容标识办法): who made it, and whether people have read it."""

from collections.abc import Iterable

from transcripts.cues.draft import DraftCue

CHECKED = "自动生成，已人工校对"
UNCHECKED = "自动生成，未校对"
HAND_MADE_CHECKED = "人工制作，已校对"
HAND_MADE_UNCHECKED = "人工制作，未校对"
MARKS = (CHECKED, UNCHECKED, HAND_MADE_CHECKED, HAND_MADE_UNCHECKED)


def mark_of(cues: Iterable[DraftCue], *, is_checked: bool) -> str:
    """One cue by a machine makes all of it 自动生成, also when people have changed it since."""
    if any(each.engine for each in cues):
        return CHECKED if is_checked else UNCHECKED
    return HAND_MADE_CHECKED if is_checked else HAND_MADE_UNCHECKED
