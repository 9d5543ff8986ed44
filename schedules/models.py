"""期次: one lecture, from its plan to its replay."""

from uuid import uuid4

from tortoise import fields
from tortoise.models import Model

from accounts.models import Unit
from schedules.states import AirState, PlanState


class Broadcast(Model):
    """A lecture. Times are UTC. starts_at None means it is meant for whenever its encoder connects."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    number = fields.CharField(max_length=16, unique=True)
    title = fields.CharField(max_length=120)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "accounts.Unit", related_name="broadcasts", on_delete=fields.RESTRICT
    )
    unit_id: str
    lecturer_name = fields.CharField(max_length=40, default="")
    lecturer_post = fields.CharField(max_length=80, default="")
    starts_at = fields.DatetimeField(null=True, db_index=True)
    planned_minutes = fields.IntField(default=15)
    plan_state = fields.CharEnumField(PlanState, max_length=16, default=PlanState.SCHEDULED)
    air_state = fields.CharEnumField(AirState, max_length=16, default=AirState.SCHEDULED, db_index=True)
    key_version = fields.IntField(default=1)
    media_generation = fields.IntField(default=1)
    end_requested_at = fields.DatetimeField(null=True)
    first_live_at = fields.DatetimeField(null=True)
    interrupted_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    is_sample = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()
    changed_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "broadcast"
