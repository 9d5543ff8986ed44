"""`python -m bench.stamper FRAMES`: raw frames on stdout at their pace, each stamped when it is pushed."""

import mmap
import os
import sys
import time
from pathlib import Path

from bench.barcode import STRIP_SHARE, WRAP_MS, luma_row
from bench.media import CACHED_FRAMES, FRAME_BYTES, HEIGHT, RATE, WIDTH

STRIP_ROWS = HEIGHT // STRIP_SHARE


def without_colour(frames: mmap.mmap) -> None:
    """Make the chroma behind the strip neutral in every cached frame, so that black and white stay so."""
    neutral = bytes([128]) * (WIDTH // 2 * STRIP_ROWS // 2)
    planes = (WIDTH * HEIGHT, WIDTH * HEIGHT * 5 // 4)
    for frame in range(CACHED_FRAMES):
        for plane in planes:
            start = frame * FRAME_BYTES + plane
            frames[start : start + len(neutral)] = neutral


def write_all(descriptor: int, data: memoryview) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def push(frames: memoryview, descriptor: int) -> None:
    """Push frames for ever, number n at n / RATE seconds after the first; never ahead of that pace."""
    started = time.monotonic()
    number = 0
    while True:
        time.sleep(max(0.0, started + number / RATE - time.monotonic()))
        start = number % CACHED_FRAMES * FRAME_BYTES
        strip = luma_row(int(time.time() * 1000) % WRAP_MS, WIDTH) * STRIP_ROWS
        write_all(descriptor, memoryview(strip))
        write_all(descriptor, frames[start + len(strip) : start + FRAME_BYTES])
        number += 1


def main() -> None:
    with Path(sys.argv[1]).open("rb") as file:
        frames = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_COPY)
        without_colour(frames)
        try:
            push(memoryview(frames), sys.stdout.fileno())
        except BrokenPipeError:
            sys.exit(0)


if __name__ == "__main__":
    main()
