"""Fields that the database keeps unreadable: AES-256-GCM (NIST SP 800-38D) under keys of the application's secret."""

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.errors import DomainError
from core.secrets import AppSecrets

VERSION = "s1"
NONCE_BYTES = 12
KEY_BYTES = 32


class Unreadable(DomainError):
    """这一项加密内容打不开：应用密钥可能换过，请管理员把旧密钥设为 WEIKETANG_PREVIOUS_APP_SECRET。"""


class Sealer:
    """Each purpose has a key of its own: what was sealed for one cannot be passed off as another's."""

    def __init__(self, secrets: AppSecrets) -> None:
        self._secrets = secrets

    def seal(self, text: str, *, purpose: str) -> str:
        """`s1.` and base64url of nonce, ciphertext and tag, under the current secret."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(_key(self._secrets.current, purpose)).encrypt(nonce, text.encode(), purpose.encode())
        return f"{VERSION}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def open(self, sealed: str, *, purpose: str) -> str:
        """What was sealed for the same purpose, under the current secret or the one before. Raises Unreadable."""
        version, _, body = sealed.partition(".")
        try:
            raw = base64.b64decode(body.encode("ascii"), altchars=b"-_", validate=True)
        except (UnicodeEncodeError, binascii.Error):
            raise Unreadable from None
        if version != VERSION or len(raw) <= NONCE_BYTES:
            raise Unreadable
        for secret in self._secrets.accepted:
            try:
                cipher = AESGCM(_key(secret, purpose))
                return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], purpose.encode()).decode()
            except InvalidTag:
                continue
        raise Unreadable


def _key(secret: bytes, purpose: str) -> bytes:
    derived = HKDF(SHA256(), KEY_BYTES, salt=None, info=b"weiketang sealing " + purpose.encode())
    return derived.derive(secret)
