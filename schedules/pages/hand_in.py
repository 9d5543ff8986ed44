"""报送: the unit's form. Every button keeps what was typed and takes the files that were chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.audit import Actor
from core.errors import Conflict, Invalid
from core.web.actors import actor_of
from core.web.file_forms import SentFile, file_form
from core.web.forms import Form
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from schedules.models import Broadcast, HandIn, MaterialKind, Step
from schedules.models.material import MATERIAL_LABELS
from schedules.pages.access import own_lecture
from schedules.pages.material_files import MaterialLine, material_lines
from schedules.pages.safe import sealer_of, store_of
from schedules.pages.turns import Turn, turn_of
from schedules.queries import by_number
from schedules.states import DELIVERY_LABELS, LANGUAGE_LABELS, STATE_LABELS, WITH_THE_UNIT, Delivery, Language
from schedules.turns.hand_in import requirements
from schedules.turns.handing_in import HandInData, hand_in, save_hand_in
from schedules.turns.material_kinds import ACCEPTED, MIB
from schedules.turns.materials import add_material, remove_material
from schedules.turns.queries import Dossier, dossier_of

UPLOAD_SECONDS = 900
FILES_AT_ONCE = 8
UUID_TEXT = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
KINDS = (MaterialKind.SLIDES, MaterialKind.SCRIPT, MaterialKind.CONSENT, MaterialKind.OTHER)
FILE = "file_"
MATERIAL = "material."
BOXES = ("consent_recording", "consent_publication", "promised")
PROMISE = (
    "本单位是这一讲的发布者，承诺内容真实准确、不含国家秘密和工作秘密，"
    "已取得主讲人关于录制和公开回看的同意，以及所用图片、音视频的授权。"
)


class HandInForm(BaseModel):
    """Texts of the form; what is missing is told by the rules of the hand-in, not by the form."""

    version: int = Field(title="版本")
    title: str = Field("", title="主题")
    laws: str = Field("", title="引用的法律法规")
    language: Language = Field(Language.MANDARIN, title="讲课语言")
    audience: str = Field("", title="收看对象")
    lecturer_name: str = Field("", title="主讲人姓名")
    lecturer_post: str = Field("", title="主讲人职务")
    lecturer_phone: str = Field("", title="主讲人工作电话")
    id_number: str = Field("", title="主讲人身份证号")
    consent_recording: Literal["yes", ""] = Field("", title="同意录制")
    consent_publication: Literal["yes", ""] = Field("", title="同意公开")
    promised: Literal["yes", ""] = Field("", title="承诺")
    delivery: Delivery = Field(Delivery.LIVE, title="播出方式")
    external_url: str = Field("", title="外部平台网址")
    intent: Literal["save", "submit", ""] = Field("", title="操作")
    remove: str = Field("", title="要删除的材料", pattern=UUID_TEXT)


@dataclass(frozen=True, slots=True)
class FileField:
    kind: str
    label: str
    files: list[MaterialLine]
    optional: bool


@dataclass(frozen=True, slots=True)
class HandInPage:
    """returned: why it was sent back, when it was. promise: what the unit answers for. conflict: who else changed it
    meanwhile; what was typed is still there, and counts when it is sent again.
    """

    turn: Turn
    form: Form[HandInForm]
    returned: Step | None
    file_fields: list[FileField]
    languages: list[tuple[str, str]]
    deliveries: list[tuple[str, str]]
    accept: str
    most_mib: int
    asks_id_number: bool
    has_id_number: bool
    promise: str
    conflict: str


async def show(request: Request) -> Response:
    _, lecture = await own_lecture(request)
    dossier = await dossier_of(lecture)
    return await _page(request, dossier, Form(_typed(lecture, dossier.hand_in)))


async def submit(request: Request) -> Response:
    visitor, lecture = await own_lecture(request)
    settings = kit_of(request).settings
    most_bytes = settings.material_file_mib * MIB * FILES_AT_ONCE
    async with file_form(
        request, HandInForm, most_files=FILES_AT_ONCE, most_bytes=most_bytes, seconds=UPLOAD_SECONDS
    ) as (form, files):
        form.values = dict.fromkeys(BOXES, "") | dict(form.values)
        if form.data is not None:
            _check_open(lecture)
            try:
                await _keep(request, actor_of(visitor), lecture.number, form, files)
            except Conflict as conflict:
                return await _ask_again(request, lecture.number, form, conflict)
    lecture = await by_number(lecture.number)
    dossier = await dossier_of(lecture)
    if form.data is None or form.errors:
        return await _page(request, dossier, form, status=422)
    response = redirect(request, f"/desk/unit/{lecture.number}/hand-in")
    if form.data.intent == "submit":
        form.errors = {
            _field(each.name): each.remedy
            for each in requirements(lecture, dossier.hand_in, dossier.materials)
            if not each.met
        }
        if form.errors:
            return await _page(request, dossier, form, status=422)
        now = kit_of(request).clock.now()
        await hand_in(lecture.number, version=lecture.version, by=actor_of(visitor), now=now)
        response = redirect(request, f"/desk/unit/{lecture.number}")
        say(request, response, "done", f"{lecture.number} 已报送。请把初审链接发给单位分管领导。")
    elif form.data.remove:
        say(request, response, "done", "材料已删除，其他内容也保存了。")
    else:
        say(request, response, "done", "已保存。都填好以后请点“报送，交单位初审”。")
    return response


async def _ask_again(request: Request, number: str, form: Form[HandInForm], conflict: Conflict) -> Response:
    """Somebody else was faster: nothing is lost, and nothing of theirs is overwritten unseen."""
    dossier = await dossier_of(await by_number(number))
    form.values = {**form.values, "version": str(dossier.lecture.version)}
    return await _page(request, dossier, form, status=409, conflict=conflict.message)


async def _keep(
    request: Request, by: Actor, number: str, form: Form[HandInForm], files: list[SentFile]
) -> None:
    """Save texts and files, one after the other, each as a version of its own. What is wrong goes to its field."""
    kit, data = kit_of(request), form.data
    if data is None:
        return
    now, settings = kit.clock.now(), kit.settings
    version = data.version
    try:
        saved = await save_hand_in(
            number,
            _data(data),
            version=version,
            by=by,
            now=now,
            settings=settings,
            sealer=sealer_of(request),
        )
        version = saved.version
    except Invalid as invalid:
        form.take(invalid)
    if data.remove:
        removed = await remove_material(number, UUID(data.remove), version=version, by=by, now=now)
        version = removed.version
    for file in files:
        kind = next((each for each in KINDS if FILE + each.value == file.field), None)
        if kind is None:
            continue
        try:
            await add_material(
                number,
                kind,
                file.name,
                file.pieces(),
                version=version,
                by=by,
                now=now,
                settings=settings,
                store=store_of(request),
            )
            version = (await by_number(number)).version
        except Invalid as invalid:
            form.errors[file.field] = f"{file.name[:60]}：{invalid.message}"
    form.values = {**form.values, "version": str(version)}


def _check_open(lecture: Broadcast) -> None:
    if lecture.plan_state not in WITH_THE_UNIT:
        raise Conflict(
            f"{lecture.number} 已经报送，现在是“{STATE_LABELS[lecture.plan_state]}”，不能直接修改；"
            "请先撤回修改，或请审核人退回。"
        )


def _field(requirement: str) -> str:
    """The form's field where a requirement is met."""
    return FILE + requirement.removeprefix(MATERIAL) if requirement.startswith(MATERIAL) else requirement


