"""The tests mirror the tree, are named as sentences, and none is passed over."""

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from tests.support.repository import AREAS, ROOT, texts, tracked

OWN_ROOMS = {"architecture", "e2e", "support"}  # what mirrors no folder of the tree
MAY_SKIP = PurePosixPath("tests/support/speech.py")
"""Recorded speech is data that not every machine may have; SPEECH_TEST_DATA names it. Nothing else is skipped."""


def code_of_tests() -> Iterator[tuple[PurePosixPath, ast.Module]]:
    """With what supports them."""
    for path, text in texts(".py"):
        if path.startswith("tests/"):
            yield PurePosixPath(path), ast.parse(text)


def files_of_tests() -> Iterator[tuple[PurePosixPath, ast.Module]]:
    return ((path, tree) for path, tree in code_of_tests() if path.name.startswith("test_"))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield node


def test_every_folder_of_tests_mirrors_a_folder_of_the_tree() -> None:
    for path, _ in files_of_tests():
        inner = path.parent.relative_to("tests")
        if inner.parts and inner.parts[0] not in OWN_ROOMS:
            assert any((root / inner).is_dir() for root in (ROOT, ROOT / "site")), path


def test_every_area_has_tests() -> None:
    tested = {path.parts[1] for path, _ in files_of_tests()}
    with_code = {name for name, folder in AREAS.items() if len(list(folder.rglob("*.py"))) > 1}
    assert with_code - tested == set()


def test_every_test_is_named_as_a_sentence() -> None:
    short = [
        f"{path}: {function.name}"
        for path, tree in files_of_tests()
        for function in functions(tree)
        if len(function.name.split("_")) < 3
    ]
    assert short == []


def test_no_test_is_passed_over() -> None:
    passed_over = re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail|importorskip)")
    found = [
        f"{path}:{node.lineno}"
        for path, tree in code_of_tests()
        if path != MAY_SKIP
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and passed_over.fullmatch(ast.unparse(node))
    ]
    assert found == []


def test_folders_of_tests_are_no_packages() -> None:
    assert [path for path in tracked() if path.startswith("tests/") and path.endswith("__init__.py")] == []
