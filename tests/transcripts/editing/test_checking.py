"""Whether a draft may be shown, and what the rules say around what was just typed."""

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tortoise.context import TortoiseContext

from core.settings import load_settings
from tests.support.subtitles import SAID, heard
from transcripts.cues.cue import Cue
from transcripts.editing.checking import _runs, faults_around, faults_of, readiness_of

SETTINGS = load_settings()
LONG = "这一行写得比十六个字还要多得多得多了"


async def test_errors_and_held_cues_stop_a_draft_warnings_and_doubts_do_not(
    sqlite_db: TortoiseContext,
) -> None:
    cues = heard(*SAID)
    assert (await readiness_of(cues, SETTINGS)).is_sound
    fast = [replace(cues[0], cue=Cue(0, 900, ("说得实在是太快了听不清",))), *cues[1:]]
    quick = await readiness_of(fast, SETTINGS)
    assert (quick.is_sound, bool(quick.warnings)) == (True, True)
    unsure = [replace(cues[0], prob=0.1), *cues[1:]]
    doubtful = await readiness_of(unsure, SETTINGS)
    assert (doubtful.is_sound, [each.id for each in doubtful.doubtful]) == (True, ["cue0"])
    held = await readiness_of([replace(cues[0], held="静音处的文字"), *cues[1:]], SETTINGS)
    assert (held.is_sound, [each.id for each in held.held], held.doubtful) == (False, ["cue0"], [])
    wide = await readiness_of([replace(cues[0], cue=Cue(0, 2000, (LONG,) * 3)), *cues[1:]], SETTINGS)
    assert not wide.is_sound


@pytest.mark.parametrize("touched", range(4))
async def test_around_a_cue_the_rules_say_what_they_say_of_the_whole(
    sqlite_db: TortoiseContext, touched: int
) -> None:
    cues = heard(*SAID)
    place = cues[touched].cue
    cues[touched] = replace(cues[touched], cue=Cue(place.start_ms, place.end_ms + 500, (LONG,)))
    ids, faults = await faults_around(cues, [f"cue{touched}"])
    assert set(ids) == {f"cue{each}" for each in (touched - 1, touched, touched + 1) if 0 <= each < 4}
    whole = [each for each in await faults_of(cues) if each.cue in ids]
    assert faults == whole
    assert whole


async def test_where_something_was_taken_out_its_neighbours_are_looked_at(sqlite_db: TortoiseContext) -> None:
    cues = heard(*SAID)
    ids, _ = await faults_around([cues[0], cues[1], cues[3]], [], [4000])
    assert ids == ["cue1", "cue3"]


@given(st.sets(st.integers(0, 30)))
def test_runs_are_the_numbers_cut_where_one_is_left_out(numbers: set[int]) -> None:
    ordered = sorted(numbers)
    runs = _runs(ordered)
    assert [each for run in runs for each in run] == ordered
    assert all(run == list(range(run[0], run[-1] + 1)) for run in runs)
    assert all(one[-1] + 1 < other[0] for one, other in pairwise(runs))
