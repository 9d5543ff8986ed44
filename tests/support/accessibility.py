"""axe-core on a page: what it finds against WCAG 2.1 AA, as lines to read."""

from functools import cache
from typing import Any

from playwright.async_api import Page

from tests.support.repository import ROOT

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


@cache
def axe() -> str:
    return (ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


async def violations(page: Page) -> list[str]:
    """One line per offending element: rule, where, why."""
    await page.evaluate(axe())
    result: dict[str, Any] = await page.evaluate(
        "rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] })", RULES
    )
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in result["violations"]
        for node in violation["nodes"]
    ]
