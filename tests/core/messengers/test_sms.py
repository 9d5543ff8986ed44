import io
import logging
import socket
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.logs import configure_logs
from core.messengers import Message, NotDelivered
from core.messengers.sms import ConsoleSms, Gateway, HttpSms, cut, filled, success_of, template_of
from tests.support.webhook import webhook_server

MESSAGE = Message("题", "请在3月5日前报送。", "13800000000")
TEMPLATE = {"phone": "{mobile}", "sign": "黔南司法", "params": ["{text}"], "type": 1}
KEY = "Bearer keep-me-quiet"
NOW = datetime(2027, 3, 1, 1, 0, tzinfo=UTC)


async def test_a_text_message_is_written_to_the_console_and_says_that_it_was_not_sent() -> None:
    console = io.StringIO()
    await ConsoleSms(console).send(Message("题", "请报送。", "13800000000"), now=NOW)
    assert console.getvalue() == "短信（只显示，没有发出） 13800000000：请报送。\n"


@pytest.mark.parametrize("phone", ["", "1380000000", "0854-8220000", "23800000000", "13800000000\n"])
async def test_what_is_no_mobile_number_is_refused(phone: str) -> None:
    with pytest.raises(NotDelivered, match="手机号写得不对"):
        await ConsoleSms(io.StringIO()).send(Message("题", "文", phone), now=NOW)


def gateway(url: str, **more: object) -> Gateway:
    given = {"body": TEMPLATE, "header": None, "success": None, "longest": 500, **more}
    return Gateway(url, **given)  # type: ignore[arg-type]


async def test_a_gateway_gets_its_own_fields_with_number_and_text_and_the_secret_in_its_header() -> None:
    async with webhook_server("/sms/send") as server:
        way = gateway(server.url, header=("X-Api-Key", "keep-me-quiet"))
        await HttpSms(way, timeout_seconds=5).send(MESSAGE, now=NOW)
    assert server.targets == ["/sms/send"]
    assert server.headers[0]["x-api-key"] == "keep-me-quiet"
    assert server.headers[0]["content-type"] == "application/json"
    assert server.bodies == [
        {"phone": "13800000000", "sign": "黔南司法", "params": ["请在3月5日前报送。"], "type": 1}
    ]


async def test_a_long_text_arrives_cut() -> None:
    async with webhook_server() as server:
        long = Message("题", "字" * 600, "13800000000")
        await HttpSms(gateway(server.url, longest=70), timeout_seconds=5).send(long, now=NOW)
    text = server.bodies[0]["params"][0]
    assert (len(text), text[-3:]) == (70, "字……")


@pytest.mark.parametrize("phone", ["", "0854-8220000", "13800000000\n", "13800000000,13900000000"])
async def test_a_wrong_number_never_reaches_the_gateway(phone: str) -> None:
    async with webhook_server() as server:
        with pytest.raises(NotDelivered, match="手机号写得不对"):
            await HttpSms(gateway(server.url), timeout_seconds=5).send(Message("题", "文", phone), now=NOW)
    assert server.bodies == []


