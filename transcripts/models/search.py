"""What can be searched: one row a lecture or article, with the words it is found by. Derived, and rebuildable."""

from datetime import datetime
from typing import Any

from tortoise import fields
from tortoise.models import Model


class SearchDocument(Model):
    """Only what the public may read. A changed document gets a new row, so that an id is never used again.

    headings and passages: [[seconds or null, text], …] in order; what is indexed of them lies in `search_index`.
    """

    id = fields.IntField(primary_key=True)
    kind = fields.CharField(max_length=16)
    number = fields.CharField(max_length=64)
    title = fields.CharField(max_length=200)
    path = fields.CharField(max_length=200)
    said_at: datetime = fields.DatetimeField(db_index=True)
    """What decides between equals: the latest first."""
    fingerprint = fields.CharField(max_length=64)
    """Of the document as it was indexed: another one means that it must be indexed anew."""
    indexed = fields.CharField(max_length=32, default="")
    """Digest of the tokens in the index (`Entry.digest`): it forgets them only when it is told the very same ones."""
    headings: fields.Field[list[list[Any]]] = fields.JSONField(default=list)
    passages: fields.Field[list[list[Any]]] = fields.JSONField(default=list)

    class Meta:
        table = "search_document"
        unique_together = (("kind", "number"),)
