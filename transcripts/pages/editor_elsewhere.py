"""统一改正用词: the same wrong wording in other lectures, to tick; the right one for the glossary."""

from dataclasses import dataclass

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.errors import Conflict, Invalid
from core.web.forms import Form, check_form
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from schedules.pages.turns import Turn, turn_of
from transcripts.editing.elsewhere import (
    MOST_PLACES,
    Elsewhere,
    Ticked,
    correct_elsewhere,
    correction_of,
    find_elsewhere,
)
from transcripts.glossary.services import add_term
from transcripts.models.glossary import TERM_LABELS, TermKind
from transcripts.pages.editor_access import BUREAU, Seat, corrector_of


class WordingForm(BaseModel):
    wrong: str = Field("", title="原来的写法", max_length=200)
    right: str = Field("", title="正确的写法", max_length=200)


class TermForm(WordingForm):
    kind: TermKind = Field(TermKind.TERM, title="类别")


@dataclass(frozen=True, slots=True)
class ElsewherePage:
    """found: None before a wording was given."""

    turn: Turn
    form: Form[WordingForm]
    found: list[Elsewhere] | None
    kinds: list[tuple[str, str]]
    may_add_terms: bool


async def show(request: Request) -> Response:
    seat = await corrector_of(request)
    return await _page(request, seat, check_form(dict(request.query_params), WordingForm))


async def correct(request: Request) -> Response:
    seat = await corrector_of(request)
    async with request.form(max_fields=2 * MOST_PLACES + 10, max_files=0) as sent:
        texts = [(name, value) for name, value in sent.multi_items() if isinstance(value, str)]
    form = check_form(dict(texts), WordingForm)
    ticked = _ticked(texts)
    if form.data is None:
        return await _page(request, seat, form, status=422)
    if not ticked:
        form.errors["ticked"] = "请至少勾选一处。"
        return await _page(request, seat, form, status=422)
    try:
        correction = correction_of(form.data.wrong, form.data.right)
    except Invalid as invalid:
        form.take(invalid)
        return await _page(request, seat, form, status=422)
    kit = kit_of(request)
    outcome = await correct_elsewhere(
        correction, ticked, by=seat.by, now=kit.clock.now(), settings=kit.settings
    )
    response = redirect(request, f"/desk/subtitles/{seat.number}")
    words = f"改正了 {len(outcome.done)} 期，已发布的各期要等州局再发布。" if outcome.done else "没有改动。"
    left = "".join(f"{number}：{why}" for number, why in outcome.left.items())
    say(request, response, "attention" if left else "done", f"{words}{left}"[:600])
    return response


async def add_to_glossary(request: Request) -> Response:
    seat = await corrector_of(request)
    if seat.visitor.role not in BUREAU:
        raise Conflict("词库由州局维护，请告诉州局要加哪个词。")
    async with request.form(max_fields=10, max_files=0) as sent:
        form = check_form({name: value for name, value in sent.items() if isinstance(value, str)}, TermForm)
    if form.data is None:
        raise Invalid(form.errors)
    kit = kit_of(request)
    response = redirect(request, f"/desk/subtitles/{seat.number}")
    try:
        term = await add_term(
            form.data.right,
            form.data.kind,
            by=seat.by,
            now=kit.clock.now(),
            most=kit.settings.glossary_most,
        )
    except (Conflict, Invalid) as refusal:
        say(request, response, "attention", refusal.message)
        return response
    say(request, response, "done", f"“{term.text}”已加进词库，以后识别和校对都会用到。")
    return response


def _ticked(texts: list[tuple[str, str]]) -> list[Ticked]:
    """From fields `revision-<number>`, and `place` = `<number>/<cue>` for each tick. Nonsense is passed over."""
    revisions = {
        name.removeprefix("revision-"): int(value)
        for name, value in texts
        if name.startswith("revision-") and value.isascii() and value.isdigit() and len(value) < 10
    }
    places: dict[str, set[str]] = {}
    for name, value in texts:
        number, slash, cue = value.partition("/")
        if name == "place" and slash and number in revisions:
            places.setdefault(number, set()).add(cue)
    return [Ticked(number, revisions[number], frozenset(cues)) for number, cues in places.items()]


async def _page(request: Request, seat: Seat, form: Form[WordingForm], *, status: int = 200) -> Response:
    found = None
    if form.data is not None and (form.data.wrong or form.data.right):
        try:
            correction = correction_of(form.data.wrong, form.data.right)
        except Invalid as invalid:
            form.take(invalid)
        else:
            found = await find_elsewhere(correction, apart_from=seat.number, by=seat.by)
    page = ElsewherePage(
        turn=turn_of(seat.broadcast, kit_of(request).clock.now()),
        form=form,
        found=found,
        kinds=[(kind.value, label) for kind, label in TERM_LABELS.items()],
        may_add_terms=seat.visitor.role in BUREAU,
    )
    return await render(request, "transcripts/editor_elsewhere.html", page, status=status)


routes = [
    Route("/desk/subtitles/{number}/elsewhere", show, methods=["GET"]),
    Route("/desk/subtitles/{number}/elsewhere", correct, methods=["POST"]),
    Route("/desk/subtitles/{number}/glossary", add_to_glossary, methods=["POST"]),
]
