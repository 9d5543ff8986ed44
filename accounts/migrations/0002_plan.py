from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    initial = False

    operations = [
        ops.AddField(
            model_name="Unit",
            name="credit_code",
            field=fields.CharField(default="", max_length=18),
        ),
        ops.AddField(
            model_name="Unit",
            name="merged_into",
            field=fields.ForeignKeyField(
                "accounts.Unit",
                source_field="merged_into_id",
                null=True,
                db_constraint=True,
                to_field="code",
                related_name="merged",
                on_delete=OnDelete.RESTRICT,
            ),
        ),
        ops.AddField(
            model_name="Unit",
            name="retired_on",
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name="User",
            name="must_change_password",
            field=fields.BooleanField(default=False),
        ),
        ops.AddField(
            model_name="User",
            name="password_changed_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="User",
            name="totp_confirmed_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name="User",
            name="totp_last_step",
            field=fields.BigIntField(default=0),
        ),
        ops.AddField(
            model_name="User",
            name="totp_secret",
            field=fields.TextField(default="", unique=False),
        ),
    ]
