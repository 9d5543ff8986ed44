"""The plain RTMP handshake (Adobe RTMP 1.0 §5.2), server side.

The digest handshake belongs to Flash players and RTMPE; every encoder of today also takes the plain one.
"""

import os

from streaming.rtmp.errors import ProtocolError

VERSION = 3
PACKET = 1536

_TLS_HANDSHAKE = 0x16
_HTTP_METHODS = (
    b"GET ",
    b"POST ",
    b"HEAD ",
    b"PUT ",
    b"DELETE ",
    b"OPTIONS ",
    b"CONNECT ",
    b"PATCH ",
    b"PRI ",
)


class NotRtmp(ProtocolError):
    """The first bytes are another protocol's. is_http: an answer in HTTP would be understood."""

    def __init__(self, reason: str, *, is_http: bool = False) -> None:
        super().__init__(reason)
        self.is_http = is_http


class Handshake:
    """Feed it bytes until `is_done`; then `rest` is what follows the handshake.

    C2 is waited for but not compared: several encoders send something else than the echo.
    """

    def __init__(self) -> None:
        self.is_done = False
        self.rest = b""
        self._received = b""
        self._answered = False

    def feed(self, data: bytes) -> bytes:
        """The bytes to answer with. Raises NotRtmp."""
        self._received += data
        _check_version(self._received)
        answer = b""
        if not self._answered and len(self._received) > PACKET:
            self._answered = True
            answer = _answer_to(self._received[1 : 1 + PACKET])
        if len(self._received) >= 1 + 2 * PACKET:
            self.is_done = True
            self.rest = self._received[1 + 2 * PACKET :]
            self._received = b""
        return answer


def _answer_to(c1: bytes) -> bytes:
    """S0, S1 (time 0, four zero bytes: the plain handshake) and S2, the echo."""
    return bytes((VERSION,)) + bytes(8) + os.urandom(PACKET - 8) + c1


def _check_version(received: bytes) -> None:
    if not received or received[0] == VERSION:
        return
    if any(method.startswith(received[: len(method)]) for method in _HTTP_METHODS):
        raise NotRtmp("an HTTP request on the RTMP port", is_http=True)
    if received[0] == _TLS_HANDSHAKE:
        raise NotRtmp("a TLS connection (rtmps:// or https://) on the RTMP port, which speaks plain rtmp://")
    if received[0] == 6:
        raise NotRtmp("an encrypted RTMPE connection, which is not served")
    raise NotRtmp(f"no RTMP: the first byte is 0x{received[0]:02x}, not the version 0x03")
