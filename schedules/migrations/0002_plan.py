import functools
from json import dumps, loads
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops

from core.messengers.ways import Way
from schedules.air_states import Delivery
from schedules.models.material import MaterialKind
from schedules.models.postponement import PostponementState
from schedules.models.reminder import Outcome
from schedules.models.review import ReviewStage
from schedules.models.steps import StepAction
from schedules.models.swap import SwapState
from schedules.plan_states import Language, PlanState
from schedules.prompts.rules import PromptState
from schedules.reminders.rules import Addressee, ReminderKind
from schedules.replay_states import ReplayState
from schedules.rota.year import Rule
from schedules.workdays.days import DayKind


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
                ("year", fields.IntField(generated=False, primary_key=True, unique=True, db_index=True)),
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
            name="HandIn",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "broadcast",
                    fields.OneToOneField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="hand_in",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("lecturer_phone", fields.CharField(default="", max_length=40)),
                ("consent_recording", fields.BooleanField(default=False)),
                ("consent_publication", fields.BooleanField(default=False)),
                ("consent_by", fields.CharField(default="", max_length=120)),
                ("consent_by_lecturer", fields.BooleanField(default=False)),
                ("consent_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("promised", fields.BooleanField(default=False)),
                ("id_number_sealed", fields.TextField(default="", unique=False)),
                ("id_number_held", fields.BooleanField(default=False)),
                ("id_number_erased_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("handed_in_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("handed_in_by", fields.CharField(default="", max_length=120)),
                ("handed_in_actor", fields.CharField(default="", max_length=100)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "hand_in",
                "app": "schedules",
                "pk_attr": "id",
                "table_description": "One a lecture: what only the unit and the bureau may read. Topic, name and post are the lecture's own.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Material",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "broadcast",
                    fields.ForeignKeyField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="materials",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "kind",
                    fields.CharEnumField(
                        description="SLIDES: slides\nSCRIPT: script\nCONSENT: consent\nSIGNED_FORM: signed_form\nOTHER: other",
                        enum_type=MaterialKind,
                        max_length=16,
                    ),
                ),
                ("name", fields.CharField(max_length=120)),
                ("media_type", fields.CharField(max_length=120)),
                ("is_previewable", fields.BooleanField(default=False)),
                ("size", fields.BigIntField()),
                ("sha256", fields.CharField(db_index=True, max_length=64)),
                ("uploaded_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("uploaded_by", fields.CharField(max_length=120)),
                ("uploaded_actor", fields.CharField(max_length=100)),
                ("frozen_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("replaced_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("replaced_by", fields.CharField(default="", max_length=120)),
            ],
            options={
                "table": "material",
                "app": "schedules",
                "pk_attr": "id",
                "table_description": "A file as it was handed in. A row is never changed but for what became of it, replaced_at None: it holds.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Postponement",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "broadcast",
                    fields.ForeignKeyField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="postponements",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        db_index=True,
                        description="ASKED: asked\nGRANTED: granted\nREFUSED: refused\nWITHDRAWN: withdrawn",
                        enum_type=PostponementState,
                        max_length=16,
                    ),
                ),
                ("reason", fields.CharField(max_length=200)),
                ("asked_by", fields.CharField(max_length=120)),
                ("asked_unit", fields.CharField(default="", max_length=16)),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("was", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("wanted", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("to", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("answered_by", fields.CharField(default="", max_length=120)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("answer", fields.CharField(default="", max_length=200)),
            ],
            options={
                "table": "postponement",
                "app": "schedules",
                "pk_attr": "id",
                "table_description": "wanted and to: None is an open day. was: 原定 of this postponement.",
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
                ("counted_on", fields.DateField()),
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
            name="QuietDays",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("from_day", fields.DateField()),
                ("until_day", fields.DateField()),
                ("reason", fields.CharField(default="", max_length=60)),
            ],
            options={
                "table": "rota_quiet_days",
                "app": "schedules",
                "pk_attr": "id",
                "table_description": "静默期: the bureau wants no lecture from from_day until until_day, both counted.",
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
                "unique_together": (("broadcast", "unit", "kind", "deadline"),),
                "pk_attr": "id",
                "table_description": "One a lecture, unit, kind and deadline: the row's uniqueness is what says it once, also after a swap.",
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
        ops.CreateModel(
            name="Review",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "broadcast",
                    fields.ForeignKeyField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="reviews",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "stage",
                    fields.CharEnumField(
                        description="UNIT: unit\nBUREAU: bureau", enum_type=ReviewStage, max_length=8
                    ),
                ),
                ("passed", fields.BooleanField()),
                ("version", fields.IntField()),
                ("person", fields.CharField(max_length=120)),
                ("recorded_by", fields.CharField(max_length=120)),
                ("actor", fields.CharField(max_length=100)),
                ("opinion", fields.TextField(default="", unique=False)),
                (
                    "checks",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "files",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "form",
                    fields.ForeignKeyField(
                        "schedules.Material",
                        source_field="form_id",
                        null=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="reviews",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "review",
                "app": "schedules",
                "pk_attr": "id",
                "table_description": 'checks: [{"kind", "name", "opinion"}], of the bureau\'s passes. files: [{"kind", "name", "sha256", "size"}].',
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RotaAbsence",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "accounts.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="code",
                        related_name="absences",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("from_day", fields.DateField()),
                ("until_day", fields.DateField()),
                ("reason", fields.CharField(default="", max_length=60)),
            ],
            options={
                "table": "rota_absence",
                "app": "schedules",
                "pk_attr": "id",
                "table_description": "A unit cannot take a turn from from_day until until_day, both counted.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RotaPin",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "accounts.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="code",
                        related_name="pins",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("year", fields.IntField(null=True)),
                ("month", fields.IntField()),
                ("day", fields.IntField(null=True)),
                ("note", fields.CharField(default="", max_length=60)),
            ],
            options={
                "table": "rota_pin",
                "app": "schedules",
                "pk_attr": "id",
                "table_description": "指定: a unit in a month, or on a day of it. year None: every year.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RotaRun",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("year", fields.IntField()),
                ("rule", fields.CharEnumField(description="A: A\nB: B", enum_type=Rule, max_length=1)),
                ("made_by", fields.CharField(max_length=120)),
                ("made_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("undone_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                (
                    "replaced",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
            ],
            options={
                "table": "rota_run",
                "app": "schedules",
                "pk_attr": "id",
                "table_description": "One generation of a year. replaced: the drafts it took away, so that undoing brings them back.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="RotaTurn",
            fields=[
                (
                    "broadcast",
                    fields.OneToOneField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        primary_key=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="rota_turn",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "run",
                    fields.ForeignKeyField(
                        "schedules.RotaRun",
                        source_field="run_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="turns",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("unit_code", fields.CharField(max_length=16)),
                ("starts_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "rota_turn",
                "app": "schedules",
                "pk_attr": "broadcast_id",
                "table_description": "A lecture that a run planned, as it planned it: what differs now was changed by a person.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Step",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "broadcast",
                    fields.ForeignKeyField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="steps",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "action",
                    fields.CharEnumField(
                        description="CREATED: created\nISSUE: issue\nPREPARE: prepare\nHAND_IN: hand_in\nTAKE_BACK: take_back\nUNIT_PASS: unit_pass\nUNIT_RETURN: unit_return\nBUREAU_PASS: bureau_pass\nBUREAU_RETURN: bureau_return\nMATERIAL: material\nREPLACE: replace\nPOSTPONE_ASKED: postpone_asked\nPOSTPONE_REFUSED: postpone_refused\nPOSTPONE_WITHDRAWN: postpone_withdrawn\nPOSTPONE: postpone\nPOSTPONE_OPEN: postpone_open\nRESUME: resume\nCANCEL: cancel\nSWAP_ASKED: swap_asked\nSWAP_CONFIRMED: swap_confirmed\nSWAP_REFUSED: swap_refused\nSWAP_WITHDRAWN: swap_withdrawn\nSWAPPED: swapped\nDUTY: duty\nDELIVERY: delivery\nREPLAY: replay",
                        enum_type=StepAction,
                        max_length=24,
                    ),
                ),
                ("person", fields.CharField(max_length=120)),
                ("actor", fields.CharField(max_length=100)),
                ("unit_code", fields.CharField(default="", max_length=16)),
                ("opinion", fields.TextField(default="", unique=False)),
                ("at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "before",
                    fields.CharEnumField(
                        description="DRAFT: draft\nISSUED: issued\nAWAITING: awaiting\nUNIT_REVIEW: unit_review\nBUREAU_REVIEW: bureau_review\nSCHEDULED: scheduled\nPOSTPONED: postponed\nCANCELLED: cancelled",
                        enum_type=PlanState,
                        max_length=16,
                    ),
                ),
                (
                    "after",
                    fields.CharEnumField(
                        description="DRAFT: draft\nISSUED: issued\nAWAITING: awaiting\nUNIT_REVIEW: unit_review\nBUREAU_REVIEW: bureau_review\nSCHEDULED: scheduled\nPOSTPONED: postponed\nCANCELLED: cancelled",
                        enum_type=PlanState,
                        max_length=16,
                    ),
                ),
                ("version", fields.IntField()),
            ],
            options={
                "table": "broadcast_step",
                "app": "schedules",
                "pk_attr": "id",
                "table_description": "opinion: the reason or opinion in the person's own words. actor: kind and id as the audit log has them.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Swap",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "asking",
                    fields.ForeignKeyField(
                        "schedules.Broadcast",
                        source_field="asking_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="swaps_asked",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "offered",
                    fields.ForeignKeyField(
                        "schedules.Broadcast",
                        source_field="offered_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="swaps_offered",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("asking_unit", fields.CharField(max_length=16)),
                ("offered_unit", fields.CharField(max_length=16)),
                (
                    "state",
                    fields.CharEnumField(
                        default=SwapState.OPEN,
                        db_index=True,
                        description="OPEN: open\nDONE: done\nREFUSED: refused\nWITHDRAWN: withdrawn",
                        enum_type=SwapState,
                        max_length=16,
                    ),
                ),
                ("reason", fields.CharField(max_length=200)),
                ("asked_by", fields.CharField(max_length=120)),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("asking_by", fields.CharField(default="", max_length=120)),
                ("asking_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("offered_by", fields.CharField(default="", max_length=120)),
                ("offered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("bureau_by", fields.CharField(default="", max_length=120)),
                ("bureau_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("closed_by", fields.CharField(default="", max_length=120)),
                ("closed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("answer", fields.CharField(default="", max_length=200)),
            ],
            options={
                "table": "swap",
                "app": "schedules",
                "pk_attr": "id",
                "table_description": "asking: the lecture of the unit that asks. Its numbers and times stay with the lectures, the units change.",
            },
            bases=["Model"],
        ),
        ops.AddField(
            model_name="Broadcast",
            name="announced_at",
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
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
            name="state_before",
            field=fields.CharEnumField(
                null=True,
                description="DRAFT: draft\nISSUED: issued\nAWAITING: awaiting\nUNIT_REVIEW: unit_review\nBUREAU_REVIEW: bureau_review\nSCHEDULED: scheduled\nPOSTPONED: postponed\nCANCELLED: cancelled",
                enum_type=PlanState,
                max_length=16,
            ),
        ),
        ops.AddField(
            model_name="Broadcast",
            name="told_deadlines",
            field=fields.JSONField(
                default=dict, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
            ),
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
