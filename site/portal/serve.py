"""What `weiketang serve`, `web` and `media` run until they are told to stop."""

from core.errors import DomainError
from core.settings import Settings


async def serve(settings: Settings, parts: set[str]) -> None:
    """Run the parts (`web`, `media`, `worker`) in this process, the worker in a child of it."""
    raise DomainError(f"这个版本还不能启动：{'、'.join(sorted(parts))}。")
