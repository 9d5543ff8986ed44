from pathlib import Path

import pytest

from streaming.lecture_index import (
    LectureIndex,
    LossRecord,
    PartRecord,
    PublicationRecord,
    RenditionIndex,
    SegmentRecord,
)
from streaming.segments import TICKS_PER_SECOND
from vod.receipt import FileFinding, FileState, Findings, ProblemKind, make_receipt

TWO_SECONDS = 2 * TICKS_PER_SECOND


def segment(msn: int, *, gap: bool = False, publication: int = 1) -> SegmentRecord:
    start = msn * TWO_SECONDS
    parts = [] if gap else [PartRecord(0, 500, start, TWO_SECONDS, True, "0" * 64)]
    return SegmentRecord(
        msn=msn,
        epoch="e1",
        start=start,
        init_id="a",
        discontinuity=False,
        program_date_time=1000.0 + msn * 2,
        publication=publication,
        gap=gap,
        end=start + TWO_SECONDS,
        synced=True,
        parts=parts,
    )


def lecture(*, source: str = "mmmmm", rung: str = "mmmmm", on_air: float = 10.0) -> LectureIndex:
    """A lecture of two renditions; m: a segment of 2 s with media, g: a gap."""
    index = LectureIndex("2026-11-2", Path("nowhere"))
    for name, pattern in (("source", source), ("480p", rung)):
        index.renditions[name] = RenditionIndex(
            name, segments=[segment(msn, gap=letter == "g") for msn, letter in enumerate(pattern)]
        )
    index.publications.append(PublicationRecord(1, 1000.0, "OBS", 1000.0 + on_air, "it left"))
    return index


def found(index: LectureIndex) -> Findings:
    return Findings(
        {
            (name, one.msn): FileFinding(FileState.WHOLE, f"{name}{one.msn}")
            for name, rendition in index.renditions.items()
            for one in rendition.segments
            if not one.gap
        },
        frozenset(),
    )


def problems(index: LectureIndex) -> list[tuple[ProblemKind, str | None, float]]:
    receipt = make_receipt(index, found(index))
    return [(one.kind, one.rendition, one.seconds) for one in receipt.problems]


def test_a_whole_lecture_has_a_clean_receipt() -> None:
    index = lecture()
    receipt = make_receipt(index, found(index))
    assert receipt.is_clean
    assert (receipt.expected_seconds, receipt.received_seconds) == (10.0, 10.0)
    source = receipt.renditions[0]
    assert (source.name, source.received_seconds, source.gaps) == ("source", 10.0, [])
    first = source.segments[1]
    assert (first.msn, first.start, first.seconds, first.size) == (1, 2.0, 2.0, 500)
    assert (first.sha256, first.state) == ("source1", FileState.WHOLE)


def test_a_moment_that_one_rendition_has_is_no_gap_of_the_lecture() -> None:
    index = lecture(source="mmgmm", rung="mmmmm")
    assert problems(index) == [(ProblemKind.INCOMPLETE_RENDITION, "source", 2.0)]
    assert make_receipt(index, found(index)).received_seconds == 10.0


def test_a_moment_that_no_rendition_has_is_a_gap() -> None:
    index = lecture(source="mggmm", rung="mggmm", on_air=6.0)
    assert problems(index) == [(ProblemKind.GAP, None, 4.0)]
    receipt = make_receipt(index, found(index))
    gap = receipt.renditions[0].gaps[0]
    assert (gap.first_msn, gap.last_msn, gap.start, gap.seconds) == (1, 2, 2.0, 4.0)
    assert receipt.received_seconds == 6.0


@pytest.mark.parametrize(("on_air", "is_problem"), [(11.9, False), (12.1, True), (8.0, False)])
def test_less_media_than_time_on_the_air_is_a_shortfall(on_air: float, is_problem: bool) -> None:
    kinds = [kind for kind, _, _ in problems(lecture(on_air=on_air))]
    assert kinds == ([ProblemKind.SHORTFALL] if is_problem else [])


def test_each_publication_is_held_against_its_own_time() -> None:
    index = lecture(on_air=4.0)
    for rendition in index.renditions.values():
        for one in rendition.segments[2:]:
            one.publication = 2
    index.publications.append(PublicationRecord(2, 1100.0, "ffmpeg", 1120.0, "it left"))
    receipt = make_receipt(index, found(index))
    assert [(one.expected_seconds, one.received_seconds) for one in receipt.publications] == [
        (4.0, 4.0),
        (20.0, 6.0),
    ]
    assert [(one.kind, one.seconds) for one in receipt.problems] == [(ProblemKind.SHORTFALL, 14.0)]


def test_what_was_given_up_is_told() -> None:
    index = lecture()
    index.losses.append(LossRecord("source", 3, 2, 3, 12_345, TICKS_PER_SECOND))
    assert problems(index) == [(ProblemKind.LOST, "source", 1.0)]


def test_bad_files_init_sections_and_lines_are_told() -> None:
    index = lecture()
    index.damaged_lines = 2
    findings = Findings(
        {**found(index).segments, ("480p", 3): FileFinding(FileState.CHANGED, "other")}, frozenset({"a"})
    )
    receipt = make_receipt(index, findings)
    assert [one.kind for one in receipt.problems] == [
        ProblemKind.BAD_FILE,
        ProblemKind.BAD_INIT,
        ProblemKind.DAMAGED_JOURNAL,
    ]
    assert receipt.renditions[1].segments[3].state is FileState.CHANGED


def test_a_shed_rendition_is_told_with_what_it_lacks() -> None:
    index = lecture(rung="mm")
    index.renditions["480p"].shed = True
    receipt = make_receipt(index, found(index))
    assert [(one.kind, one.seconds, one.detail) for one in receipt.problems] == [
        (ProblemKind.INCOMPLETE_RENDITION, 6.0, "3 segments, it was shed")
    ]


def test_a_lecture_without_media_says_that_and_nothing_else() -> None:
    assert problems(LectureIndex("2026-11-2", Path("nowhere"))) == [(ProblemKind.NOTHING_RECEIVED, None, 0.0)]
