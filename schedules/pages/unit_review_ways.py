"""单位初审 on paper: the signed 审批表 uploaded."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.errors import Conflict, Invalid
from core.web.actors import actor_of
from core.web.file_forms import file_form
from core.web.forms import Form
from core.web.kit import kit_of
from core.web.pages import redirect, say
from schedules.models import MaterialKind
from schedules.pages.access import own_lecture
from schedules.pages.safe import store_of
from schedules.pages.unit_lecture import SignedForm, unit_lecture
from schedules.queries import by_number
from schedules.states import PlanState
from schedules.turns.material_kinds import MIB
from schedules.turns.materials import add_material
from schedules.turns.reviews import pass_unit_review

UPLOAD_SECONDS = 600


async def upload_signed(request: Request) -> Response:
    """Keep the signed form, and pass 单位初审 by it."""
    visitor, lecture = await own_lecture(request)
    kit, by = kit_of(request), actor_of(visitor)
    now, settings = kit.clock.now(), kit.settings
    if lecture.plan_state is not PlanState.UNIT_REVIEW:
        raise Conflict(f"{lecture.number} 现在不在单位初审，不用上传审批表。")
    most_bytes = settings.material_file_mib * MIB
    async with file_form(
        request, SignedForm, most_files=1, most_bytes=most_bytes, seconds=UPLOAD_SECONDS
    ) as (form, files):
        faults = _faults(form, len(files))
        if form.data is None or faults:
            form.errors.update(faults)
            return await unit_lecture(request, lecture, signed_form=form, status=422)
        try:
            await add_material(
                lecture.number,
                MaterialKind.SIGNED_FORM,
                files[0].name,
                files[0].pieces(),
                version=form.data.version,
                by=by,
                now=now,
                settings=settings,
                store=store_of(request),
            )
            kept = await by_number(lecture.number)
            await pass_unit_review(
                lecture.number, version=kept.version, by=by, now=now, signer=form.data.signer
            )
        except Invalid as invalid:
            if not invalid.fields:
                raise
            form.take(invalid)
            return await unit_lecture(request, await by_number(lecture.number), signed_form=form, status=422)
    response = redirect(request, f"/desk/unit/{lecture.number}")
    say(request, response, "done", "审批表已上传，材料报到了州司法局。")
    return response


def _faults(form: Form[SignedForm], files: int) -> dict[str, str]:
    faults = {}
    if not form.value("signer").strip():
        faults["signer"] = "请填在审批表上签字的领导姓名。"
    if not files:
        faults["file"] = "请选签好字的审批表，PDF 或照片都可以。"
    return faults


routes = [
    Route("/desk/unit/{number}/signed-form", upload_signed, methods=["POST"]),
]
