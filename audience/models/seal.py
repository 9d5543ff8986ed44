"""Sealed months, and figures of earlier years that were counted otherwise."""

from typing import Any

from tortoise import fields
from tortoise.models import Model


class MonthSeal(Model):
    """month: its first day. figures: the report of the month, as it was sealed. raw_sha256: over the month's raw log,
    as `audience export-raw` writes it.
    """

    month = fields.DateField(primary_key=True)
    sealed_at = fields.DatetimeField()
    definition = fields.IntField()
    raw_lines = fields.BigIntField()
    raw_sha256 = fields.CharField(max_length=64)
    figures: fields.Field[dict[str, Any]] = fields.JSONField()

    class Meta:
        table = "month_seal"
        ordering = ("month",)


class EarlierYear(Model):
    """旧口径: what was reported of a year before the platform counted, with its source. None: not known."""

    year = fields.IntField(primary_key=True, generated=False)
    lectures = fields.IntField(null=True)
    views = fields.IntField(null=True)
    is_at_least = fields.BooleanField(default=False)
    """The source says “over”: 超2万."""
    source = fields.CharField(max_length=200)
    entered_by = fields.CharField(max_length=120)
    entered_at = fields.DatetimeField()

    class Meta:
        table = "earlier_year"
        ordering = ("year",)
