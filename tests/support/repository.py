"""The repository as tests of its rules see it: its tracked files and its areas."""

import functools
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

SOURCE_ROOTS = (ROOT, ROOT / "site")
NOT_AREAS = {"bench", "tests"}

AREAS: dict[str, Path] = {
    init.parent.name: init.parent
    for root in SOURCE_ROOTS
    for init in sorted(root.glob("*/__init__.py"))
    if init.parent.name not in NOT_AREAS
}
"""Import name to folder."""


@functools.cache
def tracked() -> tuple[str, ...]:
    """Paths of the files under version control, relative to the root; without git (an unpacked archive) of all
    files that are no build output."""
    done = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True, text=True, check=False
    )
    if done.returncode == 0 and done.stdout:
        return tuple(path for path in done.stdout.split("\0") if path and (ROOT / path).is_file())
    outputs = {".venv", "node_modules", "var", "vendor", "__pycache__", ".git"}
    return tuple(
        str(path.relative_to(ROOT))
        for path in sorted(ROOT.rglob("*"))
        if path.is_file() and not outputs.intersection(path.relative_to(ROOT).parts)
    )


def texts(*suffixes: str) -> Iterator[tuple[str, str]]:
    """Path and content of tracked text files; with suffixes, of those only."""
    for path in tracked():
        if suffixes and not path.endswith(suffixes):
            continue
        try:
            yield path, (ROOT / path).read_text("utf-8")
        except UnicodeDecodeError:
            continue
