"""Held by looking at the source: nothing in the house changes or deletes an entry."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SOURCES = [
    path
    for folder in ("core", "accounts", "schedules", "streaming", "vod", "site")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]
WRITES = {
    "update",
    "delete",
    "bulk_update",
    "bulk_create",
    "update_or_create",
    "raw",
    "create",
    "get_or_create",
}


def chained_calls(node: ast.AST) -> list[str]:
    """Names of the methods called one upon the other: `A.filter().delete()` → delete, filter, A."""
    names = []
    while True:
        match node:
            case ast.Call(func=inner):
                node = inner
            case ast.Attribute(value=inner, attr=name):
                names.append(name)
                node = inner
            case ast.Name(id=name):
                return [*names, name]
            case _:
                return names


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_code_changes_or_deletes_an_entry(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    if "AuditEntry" not in source and "audit_entry" not in source:
        return
    calls = [chained_calls(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    offending = [names for names in calls if "AuditEntry" in names and WRITES & set(names)]
    assert offending == []
    if path.name != "models.py":
        assert "audit_entry" not in source


def test_only_the_recorder_saves_an_entry() -> None:
    makers = [
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if any(
            isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "AuditEntry"
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        )
    ]
    assert makers == ["core/audit/recording.py"]
