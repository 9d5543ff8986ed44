"""`python -m bench.load URL`: many low-latency viewers of one media playlist, in a process of their own.

Each viewer keeps one connection, asks for the playlist that has the next part (blocking, delta), fetches the
part, and plays three parts behind. Prints one JSON object.
"""

import argparse
import asyncio
import json
import resource
import sys
import time
from contextlib import aclosing
from urllib.parse import urljoin

import uvloop

from bench.figure import Detail
from bench.follow import FollowError, Playlists, follow
from bench.http1 import Client, HttpError
from bench.playhead import Playhead
from bench.tally import Tally, summary

LAG_STEP_SECONDS = 0.01


async def watch(url: str, tally: Tally, playlists: Playlists, playhead: Playhead, parts_behind: int) -> None:
    """One session until it is cancelled or something goes wrong (raised)."""
    expected: tuple[int, int] | None = None
    async with (
        Client(url) as client,
        aclosing(follow(client, url, playlists, behind=parts_behind)) as newly_listed,
    ):
        async for part in newly_listed:
            place = (part.msn, part.index)
            if expected is not None and place not in (expected, (expected[0] + 1, 0)):
                tally.missed += 1
            expected = (part.msn, part.index + 1)
            asked_at = time.monotonic()
            answer = await client.get(urljoin(url, part.uri))
            if answer.status != 200:
                raise FollowError(f"part answered {answer.status}")
            tally.had(part, asked_at, answer.completed_at, len(answer.body), playhead)


async def viewer(url: str, tally: Tally, playlists: Playlists, playhead: Playhead, parts_behind: int) -> None:
    """Watches on after an error, as players do; every error is counted."""
    while True:
        try:
            await watch(url, tally, playlists, playhead, parts_behind)
        except (OSError, HttpError, FollowError, TimeoutError) as error:
            tally.errors.append(f"{type(error).__name__}: {error}")
            await asyncio.sleep(0.5)
        else:
            tally.errors.append("the stream ended")
            return


async def feel_lag(tally: Tally) -> None:
    """How late this process's own loop is: what the figures owe to the load maker, not to the server."""
    while True:
        due = time.monotonic() + LAG_STEP_SECONDS
        await asyncio.sleep(LAG_STEP_SECONDS)
        if tally.measuring:
            tally.lag_ms.append((time.monotonic() - due) * 1000)


async def load(url: str, viewers: int, seconds: float, ramp: float, parts_behind: int) -> dict[str, Detail]:
    """Let `viewers` join over `ramp` seconds, then measure for `seconds`."""
    tally, playlists = Tally(), Playlists()
    playheads = [Playhead(parts_behind) for _ in range(viewers)]
    tasks = [asyncio.create_task(feel_lag(tally))]
    for playhead in playheads:
        tasks.append(asyncio.create_task(viewer(url, tally, playlists, playhead, parts_behind)))
        await asyncio.sleep(ramp / viewers)
    # The last to join need their first parts before anything is said about them.
    await asyncio.sleep(2.0)
    tally.measuring = True
    cpu, started = time.process_time(), time.monotonic()
    await asyncio.sleep(seconds)
    cpu, seconds, ended = time.process_time() - cpu, time.monotonic() - started, time.monotonic()
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for playhead in playheads:
        playhead.finish(ended)
    return summary(tally, playheads, started=started, seconds=seconds, cpu=cpu)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    parser.add_argument("url", help="a low-latency media playlist")
    parser.add_argument("--viewers", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--ramp", type=float, default=10.0, help="seconds over which they join")
    parser.add_argument("--parts-behind", type=int, default=3)
    asked = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        result = runner.run(load(asked.url, asked.viewers, asked.seconds, asked.ramp, asked.parts_behind))
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main()
