"""材料: files are streamed to disk, checked, kept in the store under their SHA-256, and frozen by the approval."""

import asyncio
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from uuid import UUID

from core.audit import Actor
from core.database import transaction
from core.errors import Conflict, Invalid, NotFound
from core.settings import Settings
from core.storage import Store, open_store
from schedules.models import Broadcast, Material, MaterialKind, StepAction
from schedules.plan_states import STATE_LABELS, UNDER_WAY, PlanAct, after
from schedules.queries import by_number
from schedules.states import PlanState
from schedules.turns.material_kinds import MIB, MaterialLimits, clean_name, kind_of
from schedules.turns.stepping import actor_key, for_the_unit, not_given_yet, seen, step

PIECE = 1 * MIB


@dataclass(frozen=True, slots=True)
class _Received:
    path: Path
    size: int
    sha256: str


def open_materials(settings: Settings) -> Store:
    """The object store where there is one, else a folder beside the database."""
    return open_store(settings) if settings.store_url else Store.in_folder(settings.data_dir / "store")


async def current_materials(broadcast_id: UUID) -> list[Material]:
    """Those that hold, by kind."""
    return await Material.filter(broadcast_id=broadcast_id, replaced_at=None)


async def all_materials(broadcast_id: UUID) -> list[Material]:
    """With those that were replaced, the oldest first."""
    return await Material.filter(broadcast_id=broadcast_id).order_by("uploaded_at")


async def find_material(number: str, material_id: UUID) -> Material:
    """Of this lecture, replaced or not. Raises NotFound."""
    broadcast = await by_number(number)
    material = await Material.get_or_none(id=material_id, broadcast_id=broadcast.id)
    if material is None:
        raise NotFound("没有这个材料文件。")
    return material


async def add_material(
    number: str,
    kind: MaterialKind,
    name: str,
    chunks: AsyncIterator[bytes],
    *,
    version: int,
    by: Actor,
    now: datetime,
    settings: Settings,
    store: Store,
    replaces: UUID | None = None,
) -> Material:
    """Take a file in, instead of another one where `replaces` says so. 已排期 goes back to 州局审核 by it.

    Raises Forbidden, NotFound, Conflict, and Invalid (field `file`) for what is too big or not taken.
    """
    for_the_unit(by, await seen(number, version))  # before anything is received
    name = clean_name(name)
    async with _received(chunks, settings) as received:
        limits = MaterialLimits(
            settings.material_unpacked_mib * MIB,
            settings.material_entries,
            settings.material_megapixels * 1_000_000,
        )
        found = await asyncio.to_thread(kind_of, received.path, name, limits)
        material = Material(
            kind=kind,
            name=name,
            media_type=found.media_type,
            is_previewable=found.is_previewable,
            size=received.size,
            sha256=received.sha256,
            uploaded_at=now,
            uploaded_by=by.name,
            uploaded_actor=actor_key(by),
        )
        await store.put(material.key, received.path)
    async with transaction():
        broadcast = await seen(number, version)
        _may_change(broadcast, by)
        material.broadcast_id = broadcast.id
        if replaces is not None:
            await _replace(broadcast, replaces, by, now)
        if (
            await Material.filter(broadcast_id=broadcast.id, replaced_at=None).count()
            >= settings.material_files
        ):
            raise Conflict(f"一期最多 {settings.material_files} 个材料文件，请先删去不用的。")
        await material.save(force_create=True)
        await _note(broadcast, material, by, now, audited="broadcast.material_added")
    return material


async def remove_material(
    number: str, material_id: UUID, *, version: int, by: Actor, now: datetime
) -> Broadcast:
    """Take a file out of the hand-in. It stays kept, with who took it out. 已排期 goes back to 州局审核 by it."""
    async with transaction():
        broadcast = await seen(number, version)
        _may_change(broadcast, by)
        material = await _replace(broadcast, material_id, by, now)
        return await _note(broadcast, material, by, now, audited="broadcast.material_removed")


async def read_material(material: Material, store: Store) -> AsyncIterator[bytes]:
    """Its bytes in pieces. Raises NotFound when the store has lost it."""
    for start in range(0, material.size, PIECE):
        yield await store.get_range(material.key, start, min(PIECE, material.size - start))


def _may_change(broadcast: Broadcast, by: Actor) -> None:
    for_the_unit(by, broadcast)
    not_given_yet(broadcast)
    if broadcast.plan_state not in UNDER_WAY:
        raise Conflict(f"这一期是“{STATE_LABELS[broadcast.plan_state]}”，不能改材料。")


async def _replace(broadcast: Broadcast, material_id: UUID, by: Actor, now: datetime) -> Material:
    rows = Material.filter(id=material_id, broadcast_id=broadcast.id, replaced_at=None)
    material = await rows.first()
    if material is None or not await rows.update(replaced_at=now, replaced_by=by.name):
        raise NotFound("没有这个材料文件，或它已经被换掉了。")
    return material


async def _note(
    broadcast: Broadcast, material: Material, by: Actor, now: datetime, *, audited: str
) -> Broadcast:
    """Before the hand-in, nothing but the version moves (and 已下达 has begun); later the timeline tells of it."""
    action, values = None, dict[str, Any]()
    match broadcast.plan_state:
        case PlanState.ISSUED:
            action = StepAction.PREPARE
            values["plan_state"] = after(broadcast.plan_state, PlanAct.PREPARE)
        case PlanState.UNIT_REVIEW | PlanState.BUREAU_REVIEW:
            action = StepAction.MATERIAL
        case PlanState.SCHEDULED:
            action = StepAction.REPLACE
            values["plan_state"] = after(broadcast.plan_state, PlanAct.REPLACE)
    told = {"kind": material.kind.value, "name": material.name, "sha256": material.sha256}
    opinion = "" if action in (None, StepAction.PREPARE) else f"{material.label}：{material.name}"
    return await step(
        broadcast, action, by=by, now=now, opinion=opinion, audited=audited, told=told, **values
    )


@asynccontextmanager
async def _received(chunks: AsyncIterator[bytes], settings: Settings) -> AsyncIterator[_Received]:
    """The file on this machine's disk, gone at the end; its bytes never lie in memory together."""
    folder = settings.data_dir / "uploads"
    most = settings.material_file_mib * MIB
    file = await asyncio.to_thread(_open, folder)
    digest, size = hashlib.sha256(), 0

    def take(piece: bytes) -> None:
        file.write(piece)
        digest.update(piece)

    try:
        async for piece in chunks:
            size += len(piece)
            if size > most:
                raise Invalid({"file": f"文件不能超过 {settings.material_file_mib} MiB，请压缩后再上传。"})
            await asyncio.to_thread(take, piece)
        if not size:
            raise Invalid({"file": "文件是空的，请重新选择。"})
        await asyncio.to_thread(file.flush)
        yield _Received(Path(file.name), size, digest.hexdigest())
    finally:
        await asyncio.to_thread(file.close)


def _open(folder: Path) -> Any:
    folder.mkdir(parents=True, exist_ok=True)
    return NamedTemporaryFile(dir=folder)
