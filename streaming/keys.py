"""Stream keys (推流码): derived from the application's secret, stored nowhere.

`<number>-<lower-case base32 of the first 160 bits of HMAC-SHA256(secret, broadcast id and key version)>`.
Revoking is raising the version; a second, older secret is accepted while secrets are changed.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from uuid import UUID

KEY = re.compile(r"(?P<number>\d{4}-\d{1,2}-\d{1,4})-(?P<mac>[a-z2-7]{32})", re.ASCII)
MAC_BYTES = 20


class MalformedKey(ValueError):
    """The text is no stream key at all."""


def stream_key(secret: bytes, broadcast_id: UUID, number: str, version: int) -> str:
    return f"{number}-{_mac(secret, broadcast_id, version)}"


def parse_key(text: str) -> tuple[str, str]:
    """The number and the MAC of a key as typed or pasted: outer blanks and capitals do not matter."""
    match = KEY.fullmatch(text.strip().lower())
    if match is None:
        raise MalformedKey
    return match["number"], match["mac"]


def verify(text: str, secrets: Sequence[bytes], broadcast_id: UUID, number: str, version: int) -> bool:
    """Whether text is this lecture's key under one of the secrets; as slow wherever they differ."""
    try:
        given_number, mac = parse_key(text)
    except MalformedKey:
        return False
    matches = [hmac.compare_digest(mac, _mac(secret, broadcast_id, version)) for secret in secrets]
    return any(matches) and given_number == number


def shortened(text: str) -> str:
    """A key as it may stand in a log: enough to tell two apart, too little to use."""
    number, dash, mac = text.strip()[:80].rpartition("-")
    return f"{number}{dash}{mac[:4]}…" if dash else f"{mac[:4]}…"


def _mac(secret: bytes, broadcast_id: UUID, version: int) -> str:
    message = b"stream key\0" + broadcast_id.bytes + version.to_bytes(4, "big")
    digest = hmac.digest(secret, message, hashlib.sha256)
    return base64.b32encode(digest[:MAC_BYTES]).decode().lower()
