import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from streaming.lecture_index import init_path, segment_path
from tests.support.feeder import DATE, PART, part_bytes
from tests.support.stage import live_stage
from vod.receipt import FileState, ProblemKind
from vod.services import RECEIPT, StillWritten, write_receipt

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


async def record(folder: Path) -> Path:
    """A lecture that has ended; gives its folder."""
    async with live_stage(folder) as stage:
        stage.media.publication_began(1, at=DATE, encoder="OBS")
        stage.feeder.segments(4)
        stage.media.publication_ended(1, at=DATE + 8, reason="it left")
        await stage.end()
        return stage.media.folder


async def test_a_receipt_says_what_is_in_the_files(tmp_path: Path) -> None:
    folder = await record(tmp_path)
    receipt = await write_receipt(folder, now=NOW)
    assert receipt.is_clean
    kept = json.loads((folder / RECEIPT).read_text())
    assert kept["number"] == folder.name
    assert (kept["expected_seconds"], kept["received_seconds"]) == (8.0, 8.0)
    assert [rendition["name"] for rendition in kept["renditions"]] == ["source", "480p"]
    segment = kept["renditions"][1]["segments"][2]
    data = b"".join(part_bytes("480p", 2, index) for index in range(5))
    assert segment["sha256"] == hashlib.sha256(data).hexdigest()
    assert segment["seconds"] == 5 * PART / 90_000
    assert kept["is_clean"] is True


async def test_running_it_again_changes_nothing_unless_something_has_changed(tmp_path: Path) -> None:
    folder = await record(tmp_path)
    await write_receipt(folder, now=NOW)
    first = (folder / RECEIPT).read_bytes()
    await write_receipt(folder, now=LATER)
    assert (folder / RECEIPT).read_bytes() == first
    segment_path(folder, "source", 2, _epoch(folder)).unlink()
    receipt = await write_receipt(folder, now=LATER)
    assert not receipt.is_clean
    kept = json.loads((folder / RECEIPT).read_text())
    assert kept["written_at"] == LATER.isoformat()


async def test_changed_files_and_init_sections_are_found(tmp_path: Path) -> None:
    folder = await record(tmp_path)
    epoch = _epoch(folder)
    changed = segment_path(folder, "480p", 1, epoch)
    changed.write_bytes(changed.read_bytes()[:-1] + b"?")
    init_path(folder, "a").write_bytes(b"something else")
    receipt = await write_receipt(folder, now=NOW)
    assert [(one.kind, one.rendition) for one in receipt.problems] == [
        (ProblemKind.BAD_FILE, "480p"),
        (ProblemKind.BAD_INIT, None),
    ]
    assert receipt.renditions[1].segments[1].state is FileState.CHANGED


async def test_what_a_file_lacks_at_its_end_is_told(tmp_path: Path) -> None:
    folder = await record(tmp_path)
    path = segment_path(folder, "source", 1, _epoch(folder))
    path.write_bytes(path.read_bytes()[:2500])
    receipt = await write_receipt(folder, now=NOW)
    assert [(one.kind, one.rendition, one.seconds) for one in receipt.problems] == [
        (ProblemKind.LOST, "source", 3 * PART / 90_000)
    ]


async def test_a_missing_file_is_a_gap_of_its_rendition_and_a_loss(tmp_path: Path) -> None:
    folder = await record(tmp_path)
    segment_path(folder, "480p", 2, _epoch(folder)).unlink()
    receipt = await write_receipt(folder, now=NOW)
    assert [(one.kind, one.rendition, one.seconds) for one in receipt.problems] == [
        (ProblemKind.INCOMPLETE_RENDITION, "480p", 2.0),
        (ProblemKind.LOST, "480p", 2.0),
    ]
    assert receipt.received_seconds == 8.0


async def test_a_lecture_that_is_still_being_written_has_no_receipt(tmp_path: Path) -> None:
    async with live_stage(tmp_path) as stage:
        stage.feeder.segments(2)
        folder = stage.media.folder
        with pytest.raises(StillWritten):
            await write_receipt(folder, now=NOW)
        assert not (folder / RECEIPT).exists()
    await write_receipt(folder, now=NOW)
    assert (folder / RECEIPT).exists()


async def test_a_lecture_without_journal_has_no_receipt(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await write_receipt(tmp_path, now=NOW)


def _epoch(folder: Path) -> str:
    return next((folder / "source").glob("0-*.m4s")).stem.split("-")[1]
