"""The addresses a server was last started with, kept in its data folder.

A command on the same folder prints the addresses people can really use, though only the server was told its
ports on the command line. Environment variables and options of the command itself count first.
"""

import json
import os
from pathlib import Path
from typing import Any

from core.settings import Settings

FILE_NAME = "addresses.json"
DECIDED_BY = {"public_url": ("public_url", "http_port"), "public_rtmp_url": ("public_rtmp_url", "rtmp_port")}
"""The settings by which somebody says what an address is."""


def remember_addresses(data_dir: Path, **addresses: str) -> None:
    """Note public_url, public_rtmp_url or both. File I/O: not on the event loop."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / FILE_NAME
    draft = path.with_name(f"{FILE_NAME}.{os.getpid()}")
    draft.write_text(json.dumps(_read(path) | addresses), encoding="utf-8")
    draft.replace(path)


def with_remembered_addresses(settings: Settings) -> Settings:
    """The settings with the remembered addresses in place of defaults. File I/O: not on the event loop."""
    remembered = _read(settings.data_dir / FILE_NAME)
    update = {
        name: remembered[name]
        for name, deciders in DECIDED_BY.items()
        if name in remembered and not settings.model_fields_set.intersection(deciders)
    }
    return settings.model_copy(update=update)


def _read(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
