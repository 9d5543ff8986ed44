from dataclasses import replace
from typing import Any

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.audit import Actor, ActorKind
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.errors import Conflict, Forbidden, Invalid
from core.sealing import Sealer
from core.secrets import AppSecrets
from core.settings import Settings, load_settings
from core.storage import Store
from schedules.models import Broadcast, MaterialKind
from schedules.states import Language, PlanState
from schedules.turns.handing_in import Missing, give_consent, hand_in, hand_in_of, save_hand_in
from tests.support.plan import (
    DATA,
    LIAISON_A,
    LIAISON_B,
    UNIT_A,
    complete,
    handed_in,
    issued,
    upload,
    version_of,
)

NUMBER = "2026-12-2"
LECTURER = Actor(ActorKind.LINK, "link-l", "示例讲师A", UNIT_A)
ID_NUMBER = "11010519491231002X"


@pytest.fixture(autouse=True)
async def _issued(sqlite_db: TortoiseContext, clock: ManualClock, sqlite_settings: Settings) -> None:
    await seed_sample_units()
    await issued(NUMBER, UNIT_A, clock, sqlite_settings)


@pytest.fixture
def store() -> Store:
    return Store.in_memory()


async def save(clock: ManualClock, settings: Settings, by: Actor = LIAISON_A, **values: Any) -> Broadcast:
    return await save_hand_in(
        NUMBER,
        replace(DATA, **values),
        version=await version_of(NUMBER),
        by=by,
        now=clock.now(),
        settings=settings,
        sealer=Sealer(AppSecrets(b"a secret of the tests, long enough")),
    )


async def test_what_is_saved_begins_the_hand_in_and_is_kept(
    clock: ManualClock, sqlite_settings: Settings
) -> None:
    lecture = await save(clock, sqlite_settings, language=Language.SUI, title="  水族村寨\t消防 ")
    assert lecture.plan_state is PlanState.AWAITING
    assert (lecture.title, lecture.language) == ("水族村寨 消防", Language.SUI)
    assert lecture.laws == ["土地管理法", "乡村振兴促进法"]
    row = await hand_in_of(lecture)
    assert row is not None
    assert (row.lecturer_phone, row.consent_by, row.consent_by_lecturer) == (
        "0854-8221234",
        "示例联络员甲",
        False,
    )


async def test_an_unfinished_one_may_be_saved_and_saved_again(
    clock: ManualClock, sqlite_settings: Settings
) -> None:
    await save(clock, sqlite_settings, title="", laws=(), lecturer_phone="", promised=False)
    lecture = await save(clock, sqlite_settings)
    assert lecture.title == DATA.title


