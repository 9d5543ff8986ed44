"""Live captions: whether a lecture has them, how they go, and what was heard for them."""

from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from schedules.models import Broadcast


class CaptionState(StrEnum):
    """As the media process tells it. STOPPED: switched off by the house, `detail` says why."""

    WAITING = "waiting"
    STARTING = "starting"
    ON = "on"
    OFF = "off"
    STOPPED = "stopped"


CAPTION_LABELS = {
    CaptionState.WAITING: "等开播",
    CaptionState.STARTING: "正在打开",
    CaptionState.ON: "正在显示",
    CaptionState.OFF: "关着",
    CaptionState.STOPPED: "已自动关闭",
}


class LiveCaptions(Model):
    """One a lecture, made when somebody first turns them on. is_on is the order that the media process follows.

    reason, person: of the last switching. delay_ms: how far the last captions were behind what was said.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    broadcast: fields.OneToOneRelation[Broadcast] = fields.OneToOneField(
        "schedules.Broadcast", related_name="live_captions", on_delete=fields.CASCADE
    )
    broadcast_id: UUID
    is_on = fields.BooleanField(default=False)
    reason = fields.CharField(max_length=200, default="")
    person = fields.CharField(max_length=120, default="")
    switched_at = fields.DatetimeField()
    state = fields.CharEnumField(CaptionState, max_length=16, default=CaptionState.WAITING)
    detail = fields.CharField(max_length=300, default="")
    delay_ms = fields.IntField(null=True)
    told_at = fields.DatetimeField(null=True)
    """When the media process last said how they go."""

    class Meta:
        table = "live_captions"


class LiveWords(Model):
    """What was heard in one stretch of a lecture on the air, until it has become its draft. Fields as in `Piece`."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    broadcast: fields.ForeignKeyRelation[Broadcast] = fields.ForeignKeyField(
        "schedules.Broadcast", related_name="live_words", on_delete=fields.CASCADE
    )
    broadcast_id: UUID
    start_ms = fields.BigIntField()
    engine = fields.CharField(max_length=24, default="")
    model = fields.CharField(max_length=80, default="")
    model_sha256 = fields.CharField(max_length=64, default="")
    segments: fields.Field[list[dict[str, Any]]] = fields.JSONField(default=list)
    held: fields.Field[list[dict[str, Any]]] = fields.JSONField(default=list)

    class Meta:
        table = "live_words"
        ordering = ("start_ms",)
