"""期次: one lecture, from its plan to its replay."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from accounts.models import Unit, User
from schedules.states import AirState, Delivery, Language, PlanState, ReplayState


class Broadcast(Model):
    """A lecture. Times are UTC. starts_at None means it is meant for whenever its encoder connects.

    version rises with every change of the plan: who changes it says which version they saw.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    number = fields.CharField(max_length=16, unique=True)
    title = fields.CharField(max_length=120)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "accounts.Unit", related_name="broadcasts", on_delete=fields.RESTRICT
    )
    unit_id: str
    unit_name = fields.CharField(max_length=60, default="")
    """The unit's name when the lecture was given; empty before: the unit's own name holds."""
    lecturer_name = fields.CharField(max_length=40, default="")
    lecturer_post = fields.CharField(max_length=80, default="")
    starts_at = fields.DatetimeField(null=True, db_index=True)
    planned_minutes = fields.IntField(default=15)
    plan_state = fields.CharEnumField(PlanState, max_length=16, default=PlanState.SCHEDULED)
    state_before = fields.CharEnumField(PlanState, max_length=16, null=True)
    """What it was before it was postponed without a day, or cancelled."""
    announced_at = fields.DatetimeField(null=True)
    """When it first was 已排期: from then on the public is told when it is postponed or cancelled."""
    told_deadlines: fields.Field[dict[str, str]] = fields.JSONField(default=dict)
    """Deadlines told to the unit: schedules.deadlines.Deadline → ISO date. They never move earlier."""
    version = fields.IntField(default=0)
    first_starts_at = fields.DatetimeField(null=True)
    """原定: the start told to the unit first; None before 已下达."""
    running_number = fields.IntField(null=True)
    """第…期, the office's own count: shown, never an address."""
    reason = fields.TextField(default="")
    """Why the rota chose this unit and this day."""
    locked = fields.BooleanField(default=False)
    """The rota leaves it as it is when it is generated anew."""
    language = fields.CharEnumField(Language, max_length=16, default=Language.MANDARIN)
    audience = fields.CharField(max_length=200, default="")
    laws: fields.Field[list[str]] = fields.JSONField(default=list)
    delivery = fields.CharEnumField(Delivery, max_length=16, default=Delivery.LIVE)
    external_url = fields.CharField(max_length=300, default="")
    replay_state = fields.CharEnumField(ReplayState, max_length=16, default=ReplayState.PUBLIC)
    replay_reason = fields.CharField(max_length=200, default="")
    duty_officer: fields.ForeignKeyNullableRelation[User] = fields.ForeignKeyField(
        "accounts.User", related_name="duties", null=True, on_delete=fields.SET_NULL
    )
    duty_officer_id: UUID | None
    air_state = fields.CharEnumField(AirState, max_length=16, default=AirState.SCHEDULED, db_index=True)
    key_version = fields.IntField(default=1)
    media_generation = fields.IntField(default=1)
    cut_off_at = fields.DatetimeField(null=True)
    """紧急切断: nothing is let in or given out any more, until it is undone (None again)."""
    end_requested_at = fields.DatetimeField(null=True)
    first_live_at = fields.DatetimeField(null=True)
    interrupted_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    is_sample = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()
    changed_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "broadcast"
