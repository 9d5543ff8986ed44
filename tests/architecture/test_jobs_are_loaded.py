"""A sweep in a module that nobody imports never runs, and no test of the module itself would notice."""

import re
import subprocess
import sys
from pathlib import Path

from core.areas import AREAS

ROOT = Path(__file__).parents[2]
DECLARES = re.compile(r"^@(?:sweep|job|on_start)\b", re.MULTILINE)


def test_every_module_with_background_work_is_loaded_by_a_worker() -> None:
    folders = [ROOT / area for area in AREAS if area != "portal"]
    paths = [path.relative_to(ROOT) for folder in folders for path in folder.rglob("*.py")]
    wanted = {
        ".".join(path.with_suffix("").parts)
        for path in paths
        if DECLARES.search((ROOT / path).read_text(encoding="utf-8"))
    }
    assert "transcripts.search.jobs" in wanted
    program = "import sys; from core.jobs import load_areas; load_areas(); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, cwd=ROOT)
    assert wanted - set(loaded.stdout.decode().split()) == set()
