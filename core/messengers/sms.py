"""Text messages. A bureau's gateway is a Messenger of its own; for development they are written to the console."""

import re
from datetime import datetime
from typing import TextIO

from core.messengers.message import Message, NotDelivered

MOBILE = re.compile(r"1[3-9]\d{9}")
"""A mobile number of mainland China."""


class ConsoleSms:
    """Writes what would be sent to a stream, never to the log: a one-time link may stand in it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    async def send(self, message: Message, *, now: datetime) -> None:
        if not MOBILE.fullmatch(message.to):
            raise NotDelivered("收件人的手机号写得不对，请改正")
        self._stream.write(f"短信（只显示，没有发出） {message.to}：{message.text}\n")
        self._stream.flush()
