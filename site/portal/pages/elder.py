"""长者模式: switched on and off by a button on every page, remembered in the browser."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from core.web.guards import safe_return
from core.web.kit import kit_of
from core.web.pages import ELDER_COOKIE, redirect

ONE_YEAR = 365 * 24 * 3600  # seconds


async def switch(request: Request) -> Response:
    async with request.form(max_fields=4, max_files=0) as form:
        wanted, back = form.get("on") == "1", safe_return(str(form.get("back", "/")))
    response = redirect(request, back)
    kit = kit_of(request)
    if wanted:
        response.set_cookie(
            ELDER_COOKIE,
            "1",
            max_age=ONE_YEAR,
            path=kit.cookie_path,
            secure=kit.is_https,
            httponly=True,
            samesite="lax",
        )
    else:
        response.delete_cookie(ELDER_COOKIE, path=kit.cookie_path)
    return response


routes = [Route("/elder", switch, methods=["POST"])]
