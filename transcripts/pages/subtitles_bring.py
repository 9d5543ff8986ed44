"""Subtitles from people: a file is brought in, or the approved script is timed by tapping along."""

from dataclasses import dataclass

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.errors import Conflict, Invalid
from core.web.body import widen_body
from core.web.file_forms import file_form
from core.web.forms import Form, check_form
from core.web.json_body import read_json
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from schedules.pages.safe import store_of
from schedules.pages.turns import Turn, turn_of
from schedules.states import Language
from transcripts.cues.cue import Cue
from transcripts.editing.bringing import bring, bring_file
from transcripts.editing.scripts import scripts_of, text_of
from transcripts.editing.tapping import lines_to_tap
from transcripts.models import Transcript, VersionKind
from transcripts.models.transcript import RECOGNITION_LABELS
from transcripts.pages.editor import no_picture
from transcripts.pages.editor_access import Seat, corrector_of
from transcripts.pages.editor_json import CueIn, Strict, answers_json, told

UPLOAD_SECONDS = 120
TEXT_FIELDS = 4


class ImportForm(BaseModel):
    revision: int = Field(title="修订号", ge=0)


class ScriptForm(BaseModel):
    revision: int = Field(title="修订号", ge=0)
    text: str = Field("", title="讲稿文字")
    material: str = Field("", title="材料里的讲稿", max_length=40)


class TappedIn(Strict):
    revision: int
    cues: list[CueIn] = Field(max_length=50_000)


@dataclass(frozen=True, slots=True)
class BringPage:
    """state: what the machine is doing with it, and what to do; scripts: id and name of those that were handed in."""

    turn: Turn
    transcript: Transcript | None
    revision: int
    state: str
    is_mandarin: bool
    scripts: list[tuple[str, str]]
    import_form: Form[ImportForm]
    script_form: Form[ScriptForm]


@dataclass(frozen=True, slots=True)
class TapPage:
    turn: Turn
    revision: int
    lines: list[tuple[str, ...]]
    no_picture: str


async def show(request: Request) -> Response:
    return await _page(request, await corrector_of(request))


async def take_file(request: Request) -> Response:
    seat = await corrector_of(request)
    kit = kit_of(request)
    most = kit.settings.subtitle_import_kib * 1024
    async with file_form(request, ImportForm, most_files=1, most_bytes=most, seconds=UPLOAD_SECONDS) as (
        form,
        files,
    ):
        if form.data is None or not files:
            form.errors.setdefault("file", "请选择 .srt、.vtt 或 .txt 字幕文件。")
            return await _page(request, seat, import_form=form, status=422)
        data = b"".join([piece async for piece in files[0].pieces()])
        try:
            version = await bring_file(
                seat.number,
                files[0].name,
                data,
                revision=form.data.revision,
                by=seat.by,
                now=kit.clock.now(),
                settings=kit.settings,
            )
        except Invalid as invalid:
            form.errors["file"] = invalid.message
            return await _page(request, seat, import_form=form, status=422)
        except Conflict as conflict:
            form.errors["file"] = conflict.message
            return await _page(request, seat, import_form=form, status=409)
    response = redirect(request, f"/desk/subtitles/{seat.number}")
    say(request, response, "done", f"已导入 {len(version.cues)} 条字幕（版本 {version.number}），请核对。")
    return response


async def begin_tapping(request: Request) -> Response:
    """The lines of a script, pasted or taken from the material, on the page where they are timed."""
    seat = await corrector_of(request)
    settings = kit_of(request).settings
    most = settings.subtitle_import_kib * 1024
    widen_body(
        request, most_bytes=4 * most, seconds=UPLOAD_SECONDS
    )  # urlencoded Chinese is three times as long
    async with request.form(max_fields=TEXT_FIELDS, max_files=0, max_part_size=4 * most) as sent:
        form = check_form({name: value for name, value in sent.items() if isinstance(value, str)}, ScriptForm)
    if form.data is None:
        return await _page(request, seat, script_form=form, status=422)
    try:
        text = form.data.text
        if form.data.material and not text.strip():
            text = await text_of(seat.broadcast, form.data.material, store_of(request), settings)
        lines = await lines_to_tap(text, settings)
    except Invalid as invalid:
        form.errors["text"] = invalid.message
        return await _page(request, seat, script_form=form, status=422)
    page = TapPage(
        turn=turn_of(seat.broadcast, kit_of(request).clock.now()),
        revision=form.data.revision,
        lines=lines,
        no_picture=no_picture(seat),
    )
    return await render(request, "transcripts/subtitles_tap.html", page)


@answers_json
async def keep_tapped(request: Request) -> Response:
    seat = await corrector_of(request)
    kit = kit_of(request)
    widen_body(request, most_bytes=kit.settings.subtitle_save_kib * 1024, seconds=UPLOAD_SECONDS)
    sent = await read_json(request, TappedIn)
    version = await bring(
        seat.number,
        VersionKind.TAPPED,
        [Cue(each.start_ms, each.end_ms, tuple(each.lines)) for each in sent.cues],
        revision=sent.revision,
        by=seat.by,
        now=kit.clock.now(),
        settings=kit.settings,
    )
    return told({"version": version.number})


async def _page(
    request: Request,
    seat: Seat,
    *,
    import_form: Form[ImportForm] | None = None,
    script_form: Form[ScriptForm] | None = None,
    status: int = 200,
) -> Response:
    row = seat.transcript
    state = "还没有开始识别。"
    if row is not None:
        state = "：".join(filter(None, (RECOGNITION_LABELS[row.recognition], row.detail)))
    page = BringPage(
        turn=turn_of(seat.broadcast, kit_of(request).clock.now()),
        transcript=row,
        revision=row.revision if row else 0,
        state=state,
        is_mandarin=seat.broadcast.language is Language.MANDARIN,
        scripts=[(str(each.id), each.name) for each in await scripts_of(seat.broadcast)],
        import_form=import_form or Form(),
        script_form=script_form or Form(),
    )
    return await render(request, "transcripts/subtitles_bring.html", page, status=status)


routes = [
    Route("/desk/subtitles/{number}/bring", show, methods=["GET"]),
    Route("/desk/subtitles/{number}/bring", take_file, methods=["POST"]),
    Route("/desk/subtitles/{number}/tap", begin_tapping, methods=["POST"]),
    Route("/desk/subtitles/{number}/tapped", keep_tapped, methods=["POST"]),
]
