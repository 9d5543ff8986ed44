import asyncio
import time
from pathlib import Path

import pytest

from core.clock import ManualClock
from schedules.states import AirState, ReplayState
from streaming import library as library_module
from streaming.journal_files import JournalLocked
from streaming.journal_loading import load_journal
from streaming.lecture_index import LectureIndex
from streaming.library import FactsUnavailable, LectureFacts, Library, new_epoch
from streaming.media_tokens import media_token, outdated_tokens
from tests.support.small_journal import write_journal
from tests.support.stage import NUMBER, SECRETS, Facts, live_stage, stage_settings
from tests.support.until import until


async def record(folder: Path) -> None:
    async with live_stage(folder) as stage:
        stage.feeder.segments(10)
        await stage.end()


def library(folder: Path, facts: Facts) -> Library:
    return Library(stage_settings(folder), SECRETS, facts, ManualClock())


async def test_a_lecture_on_the_air_is_found_in_memory(tmp_path: Path) -> None:
    async with live_stage(tmp_path) as stage:
        assert await stage.library.get(NUMBER) is stage.media
        assert stage.library.held(NUMBER) is stage.media
        assert stage.facts.asked == 0


async def test_a_lecture_that_was_let_go_is_served_as_it_was(tmp_path: Path) -> None:
    async with live_stage(tmp_path) as stage:
        stage.feeder.segments(10)
        replay = stage.source.replay_playlist()
        await stage.end()
        assert stage.library.held(NUMBER) is None
        assert await stage.library.get(NUMBER) is stage.media
        assert stage.source.hot("9.m4s") is None
        loaded = await library(tmp_path, Facts()).get(NUMBER)
        assert loaded is not None
        assert loaded.renditions["source"].replay_playlist().decode().count(".m4s") == 10
        assert len(replay) == len(loaded.renditions["source"].replay_playlist())


async def test_a_lecture_asked_for_by_many_at_once_is_loaded_once(tmp_path: Path) -> None:
    await record(tmp_path)
    facts = Facts()
    one = library(tmp_path, facts)
    found = await asyncio.gather(*(one.get(NUMBER) for _ in range(10)))
    assert len({id(media) for media in found}) == 1
    assert found[0] is not None
    assert facts.asked == 1


async def test_many_lectures_asked_for_at_once_are_read_a_few_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [f"2026-11-{order}" for order in range(1, 9)]
    for number in numbers:
        await write_journal(tmp_path, number)
    reading, most = 0, 0

    def read(folder: Path) -> LectureIndex:
        nonlocal reading, most
        reading += 1
        most = max(most, reading)
        time.sleep(0.02)
        reading -= 1
        return load_journal(folder)

    monkeypatch.setattr(library_module, "load_journal", read)

    async def facts(number: str) -> LectureFacts:
        return LectureFacts(1, AirState.ENDED)

    one = Library(stage_settings(tmp_path), SECRETS, facts, ManualClock())
    found = await asyncio.gather(*(one.get(number) for number in numbers))
    assert all(found)
    assert most <= library_module.LOADED_AT_ONCE


@pytest.mark.parametrize("number", ["2026-11-3", "..", "2026-11-2/..", "", "x", "2026-11-２"])
async def test_what_has_no_journal_has_no_media_and_nobody_is_asked(tmp_path: Path, number: str) -> None:
    await record(tmp_path)
    facts = Facts()
    assert await library(tmp_path, facts).get(number) is None
    assert facts.asked == 0


async def test_a_journal_whose_lecture_is_gone_is_not_served(tmp_path: Path) -> None:
    await record(tmp_path)
    assert await library(tmp_path, Facts(None)).get(NUMBER) is None


async def test_while_the_database_sleeps_what_is_loaded_is_served_and_nothing_else_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_module, "FACTS_SECONDS", 0.0)
    await record(tmp_path)
    facts = Facts()
    one = library(tmp_path, facts)
    media = await one.get(NUMBER)
    facts.is_down = True
    assert await one.get(NUMBER) is media
    await until(lambda: facts.asked == 2)
    assert await one.get(NUMBER) is media
    with pytest.raises(FactsUnavailable):
        await library(tmp_path, facts).get(NUMBER)


