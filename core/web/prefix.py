"""The site below a path of another host (`https://host/fzwkt`): the prefix is taken off on arrival."""

from starlette.types import ASGIApp, Receive, Scope, Send


class StripPrefix:
    """ASGI middleware around everything. Where a proxy took the prefix off already, nothing happens."""

    def __init__(self, app: ASGIApp, *, prefix: str) -> None:
        """prefix: `/fzwkt`, or empty."""
        self._app = app
        self._prefix = prefix

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        if self._prefix and (path == self._prefix or path.startswith(self._prefix + "/")):
            scope = {**scope, "path": path[len(self._prefix) :] or "/"}
            if "raw_path" in scope:
                scope["raw_path"] = scope["raw_path"][len(self._prefix) :] or b"/"
        await self._app(scope, receive, send)
