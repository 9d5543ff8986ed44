"""The RTMP port: who may connect at all, and a graceful end for everybody."""

import asyncio
from collections import Counter

import structlog

from core.clock import Clock
from streaming.rtmp.connection import RtmpConnection
from streaming.rtmp.gate import PublishGate
from streaming.rtmp.limits import RtmpLimits

log = structlog.get_logger()

SHUTDOWN = "NetConnection.Connect.AppShutdown"


class RtmpServer:
    """Listens for encoders; each publication is let in by the gate and ends with one `closed` of its sink."""

    def __init__(self, gate: PublishGate, limits: RtmpLimits, clock: Clock) -> None:
        self._gate = gate
        self._limits = limits
        self._clock = clock
        self._server: asyncio.Server | None = None
        self._connections: set[RtmpConnection] = set()
        self._by_address: Counter[str] = Counter()
        self._is_closing = False

    @property
    def port(self) -> int:
        """The port listened on; the one the system chose when `start` was given 0."""
        if self._server is None:
            raise RuntimeError("the RTMP server has not been started")
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    async def start(self, host: str, port: int) -> None:
        """Raises OSError when the address cannot be listened on."""
        self._server = await asyncio.get_running_loop().create_server(self._connection, host, port)
        log.info("rtmp.listening", host=host, port=self.port)

    async def aclose(self) -> None:
        """Listen no more, tell every encoder, and wait until each sink has been closed."""
        self._is_closing = True
        if self._server is not None:
            self._server.close()
        closing = [
            connection.close(SHUTDOWN, "The server is stopping, connect again")
            for connection in self._connections
        ]
        await asyncio.gather(*closing)

    def _connection(self) -> RtmpConnection:
        return RtmpConnection(self._gate, self._limits, self._clock, admit=self._admit, forget=self._forget)

    def _admit(self, connection: RtmpConnection) -> str | None:
        if self._is_closing:
            return "the server is stopping"
        if len(self._connections) >= self._limits.max_connections:
            return f"{self._limits.max_connections} connections are open already"
        if self._by_address[connection.address] >= self._limits.max_connections_per_address:
            return f"{self._limits.max_connections_per_address} connections from its address are open already"
        self._connections.add(connection)
        self._by_address[connection.address] += 1
        return None

    def _forget(self, connection: RtmpConnection) -> None:
        self._connections.discard(connection)
        self._by_address[connection.address] -= 1
        if not self._by_address[connection.address]:
            del self._by_address[connection.address]
