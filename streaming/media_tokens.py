"""The unguessable part of a media URI: it changes when a lecture is cut or withdrawn."""

import base64
import hashlib
import hmac
from collections.abc import Sequence

TOKEN_BYTES = 10


def media_token(secret: bytes, number: str, generation: int) -> str:
    """16 lower-case letters and digits."""
    message = f"media:{number}:{generation}".encode()
    digest = hmac.new(secret, message, hashlib.sha256).digest()
    return base64.b32encode(digest[:TOKEN_BYTES]).decode("ascii").lower()


def outdated_tokens(secrets: Sequence[bytes], number: str, generation: int) -> frozenset[str]:
    """What was valid once: earlier generations, and this one under an older secret. secrets: the current
    first.
    """
    current = media_token(secrets[0], number, generation)
    tokens = {media_token(secret, number, old) for secret in secrets for old in range(1, generation + 1)}
    return frozenset(tokens - {current})
