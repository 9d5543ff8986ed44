import asyncio
import errno
import hashlib
import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from streaming import journal
from streaming.journal import AlarmKind, open_journal
from streaming.journal_files import JournalLocked
from streaming.journal_loading import load_journal
from streaming.lecture_index import JOURNAL, init_path, segment_path
from tests.support.feeder import PART, make_init, part_bytes
from tests.support.journals import NUMBER, FullDisk, JournalStage, all_parts, assert_whole, die
from tests.support.until import until

pytestmark = pytest.mark.usefixtures("_quick_retries")


@pytest.fixture
def _quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "RETRY_SECONDS", 0.005)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> FullDisk:
    """Every write goes through it; it takes everything at first."""
    full = FullDisk(os.pwrite, refuses=False)
    monkeypatch.setattr(os, "pwrite", full)
    return full


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / JOURNAL).read_text().splitlines()]


async def test_segments_are_their_parts_and_the_index_says_where_each_is(tmp_path: Path) -> None:
    stage = await JournalStage(tmp_path).open()
    stage.feeder.segments(3)
    await stage.journal.aclose()
    index = load_journal(tmp_path)
    assert_whole(index)
    assert len(all_parts(index)) == 2 * 3 * 5
    part = index.renditions["480p"].segments[1].parts[2]
    assert (part.offset, part.length, part.start, part.duration) == (2000, 1000, 7 * PART, PART)
    assert part.sha256 == hashlib.sha256(part_bytes("480p", 1, 2)).hexdigest()
    assert segment_path(tmp_path, "480p", 1, "e1").stat().st_size == 5000
    assert index.end == 15 * PART
    assert index.next_msn == 3
    assert index.recovered == []


async def test_init_sections_are_kept_once_under_their_name(tmp_path: Path) -> None:
    stage = await JournalStage(tmp_path).open()
    await stage.journal.aclose()
    assert init_path(tmp_path, "a").read_bytes() == make_init().data
    assert [line["type"] for line in lines(tmp_path)] == ["epoch", "init"]
    init = load_journal(tmp_path).inits["a"]
    assert (init.codecs, init.width, init.height, init.frame_rate) == (make_init().codecs, 1280, 720, 30.0)


async def test_publications_gaps_and_shed_renditions_are_written_down(tmp_path: Path) -> None:
    stage = await JournalStage(tmp_path, "source").open()
    stage.journal.publication_began(1, at=1001.0, encoder="OBS")
    stage.feeder.segment()
    stage.feeder.open()
    stage.feeder.now += 90_000
    stage.feeder.close()
    stage.feeder.segment()
    stage.journal.rendition_shed("480p")
    stage.journal.publication_ended(1, at=1007.0, reason="it left")
    await stage.journal.aclose()
    index = load_journal(tmp_path)
    publication = index.publications[0]
    assert (publication.started_at, publication.ended_at, publication.reason) == (1001.0, 1007.0, "it left")
    assert publication.encoder == "OBS"
    assert [segment.gap for segment in index.renditions["source"].segments] == [False, True, False]
    assert index.renditions["source"].received == 10 * PART
    assert index.renditions["480p"].shed
    assert index.last_publication == 1


async def test_the_line_of_a_part_is_never_there_before_its_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    real = os.pwrite

    def note(descriptor: int, data: bytes, offset: int) -> int:
        target = Path(f"/proc/self/fd/{descriptor}").readlink().name
        order.append("line" if target == JOURNAL and b'"part"' in bytes(data) else target)
        return real(descriptor, data, offset)

    monkeypatch.setattr(os, "pwrite", note)
    stage = await JournalStage(tmp_path, "source").open()
    stage.feeder.open()
    for _ in range(3):
        stage.feeder.part()
    await stage.journal.flush()
    relevant = [name for name in order if name in ("line", "0-e1.m4s")]
    assert relevant == ["0-e1.m4s", "line"] * 3
    await stage.journal.aclose()


async def test_a_segment_is_synced_before_its_close_is_written_and_then_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order: list[str] = []
    real_sync, real_write = os.fdatasync, os.pwrite

    def sync(descriptor: int) -> None:
        order.append("sync " + Path(f"/proc/self/fd/{descriptor}").readlink().name)
        real_sync(descriptor)

    def write(descriptor: int, data: bytes, offset: int) -> int:
        if b'"close"' in bytes(data):
            order.append("close line")
        return real_write(descriptor, data, offset)

    monkeypatch.setattr(os, "fdatasync", sync)
    monkeypatch.setattr(os, "pwrite", write)
    stage = await JournalStage(tmp_path, "source").open()
    stage.feeder.segment()
    await stage.journal.flush()
    assert order == [f"sync {JOURNAL}", "sync 0-e1.m4s", "close line", f"sync {JOURNAL}"]
    assert stage.saved == [("source", 0)]
    await stage.journal.aclose()


