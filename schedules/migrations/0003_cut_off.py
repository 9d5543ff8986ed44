from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from tortoise.migrations.operations import Operation

from schedules.cut_causes import CutCause
from schedules.replay_states import ReplayState


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = [
        ("accounts", "0002_plan"),
        ("schedules", "0001_initial"),
        ("schedules", "0002_plan"),
    ]

    initial = False

    operations: list[Operation] = [
        ops.CreateModel(
            name="CutOff",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "broadcast",
                    fields.ForeignKeyField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="cut_offs",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "cause",
                    fields.CharEnumField(
                        description="CONTENT: content\nLEAK: leak\nHIJACKED: hijacked\nDEFECT: defect\nORDERED: ordered\nOTHER: other",
                        enum_type=CutCause,
                        max_length=16,
                    ),
                ),
                ("words", fields.CharField(default="", max_length=200)),
                ("person", fields.CharField(max_length=120)),
                ("actor", fields.CharField(max_length=100)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "replay_before",
                    fields.CharEnumField(
                        description="PUBLIC: public\nWITHHELD: withheld\nWITHDRAWN: withdrawn",
                        enum_type=ReplayState,
                        max_length=16,
                    ),
                ),
                ("replay_reason_before", fields.CharField(default="", max_length=200)),
                ("undone_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("undone_by", fields.CharField(default="", max_length=120)),
                ("undone_reason", fields.CharField(default="", max_length=200)),
            ],
            options={
                "table": "cut_off",
                "app": "schedules",
                "pk_attr": "id",
                "table_description": "words: what the person wrote beside the cause. replay_before: what a cut that was a mistake goes back to.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Broadcast",
            name="cut_off_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]
