"""审核: 单位初审 and 州局审核, each on the version that was seen, by somebody who handed nothing of it in."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from core.audit import Actor, ActorKind
from core.database import transaction
from core.errors import Conflict, Forbidden, Invalid
from core.settings import Settings
from schedules.models import (
    Broadcast,
    CheckKind,
    HandIn,
    Material,
    MaterialKind,
    Review,
    ReviewStage,
    StepAction,
)
from schedules.models.review import CHECK_LABELS
from schedules.plan_states import PlanAct, after
from schedules.turns.hand_in import missing
from schedules.turns.handing_in import Missing, hand_in_of
from schedules.turns.materials import current_materials
from schedules.turns.stepping import (
    actor_key,
    for_the_bureau,
    for_the_unit,
    not_given_yet,
    reason_of,
    seen,
    step,
)

LONGEST_NAME = 40


class OwnWork(Forbidden):
    """材料是您自己报送的，要由另一个人审核。"""


@dataclass(frozen=True, slots=True)
class BureauCheck:
    """name: who is answerable for this check; opinion: in their words. Both are needed."""

    kind: CheckKind
    name: str
    opinion: str


@dataclass(frozen=True, slots=True)
class _Case:
    """A lecture under review. materials: those that hold."""

    broadcast: Broadcast
    hand_in: HandIn | None
    materials: Collection[Material]
    unit_review: Review | None

    @property
    def contributions(self) -> list[Material]:
        """The signed form is the reviewer's own paper, whoever uploads it."""
        return [each for each in self.materials if each.kind is not MaterialKind.SIGNED_FORM]

    @property
    def actors(self) -> set[str]:
        """Who handed in, by id."""
        handed_in = {self.hand_in.handed_in_actor} if self.hand_in else set()
        return {*handed_in, *(each.uploaded_actor for each in self.contributions)} - {""}

    @property
    def names(self) -> set[str]:
        handed_in = {self.hand_in.handed_in_by} if self.hand_in else set()
        return {_plain(name) for name in (*handed_in, *(each.uploaded_by for each in self.contributions))} - {
            ""
        }

    @property
    def form(self) -> Material | None:
        """The signed form of this hand-in: one that is older was signed for something else."""
        since = self.hand_in.handed_in_at if self.hand_in else None
        forms = [
            each
            for each in self.materials
            if each.kind is MaterialKind.SIGNED_FORM and since is not None and each.uploaded_at >= since
        ]
        return max(forms, key=lambda each: each.uploaded_at, default=None)


async def pass_unit_review(
    number: str, *, version: int, by: Actor, now: datetime, opinion: str = "", signer: str = ""
) -> Broadcast:
    """单位初审 → 州局审核: by the approver's own one-time link, or on the uploaded form, by its signer's name.

    Raises OwnWork, Forbidden, Conflict, Invalid (field `signer`), Missing.
    """
    opinion = reason_of(opinion, field="opinion", needed=False, what="意见")
    async with transaction():
        broadcast = await seen(number, version)
        for_the_unit(by, broadcast)
        to = after(broadcast.plan_state, PlanAct.UNIT_PASS)
        case = await _case(broadcast)
        person, form = _approver(case, by, signer)
        _check_complete(case)
        await _keep(case, ReviewStage.UNIT, person, by, now, opinion=opinion, form_id=form)
        said = opinion if form is None else f"{person} 已在审批表上签字。{opinion}"
        return await step(broadcast, StepAction.UNIT_PASS, by=by, now=now, opinion=said, plan_state=to)


async def pass_bureau_review(
    number: str,
    *,
    version: int,
    checks: Sequence[BureauCheck],
    by: Actor,
    now: datetime,
    settings: Settings,
) -> Broadcast:
    """州局审核 → 已排期: all three checks, and the materials are frozen as they are.

    Raises OwnWork, Forbidden, Conflict, Invalid (fields `content.name`, `content.opinion` …), Missing.
    """
    for_the_bureau(by)
    said = _checked(checks)
    async with transaction():
        broadcast = await seen(number, version)
        not_given_yet(broadcast)
        to = after(broadcast.plan_state, PlanAct.BUREAU_PASS)
        if broadcast.starts_at is None or broadcast.starts_at <= now:
            raise Conflict("拟播时间已经过去，请先延期到以后的日子，再审核。")
        case = await _case(broadcast)
        if (why := _bureau_refusal(case, by, [each.name for each in said], settings)) is not None:
            raise OwnWork(why)
        _check_complete(case)
        await Material.filter(id__in=[each.id for each in case.materials]).update(frozen_at=now)
        await _keep(case, ReviewStage.BUREAU, by.name, by, now, checks=said)
        opinion = "\n".join(f"{CHECK_LABELS[each.kind]}（{each.name}）：{each.opinion}" for each in said)
        return await step(
            broadcast,
            StepAction.BUREAU_PASS,
            by=by,
            now=now,
            opinion=opinion,
            told={"files": [_file(each) for each in case.materials]},
            plan_state=to,
            announced_at=broadcast.announced_at or now,
        )


