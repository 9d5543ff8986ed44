import asyncio
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from streaming.journal_loading import load_journal
from streaming.lecture_index import JOURNAL, PartRecord, segment_path
from tests.support.feeder import DATE, PART
from tests.support.journals import JournalStage, all_parts, assert_whole, copy_of, die


async def record(folder: Path) -> None:
    """A killed lecture: two renditions, two publications, a gap, and an open segment."""
    stage = await JournalStage(folder).open()
    stage.journal.publication_began(1, at=DATE, encoder="OBS")
    stage.feeder.segments(2)
    stage.feeder.open(to=("source",))
    stage.feeder.part(to=("source",))
    stage.feeder.close(to=("source",))
    stage.journal.publication_ended(1, at=DATE + 5, reason="it left")
    stage.journal.publication_began(2, at=DATE + 9, encoder="OBS")
    stage.feeder.publication = 2
    stage.feeder.segment(discontinuity=True)
    stage.feeder.segment()
    stage.feeder.open()
    for _ in range(3):
        stage.feeder.part()
    await stage.journal.flush()
    die(stage.journal)


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("recorded")
    asyncio.run(record(folder))
    return folder


def test_an_empty_folder_is_an_empty_lecture(tmp_path: Path) -> None:
    index = load_journal(tmp_path, repair=True)
    assert (index.end, index.next_msn, index.last_publication) == (0, 0, 0)
    assert index.renditions == {}
    assert list(tmp_path.iterdir()) == []


def test_reading_alone_changes_no_file(recorded: Path, tmp_path: Path) -> None:
    folder = copy_of(recorded, tmp_path / "copy")
    with (folder / JOURNAL).open("ab") as file:
        file.write(b'{"type":"part","rend')
    before = (folder / JOURNAL).read_bytes()
    index = load_journal(folder)
    assert_whole(index)
    assert (folder / JOURNAL).read_bytes() == before


def test_mending_closes_what_was_open_where_the_lecture_ends(recorded: Path, tmp_path: Path) -> None:
    folder = copy_of(recorded, tmp_path / "copy")
    index = load_journal(folder, repair=True)
    assert_whole(index)
    assert index.end == (5 + 5 + 1 + 5 + 5 + 3) * PART
    assert [len(segment.parts) for segment in index.renditions["480p"].segments] == [5, 5, 0, 5, 5, 3]
    assert index.publications[1].reason == "the server stopped"
    assert index.publications[1].ended_at == pytest.approx(DATE + index.end / 90_000)
    again = load_journal(folder, repair=True)
    assert again.recovered == []
    assert again.renditions == index.renditions
    assert again.publications == index.publications


def test_a_rendition_that_lags_behind_gets_gaps_up_to_the_common_end(recorded: Path, tmp_path: Path) -> None:
    folder = copy_of(recorded, tmp_path / "copy")
    lines = (folder / JOURNAL).read_text().splitlines(keepends=True)
    late = [
        line
        for line in lines
        if not ((record := json.loads(line)).get("rendition") == "480p" and record.get("msn", 0) >= 4)
    ]
    (folder / JOURNAL).write_text("".join(late))
    index = load_journal(folder, repair=True)
    assert_whole(index)
    source, rung = (index.renditions[name].segments for name in ("source", "480p"))
    assert [segment.gap for segment in rung] == [False, False, True, False, True, True]
    assert [segment.end for segment in rung] == [segment.end for segment in source]
    assert rung[4].program_date_time == source[4].program_date_time
    assert load_journal(folder, repair=True).recovered == []


def test_a_shed_rendition_is_not_filled_up(recorded: Path, tmp_path: Path) -> None:
    folder = copy_of(recorded, tmp_path / "copy")
    lines = (folder / JOURNAL).read_text().splitlines(keepends=True)
    kept = [
        line
        for line in lines
        if not ((record := json.loads(line)).get("rendition") == "480p" and record.get("msn", 0) >= 4)
    ]
    kept.append('{"type":"shed","rendition":"480p"}\n')
    (folder / JOURNAL).write_text("".join(kept))
    index = load_journal(folder, repair=True)
    assert [segment.msn for segment in index.renditions["480p"].segments] == [0, 1, 2, 3]
    assert index.next_msn == 6


def test_bytes_that_a_power_cut_has_eaten_cost_their_part_and_those_behind_it(
    recorded: Path, tmp_path: Path
) -> None:
    folder = copy_of(recorded, tmp_path / "copy")
    path = segment_path(folder, "source", 5, "e1")
    data = bytearray(path.read_bytes())
    data[1500] ^= 1
    path.write_bytes(data)
    index = load_journal(folder, repair=True)
    assert_whole(index)
    assert len(index.renditions["source"].segments[-1].parts) == 1
    assert len(index.renditions["480p"].segments[-1].parts) == 3
    assert index.end == 24 * PART  # the other rendition has it
    loss = index.losses[0]
    assert (loss.rendition, loss.msn, loss.first_part, loss.parts, loss.size) == ("source", 5, 1, 2, 2000)
    assert load_journal(folder, repair=True).losses == index.losses


