"""Words as a recogniser says them: a character each, at a steady pace, with pauses at punctuation."""

from collections.abc import Sequence

from transcripts.cues.cue import Cue
from transcripts.cues.measure import LONGEST_MS, MOST_LINES, MOST_WIDTH, width
from transcripts.speech.words import Word

PAUSES = {"。": 0.6, "？": 0.6, "！": 0.6, "，": 0.25, "；": 0.4, "：": 0.3, "、": 0.1}


def spoken(text: str, *, pace: float = 5.0, start: float = 0.0) -> list[Word]:
    """pace: characters a second. Punctuation stands with the word before it, as recognisers write it."""
    words: list[Word] = []
    clock = start
    for letter in text:
        if letter in PAUSES:
            if words:
                last = words[-1]
                words[-1] = Word(last.text + letter, last.start, last.end, last.prob)
            clock += PAUSES[letter]
            continue
        words.append(Word(letter, clock, clock + 1 / pace, 0.9))
        clock += 1 / pace
    return words


def assert_hard_rules(cues: Sequence[Cue]) -> None:
    """Order, no overlap, lines and width and time: what holds whatever the words were."""
    latest = 0
    for cue in cues:
        assert cue.start_ms >= latest
        assert 0 < cue.end_ms - cue.start_ms <= LONGEST_MS
        assert 1 <= len(cue.lines) <= MOST_LINES
        for line in cue.lines:
            assert line == line.strip()
            assert line
            assert width(line) <= MOST_WIDTH, line
        latest = cue.end_ms
