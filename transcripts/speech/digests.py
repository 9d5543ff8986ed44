"""Checksums of files: SHA-256, and what git calls a file (hubs list small files by it)."""

import hashlib
from collections.abc import Callable
from pathlib import Path

BLOCK = 1 << 20


def file_sha256(path: Path, progress: Callable[[int], None] = lambda count: None) -> str:
    """progress is told the bytes of each block."""
    return _digest(path, hashlib.sha256(), progress)


def git_blob_sha1(path: Path) -> str:
    """The object name of git: SHA-1 over `blob <size>\\0` and the content."""
    sha1 = hashlib.sha1(f"blob {path.stat().st_size}\0".encode(), usedforsecurity=False)
    return _digest(path, sha1, lambda count: None)


def _digest(path: Path, digest: "hashlib._Hash", progress: Callable[[int], None]) -> str:
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            progress(len(block))
    return digest.hexdigest()
