"""Whether something that was closed has left threads running."""

import threading
from collections.abc import Set

Threads = Set[threading.Thread]


def threads_left(before: Threads, seconds: float = 5) -> Threads:
    """The threads that run now, did not run before and do not end within so many seconds.

    The threads of asyncio's default executor belong to the loop and do not count.
    """
    new = {t for t in threading.enumerate() if t not in before and not t.name.startswith("asyncio_")}
    for thread in new:
        thread.join(seconds)
    return {thread for thread in new if thread.is_alive()}
