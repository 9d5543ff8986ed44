"""What a break costs at each place between two glyphs, and what it costs to go on without one.

The weights keep the rules in their order: a break inside an article of law or a number with its unit is worse than
any break inside a term, that is worse than a cue too short to be seen, that worse than one too fast to be read; below
these, pauses, punctuation and the edges of words decide.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from transcripts.cues.glyphs import Glyph, Mark
from transcripts.cues.measure import width
from transcripts.cues.spans import Kind, spans_of
from transcripts.cues.wording import words_of

IN_NUMBER, IN_TERM, AT_SEAM_ACROSS_CUES = 1_000_000.0, 10_000.0, 3_000.0
TOO_SHORT, TOO_FAST = 1_000.0, 100.0
AT_MARK = {Mark.SENTENCE: 0.0, Mark.COMMA: 1.0, Mark.COLON: 2.0, Mark.ENUMERATION: 4.0}
AT_EDGE, IN_WORD = 8.0, 60.0
GOING_ON = {Mark.SENTENCE: 8.0, Mark.COMMA: 1.0}
PAUSE = 0.3
"""Seconds from which a pause counts."""
PAUSE_DRAWS, PAUSE_KEPT = 8.0, 12.0
"""A second's pause before a break, and within a cue."""
IN_CITATION = 20.0
"""Between 》 and 第…条, and between the parts of a date: they may part, if need be."""
NEW_CUE, SECOND_LINE, UNEVEN = 6.0, 4.0, 0.15
BAD_START, BAD_END, GOOD_START = 12.0, 6.0, -3.0


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


PARTICLES = _words("的 了 呢 吗 吧 啊 地 得 着 过 们 等 之 所 上 下 里 中 内 以内 之日起 以上 以下")
"""Seldom the first of a line."""
CLINGING = _words(
    "在 对 把 被 从 向 由 和 与 或 及 以及 或者 并 而 且 是 不 没 没有 未 无 非 应 应当 可 可以 不得 不能 必须 要 会 "
    "能 能够 将 就 都 也 第 这 那 这个 那个 该 其 各 每 因 为 以 于 依 按 按照 根据 依照 依据 跟 给 让 使 我 你 他 "
    "她 它 我们 你们 他们 最 很 更"
)
"""Seldom the last: prepositions, negations, auxiliaries, pronouns."""
CONNECTING = _words(
    "但是 但 因此 所以 如果 并且 而且 或者 以及 其中 例如 比如 同时 另外 然后 那么 因为 虽然 由于 根据 依照 按照 "
    "对于 关于 不过 可是 除了 为了 只要 只有 无论 即使 首先 其次 最后"
)
"""Good first words."""


@dataclass(frozen=True, slots=True)
class Costs:
    """cue[k], line[k]: of a break before glyph k. on[k]: of going on there within a line; pause[k]: within a cue.

    places: where a break may be, with 0 and the end; between two of them lies less than a line and less than 7 s.
    """

    cue: list[float]
    line: list[float]
    on: list[float]
    pause: list[float]
    places: list[int]


def costs_of(glyphs: Sequence[Glyph], terms: Collection[str], *, widest: float, longest: float) -> Costs:
    """widest: of what no break need be offered in, in characters; longest: the same in seconds."""
    count = len(glyphs)
    offsets = [0]
    for glyph in glyphs:
        offsets.append(offsets[-1] + len(glyph.text) + len(glyph.joiner))
    text = "".join(glyph.text + glyph.joiner for glyph in glyphs)
    starting: dict[int, str] = {}
    ending: dict[int, str] = {}
    at = 0
    for word in words_of(text):
        starting[at] = word
        at += len(word)
        ending[at] = word
    place_at = {offset: place for place, offset in enumerate(offsets[:-1])}
    inside: dict[int, tuple[float, float]] = {}
    edges: set[int] = set()
    kinds: dict[int, Kind] = {}
    for span in spans_of(text, terms):
        first = place_at.get(span.start)
        edges |= {place_at[offset] for offset in (span.start, span.end, *span.seams) if offset in place_at}
        seams = {place_at[offset] for offset in span.seams if offset in place_at}
        if span.kind is Kind.NUMBER and first is not None:
            kinds[first] = span.kind
        dear = IN_NUMBER if span.kind is Kind.NUMBER else IN_TERM
        for offset in range(span.start + 1, span.end):
            place = place_at.get(offset)
            if place is None:
                continue
            broken = (AT_SEAM_ACROSS_CUES, 0.0) if place in seams else (dear, dear / 2)
            known = inside.get(place, (0.0, 0.0))
            inside[place] = (max(broken[0], known[0]), max(broken[1], known[1]))

    cue, line, on, pause = ([0.0] * (count + 1) for _ in range(4))
    places = [0]
    for place in range(1, count):
        before, after = glyphs[place - 1], glyphs[place]
        offset = offsets[place]
        is_edge = place in edges or bool(before.joiner) or before.mark is not Mark.NONE or offset in starting
        silence = after.start - before.end
        cost = AT_MARK.get(before.mark, AT_EDGE if is_edge else IN_WORD)
        if before.mark is Mark.NONE:
            cost += BAD_START if starting.get(offset) in PARTICLES else 0.0
            cost += BAD_END if ending.get(offset) in CLINGING else 0.0
            cost += GOOD_START if starting.get(offset) in CONNECTING else 0.0
        if place in kinds and before.mark is Mark.NONE and (before.text[-1] == "》" or place - 1 in inside):
            cost += IN_CITATION
        if silence >= PAUSE:
            cost = max(0.0, cost - PAUSE_DRAWS * min(silence, 1.0))
            pause[place] = PAUSE_KEPT * min(silence, 2.0)
        across, within = inside.get(place, (0.0, 0.0))
        cue[place], line[place] = cost + across, cost / 2 + within
        on[place] = GOING_ON.get(before.mark, 0.0)
        if is_edge:
            places.append(place)
    places.append(count)
    return Costs(cue, line, on, pause, _filled(places, glyphs, widest, longest))


def _filled(places: Sequence[int], glyphs: Sequence[Glyph], widest: float, longest: float) -> list[int]:
    """With every place inside what is wider or longer than asked for."""
    filled = [0]
    for place in places[1:]:
        start = filled[-1]
        wide = sum(width(glyph.text) + width(glyph.joiner) for glyph in glyphs[start:place])
        if place - start > 1 and (wide > widest or glyphs[place - 1].end - glyphs[start].start > longest):
            filled += range(start + 1, place)
        filled.append(place)
    return filled
