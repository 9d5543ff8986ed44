"""What may be done with a 普法提示: draft, issue, note its delivery, answer, withdraw. Every step is audited.

The rule (schedules.prompts.rules) is asked again when the letter is issued: the unit may have handed in meanwhile.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F

from core.audit import Actor, record
from core.clock import CHINA
from core.database import transaction
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.settings import Settings
from schedules.models import Broadcast, Prompt
from schedules.prompts.facts import Standing, standing_of
from schedules.prompts.rules import PromptState, check_move, may_draft
from schedules.queries import by_number

LONGEST_FEEDBACK = 4000
STALE = "这份普法提示刚刚被别人改过，请看过再改。"


class MayNotPrompt(Conflict):
    """还不能起草普法提示。"""

    def __init__(self, reasons: list[str]) -> None:
        self.reasons = reasons
        super().__init__("还不能发普法提示：" + "".join(reasons))


async def refusals(number: str, *, now: datetime, settings: Settings) -> list[str]:
    """Why no letter may be drafted for the lecture today; empty: it may. Raises NotFound."""
    standing = await standing_of(await by_number(number), now=now, settings=settings)
    return reasons_against(standing, settings)


def reasons_against(standing: Standing, settings: Settings) -> list[str]:
    """What the rule says of a lecture under this house's settings."""
    return may_draft(
        standing.facts, least_days=settings.prompt_late_days, counties=settings.prompt_to_counties
    )


async def draft(number: str, *, feedback_until: date, by: Actor, now: datetime, settings: Settings) -> Prompt:
    """Raises NotFound, MayNotPrompt with every reason, Invalid, and Conflict when somebody was faster."""
    today = now.astimezone(CHINA).date()
    try:
        async with transaction():
            lecture = await by_number(number)
            standing = await standing_of(lecture, now=now, settings=settings)
            _check(reasons_against(standing, settings))
            if feedback_until <= today:
                raise Invalid({"feedback_until": "反馈期限要在今天以后。"})
            prompt = await _create(lecture, standing, feedback_until, by, now)
            after = {
                "hand_in": prompt.hand_in,
                "late_days": prompt.late_days,
                "feedback_until": feedback_until,
            }
            await record("prompt.drafted", by=by, subject=_subject(prompt), now=now, after=after)
    except IntegrityError:
        raise Conflict("这一期刚刚有别人起草了普法提示，请刷新后再看。") from None
    return prompt


def _check(reasons: list[str]) -> None:
    if reasons:
        raise MayNotPrompt(reasons)


async def _create(
    lecture: Broadcast, standing: Standing, feedback_until: date, by: Actor, now: datetime
) -> Prompt:
    facts = standing.facts
    if facts.hand_in is None or facts.reminded_on is None or lecture.starts_at is None:
        raise ValueError("the rule lets no such lecture through")
    return await Prompt.create(
        broadcast=lecture,
        standing_for=lecture.number,
        unit_id=lecture.unit_id,
        unit_name=lecture.unit_name or lecture.unit.name,
        starts_at=lecture.starts_at,
        hand_in=facts.hand_in,
        late_days=facts.late_days,
        counted_on=now.astimezone(CHINA).date(),
        reminded_on=facts.reminded_on,
        feedback_until=feedback_until,
        drafted_by=by.name[:120],
        drafted_at=now,
    )


@dataclass(frozen=True, slots=True)
class Issue:
    """What an administrator enters once the paper is signed."""

    approver: str
    document_number: str
    issued_on: date
    feedback_until: date


async def issue(
    prompt_id: UUID, entered: Issue, *, version: int, by: Actor, now: datetime, settings: Settings
) -> Prompt:
    """Raises NotFound, Conflict, MayNotPrompt, Invalid."""
    entered = Issue(
        " ".join(entered.approver.split()),
        "".join(entered.document_number.split()),
        entered.issued_on,
        entered.feedback_until,
    )
    async with transaction():
        prompt = await get_prompt(prompt_id)
        check_move(prompt.state, PromptState.ISSUED)
        standing = await standing_of(prompt.broadcast, now=now, settings=settings, beside=prompt.id)
        _check(reasons_against(standing, settings))
        await _check_issue(entered, prompt, now)
        changes = {
            "approver": entered.approver,
            "document_number": entered.document_number,
            "issued_on": entered.issued_on,
            "feedback_until": entered.feedback_until,
            "issued_by": by.name[:120],
            "issued_at": now,
        }
        return await _move(prompt, PromptState.ISSUED, version, changes, by=by, now=now)


