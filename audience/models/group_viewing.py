"""集中收看: what units report of rooms that watched together. Never added to views."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from accounts.models import Unit
from schedules.models import Broadcast


class GroupViewing(Model):
    """单位填报. Corrections are rows of their own: the latest of a unit and lecture that is not withdrawn holds.

    sessions: 场次. people: 人数. Both 0: nobody watched together. parts: [[place, sessions, people]] where it was
    handed in row by row, such as one of each township. is_late: its month was sealed by then; it stands under 补计.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    broadcast: fields.ForeignKeyRelation[Broadcast] = fields.ForeignKeyField(
        "schedules.Broadcast", related_name="group_viewings", on_delete=fields.RESTRICT
    )
    broadcast_id: UUID
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "accounts.Unit", related_name="group_viewings", on_delete=fields.RESTRICT
    )
    unit_id: str
    unit_name = fields.CharField(max_length=60)
    """As it was called when it reported."""
    sessions = fields.IntField()
    people = fields.IntField()
    place = fields.CharField(max_length=200, default="")
    watched_on = fields.DateField(db_index=True)
    """The day (of China) whose period it belongs to."""
    watched_at = fields.CharField(max_length=5, default="")
    """The time of day, such as 15:00; empty where nobody said."""
    note = fields.CharField(max_length=200, default="")
    parts: fields.Field[list[tuple[str, int, int]]] = fields.JSONField(default=list)
    reason = fields.CharField(max_length=200, default="")
    """Of a correction."""
    reported_by = fields.CharField(max_length=120)
    actor = fields.CharField(max_length=100)
    reported_at = fields.DatetimeField()
    replaced_at = fields.DatetimeField(null=True, db_index=True)
    """When a later row took its place; None: it holds."""
    is_late = fields.BooleanField(default=False)

    class Meta:
        table = "group_viewing"
        ordering = ("reported_at",)
