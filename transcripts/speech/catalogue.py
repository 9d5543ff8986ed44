"""The models that can be installed by a short name, and what each is good for."""

from dataclasses import dataclass
from typing import Literal

EngineName = Literal["whisper", "sherpa"]


@dataclass(frozen=True, slots=True)
class KnownModel:
    """repo: where a hub keeps it. files: the names wanted of it, as patterns. mib: about how large it is, from its
    number of parameters. advice: for which machine, in words.
    """

    name: str
    engine: EngineName
    repo: str
    mib: int
    advice: str
    files: tuple[str, ...]


WHISPER_FILES = (
    "model.bin",
    "config.json",
    "tokenizer.json",
    "vocabulary.json",
    "vocabulary.txt",
    "preprocessor_config.json",
    "README.md",
    "LICENSE*",
)
SHERPA_FILES = ("*.onnx", "tokens.txt", "README.md", "LICENSE*")
_INT8 = ("model.int8.onnx", *SHERPA_FILES[1:])
_LICENCE = "权重有自己的许可，先看模型的说明"

CATALOGUE = (
    KnownModel("tiny", "whisper", "Systran/faster-whisper-tiny", 75, "只宜试装，错字太多", WHISPER_FILES),
    KnownModel("base", "whisper", "Systran/faster-whisper-base", 140, "只宜试装，错字太多", WHISPER_FILES),
    KnownModel("small", "whisper", "Systran/faster-whisper-small", 465, "2 至 4 核的机器", WHISPER_FILES),
    KnownModel(
        "medium", "whisper", "Systran/faster-whisper-medium", 1460, "8 核以上，讲完后识别", WHISPER_FILES
    ),
    KnownModel(
        "large-v3-turbo",
        "whisper",
        "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
        1540,
        "4 核以上，讲完后识别",
        WHISPER_FILES,
    ),
    KnownModel("large-v3", "whisper", "Systran/faster-whisper-large-v3", 2950, "有显卡的机器", WHISPER_FILES),
    KnownModel(
        "sense-voice",
        "sherpa",
        "csukuangfj/sherpa-onnx-sense-voice-zh-en-ja-ko-yue-2024-07-17",
        228,
        f"2 核以上；{_LICENCE}",
        _INT8,
    ),
    KnownModel(
        "paraformer-zh",
        "sherpa",
        "csukuangfj/sherpa-onnx-paraformer-zh-2023-09-14",
        232,
        f"2 核以上；{_LICENCE}",
        _INT8,
    ),
)
BY_NAME = {model.name: model for model in CATALOGUE}
