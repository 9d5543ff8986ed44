"""Walking the chain from its first entry to its last: what was changed, taken away or put in shows."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from core.audit.chain import FIRST, entry_hash
from core.audit.content import content_of
from core.audit.models import AuditEntry, AuditHead
from core.errors import DomainError

BATCH = 1000
"""Entries that are read and hashed at once, off the event loop."""


@dataclass(frozen=True, slots=True)
class Link:
    """The number and hash of an entry; to be noted outside the house and compared later."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


BEGINNING = Link(0, FIRST)


class ChainBroken(DomainError):
    """number: the first entry that is not as it was written."""

    def __init__(self, number: int, reason: str) -> None:
        self.number = number
        super().__init__(f"操作日志第 {number} 条不对：{reason}。")


async def verify_chain(noted: Link | None = None) -> Link:
    """The last entry, when every entry is as it was written and none is missing; BEGINNING of an empty log.

    noted: an entry somebody wrote down before; it must still stand there. Entries may be added meanwhile.
    Raises ChainBroken.
    """
    last = BEGINNING
    while True:
        head = await AuditHead.get_or_none(id=1)
        said = BEGINNING if head is None else Link(head.number, head.hash)
        last = await _walk(last, said.number, noted)
        if last.number < said.number:
            raise ChainBroken(last.number + 1, "这一条不见了")
        if last.hash != said.hash:
            raise ChainBroken(last.number, "与末条登记的摘要不符")
        if not await AuditEntry.filter(number__gt=last.number).exists():
            break
        again = await AuditHead.get_or_none(id=1)
        if again is None or again.number <= last.number:
            raise ChainBroken(last.number + 1, "这一条不是按规矩写进来的")
    if noted is not None and noted.number > last.number:
        raise ChainBroken(last.number + 1, f"记下的第 {noted.number} 条不见了")
    return last


async def _walk(last: Link, until: int, noted: Link | None) -> Link:
    while last.number < until:
        rows = AuditEntry.filter(number__gt=last.number, number__lte=until).order_by("number")
        batch = await rows.limit(BATCH)
        if not batch:
            break
        last = await asyncio.to_thread(check_links, last, batch, noted)
    return last


def check_links(last: Link, entries: Sequence[AuditEntry], noted: Link | None = None) -> Link:
    """Pure: entries follow `last` one by one. Returns the last of them; raises ChainBroken."""
    for entry in entries:
        if entry.number != last.number + 1:
            raise ChainBroken(last.number + 1, "这一条不见了")
        if entry.previous_hash != last.hash:
            raise ChainBroken(entry.number, "与前一条接不上")
        if entry_hash(last.hash, content_of(entry)) != entry.hash:
            raise ChainBroken(entry.number, "内容与摘要不符，被改过")
        last = Link(entry.number, entry.hash)
        if noted is not None and noted.number == last.number and noted.hash != last.hash:
            raise ChainBroken(entry.number, "与记下的摘要不符")
    return last
