"""The process that listens: `python -m transcripts.recognition.child`, a child of the worker.

A process of its own gives all its memory back, can be killed at any moment (the live comes first) and takes no
turn of the worker's loop. It reads requests as lines of JSON from standard input and answers each with one line;
the first says which lecture, with the settings. When standard input closes, whoever asked is gone: it ends at once.
"""

import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from core.errors import DomainError
from core.logs import configure_logs, get_logger
from core.settings import Settings
from transcripts.recognition.listening import Listening, NoSound
from transcripts.recognition.pipes import own_output, read_requests, write_line
from transcripts.speech.errors import BrokenModel, EngineFailed, NoModel

log = get_logger(__name__)

KINDS: dict[type[DomainError], str] = {
    NoSound: "no_sound",
    NoModel: "no_model",
    BrokenModel: "broken_model",
    EngineFailed: "engine_failed",
}


def main() -> None:
    answers = own_output()
    requests = read_requests()
    first = requests.get()
    settings = Settings.model_validate(first["settings"])
    configure_logs(settings.log_format, settings.log_level)
    os.nice(settings.speech_nice)
    listening = Listening(settings, Path(first["folder"]))
    while True:
        request = requests.get()
        write_line(answers, answer(listening, request))


def answer(listening: Listening, request: dict[str, Any]) -> dict[str, Any]:
    """What was asked for, or {"error": kind, "message": for a person}."""
    try:
        return _do(listening, request)
    except DomainError as error:
        return {"error": KINDS.get(type(error), "engine_failed"), "message": error.message}
    except Exception as error:  # an engine fails in its library's own ways
        log.exception("recognition.failed", request=request["do"])
        return {"error": "engine_failed", "message": f"语音识别没有成功（{type(error).__name__}：{error}）。"}


def _do(listening: Listening, request: dict[str, Any]) -> dict[str, Any]:
    match request["do"]:
        case "cut":
            pieces = listening.cut()
            return {"audio_ms": listening.length_ms(), "pieces": [asdict(piece) for piece in pieces]}
        case "hear":
            return asdict(listening.hear(request["start_ms"], request["end_ms"], request["hotwords"]))
        case "draft":
            cues, characters = listening.draft(request["pieces"], request["terms"])
            return {"cues": cues, "characters": characters}
        case other:
            raise ValueError(f"unknown request {other}")


if __name__ == "__main__":
    main()
