"""词库: the terms that recognition listens for and corrections are offered from."""

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import Role
from core.errors import Conflict, Invalid, NotFound
from core.web.actors import actor_of
from core.web.desk_nav import DeskPlace
from core.web.downloads import download
from core.web.file_forms import file_form
from core.web.forms import Form, read_form
from core.web.guards import require_role
from core.web.identity import Visitor
from core.web.kit import kit_of
from core.web.pages import redirect, render, say
from transcripts.glossary.lists import add_all, read_list, write_list
from transcripts.glossary.services import add_term, remove_term, terms_by_frequency
from transcripts.models.glossary import TERM_LABELS, GlossaryTerm, TermKind
from transcripts.pages.editor_access import BUREAU

READERS = (*BUREAU, Role.LIAISON, Role.AUDITOR)
UPLOAD_SECONDS = 60
MOST_SHOWN = 600


class TermForm(BaseModel):
    text: str = Field("", title="词语", max_length=100)
    kind: TermKind = Field(TermKind.TERM, title="类别")


class RemoveForm(BaseModel):
    text: str = Field(title="词语", max_length=100)


class FileForm(BaseModel):
    """The file itself is no text of the form."""


@dataclass(frozen=True, slots=True)
class GlossaryPage:
    """groups: label and terms; left_out: how many more than are shown there are."""

    groups: list[tuple[str, list[GlossaryTerm]]]
    count: int
    left_out: int
    query: str
    form: Form[TermForm]
    file_error: str
    kinds: Mapping[TermKind, str]
    may_change: bool


async def show(request: Request) -> Response:
    return await _page(request, await require_role(request, *READERS))


async def add(request: Request) -> Response:
    visitor = await require_role(request, *BUREAU)
    form = await read_form(request, TermForm)
    if form.data is None:
        return await _page(request, visitor, form=form, status=422)
    kit = kit_of(request)
    try:
        term = await add_term(
            form.data.text,
            form.data.kind,
            by=actor_of(visitor),
            now=kit.clock.now(),
            most=kit.settings.glossary_most,
        )
    except Invalid as invalid:
        form.take(invalid)
        return await _page(request, visitor, form=form, status=422)
    except Conflict as conflict:
        form.errors["text"] = conflict.message
        return await _page(request, visitor, form=form, status=409)
    response = redirect(request, "/desk/glossary")
    say(request, response, "done", f"“{term.text}”已加进词库。")
    return response


async def remove(request: Request) -> Response:
    visitor = await require_role(request, *BUREAU)
    form = await read_form(request, RemoveForm)
    if form.data is None:
        raise Invalid(form.errors)
    response = redirect(request, "/desk/glossary")
    try:
        await remove_term(form.data.text, by=actor_of(visitor), now=kit_of(request).clock.now())
    except NotFound as gone:
        say(request, response, "attention", gone.message)
        return response
    say(request, response, "done", f"“{form.data.text}”已从词库删掉。")
    return response


async def bring(request: Request) -> Response:
    visitor = await require_role(request, *BUREAU)
    kit = kit_of(request)
    most = kit.settings.glossary_import_kib * 1024
    async with file_form(request, FileForm, most_files=1, most_bytes=most, seconds=UPLOAD_SECONDS) as (
        _,
        files,
    ):
        if not files:
            return await _page(request, visitor, file_error="请选择词库文件。", status=422)
        if files[0].size > most:
            error = f"文件不能超过 {kit.settings.glossary_import_kib} KiB。"
            return await _page(request, visitor, file_error=error, status=422)
        data = b"".join([piece async for piece in files[0].pieces()])
    try:
        listed = read_list(data)
        if not listed:
            return await _page(request, visitor, file_error="文件里没有词，请一行写一个词。", status=422)
        added, known = await add_all(
            listed, by=actor_of(visitor), now=kit.clock.now(), most=kit.settings.glossary_most
        )
    except Invalid as invalid:
        return await _page(request, visitor, file_error=invalid.message, status=422)
    response = redirect(request, "/desk/glossary")
    say(request, response, "done", f"加了 {added} 个词，{known} 个原来就有。")
    return response


async def take_home(request: Request) -> Response:
    await require_role(request, *READERS)
    return download(write_list(await terms_by_frequency()).encode(), "词库.txt", "text/plain; charset=utf-8")


async def _page(
    request: Request,
    visitor: Visitor,
    *,
    form: Form[TermForm] | None = None,
    file_error: str = "",
    status: int = 200,
) -> Response:
    query = request.query_params.get("q", "").strip()[:60]
    terms = await terms_by_frequency()
    found = [term for term in terms if query in term.text]
    shown = found[:MOST_SHOWN]
    page = GlossaryPage(
        groups=[
            (label, group)
            for kind, label in TERM_LABELS.items()
            if (group := [term for term in shown if term.kind is kind])
        ],
        count=len(terms),
        left_out=len(found) - len(shown),
        query=query,
        form=form or Form(),
        file_error=file_error,
        kinds=TERM_LABELS,
        may_change=visitor.role in BUREAU,
    )
    return await render(request, "transcripts/glossary.html", page, status=status)


desk_places = [DeskPlace("/desk/glossary", "book-open", "词库", READERS, "lectures")]

routes = [
    Route("/desk/glossary", show, methods=["GET"]),
    Route("/desk/glossary", add, methods=["POST"]),
    Route("/desk/glossary/remove", remove, methods=["POST"]),
    Route("/desk/glossary/import", bring, methods=["POST"]),
    Route("/desk/glossary/export", take_home, methods=["GET"]),
]
