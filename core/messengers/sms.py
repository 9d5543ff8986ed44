"""Text messages: by a gateway that takes a JSON object, or, for development, written to the console.

Gateways differ in the names of their fields, in where the secret goes and in how they say yes: each is a setting.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TextIO

from core.messengers.message import Message, NotDelivered
from core.messengers.posting import post_json

MOBILE = re.compile(r"1[3-9]\d{9}")
"""A mobile number of mainland China."""
MOBILE_MARK, TEXT_MARK = "{mobile}", "{text}"
SAYABLE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,39}|-?\d{1,6}")
"""What of an answer may be stored and shown: a code, never a sentence, and nothing as long as a phone number."""
CUT = "……"


class ConsoleSms:
    """Writes what would be sent to a stream, never to the log: a one-time link may stand in it."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    async def send(self, message: Message, *, now: datetime) -> None:
        _check_mobile(message.to)
        self._stream.write(f"短信（只显示，没有发出） {message.to}：{message.text}\n")
        self._stream.flush()


@dataclass(frozen=True, slots=True)
class Gateway:
    """body: the JSON value as it is sent, with MOBILE_MARK and TEXT_MARK in its texts. header: name and value, empty
    without. success: where in the answer stands what, from `success_of`; None: any answer with status 2xx is a yes.
    longest: characters of one message.
    """

    url: str
    body: Any
    header: tuple[str, str] | None
    success: tuple[tuple[str, ...], str] | None
    longest: int


class HttpSms:
    def __init__(self, gateway: Gateway, *, timeout_seconds: float) -> None:
        self._gateway = gateway
        self._timeout_seconds = timeout_seconds

    async def send(self, message: Message, *, now: datetime) -> None:
        _check_mobile(message.to)
        gateway = self._gateway
        status, answer = await post_json(
            gateway.url,
            filled(gateway.body, mobile=message.to, text=cut(message.text, gateway.longest)),
            whom="短信网关",
            timeout_seconds=self._timeout_seconds,
            headers=dict([gateway.header]) if gateway.header else None,
        )
        _check_answer(status, answer, gateway.success)


def template_of(text: str) -> Any:
    """The body as it is written in the settings. Raises ValueError when it is no JSON or lacks a mark."""
    value = json.loads(text)
    texts: list[str] = []

    def collect(part: str) -> str:
        texts.append(part)
        return part

    _walk(value, collect)
    if not all(any(mark in each for each in texts) for mark in (MOBILE_MARK, TEXT_MARK)):
        raise ValueError("a mark is missing")
    return value


def success_of(text: str) -> tuple[tuple[str, ...], str] | None:
    """`data.code=0` → (("data", "code"), "0"); None for nothing. Raises ValueError for what is not of that form."""
    if not text:
        return None
    path, equals, wanted = text.partition("=")
    names = tuple(part.strip() for part in path.split("."))
    if not equals or not all(names) or not wanted.strip():
        raise ValueError("not of the form path=value")
    return names, wanted.strip()


def filled(template: Any, *, mobile: str, text: str) -> Any:
    """The template with its marks replaced, in values only: whatever the text holds, the object keeps its shape."""

    def put(part: str) -> str:
        # One pass: a mark that the text itself holds is left as it is.
        return re.sub(r"\{(mobile|text)\}", lambda mark: mobile if mark[1] == "mobile" else text, part)

    return _walk(template, put)


def cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - len(CUT)] + CUT


def _walk(value: Any, change: Callable[[str], str]) -> Any:
    match value:
        case str():
            return change(value)
        case list():
            return [_walk(each, change) for each in value]
        case dict():
            return {name: _walk(each, change) for name, each in value.items()}
    return value


def _check_mobile(mobile: str) -> None:
    if not MOBILE.fullmatch(mobile):
        raise NotDelivered("收件人的手机号写得不对，请改正")


def _check_answer(status: int, answer: bytes, success: tuple[tuple[str, ...], str] | None) -> None:
    if not 200 <= status < 300:
        raise NotDelivered(f"短信网关没有收下（HTTP {status}）")
    if success is None:
        return
    names, wanted = success
    path = ".".join(names)
    try:
        found: Any = json.loads(answer)
        for name in names:
            found = found[name]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NotDelivered(f"短信网关的回答里没有 {path}，请核对 WEIKETANG_SMS_SUCCESS") from None
    said = found if isinstance(found, str) else json.dumps(found)
    if said != wanted:
        shown = f"是 {said}，" if SAYABLE.fullmatch(said) else ""
        raise NotDelivered(f"短信网关没有收下（{path} {shown}不是 {wanted}）")
