"""Somebody of the bureau in a real browser."""

import secrets

from playwright.async_api import BrowserContext

from tests.support.house import House

PASSWORD = "correct-horse-battery-7"


async def enter_desk(context: BrowserContext, house: House) -> None:
    """Make an administrator of the test's own and log in as them in this context."""
    username = f"admin-{secrets.token_hex(4)}"
    command = ("user", "create", username, "--role", "administrator", "--password-stdin")
    await house.command(*command, stdin=f"{PASSWORD}\n")
    await log_in(context, house, username)


async def log_in(context: BrowserContext, house: House, username: str) -> None:
    """As a person does it, with PASSWORD."""
    page = await context.new_page()
    await page.goto(f"{house.url}/login")
    await page.fill("[name=username]", username)
    await page.fill("[name=password]", PASSWORD)
    await page.click("main button[type=submit]")
    await page.wait_for_url("**/desk**")
    await page.close()
