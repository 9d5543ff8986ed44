"""`python -m bench.markdown FILE …`: the tables of docs/performance.md from files of `scripts/bench --json`.

Several files are joined, a later one replacing figures of an earlier one (a soak is often run apart).
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.figure import Row
from bench.figures import FIGURES
from bench.report import goal, shown

VERDICTS = {True: "reached", False: "**missed**", None: ""}
HEAD = "| side | what | measured | to reach | |\n|---|---|---|---|---|"


def merged(reports: Iterable[dict[str, Any]]) -> dict[str, list[Row]]:
    """Rows by figure, in the order of FIGURES."""
    rows: dict[str, list[Row]] = {}
    for report in reports:
        for name, entries in report["figures"].items():
            rows[name] = [Row(**{key: entry[key] for key in entry if key != "met"}) for entry in entries]
    return {name: rows[name] for name in FIGURES if name in rows}


def table(rows: list[Row]) -> str:
    """One figure's rows as a Markdown table."""
    lines = [HEAD]
    for row in rows:
        cells = (row.subject, row.what, shown(row.value, row.unit), goal(row), VERDICTS[row.met])
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def page(reports: list[dict[str, Any]]) -> str:
    """All tables, each under its figure's title."""
    sections = [f"### {FIGURES[name].title}\n\n{table(rows)}" for name, rows in merged(reports).items()]
    return "\n\n".join(sections) + "\n"


def main() -> None:
    sys.stdout.write(page([json.loads(Path(name).read_text()) for name in sys.argv[1:]]))


if __name__ == "__main__":
    main()
