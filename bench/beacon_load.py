"""`python -m bench.beacon_load URL NUMBER`: players that report, in a process of their own, each on its connection.

Each viewer reports 15 s of new media a time; with --every, that often (s) as players do, else as soon as the last one
is answered (and then 15 ms of media, which is all that server time allows). Prints one JSON object: beacons answered
by status, times in ms, and with --tell FILE each (visit, seq) that was answered with 204, a line each, as it was.
"""

import argparse
import asyncio
import json
import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO
from uuid import uuid4

import uvloop

from bench.http1 import Client, HttpError
from bench.stats import percentile

SENT_AT = "2026-11-24T07:00:00Z"


@dataclass
class Seen:
    statuses: Counter[int] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)
    errors: int = 0
    views: Counter[str] = field(default_factory=Counter)
    """Of each unit, by what was answered: visits of 30 s and more."""


async def viewer(
    url: str, number: str, unit: str, plan: argparse.Namespace, seen: Seen, told: TextIO
) -> None:
    visit = str(uuid4())
    step = 15.0 if plan.every else 0.015
    played = 0.0
    async with Client(url, cookie=f"wkt_viewer={visit}") as client:
        if plan.every:
            await asyncio.sleep(random.random() * plan.every)
        begun = time.monotonic()
        for seq in range(plan.beacons):
            if plan.every:
                await asyncio.sleep(max(0.0, begun + seq * plan.every - time.monotonic()))
            sent = {
                "visit": visit, "seq": seq, "broadcast": number, "mode": "live", "unit": unit or None,
                "ranges": [[round(seq * step, 3), round((seq + 1) * step, 3)]], "visible": True,
                "sent_at": SENT_AT, "muted": False, "speed": 1, "terminal": "desktop",
            }  # fmt: skip
            asked = time.monotonic()
            try:
                answer = await client.post_json(url, json.dumps(sent).encode(), patience=60)
            except (OSError, HttpError, TimeoutError):
                seen.errors += 1
                return
            seen.times.append((time.monotonic() - asked) * 1000)
            seen.statuses[answer.status] += 1
            if answer.status == 204:
                told.write(f"{visit} {seq}\n")
                before, played = played, played + step
                seen.views[unit] += before < 30 <= played


async def load(plan: argparse.Namespace, told: TextIO) -> Seen:
    seen = Seen()
    units = plan.units.split(",") if plan.units else [""]
    viewers = (
        viewer(plan.url, plan.number, units[place % len(units)], plan, seen, told)
        for place in range(plan.viewers)
    )
    await asyncio.gather(*viewers)
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description="Report like players.")
    parser.add_argument("url")
    parser.add_argument("number")
    parser.add_argument("--viewers", type=int, default=100)
    parser.add_argument("--beacons", type=int, default=60, help="of each viewer")
    parser.add_argument("--every", type=float, default=0.0, help="seconds; 0: as fast as they are answered")
    parser.add_argument("--units", default="", help="codes that viewers take turns in")
    parser.add_argument("--tell", type=Path, default=Path("/dev/null"))
    plan = parser.parse_args()
    begun = time.monotonic()
    with plan.tell.open("w", buffering=1) as told:
        seen = uvloop.run(load(plan, told))
    took = time.monotonic() - begun
    sys.stdout.write(
        json.dumps(
            {
                "seconds": round(took, 2),
                "statuses": {str(status): count for status, count in seen.statuses.items()},
                "errors": seen.errors,
                "per_second": round(seen.statuses[204] / took, 1),
                "p50_ms": round(percentile(seen.times, 0.5), 1) if seen.times else 0,
                "p99_ms": round(percentile(seen.times, 0.99), 1) if seen.times else 0,
                "views": dict(seen.views),
            }
        )
    )


if __name__ == "__main__":
    main()
