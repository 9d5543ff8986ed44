"""Versions of a lecture's cues: who made each, when, and how. None is ever changed but the one being typed in."""

from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from transcripts.models.transcript import Transcript


class VersionKind(StrEnum):
    RECOGNISED = "recognised"
    LIVE = "live"
    """The words of the live captions, until recognition is done."""
    IMPORTED = "imported"
    TAPPED = "tapped"
    """The approved script, timed by hand."""
    EDITED = "edited"
    CORRECTED = "corrected"
    """A term corrected in another lecture and accepted here."""
    RESTORED = "restored"


VERSION_LABELS = {
    VersionKind.RECOGNISED: "自动识别",
    VersionKind.LIVE: "直播字幕转入",
    VersionKind.IMPORTED: "导入文件",
    VersionKind.TAPPED: "按讲稿打点",
    VersionKind.EDITED: "校对",
    VersionKind.CORRECTED: "统一改正用词",
    VersionKind.RESTORED: "恢复旧版",
}


class CueVersion(Model):
    """cues: [{"id", "start_ms", "end_ms", "lines", "prob", "engine", "model", "sha256", "held"}] in order.

    declined: [{"law", "article", "by"}], suggested chapters that somebody does not want, and who.
    id stays with a cue through its versions. prob: the least sure word's, None where no machine heard it. engine,
    model and sha256 say which machine wrote it, "" for a person. held: why it waits for a person, "" if it does not.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    transcript: fields.ForeignKeyRelation[Transcript] = fields.ForeignKeyField(
        "transcripts.Transcript", related_name="versions", on_delete=fields.CASCADE
    )
    transcript_id: UUID
    number = fields.IntField()
    kind = fields.CharEnumField(VersionKind, max_length=16)
    person = fields.CharField(max_length=120, default="")
    """Who made it; empty for the house itself."""
    actor = fields.CharField(max_length=100, default="")
    note = fields.CharField(max_length=200, default="")
    made_at = fields.DatetimeField()
    changed_at = fields.DatetimeField()
    """Of the version being typed in: when it was last saved."""
    cues: fields.Field[list[dict[str, Any]]] = fields.JSONField(default=list)
    declined: fields.Field[list[dict[str, str]]] = fields.JSONField(default=list)

    class Meta:
        table = "cue_version"
        unique_together = (("transcript", "number"),)
        ordering = ("number",)
