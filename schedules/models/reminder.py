"""提醒: what was to be said to whom, by which ways it went, and every attempt."""

from enum import StrEnum
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from accounts.models import Unit
from core.messengers.ways import Way
from schedules.models.broadcast import Broadcast
from schedules.reminders.rules import Addressee, ReminderKind


class Outcome(StrEnum):
    """STARTED stays where the process died between asking and hearing."""

    STARTED = "started"
    DELIVERED = "delivered"
    FAILED = "failed"


class Reminder(Model):
    """One a lecture, unit, kind and deadline: the row's uniqueness is what says it once, also after a swap."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    broadcast: fields.ForeignKeyRelation[Broadcast] = fields.ForeignKeyField(
        "schedules.Broadcast", related_name="reminders", on_delete=fields.CASCADE
    )
    broadcast_id: UUID
    kind = fields.CharEnumField(ReminderKind, max_length=16)
    deadline = fields.DateField()
    addressee = fields.CharEnumField(Addressee, max_length=8)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "accounts.Unit", related_name="reminders", on_delete=fields.RESTRICT
    )
    unit_id: str
    unit_name = fields.CharField(max_length=60)
    """As it was called when it was reminded."""
    subject = fields.CharField(max_length=120)
    text = fields.TextField()
    """To paste as it stands; without any one-time link."""
    created_at = fields.DatetimeField(db_index=True)
    delivered_at = fields.DatetimeField(null=True)
    """When it first reached somebody, by whatever way."""
    dropped_at = fields.DatetimeField(null=True)
    """When it was found to be needless before it had gone everywhere."""
    attempts: fields.ReverseRelation["ReminderAttempt"]

    class Meta:
        table = "reminder"
        unique_together = (("broadcast", "unit", "kind", "deadline"),)
        ordering = ("-created_at",)


class ReminderDispatch(Model):
    """One reminder on one way: when to try (again), and how it ended."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    reminder: fields.ForeignKeyRelation[Reminder] = fields.ForeignKeyField(
        "schedules.Reminder", related_name="dispatches", on_delete=fields.CASCADE
    )
    reminder_id: UUID
    way = fields.CharEnumField(Way, max_length=8)
    tries = fields.IntField(default=0)
    next_try_at = fields.DatetimeField(null=True, db_index=True)
    """None: nothing more to be done."""
    delivered_at = fields.DatetimeField(null=True)

    class Meta:
        table = "reminder_dispatch"
        unique_together = (("reminder", "way"),)


class ReminderAttempt(Model):
    """way: a Way, `by_hand` (somebody pasted the text) or `seen` (the unit has read it at its desk)."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    reminder: fields.ForeignKeyRelation[Reminder] = fields.ForeignKeyField(
        "schedules.Reminder", related_name="attempts", on_delete=fields.CASCADE
    )
    reminder_id: UUID
    way = fields.CharField(max_length=8)
    at = fields.DatetimeField()
    outcome = fields.CharEnumField(Outcome, max_length=16)
    person = fields.CharField(max_length=120, default="")
    """Who did it; empty for the house itself."""
    detail = fields.CharField(max_length=200, default="")

    class Meta:
        table = "reminder_attempt"
        ordering = ("at",)


class ReminderContact(Model):
    """Whom a unit's reminders go to by mail and SMS, unless empty."""

    unit: fields.OneToOneRelation[Unit] = fields.OneToOneField(
        "accounts.Unit", related_name="reminder_contact", on_delete=fields.CASCADE, primary_key=True
    )
    unit_id: str
    person = fields.CharField(max_length=40, default="")
    mobile = fields.CharField(max_length=20, default="")
    mail = fields.CharField(max_length=120, default="")

    class Meta:
        table = "reminder_contact"
