"""What an approved lecture is announced with: who may have it, for which unit it is made out, what it says today."""

from collections.abc import Sequence

from accounts.models import Role, Unit
from accounts.queries import units
from core.errors import Conflict, Forbidden
from core.settings import Settings
from core.web.identity import Visitor
from portal.poster_png import PosterFoot
from schedules.models import Broadcast, Material, MaterialKind
from schedules.papers.addresses import lecture_address
from schedules.papers.approval_form import ApprovalForm, FormFile
from schedules.papers.notices import NoticeFacts, NoticeKind, right_notice
from schedules.public.visibility import OVER, is_public, shows_replay
from schedules.queries import by_number
from schedules.states import AirState, PlanState

BUREAU = (Role.ADMINISTRATOR, Role.DUTY)
READERS = (*BUREAU, Role.LIAISON)
INVITATIONS = {
    NoticeKind.ANNOUNCEMENT: "扫一扫，准时收看",
    NoticeKind.MOVED: "扫一扫，准时收看",
    NoticeKind.POSTPONED: "扫一扫，看新的时间",
    NoticeKind.CANCELLED: "扫一扫，看其他讲座",
    NoticeKind.REPLAY: "扫一扫，看回看",
}


async def lecture_for(visitor: Visitor, number: str) -> Broadcast:
    """The lecture, for the bureau and for its own unit. Raises NotFound, Forbidden."""
    broadcast = await by_number(number)
    if visitor.role not in BUREAU and visitor.unit_code != broadcast.unit_id:
        raise Forbidden("这一期由别的单位主讲，您只能打开本单位的讲座。")
    return broadcast


async def approved_for(visitor: Visitor, number: str) -> Broadcast:
    """The same, once 州局审核 is passed. Raises Conflict before."""
    broadcast = await lecture_for(visitor, number)
    if not is_public(broadcast):
        raise Conflict("这一期还没有通过州局审核。通过以后，这里就有海报、二维码和可以粘贴的通知。")
    return broadcast


async def unit_asked_for(visitor: Visitor, broadcast: Broadcast, code: str | None) -> Unit | None:
    """Whose visits the papers are made to count for: the bureau chooses (None: nobody's), a unit has its own."""
    if visitor.role not in BUREAU:
        if code not in (None, broadcast.unit_id):
            raise Forbidden("您只能下载本单位的二维码和海报。")
        return broadcast.unit
    if not code:
        return None
    return unit_of(await units(), code)


def unit_of(found: Sequence[Unit], code: str) -> Unit:
    unit = next((each for each in found if each.code == code), None)
    if unit is None:
        raise Conflict(f"没有代码为 {code[:16]} 的单位，请回到上一页重新选择。")
    return unit


def unit_name(broadcast: Broadcast) -> str:
    return broadcast.unit_name or broadcast.unit.name


def can_be_pushed(broadcast: Broadcast) -> bool:
    """An encoder's address is of use: it is to be given, and has not ended."""
    is_open = broadcast.air_state is not AirState.ENDED and broadcast.end_requested_at is None
    return broadcast.plan_state is PlanState.SCHEDULED and is_open


def notice_facts(broadcast: Broadcast, unit: Unit | None, settings: Settings) -> NoticeFacts:
    return NoticeFacts(
        site=settings.site_name,
        number=broadcast.number,
        title=broadcast.title,
        unit=unit_name(broadcast),
        lecturer=" ".join(filter(None, (broadcast.lecturer_name, broadcast.lecturer_post))),
        address=lecture_address(settings.public_url, broadcast.number, unit.code if unit else None),
        starts_at=broadcast.starts_at,
        first_starts_at=broadcast.first_starts_at,
        minutes=broadcast.planned_minutes,
        plan=broadcast.plan_state,
        delivery=broadcast.delivery,
        audience=broadcast.audience,
        is_over=broadcast.air_state in OVER,
        has_replay=broadcast.first_live_at is not None and shows_replay(broadcast),
    )


def foot_of(facts: NoticeFacts) -> PosterFoot:
    return PosterFoot(INVITATIONS[right_notice(facts)], facts.address)


async def approval_form_of(broadcast: Broadcast, settings: Settings, bureau: str) -> ApprovalForm:
    """With the files that hold now; a signed form that was uploaded is none of what is to be signed."""
    files = await Material.filter(broadcast_id=broadcast.id, replaced_at=None).exclude(
        kind=MaterialKind.SIGNED_FORM
    )
    return ApprovalForm(
        site=settings.site_name,
        bureau=bureau,
        number=broadcast.number,
        version=broadcast.version,
        unit=unit_name(broadcast),
        title=broadcast.title,
        laws=broadcast.laws,
        language=broadcast.language,
        audience=broadcast.audience,
        lecturer_name=broadcast.lecturer_name,
        lecturer_post=broadcast.lecturer_post,
        starts_at=broadcast.starts_at,
        minutes=broadcast.planned_minutes,
        files=tuple(FormFile(each.label, each.name, each.size, each.sha256) for each in files),
    )
