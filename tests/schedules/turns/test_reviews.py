"""Scenario 2 of the acceptance, and who may pass which step."""

import asyncio

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.audit import Actor, ActorKind
from core.clock import ManualClock
from core.errors import Conflict, DomainError, Forbidden, Invalid
from core.settings import Settings
from core.storage import Store
from schedules.models import Broadcast, CheckKind, MaterialKind, ReviewStage, StepAction
from schedules.queries import timeline
from schedules.states import PlanState
from schedules.turns.handing_in import Missing, hand_in, save_hand_in
from schedules.turns.materials import current_materials, remove_material
from schedules.turns.postponements import postpone
from schedules.turns.reviews import (
    BureauCheck,
    OwnWork,
    pass_bureau_review,
    pass_unit_review,
    reviews_of,
    why_not_bureau,
    why_not_unit,
)
from schedules.turns.steps import return_to_unit
from tests.support.plan import (
    ADMIN,
    APPROVER_A,
    BUREAU_UNIT,
    CHECKS,
    DATA,
    LIAISON_A,
    LIAISON_B,
    SECOND,
    START,
    UNIT_A,
    handed_in,
    issued,
    unit_passed,
    upload,
    version_of,
)

NUMBER = "2026-12-2"


@pytest.fixture(autouse=True)
async def _issued(db: TortoiseContext, clock: ManualClock, db_settings: Settings) -> None:
    await seed_sample_units()
    await issued(NUMBER, UNIT_A, clock, db_settings)


@pytest.fixture
def store() -> Store:
    return Store.in_memory()


async def bureau(
    clock: ManualClock, settings: Settings, by: Actor = ADMIN, checks: list[BureauCheck] | None = None
) -> Broadcast:
    return await pass_bureau_review(
        NUMBER,
        version=await version_of(NUMBER),
        checks=CHECKS if checks is None else checks,
        by=by,
        now=clock.now(),
        settings=settings,
    )


async def test_scenario_2_a_hand_in_is_stopped_returned_mended_and_approved(
    clock: ManualClock, db_settings: Settings, store: Store
) -> None:
    lecture = await save_hand_in(NUMBER, DATA, version=1, by=LIAISON_A, now=clock.now(), settings=db_settings)
    for kind in (MaterialKind.SLIDES, MaterialKind.CONSENT):
        await upload(NUMBER, kind, clock, db_settings, store)
    with pytest.raises(Missing) as stopped:
        await hand_in(NUMBER, version=await version_of(NUMBER), by=LIAISON_A, now=clock.now())
    assert stopped.value.items == ["请上传讲稿。"]
    await upload(NUMBER, MaterialKind.SCRIPT, clock, db_settings, store)
    clock.advance(minutes=1)
    await hand_in(NUMBER, version=await version_of(NUMBER), by=LIAISON_A, now=clock.now())
    clock.advance(minutes=1)
    passed = await pass_unit_review(
        NUMBER, version=await version_of(NUMBER), by=APPROVER_A, now=clock.now(), opinion="同意"
    )
    clock.advance(minutes=1)
    await return_to_unit(NUMBER, version=passed.version, by=ADMIN, now=clock.now(), reason="引用条款已修订")
    clock.advance(minutes=1)
    await hand_in(NUMBER, version=await version_of(NUMBER), by=LIAISON_A, now=clock.now())
    await pass_unit_review(
        NUMBER, version=await version_of(NUMBER), by=APPROVER_A, now=clock.now(), opinion="已改"
    )
    clock.advance(minutes=1)
    done = await bureau(clock, db_settings)
    assert done.plan_state is PlanState.SCHEDULED
    assert done.announced_at == clock.now()
    steps = await timeline(lecture.id)
    assert [step.action for step in steps] == [
        StepAction.ISSUE,
        StepAction.PREPARE,
        StepAction.HAND_IN,
        StepAction.UNIT_PASS,
        StepAction.BUREAU_RETURN,
        StepAction.HAND_IN,
        StepAction.UNIT_PASS,
        StepAction.BUREAU_PASS,
    ]
    assert all(step.person and step.at for step in steps)
    assert steps[4].opinion == "引用条款已修订"
    assert "内容审核（示例审核员）：同意" in steps[-1].opinion
    review = (await reviews_of(done.id))[-1]
    assert (review.stage, review.version) == (ReviewStage.BUREAU, done.version - 1)
    assert {each["kind"] for each in review.files} == {"slides", "script", "consent"}
    assert all(each.frozen_at == clock.now() for each in await current_materials(done.id))


