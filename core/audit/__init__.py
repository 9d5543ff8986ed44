"""操作日志: who did what to what, before and after. Entries are only ever added, each chained to the one before.

async with transaction():
    ...change the rows...
    await record("broadcast.moved", by=actor, subject="broadcast:2026-11-2", now=now, before=…, after=…)
"""

from core.audit.actors import SYSTEM, Actor, ActorKind, command_line
from core.audit.masking import Masked, masked
from core.audit.recording import record

__all__ = ["SYSTEM", "Actor", "ActorKind", "Masked", "command_line", "masked", "record"]
