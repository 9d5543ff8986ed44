import functools
from json import dumps, loads

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from schedules.states import Delivery, Language, ReplayState


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("schedules", "0001_initial")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Broadcast",
            name="audience",
            field=fields.CharField(default="", max_length=200),
        ),
        ops.AddField(
            model_name="Broadcast",
            name="delivery",
            field=fields.CharEnumField(
                default=Delivery.LIVE,
                description="LIVE: live\nPREMIERE: premiere\nEXTERNAL: external",
                enum_type=Delivery,
                max_length=16,
            ),
        ),
        ops.AddField(
            model_name="Broadcast",
            name="duty_officer",
            field=fields.ForeignKeyField(
                "accounts.User",
                source_field="duty_officer_id",
                null=True,
                db_constraint=True,
                to_field="id",
                related_name="duties",
                on_delete=OnDelete.SET_NULL,
            ),
        ),
        ops.AddField(
            model_name="Broadcast",
            name="external_url",
            field=fields.CharField(default="", max_length=300),
        ),
        ops.AddField(
            model_name="Broadcast",
            name="first_starts_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="Broadcast",
            name="language",
            field=fields.CharEnumField(
                default=Language.MANDARIN,
                description="MANDARIN: mandarin\nBOUYEI: bouyei\nSUI: sui\nMIAO: miao",
                enum_type=Language,
                max_length=16,
            ),
        ),
        ops.AddField(
            model_name="Broadcast",
            name="laws",
            field=fields.JSONField(
                default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
        ),
        ops.AddField(
            model_name="Broadcast",
            name="locked",
            field=fields.BooleanField(default=False),
        ),
        ops.AddField(
            model_name="Broadcast",
            name="reason",
            field=fields.TextField(default="", unique=False),
        ),
        ops.AddField(
            model_name="Broadcast",
            name="replay_reason",
            field=fields.CharField(default="", max_length=200),
        ),
        ops.AddField(
            model_name="Broadcast",
            name="replay_state",
            field=fields.CharEnumField(
                default=ReplayState.PUBLIC,
                description="PUBLIC: public\nWITHHELD: withheld\nWITHDRAWN: withdrawn",
                enum_type=ReplayState,
                max_length=16,
            ),
        ),
        ops.AddField(
            model_name="Broadcast",
            name="running_number",
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name="Broadcast",
            name="unit_name",
            field=fields.CharField(default="", max_length=60),
        ),
        ops.AddField(
            model_name="Broadcast",
            name="version",
            field=fields.IntField(default=0),
        ),
    ]
