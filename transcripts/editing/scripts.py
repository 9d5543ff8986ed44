"""The approved script of a lecture, as text: it lies among its materials."""

import asyncio
from uuid import UUID

from core.errors import Invalid, NotFound
from core.storage import Store
from schedules.models import Broadcast, Material, MaterialKind
from schedules.turns.materials import read_material
from transcripts.script.text import script_text


async def scripts_of(broadcast: Broadcast) -> list[Material]:
    """Those that hold, the latest first."""
    rows = Material.filter(broadcast_id=broadcast.id, kind=MaterialKind.SCRIPT, replaced_at=None)
    return await rows.order_by("-uploaded_at")


async def text_of(broadcast: Broadcast, material: str, store: Store) -> str:
    """material: the id of one of them. Raises Invalid (field `material`), also for a file without text."""
    try:
        wanted = UUID(material)
    except ValueError:
        raise Invalid({"material": "没有这份讲稿，请重新选择。"}) from None
    found = next((each for each in await scripts_of(broadcast) if each.id == wanted), None)
    if found is None:
        raise Invalid({"material": "没有这份讲稿，可能刚刚被换掉了，请重新选择。"})
    return await read_script(found, store)


async def read_script(material: Material, store: Store) -> str:
    """Raises Invalid."""
    try:
        data = b"".join([piece async for piece in read_material(material, store)])
    except NotFound as error:
        raise Invalid({"material": "讲稿文件读不出来，请粘贴文字。"}) from error
    return await asyncio.to_thread(script_text, material.name, data)
