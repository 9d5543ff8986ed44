import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from core.logs import LogFormat, bind, configure_logs, get_logger


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


Capture = pytest.CaptureFixture[str]


def test_json_lines_carry_the_action_key_the_bound_ids_and_chinese_as_it_is(capsys: Capture) -> None:
    configure_logs("json")
    with bind(broadcast="2026-11-2"):
        get_logger("streaming.gate").warning("rtmp.publish_refused", reason="推流码不对")
    text = capsys.readouterr().err
    line = json.loads(text)
    assert line["event"] == "rtmp.publish_refused"
    assert line["broadcast"] == "2026-11-2"
    assert line["level"] == "warning"
    assert line["logger"] == "streaming.gate"
    assert "推流码不对" in text


@pytest.mark.parametrize(("level", "lines"), [("info", 1), ("debug", 2)])
def test_huey_tells_its_troubles_and_only_when_asked_the_rest(
    capsys: Capture, level: str, lines: int
) -> None:
    configure_logs("json", level)
    logging.getLogger("huey.consumer").info("Executing …")
    logging.getLogger("huey").error("Unhandled exception")
    assert len(capsys.readouterr().err.splitlines()) == lines


def test_ids_are_bound_inside_only(capsys: Capture) -> None:
    configure_logs("json")
    with bind(broadcast="2026-11-2"):
        pass
    get_logger("x").info("a.b")
    assert "broadcast" not in json.loads(capsys.readouterr().err)


def test_the_standard_librarys_lines_have_the_same_form(capsys: Capture) -> None:
    configure_logs("json")
    logging.getLogger("uvicorn.error").warning("hello %s", "world")
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["logger"], line["level"]) == ("hello world", "uvicorn.error", "warning")


@pytest.mark.parametrize("format", ["console", "json"])
def test_an_exception_is_logged_without_the_variables_of_its_frames(
    capsys: Capture, format: LogFormat
) -> None:
    configure_logs(format)
    password = "hunter" + "2"
    try:
        raise ValueError(f"broken after {len(password)}")
    except ValueError:
        get_logger("x").exception("a.failed")
    text = capsys.readouterr().err
    assert "broken after 7" in text
    assert "test_logs.py" in text
    assert "hunter2" not in text
    assert format == "console" or len(text.splitlines()) == 1


@pytest.mark.parametrize(("level", "lines"), [("info", 1), ("warning", 0)])
def test_lines_below_the_level_are_left_out(capsys: Capture, level: str, lines: int) -> None:
    configure_logs("console", level)
    get_logger("x").debug("a.debug")
    get_logger("x").info("a.info")
    assert len(capsys.readouterr().err.splitlines()) == lines


def test_a_strangers_control_characters_do_not_reach_the_terminal(capsys: Capture) -> None:
    configure_logs("console")
    get_logger("x").warning("web.csrf_refused", path="/\x1b[2Jadmin", origin="https://a\r\nfake line 法治")
    logging.getLogger("uvicorn.error").warning("a line\nand another")
    text = capsys.readouterr().err
    assert "\x1b[2J" not in text
    assert len(text.splitlines()) == 2
    assert "法治" in text


def test_a_traceback_keeps_its_lines_on_the_console(capsys: Capture) -> None:
    configure_logs("console")
    try:
        raise ValueError("wrong")
    except ValueError:
        get_logger("x").exception("a.failed")
    assert len(capsys.readouterr().err.splitlines()) > 3
