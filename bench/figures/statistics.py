"""The year page for officials with one, three and ten years behind it: 240 lectures, 5 million beacons.

One request at a time from a client beside the server, as in the figure of pages.
"""

import json
from collections.abc import AsyncIterator
from time import monotonic

from bench.desk import desk
from bench.figure import Bench, Row, log
from bench.figures.beacons import rows
from bench.http1 import Client
from bench.process import StartError
from bench.server import data_of, weiketang
from bench.stats import median, percentile

P95_MS = 100.0
YEARS = (1, 3, 10)
WARM_ROUNDS = 3
BEACONS_A_LECTURE = 20_840
"""240 lectures of them are 5 million."""


async def run(bench: Bench) -> AsyncIterator[Row]:
    if not bench.ours:
        return
    rounds = bench.choose(100, 20)
    beacons = bench.choose(BEACONS_A_LECTURE, 1000)
    for years in YEARS:
        async with bench.folder() as folder:
            data_of(folder).mkdir(parents=True)
            log.info("statistics: writing %d years", years)
            told = json.loads(
                await rows(folder, {}, "years", str(years), "--beacons-a-lecture", str(beacons))
            )
            async with weiketang(folder) as server, desk(server, "official") as official:
                base = f"http://127.0.0.1:{server.http_port}"
                url = f"{base}/desk/statistics/{told['year']}"
                times = []
                async with Client(base, cookie=official.cookie) as client:
                    for number in range(WARM_ROUNDS + rounds):
                        begun = monotonic()
                        answer = await client.get(url)
                        if answer.status != 200:
                            raise StartError(f"{url} answered {answer.status}")
                        if number >= WARM_ROUNDS:
                            times.append((answer.completed_at - begun) * 1000)
            told["p50_ms"] = round(median(times), 1)
            what = f"year page, {years} years, {told['beacons']} beacons: p95"
            yield Row("weiketang", what, percentile(times, 0.95), "ms", P95_MS, details=told)
