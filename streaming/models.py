"""Who holds a lecture on the air, and what was published into it."""

from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from schedules.models import Broadcast


class Lease(Model):
    """The media process that holds a lecture. It is void when its heartbeat is older than `lease_seconds`.

    holder names a data folder, not a process: after a crash the process that starts on the same folder has
    the journal and goes on at once.
    """

    broadcast: fields.OneToOneRelation[Broadcast] = fields.OneToOneField(
        "schedules.Broadcast", related_name="lease", on_delete=fields.CASCADE, primary_key=True
    )
    broadcast_id: UUID
    holder = fields.CharField(max_length=80, db_index=True)
    acquired_at = fields.DatetimeField()
    heartbeat_at = fields.DatetimeField()
    report: Any = fields.JSONField(null=True)
    """What the holder tells of the lecture, where the bureau's desk is another process; see `MediaService.report`."""

    class Meta:
        table = "lease"


class Publication(Model):
    """One stay of an encoder in a lecture, from its acceptance to its leaving. ordinal counts from 1."""

    id = fields.IntField(primary_key=True)
    broadcast: fields.ForeignKeyRelation[Broadcast] = fields.ForeignKeyField(
        "schedules.Broadcast", related_name="publications", on_delete=fields.CASCADE
    )
    broadcast_id: UUID
    ordinal = fields.IntField()
    peer = fields.CharField(max_length=64)
    encoder = fields.CharField(max_length=120, default="")
    started_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    end_reason = fields.CharField(max_length=120, default="")
    received_seconds = fields.FloatField(default=0)

    class Meta:
        table = "publication"
        unique_together = (("broadcast", "ordinal"),)
        ordering = ("ordinal",)
