"""接口令牌: an administrator issues one, which is shown once, and revokes those no longer needed."""

from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, Field
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from accounts.models import ApiToken, Role, User
from accounts.tokens import OWNERS, issue_token, revoke_token, tokens
from core.errors import Conflict, Invalid
from core.web.actors import actor_of
from core.web.desk_nav import DeskPlace
from core.web.forms import Form, read_form
from core.web.guards import require_role
from core.web.kit import kit_of
from core.web.pages import redirect, render, say

HOLDERS = (Role.ADMINISTRATOR,)


class TokenForm(BaseModel):
    name: str = Field(title="用途", max_length=40)
    owner: str = Field(title="归谁", max_length=40)
    days: int = Field(title="有效天数")


@dataclass(frozen=True, slots=True)
class TokenLine:
    token: ApiToken
    owner: str
    may_write: bool
    state: str
    tone: str

    @property
    def is_open(self) -> bool:
        return self.state == "有效"


@dataclass(frozen=True, slots=True)
class TokensPage:
    """shown: the token that was just made; empty on every later look."""

    form: Form[TokenForm]
    owners: list[User]
    lines: list[TokenLine]
    most_days: int
    shown: str = ""
    shown_name: str = ""


async def listing(request: Request) -> Response:
    await require_role(request, *HOLDERS)
    return await _page(request, Form())


async def issue(request: Request) -> Response:
    visitor = await require_role(request, *HOLDERS)
    form = await read_form(request, TokenForm)
    if form.data is None:
        return await _page(request, form, status=422)
    kit = kit_of(request)
    try:
        row, token = await issue_token(
            form.data.name,
            form.data.owner,
            days=form.data.days,
            by=actor_of(visitor),
            now=kit.clock.now(),
            settings=kit.settings,
        )
    except Invalid as invalid:
        form.take(invalid)
        return await _page(request, form, status=422)
    except Conflict as conflict:
        form.errors["name"] = conflict.message
        return await _page(request, form, status=409)
    # Answered at once, not after a redirect: the token must not lie in a cookie or an address.
    return await _page(request, Form(), shown=token, shown_name=row.name)


async def revoke(request: Request) -> Response:
    visitor = await require_role(request, *HOLDERS)
    now = kit_of(request).clock.now()
    row = await revoke_token(request.path_params["id"], by=actor_of(visitor), now=now)
    response = redirect(request, "/desk/tokens")
    say(request, response, "done", f"令牌“{row.name}”已作废，用它的程序马上就不能再访问。")
    return response


async def _page(
    request: Request, form: Form[TokenForm], *, status: int = 200, shown: str = "", shown_name: str = ""
) -> Response:
    kit = kit_of(request)
    page = TokensPage(
        form=form,
        owners=await User.filter(active=True, role__in=OWNERS),
        lines=[_line(each, kit.clock.now()) for each in await tokens()],
        most_days=kit.settings.token_days,
        shown=shown,
        shown_name=shown_name,
    )
    return await render(request, "accounts/tokens.html", page, status=status)


def _line(token: ApiToken, now: datetime) -> TokenLine:
    if token.revoked_at is not None:
        state, tone = "已作废", "quiet"
    elif token.expires_at <= now:
        state, tone = "已过期", "quiet"
    elif not token.owner.active:
        state, tone = "账号已停用", "attention"
    else:
        state, tone = "有效", "done"
    may_write = token.owner.role is Role.ADMINISTRATOR
    return TokenLine(token, token.owner.display_name, may_write, state, tone)


desk_places = [DeskPlace("/desk/tokens", "key", "接口令牌", HOLDERS, "house")]

routes = [
    Route("/desk/tokens", listing, methods=["GET"]),
    Route("/desk/tokens", issue, methods=["POST"]),
    Route("/desk/tokens/{id:uuid}/revoke", revoke, methods=["POST"]),
]
