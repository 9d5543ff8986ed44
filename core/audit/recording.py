"""Writing an entry, within the transaction of what it records."""

import secrets
from collections.abc import Mapping
from datetime import datetime

from tortoise.backends.base.client import TransactionalDBClient
from tortoise.context import require_context

from core.audit.actors import Actor
from core.audit.chain import FIRST, canonical, entry_hash
from core.audit.content import content_of
from core.audit.masking import Masked
from core.audit.models import AuditEntry, AuditHead, MaskKey
from core.audit.origin import current_origin
from core.clock import CHINA

HEAD = 1
CHAIN_LOCK = 0x61756469  # "audi": the key of PostgreSQL's advisory lock around the chain's end
LONGEST_NAME = 120


async def record(
    action: str,
    *,
    by: Actor,
    subject: str,
    now: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Add an entry. action like `broadcast.moved`; subject like `broadcast:2026-11-2`.

    Only inside a transaction, so that what is done and its entry are kept or lost together; at its end, since on
    PostgreSQL the chain is locked from here to the commit. Raises RuntimeError outside one.
    """
    connection = require_context().db()
    if not isinstance(connection, TransactionalDBClient):
        raise RuntimeError("an audit entry is written in the transaction of what it records")
    if connection.capabilities.dialect == "postgres":  # SQLite's transaction is the only writer as it is
        await connection.execute_query("SELECT pg_advisory_xact_lock($1)", [CHAIN_LOCK])
    head = await AuditHead.get_or_none(id=HEAD)
    entry = AuditEntry(
        number=(head.number if head else 0) + 1,
        at=now,
        action=action,
        subject=subject,
        actor_kind=by.kind,
        actor_id=by.id,
        actor_name=by.name[:LONGEST_NAME],
        unit_code=by.unit_code or "",
        origin=current_origin(),
        before=await _text(before, now),
        after=await _text(after, now),
        previous_hash=head.hash if head else FIRST,
    )
    entry.hash = entry_hash(entry.previous_hash, content_of(entry))
    await entry.save(force_create=True)
    if head is None:
        await AuditHead.create(id=HEAD, number=entry.number, hash=entry.hash)
    else:
        await AuditHead.filter(id=HEAD).update(number=entry.number, hash=entry.hash)


async def _text(values: Mapping[str, object] | None, now: datetime) -> str:
    if values is None:
        return ""
    return canonical({name: await _without_secrets(value, now) for name, value in values.items()})


async def _without_secrets(value: object, now: datetime) -> object:
    match value:
        case Masked():
            return value.with_digest(await _month_key(now))
        case Mapping():
            return {name: await _without_secrets(each, now) for name, each in value.items()}
        case list() | tuple():
            return [await _without_secrets(each, now) for each in value]
    return value


async def _month_key(now: datetime) -> str:
    """Under the chain's lock: two writers do not make two."""
    month = now.astimezone(CHINA).strftime("%Y-%m")
    row, _ = await MaskKey.get_or_create(month=month, defaults={"key": secrets.token_hex(32)})
    return row.key
