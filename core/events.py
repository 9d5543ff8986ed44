"""Typed events: how a lower area lets upper areas know what has happened, without importing them."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from core.logs import get_logger

log = get_logger(__name__)

Event = TypeVar("Event")
Handler = Callable[[Event], Awaitable[None]]


class EventBus:
    """Events are frozen dataclasses named by a past fact; publish them after the commit that made them true.

    They stay in the process: what must not be missed is found by a sweep over rows (core.jobs).
    """

    def __init__(self) -> None:
        self._handlers: dict[type[Any], list[Handler[Any]]] = {}

    def subscribe(self, event_type: type[Event], handler: Handler[Event]) -> Callable[[], None]:
        """Call handler for each event of exactly this type. Returns the undo."""
        handlers = self._handlers.setdefault(event_type, [])
        handlers.append(handler)

        def unsubscribe() -> None:
            if handler in handlers:
                handlers.remove(handler)

        return unsubscribe

    async def publish(self, event: object) -> None:
        """Call the subscribers one after another. What has happened stays true when one of them fails:
        the failure is logged and the next is called."""
        for handler in tuple(self._handlers.get(type(event), ())):
            try:
                await handler(event)
            except Exception:
                log.exception("event.handler_failed", event_type=type(event).__name__)
