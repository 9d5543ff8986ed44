"""SenseVoice and Paraformer by sherpa-onnx: the second engine, an extra that is imported only when it is chosen.

Both are Chinese first and hear one utterance at a time; neither takes hotwords. Their tokens come with the moment at
which they begin; a word ends where the next one begins, or a moment later before a pause.
"""

import math
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Protocol

from core.settings import Settings
from transcripts.speech.engine import SAMPLE_RATE, EngineIdentity, Hints, Pcm
from transcripts.speech.errors import BrokenModel, EngineFailed
from transcripts.speech.model_folder import (
    SHERPA_MODELS,
    SHERPA_TOKENS,
    ModelFolder,
    check_files,
    find_model,
    model_sha256,
)
from transcripts.speech.simplified import simplified_words
from transcripts.speech.vad import in_stretches, speech_spans
from transcripts.speech.words import Segment, Word

PACKAGE = "sherpa_onnx"
INSTALL = '.venv/bin/python -m pip install "sherpa-onnx>=1.12"'
MOST_SECONDS = 25.0
"""Of one utterance; the models were trained on shorter ones, and attention grows with the square."""
LONGEST_TOKEN = 0.4
"""Seconds that a token lasts when a pause follows it: engines tell only where it begins."""
_MARK = re.compile(r"<\|[^|]*\|>|<[a-z]+>")
_LATIN = re.compile(r"[A-Za-z0-9']")
_PUNCTUATION = re.compile(r"^[^\w%]+$")


@dataclass(frozen=True, slots=True)
class Heard:
    """Of one utterance: tokens, the seconds from its start at which they begin, and the logarithms of their
    probabilities; the latter two may be empty.
    """

    tokens: Sequence[str]
    timestamps: Sequence[float]
    log_probs: Sequence[float] = ()


class Recogniser(Protocol):
    """As sherpa-onnx has it; the outer edge."""

    def create_stream(self) -> Any: ...

    def decode_stream(self, s: Any) -> None: ...


def check_sherpa(settings: Settings) -> str:
    """The model's name. Loads nothing. Raises NoModel, BrokenModel, EngineFailed."""
    try:
        is_there = find_spec(PACKAGE) is not None
    except ValueError:  # a name that import has been told to be nothing
        is_there = False
    if not is_there:
        raise _not_installed()
    model = find_model(settings, "sherpa")
    check_files(model, "sherpa")
    return model.name


def open_sherpa(settings: Settings) -> "SherpaEngine":
    """Raises NoModel, BrokenModel, EngineFailed."""
    check_sherpa(settings)
    model = find_model(settings, "sherpa")
    return SherpaEngine(_load(model, settings), EngineIdentity("sherpa", model.name, model_sha256(model)))


def _load(model: ModelFolder, settings: Settings) -> Recogniser:
    try:
        recognisers = import_module(PACKAGE).OfflineRecognizer
    except ImportError as error:
        raise _not_installed() from error
    path = next(model.path / name for name in SHERPA_MODELS if (model.path / name).is_file())
    common = {
        "tokens": str(model.path / SHERPA_TOKENS),
        "num_threads": settings.speech_threads or (os.cpu_count() or 1),
        "provider": "cuda" if settings.speech_device == "cuda" else "cpu",
    }
    try:
        made: Recogniser
        if is_sense_voice(model):
            # use_itn: with punctuation and figures, as Whisper writes.
            made = recognisers.from_sense_voice(model=str(path), language="zh", use_itn=True, **common)
        else:
            made = recognisers.from_paraformer(paraformer=str(path), **common)
        return made
    except (RuntimeError, ValueError) as error:
        raise BrokenModel(f"语音模型 {model.name} 读不进来：{error}。请重新安装。") from error


def is_sense_voice(model: ModelFolder) -> bool:
    """Its vocabulary has marks for language and mood; Paraformer's has none."""
    try:
        with (model.path / SHERPA_TOKENS).open(encoding="utf-8") as file:
            return any(line.startswith("<|") for line in file)
    except UnicodeDecodeError as error:
        raise BrokenModel(f"语音模型 {model.name} 的 {SHERPA_TOKENS} 读不出来，请重新安装。") from error


