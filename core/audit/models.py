"""The log of what was done, and the keys that its masked values are compared with."""

from tortoise import fields
from tortoise.models import Model

from core.audit.actors import ActorKind


class AuditEntry(Model):
    """One entry, never changed and never deleted.

    Numbers rise by one from 1, without a gap.
    before and after are canonical JSON as text: the database must give back the bytes that were hashed.
    hash: SHA-256 in hex over previous_hash and the entry's canonical JSON (core.audit.chain).
    """

    number = fields.BigIntField(primary_key=True, generated=False)
    at = fields.DatetimeField(db_index=True)
    action = fields.CharField(max_length=60, db_index=True)
    subject = fields.CharField(max_length=120, db_index=True)
    actor_kind = fields.CharEnumField(ActorKind, max_length=16)
    actor_id = fields.CharField(max_length=80, db_index=True)
    actor_name = fields.CharField(max_length=120)
    unit_code = fields.CharField(max_length=16, default="", db_index=True)
    origin = fields.CharField(max_length=64, default="")
    """The address it was asked from; empty for what did not come by the web."""
    before = fields.TextField(default="")
    after = fields.TextField(default="")
    previous_hash = fields.CharField(max_length=64)
    hash = fields.CharField(max_length=64)

    class Meta:
        table = "audit_entry"
        ordering = ("-number",)


class AuditHead(Model):
    """Number and hash of the last entry, one row.

    An entry that is taken away at the end is missed by it.
    """

    id = fields.IntField(primary_key=True, generated=False)
    number = fields.BigIntField()
    hash = fields.CharField(max_length=64)

    class Meta:
        table = "audit_head"


class MaskKey(Model):
    """What the masked values of a month are digested with.

    Deleting it makes those digests say nothing any more.
    """

    month = fields.CharField(max_length=7, primary_key=True)
    """`2026-11`, on the calendar of China."""
    key = fields.CharField(max_length=64)

    class Meta:
        table = "audit_mask_key"
