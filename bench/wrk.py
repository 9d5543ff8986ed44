"""wrk, one thread and 32 connections: requests a second from one URL."""

import re
import shutil
from dataclasses import dataclass

from bench.process import StartError, outcome


@dataclass(frozen=True, slots=True)
class Rate:
    """What wrk counted; failures are socket errors and answers other than 2xx or 3xx."""

    requests_per_second: float
    failures: int


def parse(report: str) -> Rate:
    """Read wrk's report."""
    rate = re.search(r"Requests/sec:\s+([\d.]+)", report)
    if rate is None:
        raise StartError(f"wrk said: {report[-400:]}")
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", report)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", report)
    failures = sum(int(count) for count in errors.groups()) if errors else 0
    return Rate(float(rate.group(1)), failures + (int(refused.group(1)) if refused else 0))


async def wrk(url: str, *, seconds: int, connections: int = 32) -> Rate:
    """Load one URL. Raises StartError where wrk is not installed."""
    program = shutil.which("wrk")
    if program is None:
        raise StartError("wrk is not installed")
    return parse(await outcome([program, "-t1", f"-c{connections}", f"-d{seconds}s", url]))
