"""From errors to answers, in one place: a page in Chinese, or problem details for the JSON interface."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.logs import get_logger
from core.web.guards import LoginRequired, SomethingOwed
from core.web.kit import kit_of
from core.web.pages import render
from core.web.problems import problem

log = get_logger(__name__)

STATUS: Mapping[type[DomainError], int] = {
    NotFound: 404,
    Forbidden: 403,
    Conflict: 409,
    Invalid: 422,
    DomainError: 400,
}
API = "/api/"

TITLES: Mapping[int, str] = {
    400: "请求有误",
    403: "没有权限",
    404: "没有找到这个页面",
    405: "不能这样访问",
    408: "等得太久了",
    409: "情况已经变化",
    410: "内容已经撤下",
    413: "提交的内容太大",
    422: "填写的内容有误",
    500: "系统出了问题",
}
REMEDIES: Mapping[int, str] = {
    400: "请返回上一页重新操作；多次出现请联系网站管理员。",
    403: "请确认登录的账号，或联系管理员。",
    404: "可能是网址输错了，或者内容已经移走。请核对网址，或从首页进入。",
    405: "请从页面上的按钮或链接进入，不要直接输入网址。",
    408: "提交的内容一直没有传完。请检查网络，再提交一次。",
    409: "请刷新页面，看清现在的情况再操作。",
    410: "这一内容已经由主办单位撤下，不再提供。",
    413: "请减少内容后再提交。",
    422: "请返回上一页改正后再提交。",
    500: "问题已经记录下来。请稍后再试；急需办理请联系网站管理员，并告知下面的编号。",
}
FOREIGN = "请求来自别的网站，为了安全没有执行。请在本站页面上重新操作。"


def status_of(error: DomainError) -> int:
    """The status of the nearest known ancestor."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


async def error_answer(
    request: Request, status: int, detail: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    """detail: a sentence that says more than the status does; without one the usual remedy is shown."""
    title = TITLES.get(status, "请求没有完成")
    if request.url.path.startswith(API):
        return problem(status, detail or REMEDIES.get(status, title), headers=headers)
    context = {"status": status, "title": title, "detail": detail, "remedy": REMEDIES.get(status, "")}
    return await render(request, "portal/error.html", context, status=status, headers=headers)


async def _login_required(request: Request, error: Exception) -> Response:
    if request.url.path.startswith(API):
        return problem(401, str(error))
    back = request.url.path if request.method == "GET" else "/"
    if request.method == "GET" and request.url.query:
        back += f"?{request.url.query}"
    return RedirectResponse(kit_of(request).url(f"/login?next={quote(back, safe='')}"), status_code=303)


async def _something_owed(request: Request, error: Exception) -> Response:
    if not isinstance(error, SomethingOwed):
        raise error
    if request.url.path.startswith(API):
        return problem(403, error.message)
    return RedirectResponse(kit_of(request).url(error.page), status_code=303)


async def _domain_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, DomainError):
        raise error
    status = status_of(error)
    if isinstance(error, Invalid) and request.url.path.startswith(API):
        return problem(status, error.message, errors=error.fields)
    return await error_answer(request, status, error.message)


async def _http_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    own_words = error.detail if error.detail and not error.detail.isascii() else ""
    headers = error.headers
    if error.status_code == 405 and (allowed := _allowed(request)):
        headers = {**(headers or {}), "Allow": ", ".join(allowed)}
    return await error_answer(request, error.status_code, own_words, headers)


def _allowed(request: Request) -> list[str]:
    """What the address does answer to (RFC 9110 section 15.5.6): the router names the first of its routes only."""
    found: set[str] = set()
    for route in request.app.routes:
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE:
            found |= set(route.methods or ())
    return sorted(found)


async def _unexpected(request: Request, error: Exception) -> Response:
    log.error("web.failed", method=request.method, path=request.url.path, exc_info=error)
    return await error_answer(request, 500)


Handler = Callable[[Request, Exception], Awaitable[Response]]


def handlers() -> dict[Any, Handler]:
    """For Starlette(exception_handlers=…)."""
    return {
        LoginRequired: _login_required,
        SomethingOwed: _something_owed,
        DomainError: _domain_error,
        HTTPException: _http_error,
        Exception: _unexpected,
    }


async def refuse_foreign(scope: Scope, receive: Receive, send: Send) -> None:
    """The answer of CsrfGuard."""
    request = Request(scope, receive)
    log.warning("web.csrf_refused", path=request.url.path, origin=request.headers.get("origin"))
    response = await error_answer(request, 403, FOREIGN)
    await response(scope, receive, send)
