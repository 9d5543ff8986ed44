"""Which engine recognises: the one the setting names, and no other."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from core.settings import Settings
from transcripts.speech.engine import Engine
from transcripts.speech.errors import BrokenModel, EngineFailed, NoModel
from transcripts.speech.model_folder import check_files, find_model


@dataclass(frozen=True, slots=True)
class ModelState:
    """Of the engine in the setting. message: what is missing and what to do, empty when it is ready."""

    engine: str
    model: str
    is_ready: bool
    message: str = ""


def open_engine(settings: Settings) -> Engine:
    """Slow: it loads the model. Raises NoModel, BrokenModel, EngineFailed; never takes another engine instead."""
    match settings.speech_engine:
        case "whisper":
            from transcripts.speech.whisper import open_whisper

            return open_whisper(settings)
        case "sherpa":
            from transcripts.speech.sherpa import open_sherpa

            return open_sherpa(settings)
        case own:
            return _own(own)(settings)


def model_state(settings: Settings) -> ModelState:
    """Whether recognition could begin, without loading anything."""
    engine = settings.speech_engine
    try:
        if engine == "whisper":
            model = find_model(settings, "whisper")
            check_files(model, "whisper")
            return ModelState(engine, model.name, True)
        if engine == "sherpa":
            from transcripts.speech.sherpa import check_sherpa

            return ModelState(engine, check_sherpa(settings), True)
        _own(engine)
        return ModelState(engine, "", True)
    except (NoModel, BrokenModel, EngineFailed) as error:
        return ModelState(engine, "", False, error.message)


def _own(name: str) -> Callable[[Settings], Engine]:
    """`module:function` of the bureau's own. Raises EngineFailed."""
    module, _, function = name.partition(":")
    try:
        return cast("Callable[[Settings], Engine]", getattr(import_module(module), function))
    except (ImportError, AttributeError) as error:
        raise EngineFailed(
            f"自备的识别引擎 {name} 装不上：{error}。请核对 WEIKETANG_SPEECH_ENGINE。"
        ) from error
