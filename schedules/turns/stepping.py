"""How every step of a lecture's plan is written: on the version that was seen, with its row and its audit entry."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tortoise.expressions import F

from core.audit import Actor, record
from core.audit.models import AuditEntry
from core.errors import Conflict, DomainError, Forbidden, Invalid
from schedules.models import Broadcast, Step, StepAction
from schedules.queries import by_number
from schedules.states import AirState, PlanState

LONGEST_REASON = 200


class Outdated(Conflict):
    """刚刚有人改过这一期，请看过最新内容再改。"""


class OnTheAir(Conflict):
    """这一期已经开播或播完，计划不能再改。"""


async def seen(number: str, version: int) -> Broadcast:
    """The lecture with its unit, as somebody saw it, locked until the end of the transaction.

    Raises NotFound, Outdated.
    """
    await lock(number)
    broadcast = await by_number(number)
    if broadcast.version != version:
        raise await outdated(broadcast)
    return broadcast


async def lock(*numbers: str) -> None:
    """Whoever changes these lectures too waits for this transaction. Together, and always in the same order: two who
    take the same pair do not wait for each other. On SQLite the transaction itself is that lock."""
    await Broadcast.filter(number__in=numbers).order_by("id").select_for_update().only("id")


async def outdated(broadcast: Broadcast) -> DomainError:
    """Says who was quicker: by the step that led to the version there is, or else, for what is too small for a step,
    by the audit log."""
    last = await Step.filter(broadcast_id=broadcast.id).order_by("-version", "-at").first()
    if last is not None and last.version == broadcast.version:
        return Outdated(f"{broadcast.number} 刚刚被{last.person}改过（{last.label}），请看过再改。")
    entry = await AuditEntry.filter(subject=f"broadcast:{broadcast.number}").order_by("-number").first()
    if entry is None:
        return Outdated()
    return Outdated(f"{broadcast.number} 刚刚被{entry.actor_name}改过，请看过再改。")


async def step(
    broadcast: Broadcast,
    action: StepAction | None,
    *,
    by: Actor,
    now: datetime,
    opinion: str = "",
    audited: str = "",
    told: Mapping[str, object] | None = None,
    **values: Any,
) -> Broadcast:
    """Write values over the version that broadcast has, the step (None: too small for one) and the audit entry.

    audited: the entry's action, by default `broadcast.` and the step's; told: what else the entry says. The last
    thing of the caller's transaction. Gives the lecture as it is now. Raises Outdated.
    """
    written = await Broadcast.filter(id=broadcast.id, version=broadcast.version).update(
        **values, version=F("version") + 1, changed_at=now
    )
    if not written:
        raise await outdated(await by_number(broadcast.number))
    before, after = broadcast.plan_state, values.get("plan_state", broadcast.plan_state)
    if action is not None:
        await Step.create(
            broadcast_id=broadcast.id,
            action=action,
            person=by.name,
            actor=actor_key(by),
            unit_code=by.unit_code or "",
            opinion=opinion,
            at=now,
            before=before,
            after=after,
            version=broadcast.version + 1,
        )
    said = {"opinion": opinion} if opinion else {}
    await record(
        audited or f"broadcast.{action}",
        by=by,
        subject=f"broadcast:{broadcast.number}",
        now=now,
        before={name: getattr(broadcast, name) for name in values},
        after={**values, **(told or {}), **said},
    )
    return await by_number(broadcast.number)


def actor_key(by: Actor) -> str:
    """Who somebody is, whatever they are called."""
    return f"{by.kind}:{by.id}"[:100]


def for_the_unit(by: Actor, broadcast: Broadcast) -> None:
    """The unit itself, or the bureau on its behalf. Raises Forbidden."""
    if by.unit_code is not None and by.unit_code != broadcast.unit_id:
        raise Forbidden("这一期不是您单位的，只能办本单位的期次。")


def for_the_bureau(by: Actor) -> None:
    """Raises Forbidden for anybody who acts for a unit."""
    if by.unit_code is not None:
        raise Forbidden("这一步由州局办理。")


def not_given_yet(broadcast: Broadcast) -> None:
    """Raises OnTheAir once it has been on the air or has ended."""
    if broadcast.air_state is not AirState.SCHEDULED or broadcast.first_live_at is not None:
        raise OnTheAir


def reason_of(text: str, *, field: str = "reason", needed: bool = True, what: str = "原因") -> str:
    """The text in one line. Raises Invalid when it is needed and missing, or too long."""
    words = " ".join(text.split())
    if needed and not words:
        raise Invalid({field: f"请写明{what}。"})
    if len(words) > LONGEST_REASON or not words.isprintable():
        raise Invalid({field: f"{what}不能超过 {LONGEST_REASON} 个字，也不能有控制字符。"})
    return words


def was_announced(broadcast: Broadcast, now: datetime) -> datetime | None:
    """When the public first could read of it; for one that was scheduled before that was noted: now."""
    if broadcast.announced_at is None and broadcast.plan_state is PlanState.SCHEDULED:
        return now
    return broadcast.announced_at
