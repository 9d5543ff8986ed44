"""Sound as fragments of 0.4 s, as the packager hands them on: an init section, then moof and mdat each."""

import struct
from collections.abc import Iterator
from pathlib import Path

from tests.support.media import run_ffmpeg

FRAGMENT = ["-movflags", "empty_moov+default_base_moof", "-frag_duration", "400000"]


def fragments_of(sound: Path, folder: Path) -> tuple[bytes, list[bytes]]:
    """sound: any file with sound, encoded here as AAC."""
    made = folder / "fragments.mp4"
    aac = ["-vn", "-c:a", "aac", "-b:a", "96k", "-ar", "44100", "-ac", "2"]
    run_ffmpeg("-i", str(sound), *aac, *FRAGMENT, "-f", "mp4", str(made))
    init, parts = b"", list[bytes]()
    for kind, box in _boxes(made.read_bytes()):
        match kind:
            case b"ftyp" | b"moov":
                init += box
            case b"moof":
                parts.append(box)
            case b"mdat":
                parts[-1] += box
    return init, parts


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        yield kind, data[at : at + size]
        at += size
