import functools
from json import dumps, loads
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from core.messengers.ways import Way
from schedules.models.reminder import Outcome
from schedules.prompts import PromptState
from schedules.reminders import Addressee, ReminderKind
from schedules.states import Delivery, Language, ReplayState
from schedules.working_days import DayKind


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial"), ("schedules", "0001_initial")]

    initial = False

    operations = [
        ops.CreateModel(
            name="CalendarDay",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("day", fields.DateField(db_index=True)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="OFF: off\nWORKED: worked", enum_type=DayKind, max_length=8
                    ),
                ),
                ("name", fields.CharField(max_length=60)),
                ("source", fields.CharField(max_length=120)),
                ("is_official", fields.BooleanField()),
                ("is_local", fields.BooleanField(default=False)),
            ],
            options={
                "table": "calendar_day",
                "app": "schedules",
                "unique_together": (("day", "is_local"),),
                "pk_attr": "id",
                "table_description": "One day with a name: off (a holiday, a day in lieu) or worked (a weekend day that is made up for).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CalendarYear",
            fields=[
                ("year", fields.IntField(primary_key=True, unique=True, db_index=True)),
                ("source", fields.CharField(max_length=120)),
                ("is_official", fields.BooleanField()),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "calendar_year",
                "app": "schedules",
                "pk_attr": "year",
                "table_description": "A year the calendar knows something about. is_official False: its holidays are not announced yet (预计).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Prompt",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "broadcast",
                    fields.ForeignKeyField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="prompts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("standing_for", fields.CharField(null=True, unique=True, max_length=16)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "accounts.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="code",
                        related_name="prompts",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("unit_name", fields.CharField(max_length=60)),
                (
                    "state",
                    fields.CharEnumField(
                        default=PromptState.DRAFT,
                        db_index=True,
                        description="DRAFT: draft\nISSUED: issued\nDELIVERED: delivered\nANSWERED: answered\nWITHDRAWN: withdrawn",
                        enum_type=PromptState,
                        max_length=16,
                    ),
                ),
                ("version", fields.IntField(default=0)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("hand_in", fields.DateField()),
                ("late_days", fields.IntField()),
                ("reminded_on", fields.DateField()),
                ("feedback_until", fields.DateField()),
                ("drafted_by", fields.CharField(max_length=120)),
                ("drafted_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("approver", fields.CharField(default="", max_length=40)),
                ("document_number", fields.CharField(null=True, unique=True, max_length=60)),
                ("issued_on", fields.DateField(null=True)),
                ("issued_by", fields.CharField(default="", max_length=120)),
                ("issued_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("delivered_on", fields.DateField(null=True)),
                ("delivered_how", fields.CharField(default="", max_length=120)),
                ("received_by", fields.CharField(default="", max_length=40)),
                ("feedback", fields.TextField(default="", unique=False)),
                ("feedback_by", fields.CharField(default="", max_length=120)),
                ("feedback_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("withdrawn_reason", fields.CharField(default="", max_length=200)),
                ("withdrawn_by", fields.CharField(default="", max_length=120)),
                ("withdrawn_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "prompt",
                "app": "schedules",
                "pk_attr": "id",
                "table_description": "version rises with every change: who changes it says which version they saw. Names are as they were then.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Reminder",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "broadcast",
                    fields.ForeignKeyField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="reminders",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "kind",
                    fields.CharEnumField(
                        description="TURN: turn\nHAND_IN_SOON: hand_in_soon\nHAND_IN_LATE: hand_in_late\nUNIT_REVIEW: unit_review\nBUREAU_REVIEW: bureau_review\nNOTICE: notice\nREHEARSAL: rehearsal\nDUTY: duty",
                        enum_type=ReminderKind,
                        max_length=16,
                    ),
                ),
                ("deadline", fields.DateField()),
                (
                    "addressee",
                    fields.CharEnumField(
                        description="UNIT: unit\nBUREAU: bureau", enum_type=Addressee, max_length=8
                    ),
                ),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "accounts.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="code",
                        related_name="reminders",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("unit_name", fields.CharField(max_length=60)),
                ("subject", fields.CharField(max_length=120)),
                ("text", fields.TextField(unique=False)),
                ("created_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("delivered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("dropped_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "reminder",
                "app": "schedules",
                "unique_together": (("broadcast", "kind", "deadline"),),
                "pk_attr": "id",
                "table_description": "One a lecture, kind and deadline, whatever happens: the row's uniqueness is what says it once.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ReminderAttempt",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "reminder",
                    fields.ForeignKeyField(
                        "schedules.Reminder",
                        source_field="reminder_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="attempts",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("way", fields.CharField(max_length=8)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "outcome",
                    fields.CharEnumField(
                        description="STARTED: started\nDELIVERED: delivered\nFAILED: failed",
                        enum_type=Outcome,
                        max_length=16,
                    ),
                ),
                ("person", fields.CharField(default="", max_length=120)),
                ("detail", fields.CharField(default="", max_length=200)),
            ],
            options={
                "table": "reminder_attempt",
                "app": "schedules",
                "pk_attr": "id",
                "table_description": "way: a Way, `by_hand` (somebody pasted the text) or `seen` (the unit has read it at its desk).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ReminderContact",
            fields=[
                (
                    "unit",
                    fields.OneToOneField(
                        "accounts.Unit",
                        source_field="unit_id",
                        primary_key=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="code",
                        related_name="reminder_contact",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("person", fields.CharField(default="", max_length=40)),
                ("mobile", fields.CharField(default="", max_length=20)),
                ("mail", fields.CharField(default="", max_length=120)),
            ],
            options={
                "table": "reminder_contact",
                "app": "schedules",
                "pk_attr": "unit_id",
                "table_description": "Whom a unit's reminders go to by mail and SMS, unless empty.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="ReminderDispatch",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "reminder",
                    fields.ForeignKeyField(
                        "schedules.Reminder",
                        source_field="reminder_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="dispatches",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "way",
                    fields.CharEnumField(
                        description="ROBOT: robot\nMAIL: mail\nSMS: sms", enum_type=Way, max_length=8
                    ),
                ),
                ("tries", fields.IntField(default=0)),
                (
                    "next_try_at",
                    fields.DatetimeField(null=True, db_index=True, auto_now=False, auto_now_add=False),
                ),
                ("delivered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "reminder_dispatch",
                "app": "schedules",
                "unique_together": (("reminder", "way"),),
                "pk_attr": "id",
                "table_description": "One reminder on one way: when to try (again), and how it ended.",
            },
            bases=["Model"],
        ),
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
