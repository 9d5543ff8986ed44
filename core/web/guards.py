"""Who may come in: the first line of a page function."""

from urllib.parse import urlsplit

from starlette.requests import Request

from core.errors import Forbidden
from core.web.identity import Visitor
from core.web.sessions import current_visitor


class LoginRequired(Forbidden):
    """请先登录。"""


class SomethingOwed(Forbidden):
    """请先更换口令或开启动态验证码，再继续办理。"""

    def __init__(self, page: str) -> None:
        self.page = page
        super().__init__()


async def require_login(request: Request, *, owing: bool = False) -> Visitor:
    """Raises LoginRequired, which becomes the login page with the way back (problem details for /api), and
    SomethingOwed, which becomes the page where it is made good; that page itself asks with owing.
    """
    visitor = await current_visitor(request)
    if visitor is None:
        raise LoginRequired
    if visitor.owes and not owing:
        raise SomethingOwed(visitor.owes)
    return visitor


async def require_role(request: Request, *roles: str) -> Visitor:
    """Raises LoginRequired, or Forbidden for somebody who is logged in without one of the roles."""
    visitor = await require_login(request)
    if visitor.role not in roles:
        raise Forbidden("您的账号没有打开这个页面的权限。如果工作需要，请联系管理员。")
    return visitor


def safe_return(target: str | None) -> str:
    """Where to go after logging in: one of our own paths, or home. Never another site's address."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return "/"
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or any(ord(letter) < 33 for letter in target):
        return "/"
    return target
