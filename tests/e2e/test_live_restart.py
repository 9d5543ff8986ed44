"""`kill -9` of the server in mid-lecture: started again, the same lecture goes on and nothing finished is lost."""

import asyncio
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import pytest
from playwright.async_api import Browser

from tests.support.browser import visitor
from tests.support.hls_checker import ReadPlaylist
from tests.support.house import UNHURRIED, House, Planned, running_house
from tests.support.media import make_flv
from tests.support.replays import Piece, breaks, decode_pieces, fetch, read, split
from tests.support.studio import pushing
from tests.support.viewer import eventually, open_lecture

pytestmark = [pytest.mark.browser, pytest.mark.ffmpeg, pytest.mark.realtime]

RUNGS = ("source", "480p", "audio")
WHILE_AWAY = r"net::ERR_|status of 404"
"""What Chromium itself says about a server that is not there, or has no playlist yet."""
DOWN_SECONDS = 2.0
PART_SECONDS = 0.4
SECOND_STAY_SECONDS = 10.0
LONGEST_STEP = 0.1
ENCODER_SECONDS = 1.0
"""What a rung may lack: it dies with the encoder of a killed process. Its end is the source's all the same."""


@pytest.fixture
def mortal_house(tmp_path: Path) -> Iterator[House]:
    """A house of the test's own; its log is shown when the test fails."""
    with running_house(tmp_path, **UNHURRIED) as house:
        yield house
        sys.stdout.write(house.log)


async def test_after_kill_9_the_same_lecture_goes_on_and_its_replay_plays_over_the_break(
    mortal_house: House, browser: Browser
) -> None:
    house = mortal_house
    lecture = await house.plan("断电重启")
    film = make_flv(1280, 720, "25", 10, gop=25, bitrate="1500k")
    second_film = make_flv(1280, 720, "25", SECOND_STAY_SECONDS, gop=25, bitrate="1500k")
    async with visitor(browser) as (context, complaints):
        async with pushing(film, lecture.push_url, realtime=True, loop=True) as encoder:
            viewer = await open_lecture(context, lecture.watch_url)
            opened = await viewer.until_playing()
            await viewer.until(lambda look: look["position"] > 7, "some seconds of lecture")
            complaints.forgive(WHILE_AWAY)
            before = {rung: await read(house, lecture.live(rung)) for rung in RUNGS}
            checksums = await checksums_of(house, lecture, before)
            assert all(checksums.values())
            house.kill()
            await asyncio.wait_for(encoder.wait(), 20)
        await asyncio.sleep(DOWN_SECONDS)
        await asyncio.to_thread(house.start)

        assert (await house.status(lecture))["state"] == "interrupted"
        assert await checksums_of(house, lecture, before) == checksums
        async with pushing(second_film, lecture.push_url, realtime=True) as encoder:
            look = await viewer.until(
                lambda look: look["position"] > listed(before["source"]) + 1, "it goes on"
            )
            assert look["loaded"] == opened["loaded"]
            await viewer.until_playing(by=2)
            complaints.forgive(None)
            await asyncio.wait_for(encoder.wait(), 40)
        await eventually(lambda: is_interrupted(house, lecture), "the encoder has left", seconds=30)
        await house.end(lecture)

        await replay_has_everything(house, lecture, before)
        await viewer.until(lambda look: "直播已结束" in look["message"], "the end")
        await viewer.press(".lp-message button")
        await viewer.until_playing(by=0.5)
        await viewer.plays_over(await length_of_first_piece(house, lecture))


async def checksums_of(
    house: House, lecture: Planned, playlists: dict[str, ReadPlaylist]
) -> dict[str, list[str]]:
    """Of every segment that these playlists list."""
    return {
        rung: [
            hashlib.sha256(await fetch(house, urljoin(lecture.live(rung), uri))).hexdigest()
            for uri in playlist.uris
        ]
        for rung, playlist in playlists.items()
    }


def listed(playlist: ReadPlaylist) -> float:
    """Seconds of media, parts of the open segment included."""
    return playlist.duration + sum(part.duration for part in playlist.open.parts)


async def is_interrupted(house: House, lecture: Planned) -> bool:
    return bool((await house.status(lecture))["state"] == "interrupted")


async def replay_has_everything(house: House, lecture: Planned, before: dict[str, ReadPlaylist]) -> None:
    """Every rung decodes without an error; at most the part that was in flight is missing."""
    numbers = set()
    for rung in RUNGS:
        playlist = await read(house, lecture.replay(rung))
        assert playlist.ended
        numbers.add(tuple(breaks(playlist)))
        first, second = await decode_pieces(house, lecture.replay(rung), playlist)
        assert first.seconds > listed(before[rung]) - PART_SECONDS - 0.01
        assert abs(second.seconds - SECOND_STAY_SECONDS) < PART_SECONDS
        kind = "audio" if rung == "audio" else "video"
        is_whole(first, kind, lacking=ENCODER_SECONDS if rung == "480p" else 0)
        is_whole(second, kind)
    assert len(numbers) == 1, "the break is at the same number in every rung"


def is_whole(piece: Piece, kind: str, *, lacking: float = 0) -> None:
    """Frames without a hole from its beginning to its end, where so many seconds may be lacking."""
    shown = piece.times[kind]
    assert piece.longest_step(kind) < LONGEST_STEP
    assert -LONGEST_STEP < piece.seconds - (max(shown) - min(shown)) < LONGEST_STEP + lacking


async def length_of_first_piece(house: House, lecture: Planned) -> float:
    playlist = await read(house, lecture.replay("source"))
    return sum(segment.duration for segment in next(split(playlist)))
