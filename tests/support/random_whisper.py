"""A Whisper of true structure with random weights: it says nothing that means anything, by the whole real path.

Mel, CTranslate2, tokenizer, word times: everything is the real thing but the values. How fast a model is depends on
its shape alone, so this also stands for the real sizes where speed is measured.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from ctranslate2.specs import whisper_spec

from tests.support.speech import SpeechData

VOCABULARY = 51_865
FRAMES, CONTEXT = 1500, 448


@dataclass(frozen=True, slots=True)
class Shape:
    """Of encoder and decoder: how many layers, how wide, how many heads. mels: frequency bands it hears."""

    layers: int
    width: int
    heads: int
    mels: int = 80
    decoder_layers: int | None = None


TOY = Shape(1, 64, 2)
SIZES = {
    "tiny": Shape(4, 384, 6),
    "base": Shape(6, 512, 8),
    "small": Shape(12, 768, 12),
    "large-v3-turbo": Shape(32, 1280, 20, mels=128, decoder_layers=4),
}
"""As published with openai/whisper's models."""


SURE = 15.0
"""Makes it sure of what it says, as a trained one is: what guards against guessing lets it through."""


def build(folder: Path, data: SpeechData, shape: Shape = TOY, *, seed: int = 4, loops: bool = False) -> Path:
    """The folder, as a converter of CTranslate2 leaves it (int8), with the real tokenizer.

    loops: it says the same again and again, since what it writes and what it reads are one matrix.
    """
    folder.mkdir(parents=True)
    make: Any = whisper_spec.WhisperSpec
    spec = make(shape.layers, shape.heads, shape.decoder_layers or shape.layers, shape.heads)
    _Weights(seed).fill(spec, shape)
    if loops:
        spec.decoder.projection.weight = spec.decoder.embeddings.weight
    generation = json.loads((data.whisper_tokenizer / "generation_config.json").read_text("utf-8"))
    spec.config.suppress_ids = generation["suppress_tokens"]
    spec.config.suppress_ids_begin = generation["begin_suppress_tokens"]
    spec.config.lang_ids = sorted(generation["lang_to_id"].values())
    last = (shape.decoder_layers or shape.layers) - 1
    spec.config.alignment_heads = [(last, head) for head in range(shape.heads)]
    spec.register_vocabulary(_vocabulary(data))
    spec.validate()
    spec.optimize(quantization="int8")
    spec.save(str(folder))
    shutil.copyfile(data.whisper_tokenizer / "tokenizer.json", folder / "tokenizer.json")
    hears = json.loads((data.whisper_tokenizer / "preprocessor_config.json").read_text("utf-8"))
    (folder / "preprocessor_config.json").write_text(json.dumps(hears | {"feature_size": shape.mels}))
    return folder


def _vocabulary(data: SpeechData) -> list[str]:
    tokens: dict[int, str] = {}
    rows = json.loads((data.whisper_tokenizer / "tokenizer.json").read_text("utf-8"))
    tokens |= {place: text for text, place in rows["model"]["vocab"].items()}
    tokens |= {each["id"]: each["content"] for each in rows["added_tokens"]}
    return [tokens.get(place, f"<|{place}|>") for place in range(VOCABULARY)]


class _Weights:
    def __init__(self, seed: int) -> None:
        self._random = np.random.default_rng(seed)

    def fill(self, spec: Any, shape: Shape) -> None:
        width = shape.width
        encoder, decoder = spec.encoder, spec.decoder
        self._matrix(encoder.conv1, width, shape.mels, 3)
        self._matrix(encoder.conv2, width, width, 3)
        encoder.position_encodings.encodings = self._values(FRAMES, width)
        decoder.position_encodings.encodings = self._values(CONTEXT, width)
        decoder.embeddings.weight = self._values(VOCABULARY, width)
        decoder.projection.weight = self._values(VOCABULARY, width)
        for norm in (encoder.layer_norm, decoder.layer_norm):
            self._norm(norm, width)
        decoder.layer_norm.gamma *= np.float32(SURE)
        for layer in encoder.layer:
            self._attention(layer.self_attention, width, (3, 1))
            self._feed_forward(layer.ffn, width)
        for layer in decoder.layer:
            self._attention(layer.self_attention, width, (3, 1))
            self._attention(layer.attention, width, (1, 2, 1))
            self._feed_forward(layer.ffn, width)

    def _attention(self, spec: Any, width: int, parts: tuple[int, ...]) -> None:
        """parts: queries, keys and values lie in one matrix where they can."""
        self._norm(spec.layer_norm, width)
        for linear, part in zip(spec.linear, parts, strict=True):
            self._matrix(linear, part * width, width)

    def _feed_forward(self, spec: Any, width: int) -> None:
        self._norm(spec.layer_norm, width)
        self._matrix(spec.linear_0, 4 * width, width)
        self._matrix(spec.linear_1, width, 4 * width)

    def _norm(self, spec: Any, width: int) -> None:
        spec.gamma, spec.beta = np.ones(width, np.float32), np.zeros(width, np.float32)

    def _matrix(self, spec: Any, *size: int) -> None:
        spec.weight = self._values(*size)
        spec.bias = np.zeros(size[0], np.float32)

    def _values(self, *size: int) -> np.ndarray[Any, np.dtype[np.float32]]:
        return self._random.standard_normal(size, np.float32) * np.float32(0.05)
