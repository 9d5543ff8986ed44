"""Real speech for the tests: clips with their references, found by SPEECH_TEST_DATA and never copied into here.

Unset, the tests that need it are skipped with the reason (and counted in pytest's summary); set and not whole,
they fail.
"""

import hashlib
import json
import os
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from transcripts.speech.engine import SAMPLE_RATE, Pcm

VARIABLE = "SPEECH_TEST_DATA"


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording and what is said in it."""

    path: Path
    seconds: float
    reference: str

    @property
    def is_chinese_only(self) -> bool:
        return not any(character.isascii() and character.isalpha() for character in self.reference)

    def pcm(self) -> Pcm:
        with wave.open(str(self.path)) as file:
            assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (SAMPLE_RATE, 1, 2)
            samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        return samples.astype(np.float32) / np.float32(32768)


@dataclass(frozen=True, slots=True)
class SpeechData:
    folder: Path
    clips: tuple[Clip, ...]

    @property
    def chinese(self) -> tuple[Clip, ...]:
        """The clips without foreign words, which the recogniser's dictionary has not."""
        return tuple(clip for clip in self.clips if clip.is_chinese_only)

    @property
    def acoustic_model(self) -> Path:
        return self.folder / "sphinx-zh" / "hmm"

    @property
    def dictionary(self) -> Path:
        return self.folder / "sphinx-zh" / "mandarin_notone.dic"

    @property
    def whisper_tokenizer(self) -> Path:
        return self.folder / "whisper-tokenizer"


@cache
def read_speech_data(folder: Path) -> SpeechData:
    """Everything there is, each clip held against its SHA-256. Fails with what is missing or changed."""
    manifest = folder / "manifest.json"
    assert manifest.is_file(), f"{VARIABLE} names {folder}, where there is no manifest.json"
    clips = []
    for entry in json.loads(manifest.read_text(encoding="utf-8")):
        path = folder / entry["wav"]
        assert path.is_file(), f"{VARIABLE}: {path} is missing"
        assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"], f"{path} has changed"
        clips.append(Clip(path, entry["seconds"], entry["ref"]))
    data = SpeechData(folder, tuple(clips))
    for needed in (data.acoustic_model / "mdef", data.dictionary, data.whisper_tokenizer / "tokenizer.json"):
        assert needed.is_file(), f"{VARIABLE}: {needed} is missing"
    return data


@pytest.fixture(scope="session")
def speech_data() -> SpeechData:
    named = os.environ.get(VARIABLE)
    if not named:
        pytest.skip(f"{VARIABLE} is not set: it names the folder with recorded speech and its references")
    return read_speech_data(Path(named).absolute())


@dataclass(frozen=True, slots=True)
class Said:
    """A clip in an assembled lecture, from where until where (seconds)."""

    clip: Clip
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class SpokenLecture:
    pcm: Pcm
    said: tuple[Said, ...]

    @property
    def seconds(self) -> float:
        return len(self.pcm) / SAMPLE_RATE

    @property
    def reference(self) -> str:
        return "".join(each.clip.reference for each in self.said)

    def write_wav(self, path: Path) -> Path:
        with wave.open(str(path), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLE_RATE)
            file.writeframes((self.pcm * 32767).astype(np.int16).tobytes())
        return path


def assemble(clips: Sequence[Clip], *, silence: float = 2.0, lead_in: float = 1.0) -> SpokenLecture:
    """The clips one after the other, with silence (seconds) before, between and behind them."""
    parts: list[Pcm] = [np.zeros(round(lead_in * SAMPLE_RATE), np.float32)]
    said = []
    position = len(parts[0])
    for clip in clips:
        pcm, pause = clip.pcm(), np.zeros(round(silence * SAMPLE_RATE), np.float32)
        said.append(Said(clip, position / SAMPLE_RATE, (position + len(pcm)) / SAMPLE_RATE))
        parts += [pcm, pause]
        position += len(pcm) + len(pause)
    return SpokenLecture(np.concatenate(parts), tuple(said))
