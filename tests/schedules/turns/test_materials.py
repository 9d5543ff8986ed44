import asyncio
import hashlib
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.clock import ManualClock
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.events import EventBus
from core.settings import Settings, load_settings
from core.storage import Store
from schedules.models import Broadcast, Material, MaterialKind, StepAction
from schedules.queries import timeline
from schedules.services import move_air_state
from schedules.states import AirState, PlanState
from schedules.turns.materials import (
    add_material,
    current_materials,
    find_material,
    open_materials,
    read_material,
    remove_material,
)
from tests.support.plan import (
    LIAISON_A,
    LIAISON_B,
    PDF,
    START,
    UNIT_A,
    approved,
    chunks,
    handed_in,
    issued,
    upload,
    version_of,
)

NUMBER = "2026-12-2"
SLIDES = MaterialKind.SLIDES


@pytest.fixture(autouse=True)
async def _issued(sqlite_db: TortoiseContext, clock: ManualClock, sqlite_settings: Settings) -> None:
    await seed_sample_units()
    await issued(NUMBER, UNIT_A, clock, sqlite_settings)


@pytest.fixture
def store() -> Store:
    return Store.in_memory()


async def plan_state() -> PlanState:
    return (await Broadcast.get(number=NUMBER)).plan_state


async def test_a_file_is_kept_under_its_digest_and_given_back_whole(
    clock: ManualClock, sqlite_settings: Settings
) -> None:
    store = open_materials(sqlite_settings)
    material = await upload(NUMBER, SLIDES, clock, sqlite_settings, store, name="课件 终稿.pdf")
    assert material.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (material.name, material.size, material.is_previewable) == ("课件 终稿.pdf", len(PDF), True)
    found = await find_material(NUMBER, material.id)
    assert b"".join([piece async for piece in read_material(found, store)]) == PDF
    assert await plan_state() is PlanState.AWAITING
    uploads = sqlite_settings.data_dir / "uploads"
    assert list(uploads.iterdir()) == [], "nothing is left of the upload itself"


async def test_what_is_refused_leaves_nothing_behind(
    clock: ManualClock, sqlite_settings: Settings, store: Store
) -> None:
    for name, data in (("a.exe", b"MZ"), ("a.pdf", b"MZ"), ("a.pdf", b"")):
        with pytest.raises(Invalid) as refused:
            await upload(NUMBER, SLIDES, clock, sqlite_settings, store, name=name, data=data)
        assert list(refused.value.fields) == ["file"]
    assert await Material.all().count() == 0
    assert [key async for key in store.list_keys()] == []
    assert await version_of(NUMBER) == 1


async def test_a_file_that_is_too_big_is_refused_while_it_comes_in(
    clock: ManualClock, tmp_path: Path, store: Store
) -> None:
    settings = load_settings(data_dir=tmp_path / "data", material_file_mib=1)
    given = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal given
        while True:
            given += 1
            yield bytes(256 * 1024)

    with pytest.raises(Invalid, match="1 MiB"):
        await add_material(
            NUMBER,
            SLIDES,
            "a.pdf",
            endless(),
            version=1,
            by=LIAISON_A,
            now=clock.now(),
            settings=settings,
            store=store,
        )
    assert given == 5


async def test_another_unit_uploads_and_removes_nothing(
    clock: ManualClock, sqlite_settings: Settings, store: Store
) -> None:
    with pytest.raises(Forbidden):
        await upload(NUMBER, SLIDES, clock, sqlite_settings, store, by=LIAISON_B)
    material = await upload(NUMBER, SLIDES, clock, sqlite_settings, store)
    with pytest.raises(Forbidden):
        await remove_material(
            NUMBER, material.id, version=await version_of(NUMBER), by=LIAISON_B, now=clock.now()
        )


