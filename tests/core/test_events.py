from dataclasses import dataclass

import structlog.testing

from core.events import EventBus


@dataclass(frozen=True)
class Opened:
    number: str


@dataclass(frozen=True)
class OpenedSpecially(Opened):
    pass


async def test_each_subscriber_of_the_type_hears_the_event_in_turn() -> None:
    bus = EventBus()
    heard: list[str] = []

    async def first(event: Opened) -> None:
        heard.append(f"first {event.number}")

    async def second(event: Opened) -> None:
        heard.append(f"second {event.number}")

    bus.subscribe(Opened, first)
    bus.subscribe(Opened, second)
    await bus.publish(Opened("1"))
    await bus.publish(OpenedSpecially("2"))
    assert heard == ["first 1", "second 1"]


async def test_a_subscription_can_be_undone_twice() -> None:
    bus = EventBus()
    heard: list[Opened] = []

    async def hear(event: Opened) -> None:
        heard.append(event)

    undo = bus.subscribe(Opened, hear)
    undo()
    undo()
    await bus.publish(Opened("1"))
    assert heard == []


async def test_a_subscriber_that_fails_is_logged_and_does_not_stop_the_next() -> None:
    bus = EventBus()
    heard: list[str] = []

    async def fail(event: Opened) -> None:
        raise RuntimeError("no")

    async def hear(event: Opened) -> None:
        heard.append(event.number)

    bus.subscribe(Opened, fail)
    bus.subscribe(Opened, hear)
    with structlog.testing.capture_logs() as logs:
        await bus.publish(Opened("1"))
    assert heard == ["1"]
    assert [line["event"] for line in logs] == ["event.handler_failed"]
