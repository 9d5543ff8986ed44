"""What of a phone or an ID number may enter the log: a mask to read, and a keyed digest to compare.

The digest's key is made of the application's secret, which is not in the database, and of a random key for each
month, which is. Neither a copy of the database nor the secret alone tells the number again; when the month's key
is deleted, nothing does, and the chain of entries stays whole.
"""

import hashlib
import hmac
import secrets

DIGEST_LETTERS = 24
"""96 bits in hex: two numbers do not meet by chance."""

_secret = [secrets.token_bytes(32)]
"""Until `use_secret`, one of this process's own: its digests can be compared with no other's, and tell nothing."""


def use_secret(secret: bytes) -> None:
    """Digest with the application's secret from now on; every process of the house does so at its start."""
    _secret[0] = hmac.digest(secret, b"weiketang audit mask", "sha256")


class Masked(str):
    """Reads as the mask alone; `record` adds the digest of what it stands for."""

    __slots__ = ("_value",)

    _value: str

    def __new__(cls, value: str) -> "Masked":
        made = super().__new__(cls, mask(value))
        made._value = value
        return made

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return (str, (str(self),))  # a pickle or a deep copy must not carry the number on

    def with_digest(self, month_key: str) -> str:
        """`138****5678 #` and the digest."""
        return f"{self} #{digest(self._value, month_key)}"


def masked(value: str) -> str:
    """Give a phone or an ID number to the log. An empty value stays empty."""
    return Masked(value) if value.strip() else ""


def mask(value: str) -> str:
    """`13812345678` → `138****5678`, `522701199003071234` → `5227**********1234`; shorter ones show less."""
    text = "".join(value.split())
    if len(text) >= 15:
        return text[:4] + "*" * (len(text) - 8) + text[-4:]
    if len(text) >= 11:
        return text[:3] + "*" * (len(text) - 7) + text[-4:]
    return "*" * (len(text) - 2) + text[-2:] if len(text) >= 7 else "*" * len(text)


def digest(value: str, month_key: str) -> str:
    """The same number gives the same digest within a month, however it was spaced or capitalised."""
    plain = "".join(value.split()).upper()
    key = hmac.digest(_secret[0], month_key.encode(), hashlib.sha256)
    return hmac.new(key, plain.encode(errors="surrogatepass"), hashlib.sha256).hexdigest()[:DIGEST_LETTERS]
