import asyncio
from datetime import date, timedelta
from uuid import uuid4

import pytest
from tortoise.context import TortoiseContext

from accounts.services import seed_sample_units
from core.audit.models import AuditEntry
from core.clock import ManualClock
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.settings import Settings
from schedules.models import (
    Broadcast,
    Postponement,
    PostponementState,
    Prompt,
    Reminder,
    Step,
    StepAction,
    Swap,
)
from schedules.prompts.issuing import (
    Issue,
    MayNotPrompt,
    draft,
    get_prompt,
    give_feedback,
    issue,
    note_delivery,
    refusals,
    withdraw,
)
from schedules.prompts.queries import counted, late_lectures, open_prompts_of, prompts
from schedules.prompts.rules import PromptState
from schedules.reminders.rules import ReminderKind
from schedules.states import PlanState
from tests.support.cast import UNIT_A, UNIT_B
from tests.support.late import START, late_turn, reminder_of
from tests.support.plan import ADMIN
from tests.support.turns import LIAISON

UNTIL = date(2026, 12, 8)
TODAY = date(2026, 11, 24)
ISSUE = Issue("示例局长", "黔南司普提〔2026〕1号", TODAY, UNTIL)


@pytest.fixture
async def lecture(sqlite_db: TortoiseContext, clock: ManualClock) -> Broadcast:
    """Five working days late, its unit reminded."""
    await seed_sample_units()
    late = await late_turn()
    await reminder_of(late, clock)
    return late


@pytest.fixture
async def drafted(lecture: Broadcast, sqlite_settings: Settings, clock: ManualClock) -> Prompt:
    return await draft(
        lecture.number, feedback_until=UNTIL, by=ADMIN, now=clock.now(), settings=sqlite_settings
    )


async def issued(prompt: Prompt, settings: Settings, clock: ManualClock, entered: Issue = ISSUE) -> Prompt:
    return await issue(
        prompt.id, entered, version=prompt.version, by=ADMIN, now=clock.now(), settings=settings
    )


async def test_a_letter_goes_its_whole_way_and_every_step_is_in_the_log(
    drafted: Prompt, sqlite_settings: Settings, clock: ManualClock
) -> None:
    assert (drafted.unit_name, drafted.late_days, drafted.hand_in) == ("都匀市", 5, date(2026, 11, 17))
    assert await counted(2026) == 0
    sent = await issued(drafted, sqlite_settings, clock)
    assert (sent.state, sent.document_number, sent.approver) == (
        PromptState.ISSUED,
        "黔南司普提〔2026〕1号",
        "示例局长",
    )
    assert [each.id for each in await open_prompts_of(UNIT_B)] == [sent.id]
    arrived = await note_delivery(
        sent.id,
        on=TODAY,
        how="专人送达",
        received_by="示例",
        version=sent.version,
        by=ADMIN,
        now=clock.now(),
    )
    assert arrived.state is PromptState.DELIVERED
    answered = await give_feedback(
        sent.id, unit_code=UNIT_B, text="已经报送。\r\n以后提前准备。", by=LIAISON, now=clock.now()
    )
    assert (answered.state, answered.feedback) == (PromptState.ANSWERED, "已经报送。\n以后提前准备。")
    assert await open_prompts_of(UNIT_B) == []
    assert await counted(2026) == 1
    actions = await AuditEntry.filter(action__startswith="prompt.").order_by("number")
    assert [entry.action for entry in actions] == [
        "prompt.drafted",
        "prompt.issued",
        "prompt.delivered",
        "prompt.answered",
    ]


async def test_none_is_drafted_before_the_day(
    lecture: Broadcast, sqlite_settings: Settings, clock: ManualClock
) -> None:
    with pytest.raises(MayNotPrompt, match="逾期 4 个工作日") as refused:
        await draft(
            lecture.number,
            feedback_until=UNTIL,
            by=ADMIN,
            now=clock.now() - timedelta(days=1),
            settings=sqlite_settings,
        )
    assert len(refused.value.reasons) == 1
    assert await Prompt.all().count() == 0


