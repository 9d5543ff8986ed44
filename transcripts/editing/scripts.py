"""The approved script of a lecture, as text: it lies among its materials."""

import asyncio
from uuid import UUID

from core.errors import Invalid, NotFound
from core.settings import Settings
from core.storage import Store
from schedules.models import Broadcast, Material, MaterialKind
from schedules.turns.materials import read_material
from transcripts.script.text import ScriptLimits, script_text


async def scripts_of(broadcast: Broadcast) -> list[Material]:
    """Those that the bureau approved and that hold, the latest first."""
    rows = Material.filter(
        broadcast_id=broadcast.id, kind=MaterialKind.SCRIPT, replaced_at=None, frozen_at__isnull=False
    )
    return await rows.order_by("-uploaded_at")


async def text_of(broadcast: Broadcast, material: str, store: Store, settings: Settings) -> str:
    """material: the id of one of them. Raises Invalid (field `material`), also for a file without text."""
    try:
        wanted = UUID(material)
    except ValueError:
        raise Invalid({"material": "没有这份讲稿，请重新选择。"}) from None
    found = next((each for each in await scripts_of(broadcast) if each.id == wanted), None)
    if found is None:
        raise Invalid({"material": "没有这份讲稿，可能刚刚被换掉了，请重新选择。"})
    return await read_script(found, store, settings)


async def read_script(material: Material, store: Store, settings: Settings) -> str:
    """Raises Invalid."""
    limits = ScriptLimits.of(settings)
    data = bytearray()
    try:
        async for piece in read_material(material, store):
            data += piece
            if len(data) > limits.bytes:
                break  # enough for it to be refused
    except NotFound as error:
        raise Invalid({"material": "讲稿文件读不出来，请粘贴文字。"}) from error
    return await asyncio.to_thread(script_text, material.name, bytes(data), limits)
