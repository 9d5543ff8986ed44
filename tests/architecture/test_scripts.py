"""What a person types: every script is runnable, strict, and does not wait for a keyboard."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.repository import ROOT

SCRIPTS = sorted(
    path
    for folder in ("scripts", ".ci", "deploy")
    for path in (ROOT / folder).iterdir()
    if path.is_file() and path.read_bytes().startswith(b"#!")
)


def test_the_scripts_that_others_rely_on_are_there() -> None:
    names = {str(path.relative_to(ROOT)) for path in SCRIPTS}
    assert {
        "scripts/run",
        "scripts/test",
        "scripts/setup",
        "scripts/bench",
        "scripts/lock",
        ".ci/run",
    } <= names


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_is_strict_bash_that_anybody_may_run(path: Path) -> None:
    text = path.read_text("utf-8")
    assert text.startswith("#!/usr/bin/env bash\n")
    assert "\nset -euo pipefail\n" in text
    assert os.access(path, os.X_OK)
    subprocess.run(["bash", "-n", path], check=True)


def test_setup_has_nothing_to_do_when_nothing_changed() -> None:
    before = {path: path.stat().st_mtime_ns for path in (ROOT / ".venv").glob(".*")}
    done = subprocess.run(
        [ROOT / "scripts" / "setup"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True
    )
    assert done.stderr == ""
    assert {path: path.stat().st_mtime_ns for path in (ROOT / ".venv").glob(".*")} == before


def test_setup_says_clearly_that_python_is_too_old(tmp_path: Path) -> None:
    """In a copy, since setup has nothing to do here: the old Python answers every question with no."""
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    shutil.copy(ROOT / "scripts" / "setup", scripts)
    for name in ("uv.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    old = tmp_path / "old-python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && echo Python 3.9.2 && exit 0\nexit 1\n')
    old.chmod(0o755)
    done = subprocess.run(
        [scripts / "setup"],
        env={**os.environ, "PYTHON": str(old)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "需要 Python 3.11" in done.stderr
    assert "3.9.2" in done.stderr