async def test_a_reminder_that_did_not_arrive_or_was_about_something_else_does_not_count(
    lecture: Broadcast, sqlite_settings: Settings, clock: ManualClock
) -> None:
    await Reminder.all().delete()
    await reminder_of(lecture, clock, delivered=False)
    await reminder_of(lecture, clock, kind=ReminderKind.TURN)
    (reason,) = await refusals(lecture.number, now=clock.now(), settings=sqlite_settings)
    assert reason.startswith("还没有一条送达的报送提醒")


async def test_what_the_unit_asked_for_is_answered_first(
    lecture: Broadcast, sqlite_settings: Settings, clock: ManualClock
) -> None:
    other = await late_turn(number="2026-12-2", unit_code=UNIT_A)
    await Postponement.create(
        broadcast=lecture,
        state=PostponementState.ASKED,
        reason="主讲人出差",
        asked_by="示例联络员",
        asked_at=clock.now(),
    )
    await Swap.create(
        asking=other,
        offered=lecture,
        asking_unit=UNIT_A,
        offered_unit=UNIT_B,
        reason="主讲人出差",
        asked_by="示例联络员",
        asked_at=clock.now(),
    )
    reasons = await refusals(lecture.number, now=clock.now(), settings=sqlite_settings)
    assert [reason[:7] for reason in reasons] == ["单位申请了延期", "单位申请了调换"]


@pytest.mark.parametrize("action", [StepAction.BUREAU_RETURN, StepAction.SWAPPED, StepAction.RESUME])
async def test_days_are_counted_anew_from_when_it_came_back_to_the_unit(
    lecture: Broadcast, sqlite_settings: Settings, clock: ManualClock, action: StepAction
) -> None:
    await Step.create(
        broadcast=lecture,
        action=action,
        person="示例管理员",
        actor="user:1",
        at=clock.now() - timedelta(days=1),
        before=PlanState.BUREAU_REVIEW,
        after=PlanState.AWAITING,
        version=4,
    )
    (reason,) = await refusals(lecture.number, now=clock.now(), settings=sqlite_settings)
    assert "才逾期 1 个工作日" in reason


async def test_of_two_who_draft_at_once_one_is_told_so(
    db: TortoiseContext, db_settings: Settings, clock: ManualClock
) -> None:
    await seed_sample_units()
    lecture = await late_turn()
    await reminder_of(lecture, clock)
    drafts = (
        draft(lecture.number, feedback_until=UNTIL, by=ADMIN, now=clock.now(), settings=db_settings)
        for _ in range(2)
    )
    outcomes = await asyncio.gather(*drafts, return_exceptions=True)
    assert sum(isinstance(outcome, Prompt) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, Conflict) for outcome in outcomes) == 1
    assert await Prompt.all().count() == 1


async def test_it_is_not_issued_when_the_unit_has_handed_in_meanwhile(
    drafted: Prompt, sqlite_settings: Settings, clock: ManualClock
) -> None:
    await Broadcast.all().update(plan_state=PlanState.UNIT_REVIEW)
    with pytest.raises(MayNotPrompt, match="单位已经报送材料"):
        await issued(drafted, sqlite_settings, clock)
    assert (await get_prompt(drafted.id)).state is PromptState.DRAFT


async def test_an_issue_without_approver_number_or_a_possible_date_is_refused_at_its_fields(
    drafted: Prompt, sqlite_settings: Settings, clock: ManualClock
) -> None:
    wrong = Issue(" ", "1", TODAY + timedelta(days=1), TODAY)
    with pytest.raises(Invalid) as refused:
        await issued(drafted, sqlite_settings, clock, wrong)
    assert set(refused.value.fields) == {"approver", "document_number", "issued_on", "feedback_until"}


