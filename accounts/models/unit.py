"""Units that take turns to speak, the names they had, and lists of units waiting to be taken over."""

from datetime import date, datetime
from enum import StrEnum
from uuid import uuid4

from tortoise import fields
from tortoise.models import Model

LONGEST_CODE = 16


class UnitKind(StrEnum):
    DEPARTMENT = "department"
    COUNTY = "county"


class Unit(Model):
    """责任单位. Its code is permanent; its name and its place in the official order may change."""

    code = fields.CharField(max_length=LONGEST_CODE, primary_key=True)
    name = fields.CharField(max_length=60, unique=True)
    kind = fields.CharEnumField(UnitKind, max_length=16)
    display_order = fields.IntField()
    credit_code = fields.CharField(max_length=18, default="")
    """统一社会信用代码 (GB 32100) of the registered publisher; empty while unknown."""
    retired_on: date | None = fields.DateField(null=True)
    """From this day on the unit takes no turns; it keeps its past."""
    merged_into: fields.ForeignKeyNullableRelation["Unit"] = fields.ForeignKeyField(
        "accounts.Unit", related_name="merged", null=True, on_delete=fields.RESTRICT
    )
    merged_into_id: str | None
    is_sample = fields.BooleanField(default=False)

    class Meta:
        table = "unit"
        ordering = ("display_order", "code")


class UnitName(Model):
    """A name a unit had until a day.

    From `until` on it bears the next one; the present one stands on the unit itself.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    unit: fields.ForeignKeyRelation[Unit] = fields.ForeignKeyField(
        "accounts.Unit", related_name="former_names", on_delete=fields.CASCADE
    )
    unit_id: str
    name = fields.CharField(max_length=60)
    until: date = fields.DateField()

    class Meta:
        table = "unit_name"
        ordering = ("until",)
        unique_together = (("unit", "until"),)


class UnitImport(Model):
    """A list of units that was uploaded and is looked at before it counts.

    rows: as accounts.unit_rows reads them. digest: of what it would change: just what was shown is done.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    file_name = fields.CharField(max_length=120)
    rows: fields.Field[list[dict[str, str]]] = fields.JSONField(default=list)
    digest = fields.CharField(max_length=64)
    names_since: date = fields.DateField()
    """From which day on new names of known units hold."""
    uploaded_by = fields.CharField(max_length=64)
    uploaded_at: datetime = fields.DatetimeField(db_index=True)
    applied_at: datetime | None = fields.DatetimeField(null=True)

    class Meta:
        table = "unit_import"
