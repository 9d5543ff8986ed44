"""工作日历: which days are worked, and from where that is known. Only days that differ from plain weekdays."""

from tortoise import fields
from tortoise.models import Model

from schedules.workdays.days import DayKind


class CalendarYear(Model):
    """A year the calendar knows something about. is_official False: its holidays are not announced yet (预计)."""

    year = fields.IntField(primary_key=True, generated=False)
    source = fields.CharField(max_length=120)
    is_official = fields.BooleanField()
    changed_at = fields.DatetimeField()

    class Meta:
        table = "calendar_year"
        ordering = ("year",)


class CalendarDay(Model):
    """One day with a name: off (a holiday, a day in lieu) or worked (a weekend day that is made up for)."""

    id = fields.IntField(primary_key=True)
    day = fields.DateField(db_index=True)
    kind = fields.CharEnumField(DayKind, max_length=8)
    name = fields.CharField(max_length=60)
    source = fields.CharField(max_length=120)
    is_official = fields.BooleanField()
    is_local = fields.BooleanField(default=False)
    """Added by the bureau (a holiday of the prefecture): it outranks what else is known about the day."""

    class Meta:
        table = "calendar_day"
        unique_together = (("day", "is_local"),)
        ordering = ("day",)