async def test_who_saw_an_older_version_changes_nothing(
    drafted: Prompt, sqlite_settings: Settings, clock: ManualClock
) -> None:
    sent = await issued(drafted, sqlite_settings, clock)
    with pytest.raises(Conflict, match="刚刚被别人改过"):
        await withdraw(sent.id, reason="写错了", version=drafted.version, by=ADMIN, now=clock.now())
    with pytest.raises(Conflict, match="现在是“已印发”"):
        await issued(sent, sqlite_settings, clock)


async def test_a_withdrawn_letter_does_not_count_and_another_may_be_drafted_under_another_number(
    drafted: Prompt, sqlite_settings: Settings, clock: ManualClock
) -> None:
    sent = await issued(drafted, sqlite_settings, clock)
    with pytest.raises(MayNotPrompt, match="已经有一份普法提示"):
        await draft("2026-12-1", feedback_until=UNTIL, by=ADMIN, now=clock.now(), settings=sqlite_settings)
    with pytest.raises(Invalid, match="撤回的理由"):
        await withdraw(sent.id, reason=" ", version=sent.version, by=ADMIN, now=clock.now())
    gone = await withdraw(sent.id, reason="单位已经口头说明", version=sent.version, by=ADMIN, now=clock.now())
    assert (gone.state, gone.withdrawn_reason) == (PromptState.WITHDRAWN, "单位已经口头说明")
    assert await counted(2026) == 0
    assert await open_prompts_of(UNIT_B) == []
    again = await draft(
        "2026-12-1", feedback_until=UNTIL, by=ADMIN, now=clock.now(), settings=sqlite_settings
    )
    with pytest.raises(Invalid, match="已经用过了"):
        await issued(again, sqlite_settings, clock)


async def test_only_the_unit_it_was_issued_to_answers_and_only_once(
    drafted: Prompt, sqlite_settings: Settings, clock: ManualClock
) -> None:
    async def answer(unit_code: str, text: str = "已改进。") -> None:
        await give_feedback(drafted.id, unit_code=unit_code, text=text, by=LIAISON, now=clock.now())

    with pytest.raises(Forbidden):  # not issued yet
        await answer(UNIT_B)
    assert await prompts(UNIT_B) == []
    await issued(drafted, sqlite_settings, clock)
    with pytest.raises(Forbidden):
        await answer(UNIT_A)
    with pytest.raises(Invalid):
        await answer(UNIT_B, "  ")
    with pytest.raises(Invalid):
        await answer(UNIT_B, "字" * 4001)
    await answer(UNIT_B)
    with pytest.raises(Conflict, match="现在是“已反馈”"):
        await answer(UNIT_B)
    with pytest.raises(NotFound):
        await get_prompt(uuid4())


async def test_a_delivery_before_the_letter_or_in_the_future_is_refused(
    drafted: Prompt, sqlite_settings: Settings, clock: ManualClock
) -> None:
    sent = await issued(drafted, sqlite_settings, clock)
    for on in (TODAY - timedelta(days=1), TODAY + timedelta(days=1)):
        with pytest.raises(Invalid, match="送达日期"):
            await note_delivery(
                sent.id, on=on, how="专人", received_by="", version=1, by=ADMIN, now=clock.now()
            )


async def test_the_bureau_sees_who_is_late_and_what_stands_against_a_letter(
    lecture: Broadcast, sqlite_settings: Settings, clock: ManualClock
) -> None:
    await late_turn(number="2026-12-2", unit_code=UNIT_A)
    await late_turn(number="2026-12-3", unit_code=UNIT_A, starts_at=START + timedelta(days=14))
    late = {each.lecture.number: each.reasons for each in await late_lectures(clock.now(), sqlite_settings)}
    assert late["2026-12-1"] == []
    assert [reason[:4] for reason in late["2026-12-2"]] == ["还没有一"]
    assert "2026-12-3" not in late
