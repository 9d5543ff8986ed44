"""One JSON object to an address of somebody else's, and what they answer: how robots and gateways are spoken to."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx2

from core.messengers.message import NotDelivered

LONGEST_ANSWER = 64 * 1024  # bytes


async def post_json(
    url: str, body: Any, *, whom: str, timeout_seconds: float, headers: Mapping[str, str] | None = None
) -> tuple[int, bytes]:
    """The status and the beginning of the answer; redirects are not followed. whom: as reasons call the other side.

    Raises NotDelivered. The client's own errors name the address with its key: only their kind is handed on.
    """
    # Reading the certificates of this machine takes longer than the loop may be held.
    client = await asyncio.to_thread(httpx2.AsyncClient, timeout=timeout_seconds)
    try:
        async with asyncio.timeout(timeout_seconds), client:
            return await _post(client, url, body, headers)
    except (TimeoutError, httpx2.TimeoutException):
        raise NotDelivered(f"{whom} {timeout_seconds:g} 秒没有回应") from None
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        raise NotDelivered(f"连不上{whom}（{type(error).__name__}）") from None


async def _post(
    client: httpx2.AsyncClient, url: str, body: Any, headers: Mapping[str, str] | None
) -> tuple[int, bytes]:
    answer = bytearray()
    async with client.stream("POST", url, json=body, headers=headers) as response:
        async for piece in response.aiter_bytes():
            answer += piece
            if len(answer) > LONGEST_ANSWER:
                break
    return response.status_code, bytes(answer)
