"""How a long-running process learns that it is to stop: by a signal, or because its parent is gone."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def set_on_signals(stop: asyncio.Event) -> Iterator[None]:
    """Set stop on SIGINT or SIGTERM instead of raising; at the end they mean again what they meant."""
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number in SIGNALS:
        loop.add_signal_handler(number, stop.set)
    try:
        yield
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)


def set_when_stdin_closes(stop: asyncio.Event) -> None:
    """Set stop when standard input ends: a killed parent cannot tell its child, but its pipe closes."""
    loop = asyncio.get_running_loop()

    def wait() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            continue
        if not loop.is_closed():
            loop.call_soon_threadsafe(stop.set)

    Thread(target=wait, name="stdin", daemon=True).start()
