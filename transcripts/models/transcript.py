"""The subtitles of a lecture: how far their recognition is, which version is the draft, which one is published."""

from enum import StrEnum
from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from schedules.models import Broadcast


class SubtitleState(StrEnum):
    """播后, subtitles: 待识别 → 待校对 → 已发布."""

    WAITING = "waiting"
    REVIEW = "review"
    PUBLISHED = "published"


SUBTITLE_LABELS = {
    SubtitleState.WAITING: "待识别",
    SubtitleState.REVIEW: "待校对",
    SubtitleState.PUBLISHED: "已发布",
}


class Recognition(StrEnum):
    """How far the machine is. BY_PEOPLE: the lecture's language is not sent to recognition."""

    QUEUED = "queued"
    WAITING_FOR_MODEL = "waiting_for_model"
    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    NO_SPEECH = "no_speech"
    NO_AUDIO = "no_audio"
    FAILED = "failed"
    BY_PEOPLE = "by_people"


RECOGNITION_LABELS = {
    Recognition.QUEUED: "等待识别",
    Recognition.WAITING_FOR_MODEL: "等待语音模型",
    Recognition.RUNNING: "正在识别",
    Recognition.PAUSED: "直播优先，识别暂停",
    Recognition.DONE: "识别完成",
    Recognition.NO_SPEECH: "没有听到讲话",
    Recognition.NO_AUDIO: "没有声音",
    Recognition.FAILED: "识别没有成功",
    Recognition.BY_PEOPLE: "由人工制作字幕",
}


class Transcript(Model):
    """One a lecture, made when it ends. Versions count from 1, 0 is none.

    The person who corrects holds it: editor is the actor's key (schedules.turns.stepping.actor_key), editor_name
    for 某某正在校对; editor_seen_at: the last sign of life of their page.
    """

    id = fields.UUIDField(primary_key=True, default=uuid4)
    broadcast: fields.OneToOneRelation[Broadcast] = fields.OneToOneField(
        "schedules.Broadcast", related_name="transcript", on_delete=fields.CASCADE
    )
    broadcast_id: UUID
    state = fields.CharEnumField(SubtitleState, max_length=16, default=SubtitleState.WAITING, db_index=True)
    recognition = fields.CharEnumField(Recognition, max_length=24, default=Recognition.QUEUED, db_index=True)
    detail = fields.CharField(max_length=300, default="")
    """Why recognition stands where it stands, in Chinese, with what to do."""
    attempts = fields.IntField(default=0)
    engine = fields.CharField(max_length=24, default="")
    model = fields.CharField(max_length=80, default="")
    model_sha256 = fields.CharField(max_length=64, default="")
    audio_ms = fields.BigIntField(default=0)
    """Length of the sound, once it has been measured."""
    pieces_cut_at = fields.DatetimeField(null=True)
    """When the sound was cut into pieces: from then on `Piece` rows say what is done."""
    claimed_by = fields.CharField(max_length=80, default="")
    """The worker that recognises it; void when claimed_at is older than `speech_claim_seconds`."""
    claimed_at = fields.DatetimeField(null=True)
    again_by = fields.CharField(max_length=120, default="")
    """Who asked for recognition once more: what it brings then becomes the draft, over what people have made."""
    draft_version = fields.IntField(default=0)
    revision = fields.IntField(default=0)
    """Rises with every change of the draft: who changes it says which one they saw."""
    published_version = fields.IntField(default=0)
    published_at = fields.DatetimeField(null=True)
    published_by = fields.CharField(max_length=120, default="")
    handed_over_at = fields.DatetimeField(null=True)
    """When the unit said 校对完成 for the draft; None again when it is changed, and when it is published."""
    handed_over_by = fields.CharField(max_length=120, default="")
    editor = fields.CharField(max_length=100, default="")
    editor_name = fields.CharField(max_length=120, default="")
    editor_seen_at = fields.DatetimeField(null=True)
    characters_recognised = fields.IntField(default=0)
    """Of the machine's draft; with characters_changed the model's real error rate on this lecture."""
    characters_changed = fields.IntField(default=0)
    """Edit distance between the machine's draft and what was published last."""
    created_at = fields.DatetimeField()
    changed_at = fields.DatetimeField()

    class Meta:
        table = "transcript"
