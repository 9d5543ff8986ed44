"""普法提示: an official letter to a unit that did not hand in, and what became of it."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from accounts.models import Unit
from schedules.models.broadcast import Broadcast
from schedules.prompts.rules import PromptState


class Prompt(Model):
    """version rises with every change: who changes it says which version they saw. Names are as they were then."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    broadcast: fields.ForeignKeyRelation[Broadcast] = fields.ForeignKeyField(
        "schedules.Broadcast", related_name="prompts", on_delete=fields.RESTRICT
    )
    broadcast_id: UUID
    standing_for = fields.CharField(max_length=16, null=True, unique=True)
    """The lecture's number until it is withdrawn, then None: a lecture has one standing letter at most."""
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "accounts.Unit", related_name="prompts", on_delete=fields.RESTRICT
    )
    unit_id: str
    unit_name = fields.CharField(max_length=60)
    state = fields.CharEnumField(PromptState, max_length=16, default=PromptState.DRAFT, db_index=True)
    version = fields.IntField(default=0)
    starts_at = fields.DatetimeField()
    """When the lecture was to be given, as the letter says."""
    hand_in = fields.DateField()
    late_days = fields.IntField()
    counted_on = fields.DateField()
    """The day the working days were counted, when it was drafted."""
    reminded_on = fields.DateField()
    feedback_until = fields.DateField()
    drafted_by = fields.CharField(max_length=120)
    drafted_at = fields.DatetimeField()
    approver = fields.CharField(max_length=40, default="")
    """签发人."""
    document_number = fields.CharField(max_length=60, null=True, unique=True)
    """发文字号. A withdrawn letter keeps it: it is used up."""
    issued_on = fields.DateField(null=True)
    issued_by = fields.CharField(max_length=120, default="")
    issued_at = fields.DatetimeField(null=True)
    delivered_on = fields.DateField(null=True)
    delivered_how = fields.CharField(max_length=120, default="")
    received_by = fields.CharField(max_length=40, default="")
    feedback = fields.TextField(default="")
    feedback_by = fields.CharField(max_length=120, default="")
    feedback_at = fields.DatetimeField(null=True)
    withdrawn_reason = fields.CharField(max_length=200, default="")
    withdrawn_by = fields.CharField(max_length=120, default="")
    withdrawn_at = fields.DatetimeField(null=True)

    class Meta:
        table = "prompt"
        ordering = ("-drafted_at",)
