"""The raw log: every beacon that was accepted, as it is counted. From it alone all figures can be rebuilt."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from audience.counting.visits import Mode, UnitBy
from schedules.models import Broadcast


class Exclusion(StrEnum):
    """Why a beacon is kept but not counted."""

    NONE = ""
    STAFF = "staff"
    ROBOT = "robot"


class Beacon(Model):
    """Rows are only added. Their order by id is the order in which they are counted.

    viewer: a keyed hash of the browser's cookie and the lecture, of the visit's id where there is none. day_viewer:
    the same with a salt of the day, which is thrown away afterwards. ranges: [[from, to]] in ms of media time.
    claimed_mode: what the player said, mode: what it was by the lecture's state.
    """

    id = fields.BigIntField(primary_key=True, generated=True)
    received_at = fields.DatetimeField(db_index=True)
    sent_at = fields.DatetimeField()
    """By the viewer's own clock, whatever that says."""
    broadcast: fields.ForeignKeyRelation[Broadcast] = fields.ForeignKeyField(
        "schedules.Broadcast", related_name="beacons", on_delete=fields.RESTRICT
    )
    broadcast_id: UUID
    visit = fields.UUIDField()
    seq = fields.IntField()
    mode = fields.CharEnumField(Mode, max_length=8)
    claimed_mode = fields.CharEnumField(Mode, max_length=8)
    viewer = fields.CharField(max_length=32)
    day_viewer = fields.CharField(max_length=32)
    unit_code = fields.CharField(max_length=16, default="")
    """收看单位; empty for 社会公众."""
    unit_by = fields.CharEnumField(UnitBy, max_length=8)
    ranges: fields.Field[list[list[int]]] = fields.JSONField(default=list)
    visible = fields.BooleanField()
    muted = fields.BooleanField(null=True)
    speed = fields.FloatField(null=True)
    terminal = fields.CharField(max_length=32, default="")
    stalls = fields.IntField(default=0)
    latency_ms = fields.IntField(null=True)
    captions = fields.BooleanField(default=False)
    excluded = fields.CharEnumField(Exclusion, max_length=8, default=Exclusion.NONE)

    class Meta:
        table = "beacon"
        unique_together = (("visit", "seq"),)
        ordering = ("id",)


class BeaconVisit(Model):
    """What is known of a visit id, so that its claims can be judged. Forgotten when it has been silent for long."""

    visit = fields.UUIDField(primary_key=True)
    broadcast: fields.ForeignKeyRelation[Broadcast] = fields.ForeignKeyField(
        "schedules.Broadcast", related_name="beacon_visits", on_delete=fields.CASCADE
    )
    broadcast_id: UUID
    viewer = fields.CharField(max_length=32)
    first_at = fields.DatetimeField()
    last_at = fields.DatetimeField(db_index=True)
    credit_ms = fields.FloatField()
    """Of media it may still claim, as of last_at (audience.counting.credit)."""

    class Meta:
        table = "beacon_visit"
