"""经过: the timeline of a lecture's plan, one row for each thing that was done. Rows are only ever added."""

from enum import StrEnum
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from schedules.models.broadcast import Broadcast
from schedules.states import PlanState


class StepAction(StrEnum):
    """Everything the timeline tells of: the acts of the plan's table, and what leaves the state as it is."""

    CREATED = "created"
    ISSUE = "issue"
    PREPARE = "prepare"
    HAND_IN = "hand_in"
    TAKE_BACK = "take_back"
    UNIT_PASS = "unit_pass"
    UNIT_RETURN = "unit_return"
    BUREAU_PASS = "bureau_pass"
    BUREAU_RETURN = "bureau_return"
    MATERIAL = "material"
    REPLACE = "replace"
    POSTPONE_ASKED = "postpone_asked"
    POSTPONE_REFUSED = "postpone_refused"
    POSTPONE_WITHDRAWN = "postpone_withdrawn"
    POSTPONE = "postpone"
    POSTPONE_OPEN = "postpone_open"
    RESUME = "resume"
    CANCEL = "cancel"
    SWAP_ASKED = "swap_asked"
    SWAP_CONFIRMED = "swap_confirmed"
    SWAP_REFUSED = "swap_refused"
    SWAP_WITHDRAWN = "swap_withdrawn"
    SWAPPED = "swapped"
    DUTY = "duty"
    DELIVERY = "delivery"
    REPLAY = "replay"
    CUT_OFF = "cut_off"
    CUT_OFF_UNDONE = "cut_off_undone"


STEP_LABELS = {
    StepAction.CREATED: "建立",
    StepAction.ISSUE: "下达",
    StepAction.PREPARE: "开始报送",
    StepAction.HAND_IN: "报送",
    StepAction.TAKE_BACK: "撤回修改",
    StepAction.UNIT_PASS: "单位初审通过",
    StepAction.UNIT_RETURN: "单位初审退回",
    StepAction.BUREAU_PASS: "州局审核通过",
    StepAction.BUREAU_RETURN: "州局退回",
    StepAction.MATERIAL: "补充或更换材料",
    StepAction.REPLACE: "更换材料，重新审核",
    StepAction.POSTPONE_ASKED: "申请延期",
    StepAction.POSTPONE_REFUSED: "不同意延期",
    StepAction.POSTPONE_WITHDRAWN: "撤回延期申请",
    StepAction.POSTPONE: "延期",
    StepAction.POSTPONE_OPEN: "延期，时间另定",
    StepAction.RESUME: "重新定时间",
    StepAction.CANCEL: "取消",
    StepAction.SWAP_ASKED: "申请调换",
    StepAction.SWAP_CONFIRMED: "同意调换",
    StepAction.SWAP_REFUSED: "不同意调换",
    StepAction.SWAP_WITHDRAWN: "撤回调换申请",
    StepAction.SWAPPED: "调换单位",
    StepAction.DUTY: "安排值班",
    StepAction.DELIVERY: "改变播出方式",
    StepAction.REPLAY: "回看",
    StepAction.CUT_OFF: "紧急切断",
    StepAction.CUT_OFF_UNDONE: "撤销紧急切断",
}


class Step(Model):
    """opinion: the reason or opinion in the person's own words. actor: kind and id as the audit log has them."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    broadcast: fields.ForeignKeyRelation[Broadcast] = fields.ForeignKeyField(
        "schedules.Broadcast", related_name="steps", on_delete=fields.CASCADE
    )
    broadcast_id: UUID
    action = fields.CharEnumField(StepAction, max_length=24)
    person = fields.CharField(max_length=120)
    actor = fields.CharField(max_length=100)
    unit_code = fields.CharField(max_length=16, default="")
    """The unit the person acted for; empty for the bureau."""
    opinion = fields.TextField(default="")
    at = fields.DatetimeField()
    before = fields.CharEnumField(PlanState, max_length=16)
    after = fields.CharEnumField(PlanState, max_length=16)
    version = fields.IntField()
    """The lecture's version that it led to: what orders the steps of one moment."""

    class Meta:
        table = "broadcast_step"
        ordering = ("version", "at")

    @property
    def label(self) -> str:
        return STEP_LABELS[self.action]
