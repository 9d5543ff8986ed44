"""Group robots of 企业微信 (WeCom) and 钉钉 (DingTalk): a text into one work group by an HTTP POST.

WeCom: developer.work.weixin.qq.com/document/path/91770. DingTalk: open.dingtalk.com, 自定义机器人接入 and
安全设置 (the signature). Both answer 200 with `errcode`, 0 when the message is in the group.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from urllib.parse import quote_plus

from core.messengers.message import Message, NotDelivered
from core.messengers.posting import post_json

CUT = "……"


class RobotKind(StrEnum):
    WECOM = "wecom"
    DINGTALK = "dingtalk"


LONGEST_TEXT: Mapping[RobotKind, int] = {RobotKind.WECOM: 2048, RobotKind.DINGTALK: 20_000}
"""UTF-8 bytes of one message; a longer one is refused whole (WeCom) or cut anywhere."""

REASONS: Mapping[int, str] = {
    45009: "发得太快，机器人暂时不收",
    130101: "发得太快，机器人暂时不收",
    93000: "机器人的地址不对，或机器人已被移除",
    300005: "机器人的地址不对，或机器人已被移除",
    310000: "签名、关键词或 IP 不符合机器人的安全设置",
}


def request_body(kind: RobotKind, message: Message) -> dict[str, Any]:
    """The JSON of one message. WeCom and DingTalk happen to agree on the shape of a plain text."""
    content = fitted(f"{message.subject}\n{message.text}", LONGEST_TEXT[kind])
    body: dict[str, Any] = {"msgtype": "text", "text": {"content": content}}
    if kind is RobotKind.DINGTALK:
        body["at"] = {"isAtAll": False}
    return body


def fitted(text: str, most_bytes: int) -> str:
    """The text, cut between two characters when it is longer than so many bytes of UTF-8."""
    encoded = text.encode()
    if len(encoded) <= most_bytes:
        return text
    return encoded[: most_bytes - len(CUT.encode())].decode(errors="ignore") + CUT


def signed(url: str, secret: str, now: datetime) -> str:
    """DingTalk's 加签: base64 of HMAC-SHA256 over "<ms>\\n<secret>", with the secret as the key as well."""
    milliseconds = round(now.timestamp() * 1000)
    digest = hmac.new(secret.encode(), f"{milliseconds}\n{secret}".encode(), hashlib.sha256).digest()
    mark = quote_plus(base64.b64encode(digest))
    return f"{url}{'&' if '?' in url else '?'}timestamp={milliseconds}&sign={mark}"


class GroupRobot:
    """One robot in one group. secret: DingTalk's 加签, empty without."""

    def __init__(self, kind: RobotKind, url: str, *, secret: str = "", timeout_seconds: float) -> None:
        self._kind = kind
        self._url = url
        self._secret = secret
        self._timeout_seconds = timeout_seconds

    async def send(self, message: Message, *, now: datetime) -> None:
        url = signed(self._url, self._secret, now) if self._secret else self._url
        status, answer = await post_json(
            url, request_body(self._kind, message), whom="群机器人", timeout_seconds=self._timeout_seconds
        )
        _check(status, answer)


def _check(status: int, answer: bytes) -> None:
    if status != 200:
        raise NotDelivered(f"群机器人没有收下（HTTP {status}）")
    try:
        said = json.loads(answer)
        code = int(said["errcode"])
    except (ValueError, KeyError, TypeError):
        raise NotDelivered("群机器人的回答看不懂，请核对 Webhook 地址") from None
    if code != 0:
        raise NotDelivered(f"群机器人没有收下（{REASONS.get(code, '错误代码')} {code}）")
