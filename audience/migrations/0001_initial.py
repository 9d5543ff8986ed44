import functools
from json import dumps, loads
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.indexes import Index
from tortoise.migrations import operations as ops
from tortoise.migrations.operations import Operation

from audience.counting.visits import Mode, UnitBy
from audience.models.beacon import Exclusion


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = [
        ("accounts", "0001_initial"),
        ("accounts", "0002_plan"),
        ("schedules", "0003_cut_off"),
    ]

    initial = True

    operations: list[Operation] = [
        ops.CreateModel(
            name="Beacon",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("received_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("sent_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "broadcast",
                    fields.ForeignKeyField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="beacons",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("visit", fields.UUIDField()),
                ("seq", fields.IntField()),
                (
                    "mode",
                    fields.CharEnumField(
                        description="LIVE: live\nREPLAY: replay", enum_type=Mode, max_length=8
                    ),
                ),
                (
                    "claimed_mode",
                    fields.CharEnumField(
                        description="LIVE: live\nREPLAY: replay", enum_type=Mode, max_length=8
                    ),
                ),
                ("viewer", fields.CharField(max_length=32)),
                ("day_viewer", fields.CharField(max_length=32)),
                ("unit_code", fields.CharField(default="", max_length=16)),
                (
                    "unit_by",
                    fields.CharEnumField(
                        description="LOGIN: login\nCHOICE: choice\nLINK: link\nNOBODY: nobody",
                        enum_type=UnitBy,
                        max_length=8,
                    ),
                ),
                (
                    "ranges",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("visible", fields.BooleanField()),
                ("muted", fields.BooleanField(null=True)),
                ("speed", fields.FloatField(null=True)),
                ("terminal", fields.CharField(default="", max_length=32)),
                ("stalls", fields.IntField(default=0)),
                ("latency_ms", fields.IntField(null=True)),
                ("captions", fields.BooleanField(default=False)),
                (
                    "excluded",
                    fields.CharEnumField(
                        default=Exclusion.NONE,
                        description="NONE: \nSTAFF: staff\nROBOT: robot",
                        enum_type=Exclusion,
                        max_length=8,
                    ),
                ),
            ],
            options={
                "table": "beacon",
                "app": "audience",
                "unique_together": (("visit", "seq"),),
                "pk_attr": "id",
                "table_description": "Rows are only added. Their order by id is the order in which they are counted.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="BeaconVisit",
            fields=[
                ("visit", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "broadcast",
                    fields.ForeignKeyField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="beacon_visits",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("viewer", fields.CharField(max_length=32)),
                ("first_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("last_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("credit_ms", fields.FloatField()),
            ],
            options={
                "table": "beacon_visit",
                "app": "audience",
                "pk_attr": "visit",
                "table_description": "What is known of a visit id, so that its claims can be judged. Forgotten when it has been silent for long.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DaySalt",
            fields=[
                ("day", fields.DateField(primary_key=True, unique=True, db_index=True)),
                ("salt", fields.CharField(max_length=64)),
            ],
            options={
                "table": "day_salt",
                "app": "audience",
                "pk_attr": "day",
                "table_description": "Deleted when the day is over.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DayViews",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("day", fields.DateField()),
                (
                    "broadcast",
                    fields.ForeignKeyField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="day_views",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "mode",
                    fields.CharEnumField(
                        description="LIVE: live\nREPLAY: replay", enum_type=Mode, max_length=8
                    ),
                ),
                ("unit_code", fields.CharField(default="", max_length=16)),
                ("views", fields.IntField(default=0)),
                ("late", fields.IntField(default=0)),
            ],
            options={
                "table": "day_views",
                "app": "audience",
                "unique_together": (("day", "broadcast", "mode", "unit_code"),),
                "indexes": [Index(fields=["broadcast_id"])],
                "pk_attr": "id",
                "table_description": "Counted visits begun on a day, of one lecture, mode and 收看单位 (empty: 社会公众). late: 补计.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="DefinitionVersion",
            fields=[
                ("version", fields.IntField(generated=False, primary_key=True, unique=True, db_index=True)),
                ("valid_from", fields.DateField()),
                ("visit_seconds", fields.IntField()),
                ("pause_minutes", fields.IntField()),
                ("live_minutes", fields.IntField()),
                ("reason", fields.CharField(max_length=200)),
                ("decided_by", fields.CharField(max_length=120)),
                ("decided_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "definition_version",
                "app": "audience",
                "pk_attr": "version",
                "table_description": "valid_from: the day (of China) from which it holds. The first one needs no row.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="EarlierYear",
            fields=[
                ("year", fields.IntField(generated=False, primary_key=True, unique=True, db_index=True)),
                ("lectures", fields.IntField(null=True)),
                ("views", fields.IntField(null=True)),
                ("is_at_least", fields.BooleanField(default=False)),
                ("source", fields.CharField(max_length=200)),
                ("entered_by", fields.CharField(max_length=120)),
                ("entered_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "earlier_year",
                "app": "audience",
                "pk_attr": "year",
                "table_description": "旧口径: what was reported of a year before the platform counted, with its source. None: not known.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="GroupViewing",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "broadcast",
                    fields.ForeignKeyField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="group_viewings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "unit",
                    fields.ForeignKeyField(
                        "accounts.Unit",
                        source_field="unit_id",
                        db_constraint=True,
                        to_field="code",
                        related_name="group_viewings",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                ("unit_name", fields.CharField(max_length=60)),
                ("sessions", fields.IntField()),
                ("people", fields.IntField()),
                ("place", fields.CharField(default="", max_length=200)),
                ("watched_on", fields.DateField(db_index=True)),
                ("watched_at", fields.CharField(default="", max_length=5)),
                ("note", fields.CharField(default="", max_length=200)),
                (
                    "parts",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("reason", fields.CharField(default="", max_length=200)),
                ("reported_by", fields.CharField(max_length=120)),
                ("actor", fields.CharField(max_length=100)),
                ("reported_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "replaced_at",
                    fields.DatetimeField(null=True, db_index=True, auto_now=False, auto_now_add=False),
                ),
                ("is_late", fields.BooleanField(default=False)),
            ],
            options={
                "table": "group_viewing",
                "app": "audience",
                "pk_attr": "id",
                "table_description": "单位填报. Corrections are rows of their own: the latest of a unit and lecture that is not withdrawn holds.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MinuteViewers",
            fields=[
                ("id", fields.BigIntField(generated=True, primary_key=True, unique=True, db_index=True)),
                (
                    "broadcast",
                    fields.ForeignKeyField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="minute_viewers",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("minute", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("viewers", fields.IntField()),
            ],
            options={
                "table": "minute_viewers",
                "app": "audience",
                "unique_together": (("broadcast", "minute"),),
                "pk_attr": "id",
                "table_description": "Live viewers whose play was reported in one minute of server time, of one lecture.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="MonthSeal",
            fields=[
                ("month", fields.DateField(primary_key=True, unique=True, db_index=True)),
                ("sealed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("definition", fields.IntField()),
                ("raw_lines", fields.BigIntField()),
                ("raw_sha256", fields.CharField(max_length=64)),
                (
                    "figures",
                    fields.JSONField(encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads),
                ),
            ],
            options={
                "table": "month_seal",
                "app": "audience",
                "pk_attr": "month",
                "table_description": "month: its first day. figures: the report of the month, as it was sealed. raw_sha256: over the month's raw log,",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Visit",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "broadcast",
                    fields.ForeignKeyField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="visits",
                        on_delete=OnDelete.RESTRICT,
                    ),
                ),
                (
                    "mode",
                    fields.CharEnumField(
                        description="LIVE: live\nREPLAY: replay", enum_type=Mode, max_length=8
                    ),
                ),
                ("viewer", fields.CharField(max_length=32)),
                ("day_viewer", fields.CharField(max_length=32)),
                ("unit_code", fields.CharField(default="", max_length=16)),
                (
                    "unit_by",
                    fields.CharEnumField(
                        description="LOGIN: login\nCHOICE: choice\nLINK: link\nNOBODY: nobody",
                        enum_type=UnitBy,
                        max_length=8,
                    ),
                ),
                ("day", fields.DateField()),
                ("began_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("played_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "spans",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                ("played_ms", fields.BigIntField()),
                ("counted_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("definition", fields.IntField()),
                ("is_late", fields.BooleanField(default=False)),
                ("stalls", fields.IntField(default=0)),
                ("latency_sum_ms", fields.BigIntField(default=0)),
                ("latency_count", fields.IntField(default=0)),
                ("captions", fields.BooleanField(default=False)),
            ],
            options={
                "table": "visit",
                "app": "audience",
                "indexes": [Index(fields=["broadcast_id", "mode", "viewer"]), Index(fields=["day"])],
                "pk_attr": "id",
                "table_description": "收看人次 once counted_at is set. spans: [[from, to]] in ms of media time, apart and in order.",
            },
            bases=["Model"],
        ),
    ]
