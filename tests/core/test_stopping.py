import asyncio
import os
import signal
import subprocess
import sys
import textwrap

import pytest

from core.stopping import set_on_signals


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_sets_the_event_and_afterwards_means_what_it_meant(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    stop = asyncio.Event()
    with set_on_signals(stop):
        os.kill(os.getpid(), number)
        await asyncio.wait_for(stop.wait(), 10)
    assert signal.getsignal(number) is before


def test_a_child_stops_when_its_parents_pipe_closes() -> None:
    program = """
        import asyncio
        from core.stopping import set_when_stdin_closes

        async def main() -> None:
            stop = asyncio.Event()
            set_when_stdin_closes(stop)
            print("ready", flush=True)
            await stop.wait()
            print("stopped")

        asyncio.run(main())
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdout is not None
        assert child.stdin is not None
        assert child.stdout.readline() == "ready\n"
        child.stdin.write("a line is no end\n")
        child.stdin.flush()
        child.stdin.close()
        assert child.stdout.read() == "stopped\n"
        assert child.wait(10) == 0
