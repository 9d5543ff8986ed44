"""统计口径: what is counted, version by version, decided by the bureau. Rows are only added."""

from tortoise import fields
from tortoise.models import Model


class DefinitionVersion(Model):
    """valid_from: the day (of China) from which it holds. The first one needs no row."""

    version = fields.IntField(primary_key=True, generated=False)
    valid_from = fields.DateField()
    visit_seconds = fields.IntField()
    pause_minutes = fields.IntField()
    live_minutes = fields.IntField()
    reason = fields.CharField(max_length=200)
    decided_by = fields.CharField(max_length=120)
    decided_at = fields.DatetimeField()

    class Meta:
        table = "definition_version"
