"""The hash chain: what of an entry is hashed, and how. Pure."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from enum import Enum
from uuid import UUID

FIRST = "0" * 64
"""What stands before the first entry."""


def canonical(value: object) -> str:
    """JSON with sorted names and no blanks: equal values make equal text. Times are ISO 8601 in UTC.

    Raises TypeError for what is no plain value.
    """
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain)


def _plain(value: object) -> object:
    match value:
        case datetime():
            return moment(value)
        case date() | time():
            return value.isoformat()
        case Enum():
            return value.value
        case UUID():
            return str(value)
        case set() | frozenset():
            return sorted(value)
        case Mapping():
            return dict(value)
        case tuple():
            return list(value)
    raise TypeError(f"{type(value).__name__} does not go into the audit log")


def moment(at: datetime) -> str:
    """To the microsecond, the same from every database."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def entry_hash(previous_hash: str, content: Mapping[str, object]) -> str:
    """SHA-256 in hex over the previous entry's hash, a line feed, and the canonical JSON of the content."""
    return hashlib.sha256(f"{previous_hash}\n{canonical(content)}".encode(errors="surrogatepass")).hexdigest()