async def test_a_withdrawal_reaches_a_loaded_lecture_behind_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_module, "FACTS_SECONDS", 0.0)
    await record(tmp_path)
    facts = Facts()
    one = library(tmp_path, facts)
    media = await one.get(NUMBER)
    assert media is not None
    before = media.token
    facts.facts = LectureFacts(2, AirState.ENDED)
    await one.get(NUMBER)
    await until(lambda: media.token != before)
    assert before in media.outdated_tokens


async def test_after_a_quiet_time_the_rows_are_asked_before_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library_module, "FACTS_SECONDS", 0.0)
    monkeypatch.setattr(library_module, "STALE_SECONDS", 0.0)
    await record(tmp_path)
    facts = Facts()
    one = library(tmp_path, facts)
    await one.get(NUMBER)
    facts.facts = LectureFacts(2, AirState.ENDED, ReplayState.WITHDRAWN)
    media = await one.get(NUMBER)
    assert media is not None
    assert media.is_shut
    facts.is_down = True
    assert await one.get(NUMBER) is media, "what is known holds while the database sleeps"


async def test_the_least_watched_lectures_are_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(library_module, "MOST_LOADED", 2)
    await record(tmp_path)

    async def everything(number: str) -> LectureFacts:
        return LectureFacts(1, AirState.ENDED)

    one = Library(stage_settings(tmp_path), SECRETS, everything, ManualClock())
    lectures = tmp_path / "lectures"
    numbers = [NUMBER, "2026-11-3", "2026-11-4"]
    for number in numbers[1:]:
        (lectures / number).symlink_to(lectures / NUMBER)
    first = await one.get(numbers[0])
    await one.get(numbers[1])
    assert await one.get(numbers[0]) is first
    await one.get(numbers[2])
    assert await one.get(numbers[0]) is first
    assert list(one._loaded) == [numbers[2], numbers[0]]


async def test_a_lecture_taken_up_again_is_no_longer_the_loaded_one(tmp_path: Path) -> None:
    await record(tmp_path)
    one = library(tmp_path, Facts())
    loaded = await one.get(NUMBER)
    media = await one.open_live(NUMBER, generation=1, air=AirState.CLOSED)
    assert await one.get(NUMBER) is media is not loaded
    await media.aclose()


async def test_a_lecture_is_held_by_one_process_alone(tmp_path: Path) -> None:
    async with live_stage(tmp_path):
        with pytest.raises(JournalLocked):
            await library(tmp_path, Facts()).open_live(NUMBER, generation=1, air=AirState.LIVE)


def test_a_process_that_starts_later_has_another_epoch(clock: ManualClock) -> None:
    first = new_epoch(clock)
    clock.advance(0.001)
    assert first != new_epoch(clock)
    assert first.isalnum()
    assert first == first.lower()


def test_media_tokens_differ_by_lecture_generation_and_secret() -> None:
    tokens = {
        media_token(secret, number, generation)
        for secret in (b"a" * 32, b"b" * 32)
        for number in ("2026-11-1", "2026-11-2")
        for generation in (1, 2)
    }
    assert len(tokens) == 8
    assert all(len(token) == 16 and token.isalnum() for token in tokens)


def test_tokens_of_earlier_generations_and_of_the_older_secret_are_outdated() -> None:
    secrets = (b"b" * 32, b"a" * 32)
    outdated = outdated_tokens(secrets, NUMBER, 2)
    assert media_token(secrets[0], NUMBER, 1) in outdated
    assert media_token(secrets[1], NUMBER, 2) in outdated
    assert media_token(secrets[0], NUMBER, 2) not in outdated
    assert media_token(secrets[0], NUMBER, 3) not in outdated
