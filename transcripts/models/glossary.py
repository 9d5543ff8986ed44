"""词库: terms a lecture may speak of, for hotwords, cuts and corrections."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model


class TermKind(StrEnum):
    LAW = "law"
    ORGAN = "organ"
    TERM = "term"
    PLACE = "place"


TERM_LABELS = {
    TermKind.LAW: "法律法规",
    TermKind.ORGAN: "机关",
    TermKind.TERM: "法律用语",
    TermKind.PLACE: "地名",
}


class GlossaryTerm(Model):
    """frequency: how often published transcripts say it, by which hotwords are taken. is_seed: came with us."""

    id = fields.IntField(primary_key=True)
    text = fields.CharField(max_length=60, unique=True)
    kind = fields.CharEnumField(TermKind, max_length=8)
    frequency = fields.IntField(default=0, db_index=True)
    is_seed = fields.BooleanField(default=False)
    added_by = fields.CharField(max_length=120, default="")
    added_at = fields.DatetimeField()

    class Meta:
        table = "glossary_term"
        ordering = ("kind", "text")


class GlossaryRemoval(Model):
    """A term that came with us and that the bureau took out: no later version of ours brings it back."""

    text = fields.CharField(max_length=60, primary_key=True)
    removed_at = fields.DatetimeField()

    class Meta:
        table = "glossary_removal"