def _not_installed() -> EngineFailed:
    return EngineFailed(f"没有装 sherpa-onnx，不能用 sherpa 引擎。请管理员在安装目录里运行：{INSTALL}")


class SherpaEngine:
    def __init__(self, recogniser: Recogniser, identity: EngineIdentity) -> None:
        self._recogniser = recogniser
        self._identity = identity

    @property
    def identity(self) -> EngineIdentity:
        return self._identity

    def transcribe(self, pcm: Pcm, hints: Hints) -> list[Segment]:
        """hints are not used: neither model takes any."""
        segments = []
        for start, end in in_stretches(speech_spans(pcm), pcm, most_seconds=MOST_SECONDS):
            sound = pcm[round(start * SAMPLE_RATE) : round(end * SAMPLE_RATE)]
            words = words_of(self._hear(sound), start, end)
            if words:
                text = text_of(words)
                segments.append(Segment(text, words[0].start, words[-1].end, words))
        return segments

    def close(self) -> None:
        del self._recogniser

    def _hear(self, sound: Pcm) -> Heard:
        try:
            stream = self._recogniser.create_stream()
            stream.accept_waveform(SAMPLE_RATE, sound)
            self._recogniser.decode_stream(stream)
            result = stream.result
            return Heard(
                list(result.tokens),
                list(result.timestamps),
                list(getattr(result, "ys_log_probs", None) or ()),
            )
        except (RuntimeError, ValueError) as error:
            raise EngineFailed(f"语音识别没有成功：{error}") from error


def words_of(heard: Heard, start: float, end: float) -> tuple[Word, ...]:
    """Words of an utterance from start until end (seconds): a Chinese character each, a foreign word whole,
    punctuation with the word before it. Tokens without times share the utterance evenly. Pure.
    """
    tokens = [_MARK.sub("", token) for token in heard.tokens]
    count = len(tokens)
    if len(heard.timestamps) == count:
        begins = [min(start + max(0.0, moment), end) for moment in heard.timestamps]
    else:
        begins = [start + (end - start) * place / max(1, count) for place in range(count)]
    has_probs = len(heard.log_probs) == count
    made: list[_Making] = []
    is_open = False  # whether the last word may go on
    for place, token in enumerate(tokens):
        text = token.removeprefix("▁").removesuffix("@@").strip()
        prob = math.exp(min(0.0, heard.log_probs[place])) if has_probs else 1.0
        goes_on = is_open and not token.startswith(("▁", " ")) and bool(_LATIN.match(text))
        if text and made and (goes_on or _PUNCTUATION.match(text)):
            made[-1].text += text
            made[-1].prob = min(made[-1].prob, prob)
            made[-1].last = begins[place]
        elif text:
            made.append(_Making(text, begins[place], begins[place], prob))
        if text or token.startswith(("▁", " ")):
            # A piece of Paraformer's goes on when it says so, one of SenseVoice's until the next begins a word.
            is_open = token.endswith("@@") or (
                bool(_LATIN.search(text)) and any(each.startswith("▁") for each in tokens)
            )
    texts = simplified_words([each.text for each in made])
    nexts = [*(each.start for each in made[1:]), end][: len(made)]
    return tuple(
        Word(text, each.start, max(each.start, min(following, each.last + LONGEST_TOKEN)), each.prob)
        for text, each, following in zip(texts, made, nexts, strict=True)
    )


def text_of(words: Sequence[Word]) -> str:
    """Foreign words with a space between, Chinese without."""
    text = ""
    for word in words:
        if text and _LATIN.match(text[-1]) and _LATIN.match(word.text):
            text += " "
        text += word.text
    return text


@dataclass(slots=True)
class _Making:
    """last: when its last token begins."""

    text: str
    start: float
    last: float
    prob: float