def test_a_broken_line_in_the_middle_hurts_nothing_but_what_it_told(recorded: Path, tmp_path: Path) -> None:
    folder = copy_of(recorded, tmp_path / "copy")
    whole = all_parts(load_journal(folder))
    lines = (folder / JOURNAL).read_bytes().splitlines(keepends=True)
    place = next(
        place
        for place, line in enumerate(lines)
        if (record := json.loads(line)).get("msn") == 1 and record.get("part") == 2
    )
    lines[place] = b"\0" * (len(lines[place]) - 1) + b"\n"
    (folder / JOURNAL).write_bytes(b"".join(lines))
    index = load_journal(folder, repair=True)
    assert index.damaged_lines == 1
    assert_whole(index)
    assert set(whole) - set(all_parts(index)) == {("source", 1, 2), ("source", 1, 3), ("source", 1, 4)}


def complete_before(
    folder: Path, journal_size: int, cut: Path | None, size: int
) -> dict[tuple[str, int, int], PartRecord]:
    """The parts whose line and bytes lie wholly before the cuts."""
    kept = {}
    lines = (folder / JOURNAL).read_bytes()[:journal_size].split(b"\n")[:-1]
    told = {
        (record["rendition"], record["msn"], record["part"])
        for record in map(json.loads, lines)
        if record["type"] == "part"
    }
    index = load_journal(folder)
    for key, part in all_parts(index).items():
        name, msn, _ = key
        is_cut = cut is not None and cut == Path(name) / f"{msn}-e1.m4s"
        if key in told and not (is_cut and part.offset + part.length > size):
            kept[key] = part
    return kept


async def test_a_loss_is_told_once_however_often_the_journal_is_mended(tmp_path: Path) -> None:
    stage = await JournalStage(tmp_path).open()
    stage.feeder.segment()
    stage.feeder.open()
    stage.feeder.part()
    await stage.journal.flush()
    die(stage.journal)
    for rendition in ("source", "480p"):
        segment_path(tmp_path, rendition, 1, "e1").write_bytes(b"")  # a power cut: lines without their bytes
    first = load_journal(tmp_path, repair=True)
    size = (tmp_path / JOURNAL).stat().st_size
    again = load_journal(tmp_path, repair=True)
    assert [(loss.rendition, loss.msn) for loss in first.losses] == [("source", 1), ("480p", 1)]
    assert again.losses == first.losses
    assert (tmp_path / JOURNAL).stat().st_size == size


@given(data=st.data())
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_wherever_the_files_are_cut_everything_complete_before_is_there(
    recorded: Path, tmp_path: Path, data: st.DataObject
) -> None:
    folder = copy_of(recorded, tmp_path / "copy")
    journal_size = data.draw(st.integers(0, (folder / JOURNAL).stat().st_size), label="journal")
    files = sorted(path.relative_to(folder) for path in folder.glob("*/*.m4s"))
    cut = data.draw(st.one_of(st.none(), st.sampled_from(files)), label="file")
    size = data.draw(st.integers(0, (folder / cut).stat().st_size), label="size") if cut else 0
    expected = complete_before(folder, journal_size, cut, size)
    with (folder / JOURNAL).open("r+b") as file:
        file.truncate(journal_size)
    if cut is not None:
        with (folder / cut).open("r+b") as file:
            file.truncate(size)
    index = load_journal(folder, repair=True)
    assert all_parts(index) == expected
    assert_whole(index)
    again = load_journal(folder, repair=True)
    assert again.renditions == index.renditions
    assert again.publications == index.publications
    assert again.losses == index.losses
    assert (again.end, again.next_msn) == (index.end, index.next_msn)


@given(garbage=st.binary(max_size=200))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_garbage_behind_the_last_line_is_cut_off(recorded: Path, tmp_path: Path, garbage: bytes) -> None:
    folder = copy_of(recorded, tmp_path / "copy")
    whole = load_journal(folder)
    with (folder / JOURNAL).open("ab") as file:
        file.write(garbage)
    index = load_journal(folder, repair=True)
    assert all_parts(index) == all_parts(whole)
    assert index.end == whole.end
    assert index.damaged_lines == 0
    assert all(json.loads(line) for line in (folder / JOURNAL).read_text().splitlines())


async def test_what_was_left_empty_by_a_killed_process_is_opened_again_by_the_next(tmp_path: Path) -> None:
    stage = await JournalStage(tmp_path, "source").open()
    stage.feeder.segments(2)
    stage.feeder.open()
    await stage.journal.flush()
    die(stage.journal)
    again = await JournalStage(tmp_path, "source").open("e2")
    assert again.index.next_msn == 2
    for start in (0, 5 * PART):
        again.table.cut(start, publication=1)
    again.table.close(again.index.end)
    again.feeder.now = again.index.end
    again.feeder.segment(discontinuity=True)
    await again.journal.aclose()
    index = load_journal(tmp_path)
    assert_whole(index)
    assert [(segment.msn, segment.epoch) for segment in index.renditions["source"].segments] == [
        (0, "e1"),
        (1, "e1"),
        (2, "e2"),
    ]