async def _check_issue(entered: Issue, prompt: Prompt, now: datetime) -> None:
    faults: dict[str, str] = {}
    if not 2 <= len(entered.approver) <= 40 or not entered.approver.isprintable():
        faults["approver"] = "请填签发人的姓名。"
    if not 3 <= len(entered.document_number) <= 60 or not entered.document_number.isprintable():
        faults["document_number"] = "请填发文字号，例如 黔南司普提〔2027〕1号。"
    elif await Prompt.filter(document_number=entered.document_number).exclude(id=prompt.id).exists():
        faults["document_number"] = "这个发文字号已经用过了，请核对。"
    if not prompt.drafted_at.astimezone(CHINA).date() <= entered.issued_on <= now.astimezone(CHINA).date():
        faults["issued_on"] = "印发日期要在起草之后、今天或以前。"
    if entered.feedback_until <= entered.issued_on:
        faults["feedback_until"] = "反馈期限要在印发日期以后。"
    if faults:
        raise Invalid(faults)


async def note_delivery(
    prompt_id: UUID, *, on: date, how: str, received_by: str, version: int, by: Actor, now: datetime
) -> Prompt:
    """Raises NotFound, Conflict, Invalid."""
    how, received_by = " ".join(how.split()), " ".join(received_by.split())
    async with transaction():
        prompt = await get_prompt(prompt_id)
        check_move(prompt.state, PromptState.DELIVERED)
        faults: dict[str, str] = {}
        if not 1 <= len(how) <= 120 or not how.isprintable():
            faults["how"] = "请填怎么送达的，例如：机要交换、专人送达、公文系统。"
        if len(received_by) > 40 or not received_by.isprintable():
            faults["received_by"] = "签收人不能超过 40 个字。"
        issued_on = prompt.issued_on
        if issued_on is None or not issued_on <= on <= now.astimezone(CHINA).date():
            faults["on"] = "送达日期要在印发之后、今天或以前。"
        if faults:
            raise Invalid(faults)
        changes = {"delivered_on": on, "delivered_how": how, "received_by": received_by}
        return await _move(prompt, PromptState.DELIVERED, version, changes, by=by, now=now)


async def give_feedback(prompt_id: UUID, *, unit_code: str, text: str, by: Actor, now: datetime) -> Prompt:
    """The unit's own answer; it is given once. Raises NotFound, Forbidden, Conflict, Invalid."""
    text = text.replace("\r\n", "\n").strip()
    async with transaction():
        prompt = await get_prompt(prompt_id)
        check_is_of(prompt, unit_code)
        check_move(prompt.state, PromptState.ANSWERED)
        if not 1 <= len(text) <= LONGEST_FEEDBACK or not text.replace("\n", "").isprintable():
            raise Invalid({"feedback": f"请写改进措施和落实情况，不超过 {LONGEST_FEEDBACK} 个字。"})
        changes = {"feedback": text, "feedback_by": by.name[:120], "feedback_at": now}
        return await _move(prompt, PromptState.ANSWERED, prompt.version, changes, by=by, now=now)


async def withdraw(prompt_id: UUID, *, reason: str, version: int, by: Actor, now: datetime) -> Prompt:
    """It is kept and not counted; the lecture may get another. Raises NotFound, Conflict, Invalid."""
    reason = " ".join(reason.split())
    if not 1 <= len(reason) <= 200 or not reason.isprintable():
        raise Invalid({"reason": "请写撤回的理由，不超过 200 个字。"})
    async with transaction():
        prompt = await get_prompt(prompt_id)
        check_move(prompt.state, PromptState.WITHDRAWN)
        changes = {
            "standing_for": None,
            "withdrawn_reason": reason,
            "withdrawn_by": by.name[:120],
            "withdrawn_at": now,
        }
        return await _move(prompt, PromptState.WITHDRAWN, version, changes, by=by, now=now)


def check_is_of(prompt: Prompt, unit_code: str | None) -> None:
    """A unit sees what was issued to it, and nothing else. Raises Forbidden."""
    if prompt.unit_id != unit_code or prompt.issued_at is None:
        raise Forbidden("这份普法提示不是发给贵单位的。")


async def get_prompt(prompt_id: UUID) -> Prompt:
    """With its lecture. Raises NotFound."""
    prompt = await Prompt.get_or_none(id=prompt_id).prefetch_related("broadcast__unit")
    if prompt is None:
        raise NotFound("没有这份普法提示，请刷新后再看。")
    return prompt


async def _move(
    prompt: Prompt, to: PromptState, version: int, changes: dict[str, Any], *, by: Actor, now: datetime
) -> Prompt:
    """Inside the caller's transaction. version: what the person saw."""
    unchanged = Prompt.filter(id=prompt.id, version=version, state=prompt.state)
    if not await unchanged.update(**changes, state=to, version=F("version") + 1):
        raise Conflict(STALE)
    before = {"state": prompt.state}
    await record(
        f"prompt.{to.value}",
        by=by,
        subject=_subject(prompt),
        now=now,
        before=before,
        after={name: value for name, value in changes.items() if name != "feedback"} | {"state": to},
    )
    return await get_prompt(prompt.id)


def _subject(prompt: Prompt) -> str:
    return f"prompt:{prompt.id}"
