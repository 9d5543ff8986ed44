"""报送: saving what a unit has so far, handing it in, the lecturer's consent."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.audit import Actor, ActorKind, masked
from core.database import transaction
from core.errors import Conflict, Forbidden, Invalid
from core.sealing import Sealer
from core.settings import Settings
from schedules.models import Broadcast, HandIn, StepAction
from schedules.plan_states import WITH_THE_UNIT, PlanAct, after
from schedules.queries import by_number
from schedules.states import Delivery, Language, PlanState
from schedules.turns.hand_in import is_id_number, is_phone, missing
from schedules.turns.materials import current_materials
from schedules.turns.stepping import actor_key, for_the_unit, not_given_yet, seen, step
from schedules.turns.steps import checked_address

SEALED_FOR = "lecturer-id"
MOST_LAWS = 20
LONGEST = {
    "title": ("讲座主题", 120),
    "lecturer_name": ("主讲人姓名", 40),
    "lecturer_post": ("主讲人职务", 80),
    "lecturer_phone": ("主讲人工作电话", 40),
    "audience": ("收看对象", 200),
}
LONGEST_LAW = 100


class Missing(Invalid):
    """还缺一些内容，请补齐后再报送。"""

    def __init__(self, items: list[str]) -> None:
        """items: a sentence for each thing that is missing."""
        self.items = items
        super().__init__({}, "".join(items))


@dataclass(frozen=True, slots=True)
class HandInData:
    """As the form has it; anything may still be empty. id_number: empty keeps what there is."""

    title: str = ""
    laws: tuple[str, ...] = ()
    language: Language = Language.MANDARIN
    lecturer_name: str = ""
    lecturer_post: str = ""
    lecturer_phone: str = ""
    consent_recording: bool = False
    consent_publication: bool = False
    audience: str = ""
    promised: bool = False
    id_number: str = ""
    delivery: Delivery = Delivery.LIVE
    external_url: str = ""


async def hand_in_of(broadcast: Broadcast) -> HandIn | None:
    return await HandIn.get_or_none(broadcast_id=broadcast.id)


async def save_hand_in(
    number: str,
    data: HandInData,
    *,
    version: int,
    by: Actor,
    now: datetime,
    settings: Settings,
    sealer: Sealer | None = None,
) -> Broadcast:
    """Keep what there is so far; 已下达 becomes 待报送 by it. sealer: needed for an ID number alone.

    Raises Forbidden, Conflict (also when it is handed in already), Invalid.
    """
    texts, laws = _checked(data, settings)
    address = checked_address(data.delivery, data.external_url) if data.external_url.strip() else ""
    async with transaction():
        broadcast = await seen(number, version)
        for_the_unit(by, broadcast)
        if broadcast.plan_state not in WITH_THE_UNIT:
            raise Conflict("材料已经报送，不能直接修改；请先撤回修改，或请审核人退回。")
        row = await hand_in_of(broadcast) or HandIn(broadcast_id=broadcast.id)
        _fill(row, data, texts["lecturer_phone"], by, now)
        if number_given := data.id_number.strip().upper():
            if sealer is None:
                raise RuntimeError("an ID number is kept sealed only")
            row.id_number_sealed = sealer.seal(number_given, purpose=SEALED_FOR)
            row.id_number_erased_at = None
        await row.save()
        begun = broadcast.plan_state is PlanState.ISSUED
        values: dict[str, Any] = {
            name: texts[name] for name in ("title", "lecturer_name", "lecturer_post", "audience")
        }
        values |= {
            "laws": laws,
            "language": data.language,
            "delivery": data.delivery,
            "external_url": address,
        }
        if begun:
            values["plan_state"] = after(broadcast.plan_state, PlanAct.PREPARE)
        return await step(
            broadcast,
            StepAction.PREPARE if begun else None,
            by=by,
            now=now,
            audited="broadcast.hand_in_saved",
            told={
                "lecturer_phone": masked(texts["lecturer_phone"]),
                "id_number": masked(number_given),
                "consent_recording": data.consent_recording,
                "consent_publication": data.consent_publication,
            },
            **values,
        )


async def hand_in(number: str, *, version: int, by: Actor, now: datetime) -> Broadcast:
    """待报送 → 单位初审 with what was saved. Raises Missing with everything that is missing, item by item."""
    async with transaction():
        broadcast = await seen(number, version)
        for_the_unit(by, broadcast)
        if (
            broadcast.plan_state is PlanState.ISSUED
        ):  # complete though never begun: what a swap brought with it
            begun = after(broadcast.plan_state, PlanAct.PREPARE)
            broadcast = await step(broadcast, StepAction.PREPARE, by=by, now=now, plan_state=begun)
        to = after(broadcast.plan_state, PlanAct.HAND_IN)
        row = await hand_in_of(broadcast)
        if items := missing(broadcast, row, await current_materials(broadcast.id)):
            raise Missing(items)
        await HandIn.filter(broadcast_id=broadcast.id).update(
            handed_in_at=now, handed_in_by=by.name, handed_in_actor=actor_key(by)
        )
        return await step(broadcast, StepAction.HAND_IN, by=by, now=now, plan_state=to)


async def give_consent(
    number: str, *, recording: bool, publication: bool, by: Actor, now: datetime
) -> Broadcast:
    """What the lecturer agrees to, by a link of their own, before the lecture is given.

    Raises Forbidden for anybody else.
    """
    if by.kind is not ActorKind.LINK:
        raise Forbidden("请主讲人用自己的一次性链接确认。")
    async with transaction():
        broadcast = await by_number(number)
        for_the_unit(by, broadcast)
        not_given_yet(broadcast)
        row = await hand_in_of(broadcast) or HandIn(broadcast_id=broadcast.id)
        row.consent_recording, row.consent_publication = recording, publication
        row.consent_by, row.consent_by_lecturer, row.consent_at = by.name, True, now
        row.changed_at = now
        await row.save()
        return await step(
            broadcast,
            None,
            by=by,
            now=now,
            audited="broadcast.consent",
            told={"consent_recording": recording, "consent_publication": publication},
        )


def _fill(row: HandIn, data: HandInData, phone: str, by: Actor, now: datetime) -> None:
    row.lecturer_phone, row.promised, row.changed_at = phone, data.promised, now
    given = (data.consent_recording, data.consent_publication)
    if given != (row.consent_recording, row.consent_publication):
        # What the unit ticks is the unit's word, whatever the lecturer has said before.
        row.consent_recording, row.consent_publication = given
        row.consent_by, row.consent_by_lecturer, row.consent_at = by.name, False, now


def _checked(data: HandInData, settings: Settings) -> tuple[dict[str, str], list[str]]:
    """Texts by name and the laws, in single lines. Raises Invalid."""
    faults: dict[str, str] = {}
    texts = {name: " ".join(getattr(data, name).split()) for name in LONGEST}
    for name, (label, longest) in LONGEST.items():
        if len(texts[name]) > longest or not texts[name].isprintable():
            faults[name] = f"{label}不能超过 {longest} 个字，也不能有控制字符。"
    if texts["lecturer_phone"] and not is_phone(texts["lecturer_phone"]):
        faults["lecturer_phone"] = "电话号码不对，请填手机号或带区号的座机号。"
    laws = [law for each in data.laws if (law := " ".join(each.split()))]
    if len(laws) > MOST_LAWS or any(len(law) > LONGEST_LAW or not law.isprintable() for law in laws):
        faults["laws"] = f"法律法规最多 {MOST_LAWS} 部，每部不超过 {LONGEST_LAW} 个字。"
    if given := data.id_number.strip().upper():
        if not settings.lecturer_id_number:
            faults["id_number"] = "本站不收集身份证号，请不要填写。"
        elif not is_id_number(given):
            faults["id_number"] = "身份证号不对，请核对 18 位号码。"
    if faults:
        raise Invalid(faults)
    return texts, laws
