"""What is put before every window of Whisper: a sentence in the style wanted, and as many hotwords as there is room.

Which words, and in what order, is decided by whoever knows the lecture (recognition.hints); how many fit is decided
here, by the model's own tokenizer.
"""

from collections.abc import Callable, Sequence

STYLE = "以下是普通话的句子，用简体字，有标点。"
"""Whisper writes as it is spoken to."""
BETWEEN = "、"
MOST_TOKENS = 200
"""faster-whisper cuts what stands before a window at 223; what is left of 448 is for the words of the window."""


def fill(
    candidates: Sequence[str], count: Callable[[str], int], most: int = MOST_TOKENS, *, style: str = STYLE
) -> tuple[str, ...]:
    """The candidates that fit, in their order, whole words only: one too long makes room for shorter ones behind it.

    count: tokens of a text. `before_window` of the result has at most `most` tokens.
    """
    room = most - count(before_window((), style=style))
    between = count(BETWEEN)
    taken: list[str] = []
    for word in candidates:
        if room <= between:
            break
        need = count(word) + between
        if need <= room:
            room -= need
            taken.append(word)
    # Tokens of a whole text are not always those of its parts.
    while taken and count(before_window(taken, style=style)) > most:
        taken.pop()
    return tuple(taken)


def before_window(words: Sequence[str], *, style: str = STYLE) -> str:
    return f"{style}{BETWEEN.join(words)}"
