import functools
from json import dumps, loads
from uuid import uuid4

from tortoise import fields, migrations
from tortoise.fields.base import OnDelete
from tortoise.migrations import operations as ops
from tortoise.migrations.operations import Operation

from transcripts.models.glossary import TermKind
from transcripts.models.live_captions import CaptionState
from transcripts.models.term_question import TermAnswer
from transcripts.models.transcript import Recognition, SubtitleState
from transcripts.models.version import VersionKind


class Migration(migrations.Migration):
    dependencies: list[tuple[str, str]] = [
        ("schedules", "0001_initial"),
        ("schedules", "0002_plan"),
        ("schedules", "0003_cut_off"),
    ]

    initial = True

    operations: list[Operation] = [
        ops.CreateModel(
            name="GlossaryRemoval",
            fields=[
                ("text", fields.CharField(primary_key=True, unique=True, db_index=True, max_length=60)),
                ("removed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "glossary_removal",
                "app": "transcripts",
                "pk_attr": "text",
                "table_description": "A term that came with us and that the bureau took out: no later version of ours brings it back.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="GlossaryTerm",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("text", fields.CharField(unique=True, max_length=60)),
                (
                    "kind",
                    fields.CharEnumField(
                        description="LAW: law\nORGAN: organ\nTERM: term\nPLACE: place",
                        enum_type=TermKind,
                        max_length=8,
                    ),
                ),
                ("frequency", fields.IntField(default=0, db_index=True)),
                ("is_seed", fields.BooleanField(default=False)),
                ("added_by", fields.CharField(default="", max_length=120)),
                ("added_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "glossary_term",
                "app": "transcripts",
                "pk_attr": "id",
                "table_description": "frequency: how often published transcripts say it, by which hotwords are taken. is_seed: came with us.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LawRevision",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ("law", fields.CharField(unique=True, max_length=80)),
                ("since", fields.DateField()),
                ("note", fields.CharField(default="", max_length=200)),
                ("marked_by", fields.CharField(max_length=120)),
                ("marked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "law_revision",
                "app": "transcripts",
                "pk_attr": "id",
                "table_description": "法律已修订: the bureau's mark, shown on replays of lectures given before since that speak of the law.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LiveCaptions",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "broadcast",
                    fields.OneToOneField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="live_captions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("is_on", fields.BooleanField(default=False)),
                ("reason", fields.CharField(default="", max_length=200)),
                ("person", fields.CharField(default="", max_length=120)),
                ("switched_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "state",
                    fields.CharEnumField(
                        default=CaptionState.WAITING,
                        description="WAITING: waiting\nSTARTING: starting\nON: on\nOFF: off\nSTOPPED: stopped",
                        enum_type=CaptionState,
                        max_length=16,
                    ),
                ),
                ("detail", fields.CharField(default="", max_length=300)),
                ("delay_ms", fields.IntField(null=True)),
                ("told_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "live_captions",
                "app": "transcripts",
                "pk_attr": "id",
                "table_description": "One a lecture, made when somebody first turns them on. is_on is the order that the media process follows.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="LiveWords",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "broadcast",
                    fields.ForeignKeyField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="live_words",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("start_ms", fields.BigIntField()),
                ("engine", fields.CharField(default="", max_length=24)),
                ("model", fields.CharField(default="", max_length=80)),
                ("model_sha256", fields.CharField(default="", max_length=64)),
                (
                    "segments",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "held",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
            ],
            options={
                "table": "live_words",
                "app": "transcripts",
                "pk_attr": "id",
                "table_description": "What was heard in one stretch of a lecture on the air, until it has become its draft. Fields as in `Piece`.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="SearchDocument",
            fields=[
                ("id", fields.IntField(generated=True, primary_key=True, unique=True, db_index=True)),
                ("kind", fields.CharField(max_length=16)),
                ("number", fields.CharField(max_length=64)),
                ("title", fields.CharField(max_length=200)),
                ("path", fields.CharField(max_length=200)),
                ("said_at", fields.DatetimeField(db_index=True, auto_now=False, auto_now_add=False)),
                ("fingerprint", fields.CharField(max_length=64)),
                ("indexed", fields.CharField(default="", max_length=32)),
                (
                    "headings",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "passages",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
            ],
            options={
                "table": "search_document",
                "app": "transcripts",
                "unique_together": (("kind", "number"),),
                "pk_attr": "id",
                "table_description": "Only what the public may read. A changed document gets a new row, so that an id is never used again.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Transcript",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "broadcast",
                    fields.OneToOneField(
                        "schedules.Broadcast",
                        source_field="broadcast_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="transcript",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                (
                    "state",
                    fields.CharEnumField(
                        default=SubtitleState.WAITING,
                        db_index=True,
                        description="WAITING: waiting\nREVIEW: review\nPUBLISHED: published",
                        enum_type=SubtitleState,
                        max_length=16,
                    ),
                ),
                (
                    "recognition",
                    fields.CharEnumField(
                        default=Recognition.QUEUED,
                        db_index=True,
                        description="QUEUED: queued\nWAITING_FOR_MODEL: waiting_for_model\nRUNNING: running\nPAUSED: paused\nDONE: done\nNO_SPEECH: no_speech\nNO_AUDIO: no_audio\nFAILED: failed\nBY_PEOPLE: by_people",
                        enum_type=Recognition,
                        max_length=24,
                    ),
                ),
                ("detail", fields.CharField(default="", max_length=300)),
                ("attempts", fields.IntField(default=0)),
                ("engine", fields.CharField(default="", max_length=24)),
                ("model", fields.CharField(default="", max_length=80)),
                ("model_sha256", fields.CharField(default="", max_length=64)),
                ("audio_ms", fields.BigIntField(default=0)),
                ("pieces_cut_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("claimed_by", fields.CharField(default="", max_length=80)),
                ("claimed_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("again_by", fields.CharField(default="", max_length=120)),
                ("draft_version", fields.IntField(default=0)),
                ("revision", fields.IntField(default=0)),
                ("published_version", fields.IntField(default=0)),
                ("published_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("published_by", fields.CharField(default="", max_length=120)),
                ("handed_over_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("handed_over_by", fields.CharField(default="", max_length=120)),
                ("editor", fields.CharField(default="", max_length=100)),
                ("editor_name", fields.CharField(default="", max_length=120)),
                ("editor_seen_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("characters_recognised", fields.IntField(default=0)),
                ("characters_changed", fields.IntField(default=0)),
                ("created_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "transcript",
                "app": "transcripts",
                "pk_attr": "id",
                "table_description": "One a lecture, made when it ends. Versions count from 1, 0 is none.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="CueVersion",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "transcript",
                    fields.ForeignKeyField(
                        "transcripts.Transcript",
                        source_field="transcript_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="versions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("number", fields.IntField()),
                (
                    "kind",
                    fields.CharEnumField(
                        description="RECOGNISED: recognised\nLIVE: live\nIMPORTED: imported\nTAPPED: tapped\nEDITED: edited\nCORRECTED: corrected\nRESTORED: restored",
                        enum_type=VersionKind,
                        max_length=16,
                    ),
                ),
                ("person", fields.CharField(default="", max_length=120)),
                ("actor", fields.CharField(default="", max_length=100)),
                ("note", fields.CharField(default="", max_length=200)),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("changed_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                (
                    "cues",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "declined",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
            ],
            options={
                "table": "cue_version",
                "app": "transcripts",
                "unique_together": (("transcript", "number"),),
                "pk_attr": "id",
                "table_description": 'cues: [{"id", "start_ms", "end_ms", "lines", "prob", "engine", "model", "sha256", "held"}] in order.',
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Piece",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "transcript",
                    fields.ForeignKeyField(
                        "transcripts.Transcript",
                        source_field="transcript_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="pieces",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("ordinal", fields.IntField()),
                ("start_ms", fields.BigIntField()),
                ("end_ms", fields.BigIntField()),
                ("speech_ms", fields.BigIntField(default=0)),
                ("recognised_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("seconds_spent", fields.FloatField(default=0)),
                ("engine", fields.CharField(default="", max_length=24)),
                ("model", fields.CharField(default="", max_length=80)),
                ("model_sha256", fields.CharField(default="", max_length=64)),
                (
                    "segments",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
                (
                    "held",
                    fields.JSONField(
                        default=list, encoder=functools.partial(dumps, separators=(",", ":")), decoder=loads
                    ),
                ),
            ],
            options={
                "table": "transcript_piece",
                "app": "transcripts",
                "unique_together": (("transcript", "ordinal"),),
                "pk_attr": "id",
                "table_description": "From start_ms until end_ms of lecture time. segments: what was heard, with lecture times (recognition.rows).",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="StatuteMention",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "transcript",
                    fields.ForeignKeyField(
                        "transcripts.Transcript",
                        source_field="transcript_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="mentions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("law", fields.CharField(db_index=True, max_length=80)),
                ("article", fields.CharField(default="", max_length=16)),
                ("at_ms", fields.BigIntField()),
            ],
            options={
                "table": "statute_mention",
                "app": "transcripts",
                "pk_attr": "id",
                "table_description": "Of the published version. law: its full name without 《》, article: as a number with its branch, such as",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="TermQuestion",
            fields=[
                ("id", fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                (
                    "transcript",
                    fields.ForeignKeyField(
                        "transcripts.Transcript",
                        source_field="transcript_id",
                        db_constraint=True,
                        to_field="id",
                        related_name="questions",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("cue", fields.CharField(max_length=40)),
                ("text", fields.CharField(max_length=200)),
                ("start_ms", fields.BigIntField()),
                ("end_ms", fields.BigIntField()),
                (
                    "answer",
                    fields.CharEnumField(
                        default=TermAnswer.OPEN,
                        description="OPEN: open\nRIGHT: right\nCORRECTED: corrected",
                        enum_type=TermAnswer,
                        max_length=12,
                    ),
                ),
                ("suggestion", fields.CharField(default="", max_length=200)),
                ("asked_by", fields.CharField(max_length=120)),
                ("asked_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("answered_by", fields.CharField(default="", max_length=120)),
                ("answered_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
                ("settled_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "term_question",
                "app": "transcripts",
                "unique_together": (("transcript", "cue"),),
                "pk_attr": "id",
                "table_description": "cue: the id of the cue, text: what it said when it was asked, suggestion: what the lecturer says it should be.",
            },
            bases=["Model"],
        ),
        ops.CreateModel(
            name="Waveform",
            fields=[
                (
                    "transcript",
                    fields.OneToOneField(
                        "transcripts.Transcript",
                        source_field="transcript_id",
                        primary_key=True,
                        db_index=True,
                        db_constraint=True,
                        to_field="id",
                        related_name="waveform",
                        on_delete=OnDelete.CASCADE,
                    ),
                ),
                ("rate", fields.IntField()),
                ("peaks", fields.BinaryField()),
                ("made_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={
                "table": "waveform",
                "app": "transcripts",
                "pk_attr": "transcript_id",
                "table_description": "peaks: loudness 0 to 255, a byte for each of `rate` steps a second of lecture time. Empty without sound.",
            },
            bases=["Model"],
        ),
    ]
