"""The table for a person and the JSON for a machine."""

from dataclasses import asdict, dataclass, field

from rich.console import Console
from rich.table import Table

from bench.figure import Detail, Figure, Row

VERDICT = {True: "[green]reached[/]", False: "[red]missed[/]", None: ""}


@dataclass(slots=True)
class Report:
    """Rows by figure, and the figures that could not be measured with their reasons."""

    machine: dict[str, Detail]
    quick: bool
    rows: dict[str, list[Row]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Everything asked for was measured and every target reached."""
        return not self.failures and all(row.met is not False for rows in self.rows.values() for row in rows)

    def as_json(self) -> dict[str, object]:
        return {
            "machine": self.machine,
            "quick": self.quick,
            "figures": {
                name: [{**asdict(row), "met": row.met} for row in rows] for name, rows in self.rows.items()
            },
            "not_measured": self.failures,
        }


def shown(value: float, unit: str) -> str:
    digits = 0 if abs(value) >= 100 or value == int(value) else 2
    return f"{value:.{digits}f} {unit}".strip()


def goal(row: Row) -> str:
    if row.target is None:
        return ""
    return f"{'≤' if row.better == 'lower' else '≥'} {shown(row.target, row.unit)}"


def show(report: Report, figures: dict[str, Figure], console: Console) -> None:
    """Print one table over all figures."""
    table = Table(
        "figure", "side", "what", "measured", "to reach", "", title="quick run" if report.quick else None
    )
    table.columns[3].justify = table.columns[4].justify = "right"
    for name, rows in report.rows.items():
        table.add_section()
        for row in rows:
            table.add_row(
                name, row.subject, row.what, shown(row.value, row.unit), goal(row), VERDICT[row.met]
            )
    console.print(table)
    loads = report.machine.get("load_at_start")
    console.print(
        f"{report.machine.get('processor')}, {report.machine.get('cores')} cores, load at the start {loads}"
    )
    for name, reason in report.failures.items():
        console.print(f"[red]not measured[/] {name} ({figures[name].title}): {reason}", highlight=False)
