"""The process that listens to a lecture on the air: `python -m transcripts.live.child`, a child of the media process.

It reads fragments of sound as lines of JSON from standard input, the first line being settings and hints, and says
what it has heard as lines of JSON: first {"ready": engine}, then {"heard": …} and {"until_ms": …}, or
{"error": message}, behind which it ends. When standard input closes it ends at once.
"""

import os
from base64 import b64decode
from dataclasses import asdict
from queue import Empty, SimpleQueue
from typing import Any, BinaryIO

from core.errors import DomainError
from core.logs import configure_logs, get_logger
from core.settings import Settings
from transcripts.live.listening import LiveListening
from transcripts.recognition.pipes import own_output, read_requests, write_line

log = get_logger(__name__)


def main() -> None:
    answers = own_output()
    requests = read_requests()
    first = requests.get()
    settings = Settings.model_validate(first["settings"])
    configure_logs(settings.log_format, settings.log_level)
    os.nice(settings.speech_nice)
    try:
        listening = LiveListening(settings, first["hotwords"], first["terms"])
        write_line(answers, {"ready": listening.identity})
        while True:
            _turn(listening, requests, answers)
    except DomainError as error:
        write_line(answers, {"error": error.message})
    except Exception as error:  # an engine fails in its library's own ways
        log.exception("live_captions.failed")
        write_line(answers, {"error": f"语音识别没有成功（{type(error).__name__}：{error}）。"})


def _turn(listening: LiveListening, requests: "SimpleQueue[dict[str, Any]]", answers: BinaryIO) -> None:
    """Everything that has come meanwhile, then what can be recognised of it."""
    _take(listening, requests.get())
    while True:
        try:
            _take(listening, requests.get_nowait())
        except Empty:
            break
    for heard in listening.hear():
        write_line(answers, {"heard": asdict(heard)})
    write_line(answers, {"until_ms": listening.until_ms})


def _take(listening: LiveListening, request: dict[str, Any]) -> None:
    if "init" in request:
        listening.configure(b64decode(request["init"]))
    else:
        listening.take(b64decode(request["part"]))


if __name__ == "__main__":
    main()
