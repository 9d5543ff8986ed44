from collections.abc import Sequence
from datetime import date

import pytest
from tortoise.context import TortoiseContext

from accounts.models import Unit, UnitImport, UnitKind, UnitName
from accounts.services import seed_sample_units
from accounts.unit_changes import digest_of
from accounts.unit_imports import RosterFaults, apply_import, draft_import, limits_of, preview_import
from accounts.unit_names import name_on
from accounts.unit_workbook import roster_workbook
from accounts.units import rename_unit
from core.audit import SYSTEM, Actor, ActorKind
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.errors import Conflict, Invalid, NotFound
from core.settings import Settings
from core.workbooks import read_table
from schedules.models import Broadcast
from schedules.services import NewBroadcast, create_broadcast
from tests.support.workbooks import Cell, workbook

TODAY = date(2026, 11, 24)
OTHER = Actor(ActorKind.USER, "somebody else", "别人")


class Desk:
    """Uploading, looking, confirming as the same person."""

    def __init__(self, settings: Settings, clock: ManualClock) -> None:
        self.settings, self.clock = settings, clock

    async def upload(self, rows: Sequence[Sequence[Cell]], since: date = TODAY) -> UnitImport:
        return await self.upload_file(workbook(rows), since)

    async def upload_file(self, data: bytes, since: date = TODAY) -> UnitImport:
        table = read_table("名册.xlsx", data, limits_of(self.settings))
        return await draft_import(
            table,
            file_name="名册.xlsx",
            since=since,
            by=SYSTEM,
            now=self.clock.now(),
            settings=self.settings,
        )

    async def look(self, draft: UnitImport, by: Actor = SYSTEM) -> str:
        shown = await preview_import(draft.id, by=by, now=self.clock.now(), settings=self.settings)
        return digest_of(shown.changes, shown.draft.names_since)

    async def confirm(self, draft: UnitImport, digest: str) -> int:
        return await apply_import(draft.id, digest, by=SYSTEM, now=self.clock.now(), settings=self.settings)


@pytest.fixture
async def desk(db: TortoiseContext, db_settings: Settings, clock: ManualClock) -> Desk:
    await seed_sample_units()
    return Desk(db_settings, clock)


async def test_the_sample_departments_are_replaced_without_losing_history(desk: Desk) -> None:
    lecture = await create_broadcast(
        NewBroadcast(title="欠薪怎么办", unit_code="520009"), now=desk.clock.now()
    )
    rows = [
        (f"{520001 + place}", f"真实单位{place + 1}", "州级单位", place + 1, None, None, None)
        for place in range(28)
    ]
    draft = await desk.upload(rows)
    assert await desk.confirm(draft, await desk.look(draft)) == 28
    assert await Unit.all().count() == 40
    assert await Unit.filter(is_sample=True).count() == 12
    unit = await Unit.get(code="520009")
    assert (unit.name, unit.is_sample) == ("真实单位9", False)
    assert await name_on(unit, date(2026, 11, 23)) == "州教育局"
    assert (await Broadcast.get(id=lecture.id)).unit_id == "520009"


async def test_what_is_exported_changes_nothing_but_the_sample_mark_when_it_is_imported(desk: Desk) -> None:
    await Unit.all().update(is_sample=False)
    await Unit.filter(code="520026").update(retired_on=date(2027, 1, 1), merged_into_id="520016")
    draft = await desk.upload_file(roster_workbook(await Unit.all()))
    shown = await preview_import(draft.id, by=SYSTEM, now=desk.clock.now(), settings=desk.settings)
    assert (shown.changes, shown.untouched, shown.left_out) == ([], 40, 0)


async def test_a_template_is_an_empty_list(desk: Desk) -> None:
    with pytest.raises(RosterFaults) as caught:
        await desk.upload_file(roster_workbook([]))
    assert [fault.field for fault in caught.value.faults] == ["内容"]


async def test_uploading_changes_nothing_until_it_is_confirmed(desk: Desk) -> None:
    draft = await desk.upload([("520001", "新名", "州级单位", 1), ("530001", "新单位", "县（市）", 50)])
    shown = await preview_import(draft.id, by=SYSTEM, now=desk.clock.now(), settings=desk.settings)
    assert [(change.code, change.is_new) for change in shown.changes] == [("520001", False), ("530001", True)]
    assert [(each.label, each.before, each.after) for each in shown.changes[0].fields] == [
        ("名称", "州纪委州监委", "新名"),
        ("示例标记", "示例单位", "正式单位"),
    ]
    assert (shown.untouched, shown.left_out) == (0, 39)
    assert await Unit.all().count() == 40
    assert not await AuditEntry.exists()


