import asyncio

from streaming.waking import SLICE, Changes, Waker


async def test_a_change_wakes_everybody_who_waits_for_it() -> None:
    changes = Changes(Waker())
    waiting = [changes.next() for _ in range(SLICE * 3)]
    changes.announce()
    await asyncio.gather(*waiting)
    assert len(changes) == 0


async def test_sockets_get_their_turn_between_two_slices() -> None:
    changes = Changes(Waker())
    waiting = [changes.next() for _ in range(SLICE * 4)]
    seen: list[int] = []

    async def other_work() -> None:
        while not all(future.done() for future in waiting):
            seen.append(sum(future.done() for future in waiting))
            await asyncio.sleep(0)

    work = asyncio.create_task(other_work())
    changes.announce()
    await work
    assert {SLICE, SLICE * 2, SLICE * 3} <= set(seen)


async def test_renditions_that_change_together_share_the_slices() -> None:
    waker = Waker()
    both = [Changes(waker), Changes(waker)]
    waiting = [changes.next() for changes in both for _ in range(SLICE)]
    for changes in both:
        changes.announce()
    await asyncio.sleep(0)
    assert sum(future.done() for future in waiting) == SLICE
    await asyncio.gather(*waiting)


async def test_who_has_left_is_not_woken() -> None:
    changes = Changes(Waker())
    gone, cancelled, waiting = changes.next(), changes.next(), changes.next()
    changes.forget(gone)
    cancelled.cancel()
    changes.announce()
    await waiting
    assert not gone.done()


async def test_who_waits_again_waits_for_the_next_change() -> None:
    changes = Changes(Waker())
    first = changes.next()
    changes.announce()
    await first
    second = changes.next()
    await asyncio.sleep(0)
    assert not second.done()
    changes.announce()
    await second


def test_a_change_without_anybody_waiting_needs_no_event_loop() -> None:
    Changes(Waker()).announce()