async def test_the_phone_enters_the_log_masked_only(clock: ManualClock, sqlite_settings: Settings) -> None:
    await save(clock, sqlite_settings, lecturer_phone="13812345678")
    [entry] = await AuditEntry.filter(action="broadcast.hand_in_saved")
    assert "13812345678" not in entry.after
    assert "138****5678" in entry.after


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": "字" * 121}, "title"),
        ({"lecturer_name": "a\x00b"}, "lecturer_name"),
        ({"lecturer_phone": "没有"}, "lecturer_phone"),
        ({"laws": ("法",) * 21}, "laws"),
        ({"laws": ("长" * 101,)}, "laws"),
        ({"id_number": ID_NUMBER}, "id_number"),
    ],
)
async def test_what_is_wrong_is_said_and_nothing_is_kept(
    clock: ManualClock, sqlite_settings: Settings, values: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await save(clock, sqlite_settings, **values)
    assert list(refused.value.fields) == [field]
    assert (await Broadcast.get(number=NUMBER)).plan_state is PlanState.ISSUED


async def test_another_unit_may_neither_save_nor_hand_in(
    clock: ManualClock, sqlite_settings: Settings, store: Store
) -> None:
    with pytest.raises(Forbidden):
        await save(clock, sqlite_settings, by=LIAISON_B)
    await complete(NUMBER, clock, sqlite_settings, store)
    with pytest.raises(Forbidden):
        await hand_in(NUMBER, version=await version_of(NUMBER), by=LIAISON_B, now=clock.now())


async def test_an_id_number_is_kept_sealed_where_the_bureau_asks_for_it(
    clock: ManualClock, tmp_path: Any
) -> None:
    settings = load_settings(data_dir=tmp_path / "data", lecturer_id_number=True)
    lecture = await save(clock, settings, id_number=ID_NUMBER.lower())
    row = await hand_in_of(lecture)
    assert row is not None
    assert row.id_number_sealed
    assert ID_NUMBER not in row.id_number_sealed
    await save(clock, settings, id_number="")
    again = await hand_in_of(lecture)
    assert again is not None
    assert again.id_number_sealed == row.id_number_sealed
    with pytest.raises(Invalid):
        await save(clock, settings, id_number="110105194912310021")
    for entry in await AuditEntry.all():
        assert ID_NUMBER not in entry.after


async def test_a_hand_in_that_lacks_something_is_stopped_item_by_item(
    clock: ManualClock, sqlite_settings: Settings, store: Store
) -> None:
    await save(clock, sqlite_settings)
    await upload(NUMBER, MaterialKind.SLIDES, clock, sqlite_settings, store)
    await upload(NUMBER, MaterialKind.CONSENT, clock, sqlite_settings, store)
    with pytest.raises(Missing) as stopped:
        await hand_in(NUMBER, version=await version_of(NUMBER), by=LIAISON_A, now=clock.now())
    assert stopped.value.items == ["请上传讲稿。"]
    assert (await Broadcast.get(number=NUMBER)).plan_state is PlanState.AWAITING


async def test_one_that_was_never_begun_is_told_all_it_lacks_and_stays_where_it_is(
    clock: ManualClock,
) -> None:
    with pytest.raises(Missing) as stopped:
        await hand_in(NUMBER, version=1, by=LIAISON_A, now=clock.now())
    assert len(stopped.value.items) == 12
    assert (await Broadcast.get(number=NUMBER)).plan_state is PlanState.ISSUED


async def test_handed_in_twice_counts_once(
    clock: ManualClock, sqlite_settings: Settings, store: Store
) -> None:
    lecture = await complete(NUMBER, clock, sqlite_settings, store)
    await hand_in(NUMBER, version=lecture.version, by=LIAISON_A, now=clock.now())
    with pytest.raises(Conflict):
        await hand_in(NUMBER, version=lecture.version, by=LIAISON_A, now=clock.now())
    with pytest.raises(Conflict, match="单位初审"):
        await hand_in(NUMBER, version=lecture.version + 1, by=LIAISON_A, now=clock.now())


async def test_what_is_handed_in_is_not_changed_behind_the_reviewers_back(
    clock: ManualClock, sqlite_settings: Settings, store: Store
) -> None:
    await handed_in(NUMBER, clock, sqlite_settings, store)
    with pytest.raises(Conflict, match="撤回"):
        await save(clock, sqlite_settings, title="别的题目")


async def test_the_lecturer_agrees_by_a_link_of_their_own_and_needs_no_paper(
    clock: ManualClock, sqlite_settings: Settings, store: Store
) -> None:
    await save(clock, sqlite_settings, consent_recording=False, consent_publication=False)
    for kind in (MaterialKind.SLIDES, MaterialKind.SCRIPT):
        await upload(NUMBER, kind, clock, sqlite_settings, store)
    with pytest.raises(Forbidden):
        await give_consent(NUMBER, recording=True, publication=True, by=LIAISON_A, now=clock.now())
    await give_consent(NUMBER, recording=True, publication=True, by=LECTURER, now=clock.now())
    lecture = await hand_in(NUMBER, version=await version_of(NUMBER), by=LIAISON_A, now=clock.now())
    assert lecture.plan_state is PlanState.UNIT_REVIEW
    row = await hand_in_of(lecture)
    assert row is not None
    assert (row.consent_by, row.consent_by_lecturer) == ("示例讲师A", True)
