"""Between the house and a process that listens: lines of JSON over its standard input and output."""

import asyncio
import json
import os
import sys
from queue import SimpleQueue
from threading import Thread
from typing import Any, BinaryIO

GONE = 3
"""Exit code when nobody is left to answer."""
LONGEST_ANSWER = 64 * 1024 * 1024
"""Bytes; ten minutes of speech with a time for each character are half a MiB."""


async def start_child(module: str) -> asyncio.subprocess.Process:
    """`python -m module`, in a session of its own. Raises OSError."""
    # An engine of one's own (module:function) is found as this process would find it.
    path = os.pathsep.join(each for each in sys.path if each)
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", module,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": path},
        limit=LONGEST_ANSWER,
        start_new_session=True,
    )  # fmt: skip


def line_of(message: dict[str, Any]) -> bytes:
    return json.dumps(message, ensure_ascii=False).encode() + b"\n"


# -- in the child


def own_output() -> BinaryIO:
    """Standard output for answers alone: what a library prints goes to the log."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return answers


def read_requests() -> "SimpleQueue[dict[str, Any]]":
    """Read in a thread, so that the end of input is seen while a piece is being heard: then the process ends."""
    requests: SimpleQueue[dict[str, Any]] = SimpleQueue()

    def read() -> None:
        for line in sys.stdin.buffer:
            requests.put(json.loads(line))
        os._exit(GONE)

    Thread(target=read, name="requests", daemon=True).start()
    return requests


def write_line(answers: BinaryIO, message: dict[str, Any]) -> None:
    answers.write(line_of(message))
    answers.flush()
