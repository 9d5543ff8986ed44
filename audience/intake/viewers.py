"""Who is one viewer: keyed hashes of a random cookie, which tell nobody anything without the keys."""

import hmac
import secrets
from datetime import date
from uuid import UUID

from tortoise.exceptions import IntegrityError

from audience.models import DaySalt


def viewer_of(secret: bytes, broadcast_id: UUID, visit: UUID, cookie: str) -> str:
    """Of one lecture: the browser, by its cookie; without one, the visit alone."""
    what = f"cookie:{cookie}" if cookie else f"visit:{visit}"
    return hmac.digest(secret, f"viewer:{broadcast_id}:{what}".encode(), "sha256").hex()[:32]


def day_viewer_of(salt: bytes, visit: UUID, cookie: str) -> str:
    """Of one day, whatever lecture: the same browser is the same, until the salt is thrown away."""
    what = f"cookie:{cookie}" if cookie else f"visit:{visit}"
    return hmac.digest(salt, what.encode(), "sha256").hex()[:32]


async def salt_of(day: date) -> bytes:
    """Made with the first beacon of the day."""
    row = await DaySalt.get_or_none(day=day)
    if row is None:
        try:
            row = await DaySalt.create(day=day, salt=secrets.token_hex(32))
        except IntegrityError:  # another process was first
            row = await DaySalt.get(day=day)
    return bytes.fromhex(row.salt)


async def forget_salts(today: date) -> int:
    """Throw away the salts of days that are over. How many there were."""
    return await DaySalt.filter(day__lt=today).delete()
