"""`weiketang report`: the figures as JSON, CSV and a workbook."""

import io
import subprocess

import openpyxl
import pytest

from tests.support.command_line import COMMAND, CommandLine, command

__all__ = ["command"]

PERIOD = ("--from", "2026-11-01", "--to", "2026-11-30")


def test_the_report_is_given_as_csv_with_its_heading(command: CommandLine) -> None:
    assert command("seed").code == 0
    done = command("report", *PERIOD, "--format", "csv")
    assert done.code == 0
    assert done.out.startswith("\N{ZERO WIDTH NO-BREAK SPACE}期次,题目,主讲单位")


def test_the_report_is_given_as_a_workbook_with_the_definition(command: CommandLine) -> None:
    assert command("seed").code == 0
    done = subprocess.run(
        [*COMMAND, "report", *PERIOD, "--format", "xlsx", "--data-dir", str(command.data_dir)],
        capture_output=True,
        check=True,
    )
    book = openpyxl.load_workbook(io.BytesIO(done.stdout))
    assert book.sheetnames == ["总览", "按收看单位", "按期次", "期次和收看单位", "口径说明"]
    assert book["按收看单位"].max_row == 1 + 40 + 2


@pytest.mark.parametrize(
    "period", [("--from", "2026-11-02", "--to", "2026-11-01"), ("--from", "x", "--to", "y")]
)
def test_a_period_that_is_none_is_told_so_in_one_line(command: CommandLine, period: tuple[str, ...]) -> None:
    done = command("report", *period, "--format", "csv")
    assert done.code != 0
    assert done.err.strip()
