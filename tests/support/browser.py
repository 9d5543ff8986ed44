"""Debian's Chromium in a test. Whatever a page complains about fails the test: console errors, CSP violations."""

import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, WebError, async_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--mute-audio",
]
PATIENCE_MS = 30_000

TELL_OF_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} forbids ${event.blockedURI || "inline"}`));
"""


@dataclass
class Complaints:
    """What the pages of a context said that no page may say."""

    found: list[str] = field(default_factory=list)
    _forgiven: re.Pattern[str] | None = None

    def forgive(self, pattern: str | None) -> None:
        """From now on complaints in which this is found do not count; None: all count again."""
        self._forgiven = None if pattern is None else re.compile(pattern)

    def add(self, complaint: str) -> None:
        if self._forgiven is None or not self._forgiven.search(complaint):
            self.found.append(complaint)


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """Debian's Chromium, headless; it lets nothing play with sound that nobody has asked for, as people's do."""
    program = shutil.which("chromium")
    assert program is not None, "chromium is not installed"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def visitor(browser: Browser, **options: Any) -> AsyncIterator[tuple[BrowserContext, Complaints]]:
    """Somebody with a browser of their own (nothing remembered). Fails at the end if a page has complained."""
    complaints = Complaints()

    def on_console(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.add(f"{message.text} ({message.location.get('url')})")

    def on_error(error: WebError) -> None:
        complaints.add(str(error.error))

    context = await browser.new_context(**{"locale": "zh-CN", **options})
    try:
        context.set_default_timeout(PATIENCE_MS)
        context.on("console", on_console)
        context.on("weberror", on_error)
        await context.add_init_script(TELL_OF_VIOLATIONS)
        yield context, complaints
    finally:
        await context.close()
    assert complaints.found == []
