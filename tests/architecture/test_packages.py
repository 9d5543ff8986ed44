"""`site/` is a source root and no package, and what is installed carries `portal`, however it is installed."""

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.support.repository import AREAS, ROOT, tracked


def test_site_is_no_package_and_pythons_own_module_is_not_shadowed() -> None:
    assert not (ROOT / "site" / "__init__.py").exists()
    code = "import site, sys; print(site.__file__)"
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert Path(found.stdout.strip()) == Path(os.__file__).with_name("site.py")


def test_an_editable_install_carries_every_area(tmp_path: Path) -> None:
    names = sorted(AREAS)
    code = (
        f"import {', '.join(names)}; print(*({', '.join(name + '.__file__' for name in names)},), sep='\\n')"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    found = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert [Path(line).parent for line in found.stdout.split()] == [AREAS[name] for name in names]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in a wheel built from the tree as it stands."""
    out = tmp_path_factory.mktemp("wheel")
    uv = Path(sys.executable).with_name("uv")
    subprocess.run([uv, "build", "--quiet", "--wheel", "--out-dir", out, ROOT], check=True)
    (built,) = out.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def in_wheel(path: str) -> str | None:
    """Where a tracked file is in a wheel; None when it does not belong there."""
    area, _, rest = path.removeprefix("site/").partition("/")
    return f"{area}/{rest}" if area in AREAS and rest else None


def test_a_wheel_carries_every_tracked_file_of_every_area(wheel: set[str]) -> None:
    expected = {name for path in tracked() if (name := in_wheel(path)) and (ROOT / path).exists()}
    assert len(expected) > 100
    assert expected - wheel == set()


def test_a_wheel_carries_the_front_end_files_that_setup_has_laid_there(wheel: set[str]) -> None:
    for name in ("hls.mjs", "hls.worker.js", "media-chrome.js"):
        assert f"portal/static/vendor/{name}" in wheel


def test_a_wheel_carries_nothing_else(wheel: set[str]) -> None:
    tops = {name.partition("/")[0] for name in wheel}
    assert {top for top in tops if not top.endswith(".dist-info")} == set(AREAS)


def test_the_packages_named_for_the_wheel_are_the_areas_there_are() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    named = config["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert sorted(Path(path).name for path in named) == sorted(AREAS)
    assert sorted(config["tool"]["importlinter"]["root_packages"]) == sorted(AREAS)
    assert set(AREAS) <= set(config["tool"]["mypy"]["packages"])


WEB = {"pages", "api", "bearer"}
"""Modules of accounts and schedules that answer requests; migrations and templates are no part of this."""


@pytest.mark.parametrize("area", ["accounts", "schedules"])
def test_every_module_that_answers_no_request_is_kept_from_the_web_framework(area: str) -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = config["tool"]["importlinter"]["contracts"]
    (kept,) = (each["source_modules"] for each in contracts if each["type"] == "forbidden")
    there = {
        f"{area}.{path.stem}"
        for path in AREAS[area].iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    asked = there - {f"{area}.{name}" for name in (*WEB, "__init__", "migrations")}
    assert {name for name in kept if name.startswith(f"{area}.")} == asked
