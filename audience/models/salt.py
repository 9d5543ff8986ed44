"""Salts of days: with one, the same browser is the same viewer for that day; without it, nobody can tell."""

from tortoise import fields
from tortoise.models import Model


class DaySalt(Model):
    """Deleted when the day is over."""

    day = fields.DateField(primary_key=True)
    salt = fields.CharField(max_length=64)

    class Meta:
        table = "day_salt"