async def test_a_replaced_file_is_kept_and_no_longer_counts(
    clock: ManualClock, sqlite_settings: Settings, store: Store
) -> None:
    old = await upload(NUMBER, SLIDES, clock, sqlite_settings, store)
    new = await upload(NUMBER, SLIDES, clock, sqlite_settings, store, data=PDF + b"\n", replaces=old.id)
    lecture = await Broadcast.get(number=NUMBER)
    assert [each.id for each in await current_materials(lecture.id)] == [new.id]
    kept = await find_material(NUMBER, old.id)
    assert kept.replaced_by == "示例联络员甲"
    with pytest.raises(NotFound):
        await upload(NUMBER, SLIDES, clock, sqlite_settings, store, replaces=old.id)


async def test_a_forged_id_is_not_found_nor_one_of_another_lecture(
    clock: ManualClock, sqlite_settings: Settings, store: Store
) -> None:
    await issued("2026-12-1", UNIT_A, clock, sqlite_settings)
    other = await upload("2026-12-1", SLIDES, clock, sqlite_settings, store)
    for forged in (uuid4(), other.id):
        with pytest.raises(NotFound):
            await find_material(NUMBER, forged)
        with pytest.raises(NotFound):
            await remove_material(
                NUMBER, forged, version=await version_of(NUMBER), by=LIAISON_A, now=clock.now()
            )


async def test_the_same_upload_sent_twice_is_taken_once(
    clock: ManualClock, sqlite_settings: Settings, store: Store
) -> None:
    answers = await asyncio.gather(
        *(
            add_material(
                NUMBER,
                SLIDES,
                "a.pdf",
                chunks(PDF),
                version=1,
                by=LIAISON_A,
                now=clock.now(),
                settings=sqlite_settings,
                store=store,
            )
            for _ in range(2)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, DomainError) for answer in answers) == 1
    assert await Material.all().count() == 1


async def test_there_is_a_most_of_files(clock: ManualClock, tmp_path: Path, store: Store) -> None:
    settings = load_settings(data_dir=tmp_path / "data", material_files=1)
    old = await upload(NUMBER, SLIDES, clock, settings, store)
    with pytest.raises(Conflict, match="最多 1 个"):
        await upload(NUMBER, SLIDES, clock, settings, store)
    await upload(NUMBER, SLIDES, clock, settings, store, replaces=old.id)


async def test_a_file_changed_under_review_shows_in_the_timeline(
    clock: ManualClock, sqlite_settings: Settings, store: Store
) -> None:
    lecture = await handed_in(NUMBER, clock, sqlite_settings, store)
    await upload(NUMBER, MaterialKind.SIGNED_FORM, clock, sqlite_settings, store, name="审批表.pdf")
    last = (await timeline(lecture.id))[-1]
    assert (last.action, last.opinion) == (StepAction.MATERIAL, "签字的审批表：审批表.pdf")
    assert await plan_state() is PlanState.UNIT_REVIEW


async def test_a_file_replaced_after_the_approval_goes_back_to_the_bureau(
    clock: ManualClock, sqlite_settings: Settings, store: Store
) -> None:
    lecture = await approved(NUMBER, clock, sqlite_settings, store)
    [slides] = [each for each in await current_materials(lecture.id) if each.kind is SLIDES]
    assert slides.frozen_at == clock.now()
    new = await upload(NUMBER, SLIDES, clock, sqlite_settings, store, data=PDF + b"\n", replaces=slides.id)
    assert await plan_state() is PlanState.BUREAU_REVIEW
    assert new.frozen_at is None
    assert (await timeline(lecture.id))[-1].action is StepAction.REPLACE


async def test_nothing_changes_once_the_lecture_has_been_on_the_air(
    clock: ManualClock, sqlite_settings: Settings, store: Store
) -> None:
    lecture = await approved(NUMBER, clock, sqlite_settings, store)
    await move_air_state(lecture.id, AirState.LIVE, now=START, events=EventBus())
    with pytest.raises(Conflict, match="已经开播"):
        await upload(NUMBER, SLIDES, clock, sqlite_settings, store)
    assert await plan_state() is PlanState.SCHEDULED