async def test_writing_happens_in_another_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: set[str] = set()
    real = os.pwrite

    def note(*arguments: Any) -> int:
        threads.add(threading.current_thread().name)
        return real(*arguments)

    monkeypatch.setattr(os, "pwrite", note)
    stage = await JournalStage(tmp_path).open()
    stage.feeder.segments(2)
    await stage.journal.aclose()
    assert threads
    assert threading.main_thread().name not in threads


async def test_a_second_writer_of_a_lecture_is_refused(tmp_path: Path) -> None:
    stage = await JournalStage(tmp_path).open()
    with pytest.raises(JournalLocked):
        await open_journal(tmp_path, NUMBER, "e2", at=0.0, queue_bytes=1, alarm=lambda _: None)
    await stage.journal.aclose()
    again = await JournalStage(tmp_path).open("e2")
    await again.journal.aclose()


class TestWhenTheDiskRefuses:
    async def test_announcing_goes_on_and_everything_is_there_when_it_takes_again(
        self, tmp_path: Path, disk: FullDisk
    ) -> None:
        stage = await JournalStage(tmp_path).open()
        stage.feeder.segment()
        await stage.journal.flush()
        disk.refuses = True
        stage.feeder.segments(3)
        await until(lambda: disk.refused > 3)
        assert stage.journal.is_failing
        assert stage.journal.queued == 2 * 3 * 5000
        assert [alarm.kind for alarm in stage.alarms] == [AlarmKind.FAILING]
        disk.refuses = False
        stage.feeder.segment()
        await stage.journal.aclose()
        assert [alarm.kind for alarm in stage.alarms] == [AlarmKind.FAILING, AlarmKind.RECOVERED]
        index = load_journal(tmp_path)
        assert_whole(index)
        assert len(all_parts(index)) == 2 * 5 * 5
        assert index.losses == []
        assert stage.journal.queued == 0

    async def test_half_written_bytes_and_lines_are_written_over(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = os.pwrite
        calls = 0

        def every_third_is_half(descriptor: int, data: memoryview, offset: int) -> int:
            nonlocal calls
            calls += 1
            if calls % 3 == 0:
                real(descriptor, data[: len(data) // 2], offset)
                raise OSError(errno.EIO, "half of it")
            return real(descriptor, data, offset)

        monkeypatch.setattr(os, "pwrite", every_third_is_half)
        stage = await JournalStage(tmp_path).open()
        stage.feeder.segments(2)
        await stage.journal.aclose()
        index = load_journal(tmp_path)
        assert_whole(index)
        assert len(all_parts(index)) == 2 * 2 * 5
        assert index.damaged_lines == 0

    async def test_short_writes_are_completed(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        real = os.pwrite
        monkeypatch.setattr(os, "pwrite", lambda fd, data, offset: real(fd, data[:300], offset))
        stage = await JournalStage(tmp_path).open()
        stage.feeder.segment()
        await stage.journal.aclose()
        assert_whole(load_journal(tmp_path))

    async def test_a_failed_sync_writes_the_segment_once_more(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stage = await JournalStage(tmp_path, "source").open()
        await stage.journal.flush()
        failing = FullDisk(os.fdatasync, number=errno.EIO)
        monkeypatch.setattr(os, "fdatasync", failing)
        stage.feeder.segment()
        await until(lambda: failing.refused > 1)
        segment = segment_path(tmp_path, "source", 0, "e1")
        segment.write_bytes(b"\0" * 5000)  # what the kernel may have made of the lost pages
        failing.refuses = False
        await stage.journal.aclose()
        assert_whole(load_journal(tmp_path))

    async def test_the_oldest_unwritten_segments_are_given_up_when_memory_is_full(
        self, tmp_path: Path, disk: FullDisk
    ) -> None:
        stage = await JournalStage(tmp_path, "source").open(queue_bytes=12_000)
        stage.feeder.segment()
        await stage.journal.flush()
        disk.refuses = True
        stage.feeder.segments(4)
        await until(lambda: disk.refused > 2)
        assert stage.journal.queued <= 12_000
        disk.refuses = False
        await stage.journal.aclose()
        index = load_journal(tmp_path)
        assert_whole(index)
        segments = index.renditions["source"].segments
        assert [len(segment.parts) for segment in segments] == [5, 0, 0, 5, 5]
        assert [segment.gap for segment in segments] == [False, True, True, False, False]
        assert [(loss.msn, loss.parts, loss.size, loss.duration) for loss in index.losses] == [
            (1, 5, 5000, 5 * PART),
            (2, 5, 5000, 5 * PART),
        ]
        assert AlarmKind.LOST in [alarm.kind for alarm in stage.alarms]
        assert stage.lost == [("source", 1, 0, 0), ("source", 2, 0, 0)]
        assert stage.saved == [("source", 0), ("source", 3), ("source", 4)]

    async def test_what_is_on_the_disk_of_a_segment_that_is_given_up_stays(
        self, tmp_path: Path, disk: FullDisk
    ) -> None:
        stage = await JournalStage(tmp_path, "source").open(queue_bytes=6_000)
        stage.feeder.open()
        stage.feeder.part()
        stage.feeder.part()
        await stage.journal.flush()
        disk.refuses = True
        for _ in range(3):
            stage.feeder.part()
        stage.feeder.close()
        stage.feeder.segment()
        await until(lambda: disk.refused > 2)
        disk.refuses = False
        await stage.journal.aclose()
        index = load_journal(tmp_path)
        first, second = index.renditions["source"].segments
        assert (len(first.parts), len(second.parts)) == (2, 5)
        assert stage.lost == [("source", 0, 2, 2000)]
        assert (index.losses[0].first_part, index.losses[0].parts) == (2, 3)
        assert first.end == 5 * PART

    async def test_a_disk_that_hangs_and_then_refuses_costs_no_more_than_memory_lacks(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        stage = await JournalStage(tmp_path, "source").open(queue_bytes=4_000)
        await stage.journal.flush()
        answers, hanging, real = threading.Event(), threading.Event(), os.pwrite
        refuses = True

        def hang(descriptor: int, data: bytes, offset: int) -> int:
            hanging.set()
            answers.wait()
            if refuses:
                raise OSError(errno.EIO, "no")
            return real(descriptor, data, offset)

        monkeypatch.setattr(os, "pwrite", hang)
        stage.feeder.open()
        stage.feeder.part()
        await until(hanging.is_set)  # the first part is on its way
        for _ in range(6):
            stage.feeder.part()
        assert stage.journal.queued <= 4_000
        answers.set()
        await until(lambda: stage.journal.is_failing)
        stage.feeder.close()
        stage.feeder.open()
        for _ in range(4):
            stage.feeder.part()
        stage.feeder.close()
        refuses = False
        await stage.journal.aclose()
        index = load_journal(tmp_path)
        assert_whole(index)
        assert [len(segment.parts) for segment in index.renditions["source"].segments] == [0, 4]
        loss = index.losses[0]
        assert (loss.msn, loss.first_part, loss.parts, loss.size) == (0, 0, 7, 7000)

    async def test_a_new_lecture_begins_although_the_disk_is_full(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = tmp_path / "lectures" / NUMBER
        folder.parent.mkdir(parents=True)
        really_make = Path.mkdir
        full = FullDisk(lambda path: really_make(path, exist_ok=True))
        monkeypatch.setattr(Path, "mkdir", lambda path, **_: full(path))
        stage = await JournalStage(folder).open()
        stage.feeder.segment()
        await until(lambda: full.refused > 2)
        full.refuses = False
        await stage.journal.aclose()
        assert len(all_parts(load_journal(folder))) == 2 * 5

    async def test_closing_does_not_wait_for_ever(self, tmp_path: Path, disk: FullDisk) -> None:
        stage = await JournalStage(tmp_path).open()
        await stage.journal.flush()
        disk.refuses = True
        stage.feeder.segment()
        await stage.journal.aclose(patience_seconds=0.05)
        assert [alarm.kind for alarm in stage.alarms] == [AlarmKind.FAILING, AlarmKind.LOST]
        disk.refuses = False
        assert all_parts(load_journal(tmp_path)) == {}


async def test_names_survive_a_power_cut_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was synced is lost all the same when its folder was not: POSIX promises nothing of its name."""
    synced: set[int] = set()
    really_sync = os.fsync

    def sync(descriptor: int) -> None:
        synced.add(os.fstat(descriptor).st_ino)
        really_sync(descriptor)

    monkeypatch.setattr(os, "fsync", sync)
    folder = tmp_path / "lectures" / NUMBER
    stage = await JournalStage(folder).open()
    await stage.journal.flush()
    began = {path.stat().st_ino for path in (folder, folder.parent)}
    assert began <= synced
    synced.clear()
    stage.feeder.segment()
    await stage.journal.aclose()
    assert {path.stat().st_ino for path in (folder, folder / "source", folder / "480p")} <= synced


async def test_a_killed_process_leaves_everything_that_was_written(tmp_path: Path) -> None:
    stage = await JournalStage(tmp_path).open()
    stage.feeder.segments(2)
    stage.feeder.open()
    stage.feeder.part()
    stage.feeder.part(to=("source",))
    await stage.journal.flush()
    die(stage.journal)
    again = await JournalStage(tmp_path).open("e2")
    assert_whole(again.index)
    last = {name: one.segments[-1] for name, one in again.index.renditions.items()}
    assert {name: len(segment.parts) for name, segment in last.items()} == {"source": 2, "480p": 1}
    assert {segment.end for segment in last.values()} == {again.index.end} == {12 * PART}
    assert again.index.recovered
    await again.journal.aclose()
    await asyncio.sleep(0)
    assert load_journal(tmp_path).recovered == []


async def test_a_cancelled_close_is_cancelled_even_when_nothing_is_left_to_write(tmp_path: Path) -> None:
    stage = await JournalStage(tmp_path).open()
    await stage.journal.flush()
    closing = asyncio.create_task(stage.journal.aclose())
    await asyncio.sleep(0)
    closing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await closing
    await stage.journal.aclose()
