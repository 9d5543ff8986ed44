"""Media before the site: which path goes where."""

import pytest
from portal.front import Front
from starlette.types import Receive, Scope, Send


async def went(path: str, *, prefix: str = "", has_media: bool = True) -> tuple[str, str]:
    seen: list[tuple[str, str]] = []

    async def media(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(("media", scope["path"]))

    async def site(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(("site", scope["path"]))

    async def nothing() -> dict[str, str]:
        return {}

    async def nowhere(message: object) -> None:
        raise AssertionError(message)

    front = Front(media if has_media else None, site, prefix=prefix)
    await front({"type": "http", "path": path}, nothing, nowhere)
    return seen[0]


@pytest.mark.parametrize("path", ["/live/2026-11-1/index.m3u8", "/replay/2026-11-1/audio.m3u8", "/media/x"])
async def test_media_paths_go_to_the_media(path: str) -> None:
    assert await went(path) == ("media", path)
    assert await went("/sub" + path, prefix="/sub") == ("media", path)
    assert await went(path, prefix="/sub") == ("media", path)
    assert await went(path, has_media=False) == ("site", path)


@pytest.mark.parametrize("path", ["/", "/l/2026-11-1", "/livestream", "/sub/live/x"])
async def test_everything_else_goes_to_the_site(path: str) -> None:
    assert await went(path) == ("site", path)
