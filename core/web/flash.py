"""One sentence carried over a redirect to the next page, in a signed cookie."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from itsdangerous import BadSignature, URLSafeTimedSerializer

COOKIE = "wkt_flash"
LIFE_SECONDS = 120
Kind = Literal["done", "attention", "error"]


@dataclass(frozen=True, slots=True)
class Flash:
    kind: Kind
    text: str


class FlashCodec:
    """Signed, so that nobody can put words on our pages by planting a cookie."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        """secrets: the current one first."""
        self._signers = [URLSafeTimedSerializer(secret, salt="flash") for secret in secrets]

    def encode(self, flash: Flash) -> str:
        return str(self._signers[0].dumps([flash.kind, flash.text]))

    def decode(self, cookie: str | None) -> Flash | None:
        for signer in self._signers if cookie else ():
            try:
                kind, text = signer.loads(cookie or "", max_age=LIFE_SECONDS)
            except (BadSignature, ValueError):
                continue
            return Flash(kind, text)
        return None
