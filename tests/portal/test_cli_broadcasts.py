import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.addresses import remember_addresses
from core.clock import CHINA
from core.database import database
from core.events import EventBus
from core.secrets import load_app_secrets
from core.settings import Settings, load_settings
from schedules.queries import by_number
from schedules.services import move_air_state
from schedules.states import AirState
from streaming.keys import verify
from streaming.leases import acquire
from streaming.lecture_index import lecture_folder
from streaming.services import close_publication, open_publication
from tests.support.command_line import CommandLine, command
from tests.support.small_journal import write_journal
from vod.services import keep_summary, write_receipt

__all__ = ["command"]


@pytest.fixture
def seeded(command: CommandLine) -> CommandLine:
    command("seed")
    return command


def settings_of(command: CommandLine) -> Settings:
    return load_settings(data_dir=command.data_dir)


def create(command: CommandLine, *more: str) -> Any:
    outcome = command("broadcast", "create", "--unit", "520013", "--title", "欠薪怎么办", "--json", *more)
    assert outcome.code == 0, outcome.err
    return outcome.json


def test_create_prints_what_an_encoder_and_a_viewer_need(seeded: CommandLine) -> None:
    created = create(seeded)
    today = datetime.now(CHINA)
    number = f"{today.year}-{today.month}-1"
    assert set(created) == {
        "id",
        "number",
        "rtmp_url",
        "stream_key",
        "watch_url",
        "playlist_url",
        "replay_url",
    }
    assert created["number"] == number
    assert created["rtmp_url"] == "rtmp://127.0.0.1:1935/live"
    assert created["watch_url"] == f"http://127.0.0.1:8000/l/{number}"
    assert created["playlist_url"] == f"http://127.0.0.1:8000/live/{number}/index.m3u8"
    assert created["replay_url"] == f"http://127.0.0.1:8000/replay/{number}/index.m3u8"

    async def key_is_right() -> bool:
        settings = settings_of(seeded)
        async with database(settings):
            row = await by_number(number)
        assert str(row.id) == created["id"]
        secrets = load_app_secrets(settings).accepted
        return verify(created["stream_key"], secrets, row.id, number, row.key_version)

    assert asyncio.run(key_is_right())


def test_a_number_is_of_the_month_of_its_start(seeded: CommandLine) -> None:
    start = (datetime.now(CHINA) + timedelta(days=100)).replace(microsecond=0)
    created = create(seeded, "--start", start.replace(tzinfo=None).isoformat())
    assert created["number"] == f"{start.year}-{start.month}-1"
    listed = seeded("broadcast", "list", "--json").json
    assert listed == [
        {
            "number": created["number"],
            "title": "欠薪怎么办",
            "unit": "520013",
            "state": "scheduled",
            "starts_at": start.isoformat(),
        }
    ]


def test_create_tells_the_addresses_the_server_was_last_started_with(seeded: CommandLine) -> None:
    remember_addresses(
        seeded.data_dir,
        public_url="http://127.0.0.1:9000",
        public_rtmp_url="rtmp://127.0.0.1:2000/live",
    )
    created = create(seeded)
    assert created["rtmp_url"] == "rtmp://127.0.0.1:2000/live"
    assert created["watch_url"].startswith("http://127.0.0.1:9000/l/")


def test_people_get_the_encoders_two_fields_apart(seeded: CommandLine) -> None:
    out = seeded("broadcast", "create", "--unit", "520013", "--title", "题目").out
    assert [line.partition("：")[0] for line in out.splitlines()] == [
        "编号",
        "推流服务器",
        "推流码",
        "观看页",
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--unit", "999", "--title", "题目"), "没有代码为 999 的单位"),
        (("--unit", "520013", "--title", " "), "请填标题"),
        (("--unit", "520013", "--title", "题目", "--start", "2020-01-01T15:00"), "已经过去了"),
        (("--unit", "520013", "--title", "题目", "--minutes", "0"), "计划时长"),
    ],
)
def test_what_cannot_be_created_is_said_in_one_line(
    seeded: CommandLine, arguments: tuple[str, ...], words: str
) -> None:
    outcome = seeded("broadcast", "create", *arguments)
    assert outcome.code == 1
    assert words in outcome.err
    assert outcome.err.count("\n") == 1
    assert seeded("broadcast", "list", "--json").json == []


