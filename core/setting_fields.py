"""How a setting is written down: its default, its words, what it takes."""

from typing import Any

from pydantic import Field
from pydantic.config import JsonDict


def setting(default: Any, help: str, takes: str, *, secret: bool = False, **rules: Any) -> Any:
    """A field: what it is for (with its unit), what it takes, and whether its value may be shown.

    A callable default is given the fields before it. A secret also has a `_FILE` variant.
    """
    extra: JsonDict = {"takes": takes, "secret": secret}
    if callable(default):
        return Field(default_factory=default, description=help, json_schema_extra=extra, **rules)
    return Field(default, description=help, json_schema_extra=extra, **rules)


PORT = "端口号，0 到 65535 的整数；0 表示由系统挑一个空闲端口"
WHOLE = "不小于 {} 的整数"


def whole(default: int, help: str, *, least: int = 1, most: int | None = None) -> Any:
    takes = WHOLE.format(least) if most is None else f"{least} 到 {most} 的整数"
    return setting(default, help, takes, ge=least, le=most)
