"""`kill -9` of the media in mid-lecture while it has live captions: they come back by themselves, and nothing old."""

import asyncio
import re
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import pytest

from core.audit import Actor, ActorKind
from core.audit.models import AuditEntry
from core.clock import SystemClock
from core.database import database
from core.settings import load_settings
from tests.support.ended_lectures import sample_voice
from tests.support.hls_checker import PlaylistWatch
from tests.support.house import UNHURRIED, House, Planned, running_house
from tests.support.slow_engine import SYLLABLES
from tests.support.studio import pushing, until
from transcripts.live.switch import turn_on
from transcripts.models import CaptionState, LiveCaptions, LiveWords
from transcripts.speech.registry import ModelState

pytestmark = [pytest.mark.ffmpeg, pytest.mark.realtime]

ENGINE = "tests.support.slow_engine:open_engine"
ADMINISTRATOR = Actor(ActorKind.USER, "1", "李管理员")
VOICE_SECONDS = 20
CHILD = b"transcripts.live.child"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running_house(tmp_path, **UNHURRIED, speech_engine=ENGINE) as running:
        yield running
        sys.stdout.write(running.log)


@asynccontextmanager
async def rows(house: House) -> AsyncIterator[None]:
    async with database(load_settings(data_dir=house.folder / "data")):
        yield


async def captions(house: House, lecture: Planned) -> dict[str, str]:
    """What the rendition lists now: whole address → text, in order; the playlist by the rules. None while there are
    no captions, which 410 says."""
    answer = await house.get(lecture.live("captions"))
    if answer.status_code != 200:
        assert answer.status_code == 410
        return {}
    read = PlaylistWatch().load(answer.text, subtitles=True)
    urls = [uri.replace("../..", house.url, 1) for uri in read.uris]
    return {url: (await house.get(url)).text for url in urls}


async def heard(house: House, lecture: Planned) -> bool:
    return re.search(rf"[{SYLLABLES}]{{4}}", "".join((await captions(house, lecture)).values())) is not None


def number_of(url: str) -> int:
    return int(Path(url).stem)


def listeners(server: int) -> set[int]:
    """Listening processes of this server."""
    found = set()
    for folder in Path("/proc").iterdir():
        try:
            is_one = CHILD in (folder / "cmdline").read_bytes().split(b"\0")
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        if is_one and parent == server:
            found.add(int(folder.name))
    return found


async def told_since(killed_at: datetime) -> bool:
    """Whether the desk has been told anew how they go."""
    row = await LiveCaptions.get()
    return row.told_at is not None and row.told_at > killed_at and row.state is CaptionState.ON


def alive(pids: set[int]) -> set[int]:
    return {pid for pid in pids if Path(f"/proc/{pid}").exists()}


async def test_after_kill_9_captions_come_back_with_new_cues_and_the_old_addresses_are_gone(
    house: House,
) -> None:
    lecture = await house.plan("字幕和重启")
    voice = sample_voice(VOICE_SECONDS)
    async with pushing(voice, lecture.push_url, realtime=True, loop=True) as encoder:
        await house.until_on_air(lecture)
        async with rows(house):
            model = ModelState(ENGINE, "", True)
            now = SystemClock().now()
            await turn_on(lecture.number, reason="听障观众需要", model=model, by=ADMINISTRATOR, now=now)
        await until(lambda: heard(house, lecture), 40)
        old = await captions(house, lecture)
        orphans = listeners(house.pid)
        assert len(orphans) == 1
        killed_at = SystemClock().now()
        house.kill()
        await encoder.wait()
    await asyncio.to_thread(house.start)

    # Nobody speaks yet: no captions, old ones least of all, and the desk is not told that there are any.
    assert (await house.get(lecture.live("captions"))).status_code == 410
    assert {(await house.get(url)).status_code for url in old} == {410}
    assert "SUBTITLES" not in (await house.get(lecture.playlist_url)).text
    assert (await house.status(lecture))["captions"] is False

    back_at = time.monotonic()
    async with pushing(voice, lecture.push_url, realtime=True, loop=True):
        await until(lambda: heard(house, lecture), 40)
        sys.stdout.write(f"captions were back after {time.monotonic() - back_at:.1f} s\n")
        new = await captions(house, lecture)
        assert not set(old) & set(new)
        assert min(map(number_of, new)) > max(map(number_of, old))
        assert {(await house.get(url)).status_code for url in old} <= {404, 410}
        assert "SUBTITLES" in (await house.get(lecture.playlist_url)).text
        assert (await house.status(lecture))["captions"] is True
        source = (await house.get(lecture.live("source"))).text
        assert "#EXT-X-DISCONTINUITY" in source  # the stream itself goes on behind what was before

        async with rows(house):
            await until(lambda: told_since(killed_at), 10)
            row = await LiveCaptions.get()
            assert row.is_on
            actions = await AuditEntry.filter(action__startswith="captions.")
            assert [each.action for each in actions] == ["captions.on"]  # the order stood all the time
            starts = [each.start_ms for each in await LiveWords.all()]
            assert len(starts) == len(set(starts)) > 1  # the words of both stays will become the draft
        assert len(listeners(house.pid)) == 1
        assert not alive(orphans)  # nobody is left to ask it
        await house.end(lecture)
    assert (await house.get(lecture.live("captions"))).status_code == 410
    assert {(await house.get(url)).status_code for url in new} == {410}
