"""Who asks the JSON interface: `Authorization: Bearer wkt_…` (RFC 6750 §2.1), never a browser that is logged in."""

from starlette.exceptions import HTTPException
from starlette.requests import Request

from accounts.models import ApiToken, Role
from accounts.tokens import find_token
from core.errors import Forbidden
from core.web.kit import kit_of

_KEY = "api_token"
NEEDED = "这个操作要用接口令牌，请在请求头里写 Authorization: Bearer 令牌；令牌由管理员在工作台签发。"
WRONG = "令牌不对、已过期或已作废，请向管理员要一个新的。"


async def current_token(request: Request) -> ApiToken | None:
    """None without the header. Raises the answer 401 for a token that opens nothing, also where none is needed."""
    state = request.scope.setdefault("state", {})
    if _KEY not in state:
        state[_KEY] = await _look_up(request)
    token: ApiToken | None = state[_KEY]
    return token


async def require_token(request: Request, *roles: Role) -> ApiToken:
    """A valid token whose owner has one of the roles. Raises the answer 401, Forbidden."""
    token = await current_token(request)
    if token is None:
        raise _refusal(NEEDED, "")
    if token.owner.role not in roles:
        raise Forbidden("令牌的主人没有做这件事的权限，请用管理员账号的令牌。")
    return token


async def _look_up(request: Request) -> ApiToken | None:
    header = request.headers.get("authorization")
    if header is None:
        return None
    scheme, _, given = header.partition(" ")
    found = None
    if scheme.lower() == "bearer" and given.strip():
        found = await find_token(given.strip(), now=kit_of(request).clock.now())
    if found is None:
        raise _refusal(WRONG, ', error="invalid_token"')
    return found


def _refusal(words: str, error: str) -> HTTPException:
    """RFC 6750 §3: without a token no error code is told."""
    return HTTPException(401, words, headers={"www-authenticate": f'Bearer realm="weiketang"{error}'})
