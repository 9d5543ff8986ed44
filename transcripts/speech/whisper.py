"""Whisper by faster-whisper (CTranslate2, no torch): the house's usual engine. Models are local folders, always."""

import os
from typing import Any

from core.settings import Settings
from transcripts.speech.engine import EngineIdentity, Hints, Pcm
from transcripts.speech.errors import BrokenModel, EngineFailed
from transcripts.speech.hotwords import before_window, fill
from transcripts.speech.model_folder import ModelFolder, check_files, find_model, model_sha256
from transcripts.speech.simplified import simplified, simplified_words
from transcripts.speech.vad import OPTIONS
from transcripts.speech.words import Segment, Word

LANGUAGE = "zh"
SILENCE_SECONDS = 2.0
"""Silence around a word that the model is not sure of, beyond which it is taken for made up."""
TEMPERATURES = (0.0, 0.4, 0.8)
"""Each step down costs a decoding of the window: three bound the time of a bad stretch."""


def open_whisper(settings: Settings) -> "WhisperEngine":
    """Raises NoModel, BrokenModel."""
    return WhisperEngine(find_model(settings, "whisper"), settings)


class WhisperEngine:
    def __init__(self, model: ModelFolder, settings: Settings) -> None:
        # A name that is no folder would make faster-whisper download a model.
        check_files(model, "whisper")
        from faster_whisper import WhisperModel

        self._settings = settings
        self._before: tuple[tuple[str, ...], str] | None = None
        try:
            self._model = WhisperModel(
                str(model.path),
                device=settings.speech_device,
                compute_type=settings.speech_compute_type,
                cpu_threads=settings.speech_threads or (os.cpu_count() or 1),
                local_files_only=True,
            )
        except Exception as error:  # CTranslate2, tokenizers and JSON each fail in their own way
            raise BrokenModel(f"语音模型 {model.name} 读不进来：{error}。请重新安装。") from error
        self._check_mels(model)
        self._identity = EngineIdentity("whisper", model.name, model_sha256(model))

    @property
    def identity(self) -> EngineIdentity:
        return self._identity

    def transcribe(self, pcm: Pcm, hints: Hints) -> list[Segment]:
        try:
            segments, _ = self._model.transcribe(pcm, **self._options(hints))
            return [segment_of(each) for each in segments]
        except (RuntimeError, ValueError) as error:
            raise EngineFailed(f"语音识别没有成功：{error}") from error

    def close(self) -> None:
        del self._model

    def before_every_window(self, hints: Hints) -> str:
        """initial_prompt would reach only the first window, hotwords reach all of them. Live captions ask for the
        same every few seconds, so the last answer is kept.
        """
        if self._before is None or self._before[0] != hints.hotwords:
            words = fill(hints.hotwords, self._count_tokens)
            self._before = hints.hotwords, before_window(words)
        return self._before[1]

    def _options(self, hints: Hints) -> dict[str, Any]:
        """Sequential: batches lose words, and switch off what guards against invented text."""
        return {
            "language": LANGUAGE,
            "beam_size": self._settings.speech_beam,
            "condition_on_previous_text": False,  # loops feed on it
            "word_timestamps": True,
            "hallucination_silence_threshold": SILENCE_SECONDS,
            "vad_filter": True,
            "vad_parameters": OPTIONS,
            "temperature": TEMPERATURES,
            "hotwords": self.before_every_window(hints),
        }

    def _count_tokens(self, text: str) -> int:
        return len(self._model.hf_tokenizer.encode(text, add_special_tokens=False).ids)

    def _check_mels(self, model: ModelFolder) -> None:
        """Larger models hear 128 bands and say so in a file that copies tend to lack."""
        hears, is_given = self._model.model.n_mels, self._model.feature_extractor.mel_filters.shape[0]
        if hears != is_given:
            raise BrokenModel(
                f"语音模型 {model.name} 缺少 preprocessor_config.json（它听 {hears} 个频带），请重新安装。"
            )


def segment_of(heard: Any) -> Segment:
    """Of faster-whisper's. numpy's numbers become plain ones, for JSON."""
    spoken = [word for word in heard.words or () if word.word.strip()]
    texts = simplified_words([word.word.strip() for word in spoken])
    words = tuple(
        Word(text, float(word.start), float(word.end), float(word.probability))
        for text, word in zip(texts, spoken, strict=True)
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