async def test_two_reviewers_at_once_approve_once(
    clock: ManualClock, db_settings: Settings, store: Store
) -> None:
    lecture = await unit_passed(NUMBER, clock, db_settings, store)
    answers = await asyncio.gather(
        *(
            pass_bureau_review(
                NUMBER,
                version=lecture.version,
                checks=CHECKS,
                by=by,
                now=clock.now(),
                settings=db_settings,
            )
            for by in (ADMIN, SECOND)
        ),
        return_exceptions=True,
    )
    assert sum(isinstance(answer, Conflict) for answer in answers) == 1
    assert len([each for each in await reviews_of(lecture.id) if each.stage is ReviewStage.BUREAU]) == 1


async def test_what_changed_after_it_was_seen_is_not_approved(
    clock: ManualClock, db_settings: Settings, store: Store
) -> None:
    lecture = await unit_passed(NUMBER, clock, db_settings, store)
    await upload(NUMBER, MaterialKind.OTHER, clock, db_settings, store)
    with pytest.raises(Conflict, match="示例联络员甲"):
        await pass_bureau_review(
            NUMBER,
            version=lecture.version,
            checks=CHECKS,
            by=ADMIN,
            now=clock.now(),
            settings=db_settings,
        )


class TestUnitReview:
    async def test_another_units_approver_passes_nothing(
        self, clock: ManualClock, db_settings: Settings, store: Store
    ) -> None:
        lecture = await handed_in(NUMBER, clock, db_settings, store)
        stranger = Actor(ActorKind.LINK, "link-b", "示例领导乙", LIAISON_B.unit_code)
        with pytest.raises(Forbidden):
            await pass_unit_review(NUMBER, version=lecture.version, by=stranger, now=clock.now())

    async def test_who_handed_in_does_not_pass_it_by_a_link_in_their_own_name(
        self, clock: ManualClock, db_settings: Settings, store: Store
    ) -> None:
        lecture = await handed_in(NUMBER, clock, db_settings, store)
        same = Actor(ActorKind.LINK, "link-x", "示例 联络员甲", UNIT_A)
        assert await why_not_unit(lecture, same)
        assert await why_not_unit(lecture, APPROVER_A) is None
        with pytest.raises(OwnWork):
            await pass_unit_review(NUMBER, version=lecture.version, by=same, now=clock.now())

    async def test_on_paper_it_needs_this_hand_ins_signed_form_and_another_persons_name(
        self, clock: ManualClock, db_settings: Settings, store: Store
    ) -> None:
        await handed_in(NUMBER, clock, db_settings, store)

        async def on_paper(signer: str) -> Broadcast:
            return await pass_unit_review(
                NUMBER, version=await version_of(NUMBER), by=LIAISON_A, now=clock.now(), signer=signer
            )

        with pytest.raises(Conflict, match="审批表"):
            await on_paper("示例分管领导")
        form = await upload(NUMBER, MaterialKind.SIGNED_FORM, clock, db_settings, store)
        for signer in ("", "字" * 41):
            with pytest.raises(Invalid) as refused:
                await on_paper(signer)
            assert list(refused.value.fields) == ["signer"]
        with pytest.raises(OwnWork):
            await on_paper("示例联络员甲")
        lecture = await on_paper("示例分管领导")
        assert lecture.plan_state is PlanState.BUREAU_REVIEW
        [review] = await reviews_of(lecture.id)
        assert (review.person, review.recorded_by, review.form_id) == (
            "示例分管领导",
            "示例联络员甲",
            form.id,
        )

    async def test_a_form_signed_for_an_earlier_hand_in_does_not_count(
        self, clock: ManualClock, db_settings: Settings, store: Store
    ) -> None:
        await handed_in(NUMBER, clock, db_settings, store)
        await upload(NUMBER, MaterialKind.SIGNED_FORM, clock, db_settings, store)
        clock.advance(minutes=5)
        await return_to_unit(
            NUMBER, version=await version_of(NUMBER), by=LIAISON_A, now=clock.now(), reason="题目不对"
        )
        await hand_in(NUMBER, version=await version_of(NUMBER), by=LIAISON_A, now=clock.now())
        with pytest.raises(Conflict, match="审批表"):
            await pass_unit_review(
                NUMBER,
                version=await version_of(NUMBER),
                by=LIAISON_A,
                now=clock.now(),
                signer="示例分管领导",
            )


