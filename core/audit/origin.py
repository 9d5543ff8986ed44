"""Where a request came from, for the entries that are written while it is answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_origin: ContextVar[str] = ContextVar("audit_origin", default="")


def current_origin() -> str:
    """The asking address; empty outside a request."""
    return _origin.get()


@contextmanager
def asked_from(address: str) -> Iterator[None]:
    """Entries written inside carry this address."""
    token = _origin.set(address[:64])
    try:
        yield
    finally:
        _origin.reset(token)
