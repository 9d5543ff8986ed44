"""紧急切断: every time the bureau has stopped a lecture on the air, and what became of it. Rows are never removed."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from schedules.cut_causes import CUT_CAUSE_LABELS, CutCause
from schedules.models.broadcast import Broadcast
from schedules.states import ReplayState


class CutOff(Model):
    """words: what the person wrote beside the cause. replay_before: what a cut that was a mistake goes back to.

    The recording stays for `cut_off_keep_days` from at, undone or not (schedules.cut_offs.kept_until).
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    broadcast: fields.ForeignKeyRelation[Broadcast] = fields.ForeignKeyField(
        "schedules.Broadcast", related_name="cut_offs", on_delete=fields.RESTRICT
    )
    broadcast_id: UUID
    cause = fields.CharEnumField(CutCause, max_length=16)
    words = fields.CharField(max_length=200, default="")
    person = fields.CharField(max_length=120)
    actor = fields.CharField(max_length=100)
    at = fields.DatetimeField()
    replay_before = fields.CharEnumField(ReplayState, max_length=16)
    replay_reason_before = fields.CharField(max_length=200, default="")
    undone_at = fields.DatetimeField(null=True)
    undone_by = fields.CharField(max_length=120, default="")
    undone_reason = fields.CharField(max_length=200, default="")

    class Meta:
        table = "cut_off"
        ordering = ("at",)

    @property
    def reason(self) -> str:
        label = CUT_CAUSE_LABELS[self.cause]
        return f"{label}：{self.words}" if self.words else label
