"""Whisper by faster-whisper (CTranslate2, no torch): the house's usual engine. Models are local folders, always."""

import os
from typing import Any

from core.settings import Settings
from transcripts.speech.engine import EngineIdentity, Hints, Pcm
from transcripts.speech.errors import BrokenModel, EngineFailed
from transcripts.speech.model_folder import ModelFolder, check_whisper_files, find_model, model_sha256
from transcripts.speech.simplified import simplified
from transcripts.speech.words import Segment, Word

STYLE = "以下是普通话的句子，用简体字，有标点。"
"""Put before every window: Whisper writes as it is spoken to."""
HOTWORD_TOKENS = 200
"""faster-whisper cuts what is put before a window at 223 tokens."""


def open_whisper(settings: Settings) -> "WhisperEngine":
    """Raises NoModel, BrokenModel."""
    return WhisperEngine(find_model(settings), settings)


class WhisperEngine:
    def __init__(self, model: ModelFolder, settings: Settings) -> None:
        # A name that is no folder would make faster-whisper download a model.
        check_whisper_files(model)
        from faster_whisper import WhisperModel

        self._settings = settings
        try:
            self._model = WhisperModel(
                str(model.path),
                device=settings.speech_device,
                compute_type=settings.speech_compute_type,
                cpu_threads=settings.speech_threads or (os.cpu_count() or 1),
                local_files_only=True,
            )
        except (RuntimeError, ValueError, OSError) as error:
            raise BrokenModel(f"语音模型 {model.name} 读不进来：{error}。请重新安装。") from error
        self._identity = EngineIdentity("whisper", model.name, model_sha256(model))

    @property
    def identity(self) -> EngineIdentity:
        return self._identity

    def transcribe(self, pcm: Pcm, hints: Hints) -> list[Segment]:
        try:
            segments, _ = self._model.transcribe(pcm, **self._options(hints))
            return [_segment(each) for each in segments]
        except (RuntimeError, ValueError) as error:
            raise EngineFailed(f"语音识别没有成功：{error}") from error

    def close(self) -> None:
        del self._model

    def _options(self, hints: Hints) -> dict[str, Any]:
        """Sequential: batches lose words, and switch off what guards against invented text."""
        return {
            "language": "zh",
            "beam_size": self._settings.speech_beam,
            "condition_on_previous_text": False,  # loops feed on it
            "word_timestamps": True,
            "hallucination_silence_threshold": 2.0,
            "vad_filter": True,
            "vad_parameters": {"min_silence_duration_ms": 500},
            # Each step down costs a decoding of the window: three bound the time of a bad stretch.
            "temperature": (0.0, 0.4, 0.8),
            "hotwords": self._before_every_window(hints),
        }

    def _before_every_window(self, hints: Hints) -> str:
        """initial_prompt would reach only the first window, hotwords reach all of them."""
        count = self._count_tokens
        room = HOTWORD_TOKENS - count(STYLE)
        taken: list[str] = []
        for word in hints.hotwords:
            need = count(word) + 1
            if need > room:
                continue
            room -= need
            taken.append(word)
        return STYLE + "、".join(taken)

    def _count_tokens(self, text: str) -> int:
        return len(self._model.hf_tokenizer.encode(text, add_special_tokens=False).ids)


def _segment(heard: Any) -> Segment:
    """numpy's numbers become plain ones, for JSON."""
    words = tuple(
        Word(simplified(word.word.strip()), float(word.start), float(word.end), float(word.probability))
        for word in heard.words or ()
        if word.word.strip()
    )
    return Segment(
        simplified(heard.text.strip()),
        float(heard.start),
        float(heard.end),
        words,
        avg_logprob=float(heard.avg_logprob),
        no_speech_prob=float(heard.no_speech_prob),
        compression_ratio=float(heard.compression_ratio),
        temperature=float(heard.temperature or 0.0),
    )