@pytest.mark.parametrize(
    ("success", "status", "answer", "reason"),
    [
        ("code=0", 200, b'{"code": 0}', None),
        ("code=0", 200, b'{"code": "0"}', None),
        ("data.status=OK", 200, b'{"data": {"status": "OK"}}', None),
        ("ok=true", 202, b'{"ok": true}', None),
        ("", 204, b"", None),
        ("", 200, b"<html>", None),
        ("code=0", 200, b'{"code": 7}', "code 是 7，不是 0"),
        ("code=OK", 200, b'{"code": "isv.LIMIT"}', "code 是 isv.LIMIT，不是 OK"),
        ("code=OK", 200, b'{"code": "13800000000 refused"}', "（code 不是 OK）"),
        ("code=OK", 200, b'{"code": 13800000000}', "（code 不是 OK）"),
        ("code=OK", 200, b'{"code": {"a": 1}}', "（code 不是 OK）"),
        ("ok=true", 200, b'{"ok": false}', "ok 是 false，不是 true"),
        ("code=0", 200, b'{"errno": 0}', "没有 code"),
        ("code.a=0", 200, b'{"code": 0}', "没有 code.a"),
        ("code=0", 200, b"<html>", "没有 code"),
        ("code=0", 200, b"[]", "没有 code"),
        ("code=0", 200, b"[" * 60_000, "没有 code"),
        ("code=0", 500, b'{"code": 0}', "HTTP 500"),
        ("", 302, b"", "HTTP 302"),
    ],
)
async def test_only_what_the_settings_call_a_yes_is_delivered(
    success: str, status: int, answer: bytes, reason: str | None
) -> None:
    async with webhook_server() as server:
        server.status, server.answer = status, answer
        way = HttpSms(gateway(server.url, success=success_of(success)), timeout_seconds=5)
        if reason is None:
            await way.send(MESSAGE, now=NOW)
        else:
            with pytest.raises(NotDelivered) as refused:
                await way.send(MESSAGE, now=NOW)
            assert reason in refused.value.message
            assert "13800000000" not in refused.value.message


async def test_a_gateway_that_never_answers_is_given_up_in_time() -> None:
    async with webhook_server() as server:
        server.silent = True
        with pytest.raises(NotDelivered, match=r"短信网关 0.2 秒没有回应"):
            await HttpSms(gateway(server.url), timeout_seconds=0.2).send(MESSAGE, now=NOW)


async def test_neither_secret_nor_number_nor_text_enters_the_log_or_the_reason(
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    try:
        configure_logs("console", "debug")
        async with webhook_server("/send?key=keep-me-quiet") as server:
            way = HttpSms(gateway(server.url, header=("Authorization", KEY)), timeout_seconds=5)
            await way.send(MESSAGE, now=NOW)
            server.status = 500
            with pytest.raises(NotDelivered) as refused:
                await way.send(MESSAGE, now=NOW)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))  # bound and not listening: nobody answers there
            url = f"http://127.0.0.1:{taken.getsockname()[1]}/?key=keep-me-quiet"
            with pytest.raises(NotDelivered, match="连不上短信网关") as unreachable:
                await HttpSms(gateway(url), timeout_seconds=5).send(MESSAGE, now=NOW)
    finally:
        root.handlers[:], root.level = before
    said = capsys.readouterr().err + refused.value.message + unreachable.value.message
    for quiet in ("keep-me-quiet", "13800000000", "请在3月5日"):
        assert quiet not in said


@given(st.text())
def test_whatever_a_text_holds_the_object_keeps_its_shape(text: str) -> None:
    sent = filled(TEMPLATE, mobile="13800000000", text=text)
    assert sent == {**TEMPLATE, "phone": "13800000000", "params": [text]}


def test_a_mark_inside_the_text_is_left_as_it_is() -> None:
    assert filled({"m": "{mobile}:{text}"}, mobile="138", text="{mobile}{text}") == {
        "m": "138:{mobile}{text}"
    }


@given(st.text(max_size=100), st.integers(min_value=20, max_value=50))
def test_a_cut_text_is_as_long_as_it_may_be(text: str, longest: int) -> None:
    assert len(cut(text, longest)) == min(len(text), longest)


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"a": "{mobile}"}', '{"a": "{text}"}', '{"{mobile}": "{text}"}', '"{text}"', "1"],
)
def test_a_template_without_both_marks_in_its_values_is_none(text: str) -> None:
    with pytest.raises(ValueError):
        template_of(text)


@pytest.mark.parametrize("text", ["code", "=0", "code=", "a..b=1", ".a=1", " = "])
def test_a_success_is_a_path_and_a_value(text: str) -> None:
    with pytest.raises(ValueError):
        success_of(text)
    assert success_of("data.code = 0") == (("data", "code"), "0")
    assert success_of("") is None
