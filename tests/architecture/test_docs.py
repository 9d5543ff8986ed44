"""What the pages say is so: settings, versions, commands and links."""

import re
import shlex
import subprocess
import tomllib
from pathlib import Path

import pytest
from portal.cli import build_parser

from core.settings import PREFIX, Settings, markdown, variable
from tests.support.repository import ROOT, texts

PAGES = [(path, text) for path, text in texts(".md") if not path.startswith("docs/performance")]
MADE_ON_THE_SPOT = {"deploy/secrets"}  # by deploy/make-secrets
COMMAND = re.compile(r"(?:(?:\.venv/bin/)?weiketang) ((?:[a-z][\w-]*)(?: [a-z][\w-]*| --?[a-z][\w-]*)*)")


def test_the_page_of_settings_is_what_the_code_says() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    assert page == markdown(), "run: .venv/bin/weiketang settings --markdown > docs/settings.md"


def test_every_setting_that_a_page_or_a_deployment_names_exists() -> None:
    names = {variable(name) for name in Settings.model_fields}
    # What docker-compose.yml takes for itself.
    names |= {f"{PREFIX}HTTP_PUBLISHED", f"{PREFIX}RTMP_PUBLISHED"}
    for path, text in texts(".md", ".yml", ".service", "Dockerfile", ".conf"):
        for name in re.findall(rf"{PREFIX}[A-Z_]+[A-Z]", text):
            assert name.removesuffix("_FILE") in names, f"{path}: {name}"


def test_the_newest_change_is_of_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    newest = re.search(r"^## (\S+?)（", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest is not None
    assert newest.group(1) == version


@pytest.mark.parametrize(("path", "text"), PAGES, ids=[path for path, _ in PAGES])
def test_every_link_leads_somewhere(path: str, text: str) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", text):
        if "://" not in target:
            assert (ROOT / path).parent.joinpath(target).exists(), target


@pytest.mark.parametrize(("path", "text"), PAGES, ids=[path for path, _ in PAGES])
def test_every_script_that_is_named_is_there(path: str, text: str) -> None:
    for name in re.findall(r"\b((?:scripts|deploy)/[\w.-]+\w)", text):
        assert (ROOT / name).exists() or name in MADE_ON_THE_SPOT, name


def test_every_command_that_is_named_is_understood() -> None:
    """Its words and options are looked up in the help, which names all of them."""
    named = sorted({match.group(1) for _, text in PAGES for match in COMMAND.finditer(text)})
    assert len(named) > 5
    for line in named:
        words = shlex.split(line)
        group = words[:1] + [word for word in words[1:2] if not word.startswith("-")]
        known = help_of(group) or help_of(group[:1])
        assert known, line
        for option in (word for word in words if word.startswith("--")):
            assert option in known, line


def help_of(words: list[str]) -> str:
    """The help of a command; empty when there is none of that name."""
    try:
        arguments = [*words, "--help"]
        done = subprocess.run(
            [str(ROOT / ".venv" / "bin" / "weiketang"), *arguments],
            capture_output=True,
            text=True,
            check=False,
        )
    except OSError:
        return ""
    return done.stdout if done.returncode == 0 else ""


def test_decisions_are_numbered_without_a_gap() -> None:
    names = sorted(path.name for path in (ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    for name in names:
        title = (ROOT / "docs" / "decisions" / name).read_text("utf-8").splitlines()[0]
        assert title.startswith(f"# {int(name[:4])}. ")


def test_the_first_page_fits_one_screen() -> None:
    assert len((ROOT / "README.md").read_text("utf-8").splitlines()) <= 50


def test_the_picture_of_the_house_names_every_area() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    tree = page[page.index("## The house") : page.index("Imports point down only")]
    layers = page[page.index("Imports point down only") :].splitlines()[2]
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contract = config["tool"]["importlinter"]["contracts"][0]
    assert [layer.strip() for layer in layers.split(">")] == contract["layers"]
    for area in contract["layers"]:
        assert re.search(rf"^\s+{area}/", tree, re.MULTILINE), area


def test_every_file_that_the_architecture_names_exists() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    names = set(re.findall(r"`((?:[\w-]+/)*[\w-]+\.py)`", page))
    assert len(names) > 15
    homes = [ROOT, ROOT / "streaming", ROOT / "site", Path(ROOT / "site" / "portal" / "demo")]
    assert [name for name in names if not any((home / name).is_file() for home in homes)] == []


def test_every_command_has_help_with_an_example() -> None:
    assert "例：" in build_parser().format_help()
