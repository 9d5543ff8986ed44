"""A real HTTP server on a port of its own that plays a robot or a gateway, and remembers what it was sent."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.support.loopback import loopback


@dataclass
class Webhook:
    """answer: the body of each answer. silent: take the request and never answer."""

    url: str = ""
    status: int = 200
    answer: bytes = b'{"errcode":0,"errmsg":"ok"}'
    silent: bool = False
    targets: list[str] = field(default_factory=list)
    bodies: list[Any] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        lines = head.split("\r\n")
        lengths = [line for line in lines if line.lower().startswith("content-length:")]
        body = await reader.readexactly(int(lengths[0].partition(":")[2]))
        self.targets.append(lines[0].split(" ")[1])
        self.bodies.append(json.loads(body))
        fields = (line.partition(":") for line in lines[1:] if line)
        self.headers.append({name.lower(): value.strip() for name, _, value in fields})
        if self.silent:
            await reader.read()  # until the client gives up
            return
        writer.write(f"HTTP/1.1 {self.status} X\r\ncontent-length: {len(self.answer)}\r\n".encode())
        writer.write(b"connection: close\r\n\r\n" + self.answer)
        await writer.drain()


@asynccontextmanager
async def webhook_server(path: str = "/robot/send?access_token=keep-me-quiet") -> AsyncIterator[Webhook]:
    webhook = Webhook()
    async with loopback(webhook.serve) as address:
        webhook.url = address + path
        yield webhook