def _data(form: HandInForm) -> HandInData:
    return HandInData(
        title=form.title,
        laws=tuple(form.laws.splitlines()),
        language=form.language,
        lecturer_name=form.lecturer_name,
        lecturer_post=form.lecturer_post,
        lecturer_phone=form.lecturer_phone,
        consent_recording=form.consent_recording == "yes",
        consent_publication=form.consent_publication == "yes",
        audience=form.audience,
        promised=form.promised == "yes",
        id_number=form.id_number,
        delivery=form.delivery,
        external_url=form.external_url,
    )


def _typed(lecture: Broadcast, row: HandIn | None) -> Mapping[str, str]:
    """What is there, as the fields of the form have it."""
    ticked = {name: "yes" if row is not None and getattr(row, name) else "" for name in BOXES}
    return ticked | {
        "title": lecture.title,
        "laws": "\n".join(lecture.laws),
        "language": lecture.language.value,
        "audience": lecture.audience,
        "lecturer_name": lecture.lecturer_name,
        "lecturer_post": lecture.lecturer_post,
        "lecturer_phone": row.lecturer_phone if row else "",
        "delivery": lecture.delivery.value,
        "external_url": lecture.external_url,
        "version": str(lecture.version),
    }


async def _page(
    request: Request, dossier: Dossier, form: Form[HandInForm], *, status: int = 200, conflict: str = ""
) -> Response:
    kit, lecture = kit_of(request), dossier.lecture
    _check_open(lecture)
    lines = {
        kind: material_lines(lecture.number, [each for each in dossier.materials if each.kind is kind])
        for kind in KINDS
    }
    by_lecturer = dossier.hand_in is not None and dossier.hand_in.consent_by_lecturer
    page = HandInPage(
        turn=turn_of(lecture, kit.clock.now()),
        form=form,
        returned=dossier.last_return,
        file_fields=[
            FileField(
                kind.value,
                MATERIAL_LABELS[kind],
                lines[kind],
                kind is MaterialKind.OTHER or (kind is MaterialKind.CONSENT and by_lecturer),
            )
            for kind in KINDS
        ],
        languages=[(each.value, label) for each, label in LANGUAGE_LABELS.items()],
        deliveries=[(each.value, label) for each, label in DELIVERY_LABELS.items()],
        accept=",".join(ACCEPTED),
        most_mib=kit.settings.material_file_mib,
        asks_id_number=kit.settings.lecturer_id_number,
        has_id_number=dossier.hand_in is not None and bool(dossier.hand_in.id_number_sealed),
        promise=PROMISE,
        conflict=conflict,
    )
    return await render(request, "schedules/hand_in.html", page, status=status)


routes = [
    Route("/desk/unit/{number}/hand-in", show, methods=["GET"]),
    Route("/desk/unit/{number}/hand-in", submit, methods=["POST"]),
]