class TestBureauReview:
    async def test_each_of_the_three_checks_needs_a_name_and_an_opinion(
        self, clock: ManualClock, db_settings: Settings, store: Store
    ) -> None:
        await unit_passed(NUMBER, clock, db_settings, store)
        with pytest.raises(Invalid) as refused:
            await bureau(clock, db_settings, checks=[])
        assert list(refused.value.fields) == [
            f"{kind}.{field}" for kind in CheckKind for field in ("name", "opinion")
        ]
        short = [*CHECKS[:2], BureauCheck(CheckKind.RIGHTS, "示例审核员", " ")]
        with pytest.raises(Invalid) as refused:
            await bureau(clock, db_settings, checks=short)
        assert list(refused.value.fields) == ["rights.opinion"]

    async def test_it_is_the_bureaus_alone_and_only_in_its_turn(
        self, clock: ManualClock, db_settings: Settings, store: Store
    ) -> None:
        await handed_in(NUMBER, clock, db_settings, store)
        with pytest.raises(Conflict, match="单位初审"):
            await bureau(clock, db_settings)
        with pytest.raises(Forbidden):
            await bureau(clock, db_settings, by=LIAISON_A)
        with pytest.raises(Forbidden):
            await bureau(clock, db_settings, by=APPROVER_A)

    async def test_who_handed_it_in_for_the_unit_does_not_approve_it(
        self, clock: ManualClock, db_settings: Settings, store: Store
    ) -> None:
        lecture = await unit_passed(NUMBER, clock, db_settings, store, by=ADMIN)
        assert await why_not_bureau(lecture, ADMIN, db_settings)
        assert await why_not_bureau(lecture, SECOND, db_settings) is None
        with pytest.raises(OwnWork):
            await bureau(clock, db_settings, by=ADMIN)
        named = [BureauCheck(kind, "示例管理员", "同意") for kind in CheckKind]
        with pytest.raises(OwnWork, match="重名"):
            await bureau(clock, db_settings, by=SECOND, checks=named)
        assert (await bureau(clock, db_settings, by=SECOND)).plan_state is PlanState.SCHEDULED

    async def test_what_went_missing_under_review_is_not_approved(
        self, clock: ManualClock, db_settings: Settings, store: Store
    ) -> None:
        lecture = await unit_passed(NUMBER, clock, db_settings, store)
        [script] = [m for m in await current_materials(lecture.id) if m.kind is MaterialKind.SCRIPT]
        await remove_material(NUMBER, script.id, version=lecture.version, by=LIAISON_A, now=clock.now())
        with pytest.raises(Missing, match="讲稿"):
            await bureau(clock, db_settings)

    async def test_a_lecture_whose_day_has_passed_needs_a_new_day_first(
        self, clock: ManualClock, db_settings: Settings, store: Store
    ) -> None:
        await unit_passed(NUMBER, clock, db_settings, store)
        clock.advance(minutes=60 * 24 * 40)
        with pytest.raises(Conflict, match="延期"):
            await bureau(clock, db_settings)
        await postpone(
            NUMBER,
            reason="审核晚了",
            to=START.replace(year=2027, month=2),
            version=await version_of(NUMBER),
            by=ADMIN,
            now=clock.now(),
            settings=db_settings,
        )
        assert (await bureau(clock, db_settings)).plan_state is PlanState.SCHEDULED


async def test_the_bureaus_own_lecture_is_reviewed_by_a_second_person(
    clock: ManualClock, db_settings: Settings, store: Store
) -> None:
    own = Actor(ActorKind.USER, "liaison-own", "示例联络员丙", BUREAU_UNIT)
    approver = Actor(ActorKind.LINK, "link-own", "示例管理员", BUREAU_UNIT)
    number = "2026-12-1"
    await issued(number, BUREAU_UNIT, clock, db_settings)
    lecture = await unit_passed(number, clock, db_settings, store, by=own, approver=approver)

    async def review(by: Actor, checks: list[BureauCheck]) -> Broadcast:
        return await pass_bureau_review(
            number,
            version=lecture.version,
            checks=checks,
            by=by,
            now=clock.now(),
            settings=db_settings,
        )

    assert "第二个人" in (await why_not_bureau(lecture, ADMIN, db_settings) or "")
    with pytest.raises(DomainError, match="第二个人"):
        await review(ADMIN, CHECKS)
    with pytest.raises(DomainError, match="第二个人"):
        await review(SECOND, [BureauCheck(kind, "示例管理员", "同意") for kind in CheckKind])
    assert (await review(SECOND, CHECKS)).plan_state is PlanState.SCHEDULED
