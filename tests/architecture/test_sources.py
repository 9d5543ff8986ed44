"""Rules that no tool holds: sizes, what may not be imported, and what may not stand in any file."""

import ast
import re

import pytest

from tests.support.repository import AREAS, ROOT, texts, tracked

LONGEST_FILE = 400  # lines
GENERATED = {"package-lock.json", "uv.lock", "docs/settings.md"}
CODE = (".py", ".js", ".mjs", ".css", ".html", ".sh", ".conf")


def test_no_source_file_is_longer_than_four_hundred_lines() -> None:
    """Migrations are what Tortoise makes of the models, in one piece."""
    written = [(path, text.count("\n")) for path, text in texts(*CODE) if "/migrations/" not in path]
    long = {path: lines for path, lines in written if lines >= LONGEST_FILE}
    assert long == {}


def imported_names(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Attribute):
            names.add(node.attr)
    return names


def test_no_middleware_costs_a_task_for_every_request() -> None:
    """One BaseHTTPMiddleware takes 20.8 k requests/s to 4.2 k (docs/architecture.md): all middleware is pure ASGI."""
    word = "BaseHTTP" + "Middleware"
    users = [path for path, text in texts(".py") if word in imported_names(ast.parse(text))]
    assert users == []


def test_no_wait_swallows_a_cancellation() -> None:
    """On Python 3.11 `asyncio.wait_for` does, when what it waits for is there already: use `asyncio.timeout`. A
    watcher of the media process that swallowed one would never end, and the server never stop.
    """
    product = [folder.relative_to(ROOT).as_posix() for folder in AREAS.values()]
    users = [
        path
        for path, text in texts(".py")
        if path.startswith(tuple(product)) and "wait_for" in imported_names(ast.parse(text))
    ]
    assert users == []


def test_media_is_answered_before_any_framework() -> None:
    """Nothing of Starlette but its types may stand on the way of a part or a playlist."""
    for name in ("origin", "answers", "holding"):
        tree = ast.parse((AREAS["streaming"] / f"{name}.py").read_text("utf-8"))
        starlette = {
            node.module
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("starlette")
        }
        assert starlette <= {"starlette.types"}, name


def parts(*pieces: str) -> re.Pattern[str]:
    """A pattern that does not find itself in this file."""
    return re.compile("".join(pieces), re.IGNORECASE)


PACKAGE_HOSTS = parts(
    "(",
    "py",
    r"pi\.org|python",
    r"hosted\.org|registry\.np",
    r"mjs|deb\.deb",
    "ian|",
    "unp",
    "kg|js",
    "delivr)",
)
MACHINE_PATHS = parts(r"(?<![\w.$}/-])/", r"(work|root|Users|home/[a-z]\w*)/")
UNFINISHED = parts(r"\b(TO", "DO|FIX", r"ME|XX", r"X)\b|NotImplemented", "Error")


@pytest.mark.parametrize("pattern", [PACKAGE_HOSTS, MACHINE_PATHS], ids=["package hosts", "machine paths"])
def test_no_file_knows_where_it_was_written(pattern: re.Pattern[str]) -> None:
    found = [(path, match.group()) for path, text in texts() for match in pattern.finditer(text)]
    assert found == []


def test_nothing_is_left_unfinished() -> None:
    found = [path for path, text in texts(*CODE, ".toml", ".yml") if UNFINISHED.search(text)]
    assert found == []


def test_no_package_is_copied_into_the_repository() -> None:
    names = [
        path
        for path in tracked()
        if re.search(r"(^|/)(node_modules|vendor|third_party)/|\.min\.(js|css)$", path)
    ]
    assert names == []


def test_secrets_and_data_stay_out_of_the_repository_and_the_image() -> None:
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {"/var/", "/deploy/secrets/"} <= set(ignored)
    kept_out = (ROOT / ".dockerignore").read_text().splitlines()
    assert {"var", "deploy/secrets", ".git"} <= set(kept_out)
    assert not any(path.startswith(("var/", "deploy/secrets/")) for path in tracked())