async def test_units_can_change_names_with_each_other_and_a_new_one_takes_an_old_name(desk: Desk) -> None:
    rows = [
        ("520001", "州委组织部", "州级单位", 1),
        ("520002", "州委宣传部", "州级单位", 2),
        ("520003", "州新部", "州级单位", 3),
        ("530001", "州纪委州监委", "州级单位", 4),
    ]
    draft = await desk.upload(rows)
    await desk.confirm(draft, await desk.look(draft))
    names = {unit.code: unit.name for unit in await Unit.all()}
    assert [names[str(code)] for code, *_ in rows] == [name for _, name, *_ in rows]
    assert await UnitName.all().count() == 3


async def test_merging_and_retiring_come_with_the_list(desk: Desk) -> None:
    rows = [
        ("520026", "州林业局", "州级单位", 26, None, date(2027, 1, 1), "530001"),
        ("530001", "州自然资源和林业局", "州级单位", 41),
    ]
    draft = await desk.upload(rows)
    await desk.confirm(draft, await desk.look(draft))
    unit = await Unit.get(code="520026")
    assert (unit.retired_on, unit.merged_into_id) == (date(2027, 1, 1), "530001")
    assert (await Unit.get(code="530001")).kind is UnitKind.DEPARTMENT
    actions = [entry.action for entry in await AuditEntry.all().order_by("number")]
    assert actions == ["unit.created", "unit.changed", "units.imported"]


@pytest.mark.parametrize(
    ("rows", "faults"),
    [
        ([("530001", "州教育局", "州级单位", 1)], [(2, "名称")]),
        ([("520001", "甲", "州级单位", 1, None, date(2027, 1, 1), "999")], [(2, "并入单位代码")]),
        ([("520001", "甲", "州级单位", 1, None, None, "520002")], [(2, "并入单位代码")]),
        (
            [
                ("520001", "甲", "州级单位", 1, None, date(2027, 1, 1), "520002"),
                ("520002", "乙", "州级单位", 2, None, date(2027, 1, 1), "520001"),
            ],
            [(2, "并入单位代码"), (3, "并入单位代码")],
        ),
        ([("520001", "甲", "州级单位", 1), ("", "", "", "", "错")], [(3, "代码"), (3, "名称"), (3, "类别")]),
    ],
)
async def test_a_list_with_one_fault_is_not_kept_at_all(
    desk: Desk, rows: list[tuple[Cell, ...]], faults: list[tuple[int, str]]
) -> None:
    with pytest.raises(RosterFaults) as caught:
        await desk.upload(rows)
    found = [(fault.row, fault.field) for fault in caught.value.faults]
    assert found[: len(faults)] == faults
    assert not await UnitImport.exists()


async def test_confirming_twice_does_it_once(desk: Desk) -> None:
    draft = await desk.upload([("520001", "新名", "州级单位", 1)])
    digest = await desk.look(draft)
    await desk.confirm(draft, digest)
    with pytest.raises(Conflict, match="已经导入过"):
        await desk.confirm(draft, digest)
    assert await UnitName.all().count() == 1


async def test_what_changed_since_it_was_shown_has_to_be_looked_at_again(desk: Desk) -> None:
    draft = await desk.upload([("520001", "新名", "州级单位", 1)])
    digest = await desk.look(draft)
    await rename_unit("520001", "别的名", TODAY, by=OTHER, now=desk.clock.now())
    with pytest.raises(Conflict, match="重新看过"):
        await desk.confirm(draft, digest)
    assert (await Unit.get(code="520001")).name == "别的名"
    await desk.confirm(draft, await desk.look(draft))
    assert (await Unit.get(code="520001")).name == "新名"


async def test_a_list_is_its_uploaders_own_and_grows_too_old(desk: Desk) -> None:
    draft = await desk.upload([("520001", "新名", "州级单位", 1)])
    with pytest.raises(NotFound):
        await desk.look(draft, by=OTHER)
    desk.clock.advance(minutes=24 * 60 + 1)
    with pytest.raises(Conflict, match="重新上传"):
        await desk.look(draft)
    await desk.upload([("520001", "新名", "州级单位", 1)])
    assert await UnitImport.all().count() == 1


async def test_new_names_never_hold_from_a_day_to_come(desk: Desk) -> None:
    with pytest.raises(Invalid) as caught:
        await desk.upload([("520001", "新名", "州级单位", 1)], since=date(2026, 11, 25))
    assert list(caught.value.fields) == ["since"]
