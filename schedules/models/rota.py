"""What the rota is told (pins, absences, quiet days) and what it did (runs, and the lectures they planned)."""

from typing import Any
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from accounts.models import Unit
from schedules.models.broadcast import Broadcast
from schedules.rota.year import Rule


class RotaPin(Model):
    """指定: a unit in a month, or on a day of it. year None: every year."""

    id = fields.IntField(primary_key=True)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "accounts.Unit", related_name="pins", on_delete=fields.RESTRICT
    )
    unit_id: str
    year = fields.IntField(null=True)
    month = fields.IntField()
    day = fields.IntField(null=True)
    note = fields.CharField(max_length=60, default="")

    class Meta:
        table = "rota_pin"
        ordering = ("month", "day", "id")


class RotaAbsence(Model):
    """A unit cannot take a turn from from_day until until_day, both counted."""

    id = fields.IntField(primary_key=True)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "accounts.Unit", related_name="absences", on_delete=fields.RESTRICT
    )
    unit_id: str
    from_day = fields.DateField()
    until_day = fields.DateField()
    reason = fields.CharField(max_length=60, default="")

    class Meta:
        table = "rota_absence"
        ordering = ("from_day", "id")


class QuietDays(Model):
    """静默期: the bureau wants no lecture from from_day until until_day, both counted."""

    id = fields.IntField(primary_key=True)
    from_day = fields.DateField()
    until_day = fields.DateField()
    reason = fields.CharField(max_length=60, default="")

    class Meta:
        table = "rota_quiet_days"
        ordering = ("from_day", "id")


class RotaRun(Model):
    """One generation of a year. replaced: the drafts it took away, so that undoing brings them back."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    year = fields.IntField()
    rule = fields.CharEnumField(Rule, max_length=1)
    made_by = fields.CharField(max_length=120)
    made_at = fields.DatetimeField(db_index=True)
    undone_at = fields.DatetimeField(null=True)
    replaced: fields.Field[list[dict[str, Any]]] = fields.JSONField(default=list)

    class Meta:
        table = "rota_run"
        ordering = ("-made_at",)


class RotaTurn(Model):
    """A lecture that a run planned, as it planned it: what differs now was changed by a person.

    A lecture without one is a 临时期次 and fills no slot of the rota.
    """

    broadcast: fields.OneToOneRelation[Broadcast] = fields.OneToOneField(
        "schedules.Broadcast", related_name="rota_turn", primary_key=True, on_delete=fields.CASCADE
    )
    broadcast_id: UUID
    run: fields.ForeignKeyRelation[RotaRun] = fields.ForeignKeyField(
        "schedules.RotaRun", related_name="turns", on_delete=fields.CASCADE
    )
    run_id: UUID
    unit_code = fields.CharField(max_length=16)
    starts_at = fields.DatetimeField()

    class Meta:
        table = "rota_turn"
