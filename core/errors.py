"""The tree of errors a person may be told about; the docstring of a class is its default message."""

import inspect
from collections.abc import Mapping


class DomainError(Exception):
    """操作没有完成，请稍后再试。"""

    def __init__(self, message: str | None = None) -> None:
        self.message = message or inspect.getdoc(type(self)) or ""
        super().__init__(self.message)


class NotFound(DomainError):
    """没有找到所要的内容，请核对地址或编号。"""


class Forbidden(DomainError):
    """您没有做这件事的权限。"""


class Conflict(DomainError):
    """情况已经变化，请刷新后再试。"""


class Invalid(DomainError):
    """填写的内容有误，请改正后再提交。"""

    def __init__(self, fields: Mapping[str, str], message: str | None = None) -> None:
        """fields: name of each wrong field → what is wrong with it, in the words shown beside it."""
        self.fields = dict(fields)
        super().__init__(message or "".join(self.fields.values()) or None)
