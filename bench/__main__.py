"""`scripts/bench [FIGURE …]`: measure, print a table, write JSON."""

import argparse
import asyncio
import json
import logging
import signal
import sys
from pathlib import Path

from rich.console import Console
from rich.logging import RichHandler

from bench.figure import Bench
from bench.figures import FIGURES
from bench.machine import describe
from bench.report import Report, show

STOPPED = 130
EXAMPLE = """examples:
  scripts/bench                          every figure (about an hour and a half, an hour of it the soak)
  scripts/bench --quick                  every figure, short: is anything broken?
  scripts/bench latency cpu --json out.json
"""


def arguments() -> argparse.Namespace:
    names = "\n".join(f"  {figure.name:<14} {figure.title}" for figure in FIGURES.values())
    parser = argparse.ArgumentParser(
        prog="scripts/bench",
        description="Measure the server beside its peers on this machine.\n\nfigures:\n" + names,
        epilog=EXAMPLE,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help="which ones; all without any")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter runs, to see that all works")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write everything measured to FILE")
    parser.add_argument("--soak-minutes", type=float, default=60.0, metavar="N", help="length of the soak")
    sides = parser.add_mutually_exclusive_group()
    sides.add_argument("--peers-only", action="store_true", help="measure only the peers")
    sides.add_argument("--no-peers", action="store_true", help="measure only our server")
    asked = parser.parse_args()
    if unknown := [name for name in asked.figures if not chosen([name])]:
        parser.error(f"no figure named {', '.join(unknown)}; there are: {', '.join(FIGURES)}")
    return asked


def chosen(names: list[str]) -> list[str]:
    """The figures meant, in their order: a name also means its variants (latency: latency-page and so on)."""
    return [
        figure for figure in FIGURES if any(figure == name or figure.startswith(f"{name}-") for name in names)
    ]


async def measure(bench: Bench, names: list[str]) -> Report:
    """Run the figures one after another; one that cannot be measured does not stop the others."""
    report = Report(await describe(), bench.quick)
    for name in names:
        logging.getLogger("bench").info("%s: %s", name, FIGURES[name].title)
        try:
            async for row in FIGURES[name].run(bench):
                report.rows.setdefault(name, []).append(row)
        except Exception as error:
            logging.getLogger("bench").debug("%s failed", name, exc_info=True)
            report.failures[name] = f"{type(error).__name__}: {error}"
    return report


async def stoppable(bench: Bench, names: list[str]) -> Report:
    """A polite request to stop ends what was started, as Ctrl-C does."""
    task = asyncio.current_task()
    assert task is not None
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    return await measure(bench, names)


def wide(*, stderr: bool) -> Console:
    """A console that does not break lines in a file as if it were a narrow terminal."""
    console = Console(stderr=stderr)
    return console if console.is_terminal else Console(stderr=stderr, width=140)


def main() -> int:
    asked = arguments()
    logging.basicConfig(
        level=logging.WARNING,
        format="%(message)s",
        handlers=[RichHandler(console=wide(stderr=True), show_path=False, show_level=False)],
    )
    logging.getLogger("bench").setLevel(logging.INFO)
    bench = Bench(
        quick=asked.quick,
        ours=not asked.peers_only,
        peers=not asked.no_peers,
        soak_minutes=asked.soak_minutes,
    )
    try:
        report = asyncio.run(stoppable(bench, chosen(asked.figures) or list(FIGURES)))
    except (KeyboardInterrupt, asyncio.CancelledError):
        return STOPPED
    show(report, FIGURES, wide(stderr=False))
    if asked.json:
        asked.json.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=2) + "\n")
    return 0 if report.clean else 1


if __name__ == "__main__":
    sys.exit(main())
