"""Running `weiketang …` in a test: in this process for what it prints, as a process of its own for how it ends."""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import structlog
from portal.cli import main

COMMAND = [sys.executable, "-W", "error", "-c", "import sys; from portal.cli import main; sys.exit(main())"]


@dataclass(frozen=True, slots=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class CommandLine:
    """`command("unit", "list", "--json")` on one data folder."""

    def __init__(self, data_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.data_dir = data_dir
        self._capsys = capsys

    def __call__(self, *arguments: str) -> Outcome:
        self._capsys.readouterr()
        try:
            code = main([*arguments, "--data-dir", str(self.data_dir)])
        except SystemExit as stopped:
            code = int(stopped.code or 0)
        printed = self._capsys.readouterr()
        return Outcome(code, printed.out, printed.err)

    def process(self, *arguments: str, stdin: int | None = None) -> subprocess.Popen[str]:
        """The same as a process; the caller ends it."""
        return subprocess.Popen(
            [*COMMAND, *arguments, "--data-dir", str(self.data_dir)],
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


@pytest.fixture
def command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[CommandLine]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield CommandLine(tmp_path / "data", capsys)
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