def test_end_needs_no_server_and_the_second_one_says_it_is_over(seeded: CommandLine) -> None:
    number = create(seeded)["number"]
    first = seeded("broadcast", "end", number)
    assert (first.code, first.out) == (0, f"{number} 已结束。\n")
    second = seeded("broadcast", "end", number)
    assert second.code == 1
    assert f"{number} 已经结束了" in second.err
    assert seeded("broadcast", "show", number, "--json").json["state"] == "ended"


def test_end_gives_a_silent_media_process_time_and_leaves_it_the_word(
    seeded: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = create(seeded)["number"]
    settings = settings_of(seeded)

    async def hold() -> None:
        async with database(settings):
            row = await by_number(number)
            await acquire(row.id, "busy", now=datetime.now(UTC) + timedelta(hours=1), settings=settings)

    asyncio.run(hold())
    monkeypatch.setattr("portal.cli.broadcasts.PATIENCE_SECONDS", 0.3 - settings.lease_seconds)
    outcome = seeded("broadcast", "end", number)
    assert outcome.code == 1
    assert "媒体进程还没有回应" in outcome.err


def test_show_tells_the_state_the_publications_and_what_the_journal_holds(seeded: CommandLine) -> None:
    number = create(seeded)["number"]
    before = seeded("broadcast", "show", number, "--json").json
    assert (before["state"], before["publications"], before["segments"]) == ("scheduled", [], 0)
    asyncio.run(play(number, settings_of(seeded)))
    shown = seeded("broadcast", "show", number, "--json").json
    assert (shown["number"], shown["title"], shown["unit"]) == (number, "欠薪怎么办", "520013")
    assert shown["state"] == "interrupted"
    assert [(each["ordinal"], each["encoder"], each["end_reason"]) for each in shown["publications"]] == [
        (1, "OBS", "gone")
    ]
    assert shown["expected_seconds"] == 5
    assert shown["received_seconds"] == 4.0
    assert shown["segments"] == 2
    assert shown["renditions"] == {"source": {"segments": 2, "seconds": 4.0}}
    text = seeded("broadcast", "show", number).out
    assert "状态：信号中断" in text
    assert "应收 5.0 秒，已收 4.0 秒，2 段" in text
    assert "OBS" in text


def test_show_tells_what_the_check_found_and_where_the_copy_stands(seeded: CommandLine) -> None:
    number = create(seeded)["number"]
    asyncio.run(play(number, settings_of(seeded)))
    assert seeded("broadcast", "show", number, "--json").json["receipt"] is None
    asyncio.run(checked(number, settings_of(seeded)))
    receipt = seeded("broadcast", "show", number, "--json").json["receipt"]
    assert receipt["problems"] == []
    assert receipt["archived_at"] is None
    assert "录像核对：完整无缺" in seeded("broadcast", "show", number).out


async def checked(number: str, settings: Settings) -> None:
    async with database(settings):
        row, now = await by_number(number), datetime.now(UTC)
        receipt = await write_receipt(lecture_folder(settings.data_dir, number), now=now)
        await keep_summary(row.id, receipt, now=now)


async def play(number: str, settings: Settings) -> None:
    """Two segments of 2 s in the journal, and the rows of a stay of 5 s."""
    async with database(settings):
        row = await by_number(number)
        now = datetime.now(UTC)
        await open_publication(row.id, 1, peer="127.0.0.1", encoder="OBS", now=now)
        await move_air_state(row.id, AirState.LIVE, now=now, events=EventBus())
        later = now + timedelta(seconds=5)
        await close_publication(row.id, 1, reason="gone", received_seconds=3.9, now=later)
        await move_air_state(row.id, AirState.INTERRUPTED, now=later, events=EventBus())
    await write_journal(settings.data_dir, number)


@pytest.mark.parametrize("action", ["show", "end"])
def test_an_unknown_number_is_a_clear_error(seeded: CommandLine, action: str) -> None:
    outcome = seeded("broadcast", action, "2026-1-99")
    assert outcome.code == 1
    assert "没有编号为 2026-1-99 的期次" in outcome.err


def test_list_shows_the_latest_first_and_one_unit_alone(seeded: CommandLine) -> None:
    first, second = create(seeded)["number"], create(seeded)["number"]
    rows = seeded("broadcast", "list").out.splitlines()
    assert [row.split()[0] for row in rows[1:]] == [second, first]
    assert seeded("broadcast", "list", "--unit", "522701", "--json").json == []
    assert len(seeded("broadcast", "list", "--limit", "1", "--json").json) == 1
