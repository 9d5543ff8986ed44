import base64
import hashlib
import hmac
import logging
import socket
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.logs import configure_logs
from core.messengers import Message, NotDelivered
from core.messengers.robots import LONGEST_TEXT, GroupRobot, RobotKind, fitted, signed
from tests.support.webhook import webhook_server

NOW = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)
MESSAGE = Message("法治微课堂：报送提醒", "《欠薪怎么办》请于3月5日前报送。")
SECRET = "SEC-keep-me-quiet"


async def test_wecom_is_sent_a_text_in_its_own_shape() -> None:
    async with webhook_server("/cgi-bin/webhook/send?key=k") as webhook:
        await GroupRobot(RobotKind.WECOM, webhook.url, timeout_seconds=5).send(MESSAGE, now=NOW)
    assert webhook.targets == ["/cgi-bin/webhook/send?key=k"]
    content = "法治微课堂：报送提醒\n《欠薪怎么办》请于3月5日前报送。"
    assert webhook.bodies == [{"msgtype": "text", "text": {"content": content}}]


async def test_dingtalk_is_sent_a_signed_text_that_calls_nobody_by_name() -> None:
    async with webhook_server() as webhook:
        robot = GroupRobot(RobotKind.DINGTALK, webhook.url, secret=SECRET, timeout_seconds=5)
        await robot.send(MESSAGE, now=NOW)
    assert webhook.bodies[0]["at"] == {"isAtAll": False}
    query = parse_qs(urlsplit(webhook.targets[0]).query)
    assert query["timestamp"] == ["1803862800000"]
    expected = hmac.digest(SECRET.encode(), f"1803862800000\n{SECRET}".encode(), hashlib.sha256)
    assert query["sign"] == [base64.b64encode(expected).decode()]
    assert query["access_token"] == ["keep-me-quiet"]


def test_a_signature_is_escaped_in_an_address_without_a_query() -> None:
    address = signed("https://robot.example/send", "s", NOW)
    assert address.startswith("https://robot.example/send?timestamp=1803862800000&sign=")
    assert not set(address.partition("sign=")[2]) & set("+/=")


@given(st.text(), st.integers(min_value=10, max_value=200))
def test_a_long_text_is_cut_between_two_characters(text: str, most: int) -> None:
    cut = fitted(text, most)
    assert len(cut.encode()) <= most
    assert cut == text or text.startswith(cut.removesuffix("……"))


async def test_a_text_that_is_too_long_for_wecom_arrives_cut() -> None:
    async with webhook_server() as webhook:
        robot = GroupRobot(RobotKind.WECOM, webhook.url, timeout_seconds=5)
        await robot.send(Message("题", "字" * 2000), now=NOW)
    content = webhook.bodies[0]["text"]["content"]
    assert len(content.encode()) <= LONGEST_TEXT[RobotKind.WECOM]
    assert content.endswith("字……")


@pytest.mark.parametrize(
    ("status", "answer", "reason"),
    [
        (200, b'{"errcode":45009,"errmsg":"freq"}', "发得太快，机器人暂时不收 45009"),
        (200, b'{"errcode":310000,"errmsg":"sign not match"}', "安全设置 310000"),
        (200, b'{"errcode":7}', "错误代码 7"),
        (200, b"<html>", "看不懂"),
        (200, b"[]", "看不懂"),
        (502, b"", "HTTP 502"),
        (302, b"", "HTTP 302"),
    ],
)
async def test_what_the_robot_refuses_is_not_delivered(status: int, answer: bytes, reason: str) -> None:
    async with webhook_server() as webhook:
        webhook.status, webhook.answer = status, answer
        with pytest.raises(NotDelivered, match=reason):
            await GroupRobot(RobotKind.WECOM, webhook.url, timeout_seconds=5).send(MESSAGE, now=NOW)


async def test_a_robot_that_never_answers_is_given_up_in_time() -> None:
    async with webhook_server() as webhook:
        webhook.silent = True
        with pytest.raises(NotDelivered, match=r"0.2 秒没有回应"):
            await GroupRobot(RobotKind.WECOM, webhook.url, timeout_seconds=0.2).send(MESSAGE, now=NOW)
    assert len(webhook.bodies) == 1


async def test_an_answer_without_end_is_read_only_so_far() -> None:
    async with webhook_server() as webhook:
        webhook.answer = b" " * 1_000_000
        with pytest.raises(NotDelivered, match="看不懂"):
            await GroupRobot(RobotKind.WECOM, webhook.url, timeout_seconds=5).send(MESSAGE, now=NOW)


async def test_neither_key_nor_secret_enters_the_log_or_the_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    try:
        configure_logs("console", "debug")
        async with webhook_server() as webhook:
            robot = GroupRobot(RobotKind.DINGTALK, webhook.url, secret=SECRET, timeout_seconds=5)
            await robot.send(MESSAGE, now=NOW)
            webhook.status = 500
            with pytest.raises(NotDelivered) as refused:
                await robot.send(MESSAGE, now=NOW)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody answers there
            url = f"http://127.0.0.1:{taken.getsockname()[1]}/?key=keep-me-quiet"
            with pytest.raises(NotDelivered, match="连不上群机器人") as unreachable:
                await GroupRobot(RobotKind.WECOM, url, timeout_seconds=5).send(MESSAGE, now=NOW)
    finally:
        root.handlers[:], root.level = before
    said = capsys.readouterr().err + refused.value.message + unreachable.value.message
    assert "keep-me-quiet" not in said
    assert "sign=" not in said
