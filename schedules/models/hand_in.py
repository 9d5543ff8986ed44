"""报送: what a unit says of its lecturer beside what stands on the lecture itself, and who handed it in."""

from uuid import UUID, uuid4

from tortoise import fields
from tortoise.models import Model

from schedules.models.broadcast import Broadcast


class HandIn(Model):
    """One a lecture: what only the unit and the bureau may read. Topic, name and post are the lecture's own."""

    id = fields.UUIDField(primary_key=True, default=uuid4)
    broadcast: fields.OneToOneRelation[Broadcast] = fields.OneToOneField(
        "schedules.Broadcast", related_name="hand_in", on_delete=fields.CASCADE
    )
    broadcast_id: UUID
    lecturer_phone = fields.CharField(max_length=40, default="")
    """Of the lecturer's work."""
    consent_recording = fields.BooleanField(default=False)
    consent_publication = fields.BooleanField(default=False)
    consent_by = fields.CharField(max_length=120, default="")
    """Who said so; the lecturer through a link of their own, or the unit for them."""
    consent_by_lecturer = fields.BooleanField(default=False)
    consent_at = fields.DatetimeField(null=True)
    promised = fields.BooleanField(default=False)
    """承诺: the unit, as the registered publisher, answers for the content."""
    id_number_sealed = fields.TextField(default="")
    """core.sealing, purpose `lecturer-id`; empty unless the bureau's setting asks for it."""
    id_number_held = fields.BooleanField(default=False)
    """Not to be erased: needed for a case."""
    id_number_erased_at = fields.DatetimeField(null=True)
    handed_in_at = fields.DatetimeField(null=True)
    handed_in_by = fields.CharField(max_length=120, default="")
    handed_in_actor = fields.CharField(max_length=100, default="")
    changed_at = fields.DatetimeField()

    class Meta:
        table = "hand_in"
