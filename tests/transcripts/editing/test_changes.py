"""What was typed, cut, joined and taken out, applied to a draft; and what nobody may send."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Invalid
from tests.support.subtitles import heard
from transcripts.cues.cue import Cue
from transcripts.cues.draft import DraftCue
from transcripts.editing.changes import LAST_MS, LONGEST_LINE, MOST_LINES, SURE, Changes, CueChange, apply

DRAFT = heard("各位听众大家好", "今天讲行政负义法", "谢谢大家")


def change(name: str, text: str, start: int = 0, end: int = 2000, *sources: str) -> CueChange:
    return CueChange(name, start, end, tuple(text.split("/")), sources)


def after(*changes: CueChange, **more: tuple[str, ...]) -> list[DraftCue]:
    return apply(DRAFT, Changes(cues=changes, **more), most=100)


def test_what_a_person_typed_is_the_persons() -> None:
    cue = after(change("cue1", "今天讲行政复议法", 2000, 4000))[1]
    assert (cue.cue.text, cue.prob, cue.engine) == ("今天讲行政复议法", None, "")


def test_what_is_only_moved_or_broken_into_lines_stays_the_machines() -> None:
    cue = after(change("cue1", "今天讲/行政负义法", 2100, 3900))[1]
    assert (cue.cue, cue.prob, cue.engine) == (Cue(2100, 3900, ("今天讲", "行政负义法")), 0.9, "whisper")


def test_both_halves_of_a_cue_are_the_machines_and_so_are_two_that_are_joined() -> None:
    halves = after(
        change("cue1", "今天讲", 2000, 3000, "cue1"), change("new", "行政负义法", 3000, 4000, "cue1")
    )
    assert [(each.cue.text, each.engine) for each in halves[1:3]] == [
        ("今天讲", "whisper"),
        ("行政负义法", "whisper"),
    ]
    sure = [replace(each, prob=prob) for each, prob in zip(DRAFT, (0.9, 0.4, 0.8), strict=True)]
    joined = apply(
        sure,
        Changes(
            cues=(change("cue0", "各位听众大家好/今天讲行政负义法", 0, 4000, "cue0", "cue1"),),
            removed=("cue1",),
        ),
        most=100,
    )
    assert [(each.id, each.prob) for each in joined] == [("cue0", 0.4), ("cue2", 0.8)]


def test_what_is_joined_with_something_held_is_held() -> None:
    held = [DRAFT[0], replace(DRAFT[1], held="静音处的文字", prob=None), DRAFT[2]]
    change_ = change("cue0", "各位听众大家好今天讲行政负义法", 0, 4000, "cue0", "cue1")
    joined = apply(held, Changes(cues=(change_,), removed=("cue1",)), most=100)
    assert joined[0].held == "静音处的文字"


def test_what_was_typed_and_undone_is_the_machines_again() -> None:
    typed = after(change("cue1", "别的话", 2000, 4000))
    machine = {each.id: each for each in DRAFT}
    undone = apply(
        typed, Changes(cues=(change("cue1", "今天讲行政负义法", 2000, 4000),)), heard=machine, most=100
    )
    assert undone == DRAFT


def test_whoever_found_it_right_answers_for_it() -> None:
    held = [DRAFT[0], replace(DRAFT[1], held="静音处的文字", prob=None), DRAFT[2]]
    looked = apply(held, Changes(looked=("cue1", "cue2", "no-such")), most=100)
    assert [(each.held, each.prob) for each in looked] == [("", 0.9), ("", None), ("", SURE)]


def test_whoever_takes_that_back_leaves_it_to_be_looked_at_again() -> None:
    held = [DRAFT[0], replace(DRAFT[1], held="静音处的文字", prob=None), replace(DRAFT[2], prob=0.3)]
    machine = {each.id: each for each in held}
    looked = apply(held, Changes(looked=("cue1", "cue2")), most=100)
    undone = apply(looked, Changes(unlooked=("cue1", "cue2", "no-such")), heard=machine, most=100)
    assert undone == held
    typed = apply(held, Changes(cues=(change("cue1", "人写的", 2000, 4000),)), most=100)
    assert apply(typed, Changes(unlooked=("cue1",)), heard=machine, most=100) == typed


def test_lines_lose_their_blanks_and_empty_ones_go() -> None:
    cue = after(change("cue1", "　今天　讲  法 //", 2000, 4000))[1]
    assert cue.cue.lines == ("今天 讲 法",)


REFUSED = {
    "the same cue twice": (change("a", "一"), change("a", "二")),
    "before the beginning": (change("a", "一", -1, 5),),
    "after a day": (change("a", "一", 0, LAST_MS + 1),),
    "too many lines": (change("a", "/".join("一" * (MOST_LINES + 1))),),
    "too long a line": (change("a", "一" * (LONGEST_LINE + 1)),),
    "control characters": (change("a", "a\x07b"),),
    "direction marks": (change("a", "a\u202eb"),),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_nobody_may_send_is_refused(name: str) -> None:
    with pytest.raises(Invalid):
        after(*REFUSED[name])


def test_more_than_a_lecture_may_have_are_refused() -> None:
    with pytest.raises(Invalid, match="最多 3 条"):
        apply(DRAFT, Changes(cues=(change("new", "一"),)), most=3)


times = st.integers(0, LAST_MS)
names = st.sampled_from(["cue0", "cue1", "cue2", "x", "y"])
lines = st.lists(st.text("一二三 ab", max_size=8), max_size=3).map(tuple)
changes = st.builds(
    Changes,
    cues=st.lists(
        st.builds(CueChange, names, times, times, lines, st.lists(names, max_size=3).map(tuple)),
        max_size=5,
        unique_by=lambda each: each.id,
    ).map(tuple),
    removed=st.lists(names, max_size=3).map(tuple),
    looked=st.lists(names, max_size=3).map(tuple),
    unlooked=st.lists(names, max_size=3).map(tuple),
)


def plain(lines: tuple[str, ...]) -> str:
    return "".join("".join(lines).split())


@given(changes)
def test_whatever_is_sent_ids_stay_unique_and_cues_in_order(sent: Changes) -> None:
    found = apply(DRAFT, sent, most=100)
    assert len({each.id for each in found}) == len(found)
    starts = [each.cue.start_ms for each in found]
    assert starts == sorted(starts)
    wanted = ({each.id for each in DRAFT} | {each.id for each in sent.cues}) - set(sent.removed)
    assert {each.id for each in found} == wanted
    for each in sent.cues:
        if each.id in wanted:
            kept = next(cue for cue in found if cue.id == each.id)
            assert plain(kept.cue.lines) == plain(each.lines)
    apply(found, sent, most=100)  # the same once more is no fault
