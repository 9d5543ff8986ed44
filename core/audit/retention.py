"""How long what stays.

Entries stay for good: the law asks for six months at least (网络安全法 art. 23 no. 3), and a chain cannot lose its
beginning. What may be forgotten is whose number a masked value stood for: its month's key is deleted in time.
"""

from datetime import datetime, timedelta

from core.audit.actors import SYSTEM
from core.audit.models import MaskKey
from core.audit.recording import record
from core.clock import CHINA
from core.database import transaction


async def erase_mask_keys(now: datetime, *, days: int) -> list[str]:
    """Delete the keys of months that ended so many days ago. Returns the months, such as `2026-04`."""
    first_kept = (now - timedelta(days=days)).astimezone(CHINA).strftime("%Y-%m")
    async with transaction():
        months = [row.month for row in await MaskKey.filter(month__lt=first_kept).order_by("month")]
        if months:
            await MaskKey.filter(month__in=months).delete()
            await record(
                "audit.mask_keys_erased", by=SYSTEM, subject="audit", now=now, after={"months": months}
            )
    return months
