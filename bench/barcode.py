"""A wall-clock time in the picture: 32 luma blocks along the top edge, 24 bits of ms and 8 of check.

Each block is 1/32 of the width, the strip 1/18 of the height, so that a 480p rung keeps 26 pixels a block.
White is 1, black is 0, most significant bit first. `barcode.js` reads the same code from a canvas.
"""

from typing import Final

BLOCKS: Final = 32
STRIP_SHARE: Final = 18
WRAP_MS: Final = 1 << 24
BLACK: Final = 16
WHITE: Final = 235
# Luma nearer to the middle is a blend of two pictures or a broken one: no reading beats a wrong one.
MARGIN: Final = 40
MIDDLE: Final = (BLACK + WHITE) // 2


def checksum(stamp: int) -> int:
    """8 check bits over the three bytes of a 24-bit stamp."""
    return ((stamp >> 16) * 3 + (stamp >> 8 & 0xFF) * 5 + (stamp & 0xFF) * 7 + 0x5A) & 0xFF


def luma_row(stamp: int, width: int) -> bytes:
    """One row of luma for a picture of `width` pixels (a multiple of 32) stamped with stamp milliseconds."""
    stamp %= WRAP_MS
    code = stamp << 8 | checksum(stamp)
    block = width // BLOCKS
    return b"".join(
        bytes([WHITE if code >> (BLOCKS - 1 - index) & 1 else BLACK]) * block for index in range(BLOCKS)
    )


def read_luma(plane: memoryview, stride: int, width: int, height: int) -> int | None:
    """The stamp (ms, modulo 2^24) in a decoded luma plane, or None where there is none to be trusted."""
    row = (height // STRIP_SHARE // 2) * stride
    code = 0
    for index in range(BLOCKS):
        luma = plane[row + (2 * index + 1) * width // (2 * BLOCKS)]
        if abs(luma - MIDDLE) < MARGIN:
            return None
        code = code << 1 | (luma > MIDDLE)
    stamp = code >> 8
    return stamp if checksum(stamp) == code & 0xFF else None


def elapsed_ms(now_ms: float, stamp: int) -> float:
    """Milliseconds from a stamp to now (Unix ms), across the wrap every 4.7 hours; below 0 if it is ahead."""
    difference = (now_ms - stamp) % WRAP_MS
    return difference if difference < WRAP_MS / 2 else difference - WRAP_MS
