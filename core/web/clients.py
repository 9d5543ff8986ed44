"""Who asks, for the list of sessions."""

from starlette.requests import Request


def client_of(request: Request) -> str:
    """Address and browser."""
    address = request.client.host if request.client else "?"
    return f"{address} {request.headers.get('user-agent', '')}".strip()
