"""调换: two lectures change their units; both units and the bureau must say yes."""

from enum import StrEnum
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from schedules.models.broadcast import Broadcast


class SwapState(StrEnum):
    OPEN = "open"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


SWAP_LABELS = {
    SwapState.OPEN: "等待确认",
    SwapState.DONE: "已调换",
    SwapState.REFUSED: "未同意",
    SwapState.WITHDRAWN: "已撤回",
}


class Swap(Model):
    """asking: the lecture of the unit that asks. Its numbers and times stay with the lectures, the units change."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    asking: fields.ForeignKeyRelation[Broadcast] = fields.ForeignKeyField(
        "schedules.Broadcast", related_name="swaps_asked", on_delete=fields.CASCADE
    )
    asking_id: UUID
    offered: fields.ForeignKeyRelation[Broadcast] = fields.ForeignKeyField(
        "schedules.Broadcast", related_name="swaps_offered", on_delete=fields.CASCADE
    )
    offered_id: UUID
    asking_unit = fields.CharField(max_length=16)
    """Codes, as they were when it was asked."""
    offered_unit = fields.CharField(max_length=16)
    state = fields.CharEnumField(SwapState, max_length=16, default=SwapState.OPEN, db_index=True)
    reason = fields.CharField(max_length=200)
    asked_by = fields.CharField(max_length=120)
    asked_at = fields.DatetimeField()
    asking_by = fields.CharField(max_length=120, default="")
    """Who said yes, and when; empty while nobody has."""
    asking_at = fields.DatetimeField(null=True)
    offered_by = fields.CharField(max_length=120, default="")
    offered_at = fields.DatetimeField(null=True)
    bureau_by = fields.CharField(max_length=120, default="")
    bureau_at = fields.DatetimeField(null=True)
    closed_by = fields.CharField(max_length=120, default="")
    closed_at = fields.DatetimeField(null=True)
    answer = fields.CharField(max_length=200, default="")
    """Why it was refused or withdrawn."""

    class Meta:
        table = "swap"
        ordering = ("-asked_at",)

    @property
    def waits_for(self) -> tuple[str, ...]:
        """Unit codes that have not said yes yet, and "" for the bureau."""
        sides = (
            (self.asking_unit, self.asking_at),
            (self.offered_unit, self.offered_at),
            ("", self.bureau_at),
        )
        return tuple(who for who, at in sides if at is None) if self.state is SwapState.OPEN else ()
