"""The load maker against a small low-latency origin of known behaviour."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import parse_qs, urlsplit

import pytest

from bench.figure import Detail
from bench.load import load
from tests.support.loopback import loopback

PART_SECONDS = 0.1
PARTS_IN_SEGMENT = 5


class Origin:
    """Parts of 0.1 s at their pace; one silence of 1 s after `pause_after` parts; `missing` answers 404."""

    def __init__(self, *, pause_after: int = -1, missing: int = -1) -> None:
        self._pause_after, self._missing = pause_after, missing
        self._parts = 10
        self._grown = asyncio.Condition()

    async def grow(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time()
        while True:
            due += PART_SECONDS + (1.0 if self._parts == self._pause_after else 0.0)
            await asyncio.sleep(due - loop.time())
            async with self._grown:
                self._parts += 1
                self._grown.notify_all()

    def playlist(self) -> str:
        whole, rest = divmod(self._parts, PARTS_IN_SEGMENT)
        first = max(0, whole - 3)
        lines = [
            "#EXTM3U",
            "#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES",
            f"#EXT-X-PART-INF:PART-TARGET={PART_SECONDS}",
            f"#EXT-X-MEDIA-SEQUENCE:{first}",
        ]
        for msn in range(first, whole + 1):
            count = PARTS_IN_SEGMENT if msn < whole else rest
            lines += [f'#EXT-X-PART:DURATION={PART_SECONDS},URI="{msn}.{index}"' for index in range(count)]
            lines += [f"#EXTINF:{PART_SECONDS * PARTS_IN_SEGMENT},", f"{msn}"] if msn < whole else []
        return "\n".join(lines) + "\n"

    async def answer(self, target: str) -> tuple[int, bytes]:
        parts = urlsplit(target)
        if parts.path != "/live.m3u8":
            if parts.path.count(".") != 1:
                return 404, b""
            msn, index = (int(number) for number in parts.path[1:].split("."))
            number = msn * PARTS_IN_SEGMENT + index
            return (404, b"") if number == self._missing else (200, b"x" * 5000)
        asked = {
            name: int(values[0]) for name, values in parse_qs(parts.query).items() if name != "_HLS_skip"
        }
        if asked:
            wanted = asked["_HLS_msn"] * PARTS_IN_SEGMENT + asked["_HLS_part"]
            async with self._grown:
                await self._grown.wait_for(lambda: self._parts > wanted)
        return 200, self.playlist().encode()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                status, body = await self.answer(request.split(b" ")[1].decode())
                writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)
                await writer.drain()


@asynccontextmanager
async def serving(origin: Origin) -> AsyncIterator[str]:
    growing = asyncio.create_task(origin.grow())
    try:
        async with loopback(origin.serve) as address:
            yield f"{address}/live.m3u8"
    finally:
        growing.cancel()
        await asyncio.gather(growing, return_exceptions=True)


async def seen_by_viewers(origin: Origin, *, seconds: float = 1.5) -> dict[str, Detail]:
    async with serving(origin) as url:
        return await load(url, viewers=8, seconds=seconds, ramp=0.2, parts_behind=8)


async def test_viewers_of_a_steady_stream_get_every_part_without_a_stall() -> None:
    seen = await seen_by_viewers(Origin())
    assert (seen["stalls"], seen["errors"], seen["missed_parts"]) == (0, 0, 0)
    parts = seen["parts"]
    assert isinstance(parts, int)
    assert parts > 8 * 8


async def test_a_stream_that_pauses_longer_than_what_is_held_stalls_every_viewer() -> None:
    seen = await seen_by_viewers(Origin(pause_after=32))
    assert seen["stalled_viewers"] == 8
    assert seen["errors"] == 0


async def test_a_part_that_is_not_there_is_an_error_for_every_viewer() -> None:
    seen = await seen_by_viewers(Origin(missing=35))
    errors = seen["errors"]
    assert isinstance(errors, int)
    assert errors >= 8
    assert str(seen["first_errors"]).count("404") == 3


async def test_it_runs_as_a_process_of_its_own_and_prints_one_json_object() -> None:
    async with serving(Origin()) as url:
        command = [sys.executable, "-m", "bench.load", url, "--viewers", "3", "--seconds", "1"]
        command += ["--ramp", "0.1"]
        process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        out, _ = await process.communicate()
    seen = json.loads(out)
    assert (seen["viewers"], seen["errors"]) == (3, 0)
    assert seen["parts"] > 3 * 5


async def test_viewers_who_get_nothing_are_no_measurement() -> None:
    async with serving(Origin()) as url:
        with pytest.raises(SystemExit, match="no viewer got a part"):
            await load(f"{url}.elsewhere.0", viewers=2, seconds=0.2, ramp=0.1, parts_behind=3)
