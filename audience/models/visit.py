"""What was counted: visits, and the sums that pages read. All of it can be rebuilt from the raw log."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from audience.counting.visits import Mode, UnitBy
from schedules.models import Broadcast


class Visit(Model):
    """收看人次 once counted_at is set. spans: [[from, to]] in ms of media time, apart and in order.

    viewer: of the lecture; day_viewer: of the day on which it began, whatever lecture (as in the raw log). is_late:
    its month had been sealed when it came to count; it stands under 补计. latency_sum_ms: over as many reports as
    latency_count says.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    broadcast: fields.ForeignKeyRelation[Broadcast] = fields.ForeignKeyField(
        "schedules.Broadcast", related_name="visits", on_delete=fields.RESTRICT
    )
    broadcast_id: UUID
    mode = fields.CharEnumField(Mode, max_length=8)
    viewer = fields.CharField(max_length=32)
    day_viewer = fields.CharField(max_length=32)
    unit_code = fields.CharField(max_length=16, default="")
    unit_by = fields.CharEnumField(UnitBy, max_length=8)
    day = fields.DateField()
    """In China, when it began."""
    began_at = fields.DatetimeField()
    played_at = fields.DatetimeField()
    spans: fields.Field[list[list[int]]] = fields.JSONField(default=list)
    played_ms = fields.BigIntField()
    counted_at = fields.DatetimeField(null=True)
    definition = fields.IntField()
    """Version of the definition it is counted by."""
    is_late = fields.BooleanField(default=False)
    stalls = fields.IntField(default=0)
    latency_sum_ms = fields.BigIntField(default=0)
    latency_count = fields.IntField(default=0)
    captions = fields.BooleanField(default=False)

    class Meta:
        table = "visit"
        indexes = (("broadcast_id", "mode", "viewer"), ("day",))


class DayViews(Model):
    """Counted visits begun on a day, of one lecture, mode and 收看单位 (empty: 社会公众). late: 补计."""

    id = fields.BigIntField(primary_key=True, generated=True)
    day = fields.DateField()
    broadcast: fields.ForeignKeyRelation[Broadcast] = fields.ForeignKeyField(
        "schedules.Broadcast", related_name="day_views", on_delete=fields.RESTRICT
    )
    broadcast_id: UUID
    mode = fields.CharEnumField(Mode, max_length=8)
    unit_code = fields.CharField(max_length=16, default="")
    views = fields.IntField(default=0)
    late = fields.IntField(default=0)

    class Meta:
        table = "day_views"
        unique_together = (("day", "broadcast", "mode", "unit_code"),)
        indexes = (("broadcast_id",),)


class MinuteViewers(Model):
    """Live viewers whose play was reported in one minute of server time, of one lecture."""

    id = fields.BigIntField(primary_key=True, generated=True)
    broadcast: fields.ForeignKeyRelation[Broadcast] = fields.ForeignKeyField(
        "schedules.Broadcast", related_name="minute_viewers", on_delete=fields.CASCADE
    )
    broadcast_id: UUID
    minute = fields.DatetimeField()
    viewers = fields.IntField()

    class Meta:
        table = "minute_viewers"
        unique_together = (("broadcast", "minute"),)
