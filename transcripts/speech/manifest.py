"""What lies beside an installed model: which files it has, how large they are, and their SHA-256."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from transcripts.speech.digests import file_sha256
from transcripts.speech.errors import BrokenModel

MANIFEST = "weiketang-model.json"
VERSION = 1


@dataclass(frozen=True, slots=True)
class FileSum:
    """size: bytes."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """source: the hub's repository and commit, or the folder or archive it came from. installed_at: ISO 8601."""

    name: str
    engine: str
    source: str
    installed_at: str
    files: Mapping[str, FileSum]


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Last of all: with it the folder is whole. It is on the disk when this returns."""
    rows = {name: asdict(each) for name, each in sorted(manifest.files.items())}
    text = json.dumps(
        {
            "version": VERSION,
            "name": manifest.name,
            "engine": manifest.engine,
            "source": manifest.source,
            "installed_at": manifest.installed_at,
            "files": rows,
        },
        ensure_ascii=False,
        indent=1,
    )
    with (folder / MANIFEST).open("w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())


def read_manifest(folder: Path) -> Manifest | None:
    """None where there is none. Raises BrokenModel."""
    try:
        data = (folder / MANIFEST).read_bytes()
    except FileNotFoundError:
        return None
    return parse_manifest(data, folder.name)


def parse_manifest(data: bytes, name: str) -> Manifest:
    """name: of the model, for the message. Raises BrokenModel for anything that is no manifest."""
    try:
        rows = json.loads(data)
        return Manifest(
            str(rows["name"]),
            str(rows["engine"]),
            str(rows["source"]),
            str(rows["installed_at"]),
            {
                _plain(file): FileSum(int(row["size"]), str(row["sha256"]))
                for file, row in rows["files"].items()
            },
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise BrokenModel(f"语音模型 {name} 的校验清单 {MANIFEST} 读不出来，请重新安装。") from error


def missing_or_short(folder: Path, manifest: Manifest) -> list[str]:
    """Names of files that are not there, or not of their size: quick, without reading them."""
    wrong = []
    for name, expected in manifest.files.items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != expected.size:
            wrong.append(name)
    return wrong


def sums_of(folder: Path, names: list[str]) -> dict[str, FileSum]:
    return {name: FileSum((folder / name).stat().st_size, file_sha256(folder / name)) for name in names}


def _plain(name: Any) -> str:
    """A file's name and no path. Raises ValueError."""
    if not isinstance(name, str) or name != Path(name).name or name in ("", ".", ".."):
        raise ValueError(f"no file name: {name!r}")
    return name
