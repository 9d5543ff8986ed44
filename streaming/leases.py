"""Who holds a lecture: one row per lecture, kept alive by heartbeats, claimed by conditional updates.

The holder is a data folder, because the journal lies in it: the process that starts again on the same folder
after a crash holds the same lectures at once, without waiting for the old lease to run out. A folder is
claimed by one process at a time.
"""

import fcntl
import socket
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from tortoise.exceptions import IntegrityError

from core.errors import Conflict
from core.settings import Settings
from streaming.models import Lease


class FolderInUse(Conflict):
    """这个数据文件夹已有一个媒体进程在用。请先停掉它，或换一个 --data-dir。"""


class MediaFolder:
    """The claim of one media process on its data folder. Making it does file I/O: not on the event loop.

    Raises FolderInUse. `holder` is the name it holds leases under.
    """

    def __init__(self, data_dir: Path) -> None:
        data_dir.mkdir(parents=True, exist_ok=True)
        self._file = (data_dir / "media-id").open("a+", encoding="ascii")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise FolderInUse from None
        self._file.seek(0)
        self.holder = self._file.read().strip() or self._name()

    def _name(self) -> str:
        name = f"{socket.gethostname()[:40]}-{uuid4().hex}"
        self._file.write(name)
        self._file.flush()
        return name

    def close(self) -> None:
        self._file.close()


async def acquire(broadcast_id: UUID, holder: str, *, now: datetime, settings: Settings) -> bool:
    """Take the lease, or keep it; False while somebody else's is alive."""
    own = Lease.filter(broadcast_id=broadcast_id, holder=holder)
    if await own.update(heartbeat_at=now):
        return True
    void = Lease.filter(broadcast_id=broadcast_id, heartbeat_at__lt=_oldest(now, settings))
    if await void.update(holder=holder, acquired_at=now, heartbeat_at=now):
        return True
    try:
        await Lease.create(broadcast_id=broadcast_id, holder=holder, acquired_at=now, heartbeat_at=now)
    except IntegrityError:  # there is a row, alive, or somebody has just made it
        return False
    return True


async def heartbeat(broadcast_ids: Collection[UUID], holder: str, *, now: datetime) -> set[UUID]:
    """Keep the holder's leases on these lectures alive. Returns those it still holds: what is missing was lost.

    A lease that an earlier process on the same folder has left behind is not kept: it runs out.
    """
    if not broadcast_ids:
        return set()
    kept = await Lease.filter(broadcast_id__in=list(broadcast_ids), holder=holder).update(heartbeat_at=now)
    return set(broadcast_ids) if kept == len(broadcast_ids) else await held_by(holder)


async def tell(broadcast_id: UUID, holder: str, report: object) -> None:
    """Leave word of how the lecture goes, as plain JSON values, for as long as the lease is the holder's."""
    await Lease.filter(broadcast_id=broadcast_id, holder=holder).update(report=report)


async def told(broadcast_id: UUID, *, now: datetime, settings: Settings) -> Any:
    """What the holder has told last; None when it told nothing, or gave no sign of life lately."""
    lease = await Lease.get_or_none(broadcast_id=broadcast_id, heartbeat_at__gte=_oldest(now, settings))
    return lease.report if lease is not None else None


async def held_by(holder: str) -> set[UUID]:
    return {lease.broadcast_id for lease in await Lease.filter(holder=holder)}


async def release(broadcast_ids: Collection[UUID], holder: str) -> None:
    await Lease.filter(broadcast_id__in=list(broadcast_ids), holder=holder).delete()


async def is_held(broadcast_id: UUID, *, now: datetime, settings: Settings) -> bool:
    """Whether a media process that gave a sign of life lately holds the lecture."""
    return await Lease.filter(broadcast_id=broadcast_id, heartbeat_at__gte=_oldest(now, settings)).exists()


def _oldest(now: datetime, settings: Settings) -> datetime:
    return now - timedelta(seconds=settings.lease_seconds)
