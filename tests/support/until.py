"""Waiting in a test for something that another task or thread does."""

import asyncio
from collections.abc import Callable

STEPS = 2000
STEP_SECONDS = 0.005


async def until(condition: Callable[[], bool]) -> None:
    """Let the loop run until the condition holds; fails after 10 s or so."""
    for _ in range(STEPS):
        if condition():
            return
        await asyncio.sleep(STEP_SECONDS)
    raise AssertionError("it did not happen")