async def why_not_bureau(broadcast: Broadcast, by: Actor, settings: Settings) -> str | None:
    """Why this person may not pass 州局审核 of this lecture, for its page; None: may."""
    if by.unit_code is not None:
        return "这一步由州局办理。"
    return _bureau_refusal(await _case(broadcast), by, [], settings)


async def why_not_unit(broadcast: Broadcast, by: Actor) -> str | None:
    """Why whoever opened the approver's link may not pass 单位初审; None: may."""
    case = await _case(broadcast)
    return OwnWork().message if _is_author(case, by.name, by) else None


async def reviews_of(broadcast_id: UUID) -> list[Review]:
    """The earliest first."""
    return await Review.filter(broadcast_id=broadcast_id).prefetch_related("form")


def _approver(case: _Case, by: Actor, signer: str) -> tuple[str, UUID | None]:
    """Who passes, and the form they have signed (None: they are here by their link)."""
    if by.kind is ActorKind.LINK:
        if _is_author(case, by.name, by):
            raise OwnWork
        return by.name, None
    name = " ".join(signer.split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise Invalid({"signer": f"请填审批表上签字的人，不超过 {LONGEST_NAME} 个字。"})
    if case.form is None:
        raise Conflict("请先上传这次报送以后签字的审批表，或请审核人打开一次性链接。")
    if _is_author(case, name, None):
        raise OwnWork(f"{name}报送了这份材料，要由单位里另一个人审核签字。")
    return name, case.form.id


def _bureau_refusal(case: _Case, by: Actor, names: Sequence[str], settings: Settings) -> str | None:
    if actor_key(by) in case.actors:
        return OwnWork().message
    if authors := [name for name in names if _plain(name) in case.names]:
        return f"{authors[0]}报送了这份材料，不能再审核；如果只是重名，请注明科室。"
    if case.broadcast.unit_id != settings.bureau_unit_code:
        return None
    # The bureau reviews its own lecture: nobody appears on both sides.
    first = case.unit_review
    passed = {_plain(first.person), _plain(first.recorded_by)} if first is not None else set()
    both = [name for name in (by.name, *names) if _plain(name) in passed | case.names]
    if both or (first is not None and actor_key(by) == first.actor):
        return f"这是州司法局自己的讲座，{both[0] if both else by.name}已经经手过，要由第二个人审核。"
    return None


def _is_author(case: _Case, name: str, by: Actor | None) -> bool:
    return _plain(name) in case.names or (by is not None and actor_key(by) in case.actors)


def _check_complete(case: _Case) -> None:
    if items := missing(case.broadcast, case.hand_in, case.materials):
        raise Missing(items)


def _checked(checks: Sequence[BureauCheck]) -> list[BureauCheck]:
    """The three checks, in order, each with a name and an opinion. Raises Invalid."""
    faults: dict[str, str] = {}
    said = []
    for kind in CheckKind:
        given = next((each for each in checks if each.kind is kind), BureauCheck(kind, "", ""))
        name, opinion = " ".join(given.name.split()), " ".join(given.opinion.split())
        label = CHECK_LABELS[kind]
        if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
            faults[f"{kind}.name"] = f"请填“{label}”由谁负责，不超过 {LONGEST_NAME} 个字。"
        if not 1 <= len(opinion) <= 200 or not opinion.isprintable():
            faults[f"{kind}.opinion"] = f"请写“{label}”的意见，不超过 200 个字。"
        said.append(BureauCheck(kind, name, opinion))
    if faults:
        raise Invalid(faults)
    return said


async def _case(broadcast: Broadcast) -> _Case:
    passed = Review.filter(broadcast_id=broadcast.id, stage=ReviewStage.UNIT, passed=True)
    return _Case(
        broadcast,
        await hand_in_of(broadcast),
        await current_materials(broadcast.id),
        await passed.order_by("-at").first(),
    )


async def _keep(
    case: _Case,
    stage: ReviewStage,
    person: str,
    by: Actor,
    now: datetime,
    *,
    opinion: str = "",
    checks: Sequence[BureauCheck] = (),
    form_id: UUID | None = None,
) -> None:
    await Review.create(
        broadcast_id=case.broadcast.id,
        stage=stage,
        passed=True,
        version=case.broadcast.version,
        person=person,
        recorded_by=by.name,
        actor=actor_key(by),
        opinion=opinion,
        checks=[{"kind": each.kind.value, "name": each.name, "opinion": each.opinion} for each in checks],
        files=[_file(each) for each in case.materials],
        form_id=form_id,
        at=now,
    )


def _file(material: Material) -> dict[str, object]:
    return {
        "kind": material.kind.value,
        "name": material.name,
        "sha256": material.sha256,
        "size": material.size,
    }


def _plain(name: str) -> str:
    """Names are the same whatever blanks stand in them."""
    return "".join(name.split())
