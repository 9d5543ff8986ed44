"""The outline of a lecture's sound, drawn under the cues in the editor."""

from datetime import datetime
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from transcripts.models.transcript import Transcript


class Waveform(Model):
    """peaks: loudness 0 to 255, a byte for each of `rate` steps a second of lecture time. Empty without sound."""

    transcript: fields.OneToOneRelation[Transcript] = fields.OneToOneField(
        "transcripts.Transcript", related_name="waveform", on_delete=fields.CASCADE, primary_key=True
    )
    transcript_id: UUID
    rate = fields.IntField()
    peaks = fields.BinaryField()
    made_at: datetime = fields.DatetimeField()

    class Meta:
        table = "waveform"
