"""What a monitoring system is told, in the figures a person on duty would ask for."""

import os
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from prometheus_client import REGISTRY, CollectorRegistry, generate_latest

from streaming import journal
from streaming.journal import AlarmKind
from streaming.lecture import LiveLecture
from streaming.metrics import HeldLectures
from tests.support.journals import FullDisk
from tests.support.stage import NUMBER, live_stage
from tests.support.until import until


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_what_is_held_on_the_air_waiting_and_unwritten_is_told(tmp_path: Path) -> None:
    async with live_stage(tmp_path, ["source"]) as stage:
        on_air = SimpleNamespace(bits_per_second=lambda: 2_000_000.0)
        lecture = SimpleNamespace(media=stage.media, on_air=on_air, name=SimpleNamespace(number=NUMBER))
        held = [cast("LiveLecture", lecture)]
        registry = CollectorRegistry()
        registry.register(HeldLectures(lambda: held))
        stage.feeder.segment()
        waiting = stage.source.changes.next()
        assert stage.media.journal is not None
        queued = stage.media.journal.queued
        assert queued > 0
        lines = set(generate_latest(registry).decode().splitlines())
        assert {
            "weiketang_lectures_held 1.0",
            "weiketang_publications_on_air 1.0",
            "weiketang_requests_held 1.0",
            f'weiketang_received_bits_per_second{{broadcast="{NUMBER}"}} 2e+06',
            f'weiketang_journal_queued_bytes{{broadcast="{NUMBER}"}} {float(queued)}',
        } <= lines
        stage.source.changes.forget(waiting)


async def test_parts_and_their_way_to_the_disk_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "RETRY_SECONDS", 0.005)
    announced = counted("weiketang_parts_announced_total", rendition="source")
    written = counted("weiketang_journal_parts_written_total")
    failing = counted("weiketang_journal_alarms_total", kind=AlarmKind.FAILING)
    async with live_stage(tmp_path, ["source"]) as stage:
        assert stage.media.journal is not None
        await stage.media.journal.flush()
        with monkeypatch.context() as full:
            full.setattr(os, "pwrite", FullDisk(os.pwrite))
            stage.feeder.segment(5)
            await until(lambda: bool(stage.media.journal and stage.media.journal.is_failing))
            assert counted("weiketang_journal_parts_written_total") == written
        await stage.media.journal.flush()
    assert counted("weiketang_parts_announced_total", rendition="source") == announced + 5
    assert counted("weiketang_journal_parts_written_total") == written + 5
    assert counted("weiketang_journal_alarms_total", kind=AlarmKind.FAILING) == failing + 1
