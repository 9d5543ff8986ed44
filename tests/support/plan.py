"""Lectures on their way from draft to 已排期, and the people who take them there."""

import io
import zipfile
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

from core.audit import Actor, ActorKind
from core.clock import Clock
from core.settings import Settings
from core.storage import Store
from schedules.models import Broadcast, CheckKind, Material, MaterialKind
from schedules.states import PlanState
from schedules.turns.handing_in import HandInData, hand_in, save_hand_in
from schedules.turns.materials import add_material
from schedules.turns.reviews import BureauCheck, pass_bureau_review, pass_unit_review
from schedules.turns.steps import issue

UNIT_A, UNIT_B = "520016", "522723"
"""州自然资源局, 贵定县."""
BUREAU_UNIT = "520013"
ADMIN = Actor(ActorKind.USER, "admin", "示例管理员")
SECOND = Actor(ActorKind.USER, "second", "示例审核员")
LIAISON_A = Actor(ActorKind.USER, "liaison-a", "示例联络员甲", UNIT_A)
LIAISON_B = Actor(ActorKind.USER, "liaison-b", "示例联络员乙", UNIT_B)
APPROVER_A = Actor(ActorKind.LINK, "link-a", "示例分管领导", UNIT_A)
START = datetime(2026, 12, 24, 7, 0, tzinfo=UTC)
"""15:00 in China, a Thursday, 22 working days after the tests' clock."""
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
DATA = HandInData(
    title="乡村振兴如何依法用地",
    laws=("土地管理法", "乡村振兴促进法"),
    lecturer_name="示例讲师A",
    lecturer_post="法规科科长",
    lecturer_phone="0854-8221234",
    consent_recording=True,
    consent_publication=True,
    audience="乡镇干部、村支两委",
    promised=True,
)
CHECKS = [BureauCheck(kind, "示例审核员", "同意") for kind in CheckKind]
NEEDED = (MaterialKind.SLIDES, MaterialKind.SCRIPT, MaterialKind.CONSENT)


async def drafted(number: str, unit: str, clock: Clock, *, starts_at: datetime | None = START) -> Broadcast:
    return await Broadcast.create(
        number=number,
        title="",
        unit_id=unit,
        starts_at=starts_at,
        plan_state=PlanState.DRAFT,
        created_at=clock.now(),
        changed_at=clock.now(),
    )


async def issued(
    number: str, unit: str, clock: Clock, settings: Settings, *, starts_at: datetime = START
) -> Broadcast:
    await drafted(number, unit, clock, starts_at=starts_at)
    return (await issue([number], by=ADMIN, now=clock.now(), settings=settings))[0]


async def version_of(number: str) -> int:
    return (await Broadcast.get(number=number)).version


async def chunks(data: bytes, size: int = 1000) -> AsyncIterator[bytes]:
    for start in range(0, len(data), size):
        yield data[start : start + size]


async def upload(
    number: str,
    kind: MaterialKind,
    clock: Clock,
    settings: Settings,
    store: Store,
    *,
    by: Actor = LIAISON_A,
    name: str = "材料.pdf",
    data: bytes = PDF,
    replaces: UUID | None = None,
) -> Material:
    return await add_material(
        number,
        kind,
        name,
        chunks(data),
        version=await version_of(number),
        by=by,
        now=clock.now(),
        settings=settings,
        store=store,
        replaces=replaces,
    )


async def complete(
    number: str, clock: Clock, settings: Settings, store: Store, *, by: Actor = LIAISON_A
) -> Broadcast:
    """Everything a hand-in needs, not handed in yet."""
    await save_hand_in(
        number, DATA, version=await version_of(number), by=by, now=clock.now(), settings=settings
    )
    for kind in NEEDED:
        await upload(number, kind, clock, settings, store, by=by)
    return await Broadcast.get(number=number)


async def handed_in(
    number: str, clock: Clock, settings: Settings, store: Store, *, by: Actor = LIAISON_A
) -> Broadcast:
    await complete(number, clock, settings, store, by=by)
    return await hand_in(number, version=await version_of(number), by=by, now=clock.now())


async def unit_passed(
    number: str,
    clock: Clock,
    settings: Settings,
    store: Store,
    *,
    by: Actor = LIAISON_A,
    approver: Actor = APPROVER_A,
) -> Broadcast:
    await handed_in(number, clock, settings, store, by=by)
    return await pass_unit_review(
        number, version=await version_of(number), by=approver, now=clock.now(), opinion="同意"
    )


async def approved(number: str, clock: Clock, settings: Settings, store: Store) -> Broadcast:
    await unit_passed(number, clock, settings, store)
    return await pass_bureau_review(
        number,
        version=await version_of(number),
        checks=CHECKS,
        by=ADMIN,
        now=clock.now(),
        settings=settings,
    )


def zipped(entries: dict[str, bytes], *, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return body.getvalue()
