"""Laws that were spoken of, and what the bureau says of a law that was revised since."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from transcripts.models.transcript import Transcript


class StatuteMention(Model):
    """Of the published version. law: its full name without 《》, article: as a number with its branch, such as
    "11" or "133-1", "" for the law as a whole.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    transcript: fields.ForeignKeyRelation[Transcript] = fields.ForeignKeyField(
        "transcripts.Transcript", related_name="mentions", on_delete=fields.CASCADE
    )
    transcript_id: UUID
    law = fields.CharField(max_length=80, db_index=True)
    article = fields.CharField(max_length=16, default="")
    at_ms = fields.BigIntField()

    class Meta:
        table = "statute_mention"
        ordering = ("at_ms",)


class LawRevision(Model):
    """法律已修订: the bureau's mark, shown on replays of lectures given before since that speak of the law."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    law = fields.CharField(max_length=80, unique=True)
    since = fields.DateField()
    """The day from which the revised text holds."""
    note = fields.CharField(max_length=200, default="")
    marked_by = fields.CharField(max_length=120)
    marked_at = fields.DatetimeField()

    class Meta:
        table = "law_revision"
        ordering = ("-since",)
