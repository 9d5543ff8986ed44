"""SenseVoice and Paraformer: the real package for what it is told, a recogniser of our own for what it answers."""

import math
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.settings import Settings, load_settings
from tests.support.speech import SpeechData, assemble, speech_data
from transcripts.speech.engine import SAMPLE_RATE, EngineIdentity, Hints, Pcm
from transcripts.speech.errors import BrokenModel, EngineFailed
from transcripts.speech.model_folder import ModelFolder
from transcripts.speech.registry import model_state, open_engine
from transcripts.speech.sherpa import Heard, SherpaEngine, is_sense_voice, text_of, words_of

__all__ = ["speech_data"]
SENSE_VOICE_TOKENS = "<unk> 0\n▁the 1\n开 2\n<|zh|> 3\n"
PARAFORMER_TOKENS = "<blank> 0\n<s> 1\n开 2\nhe@@ 3\n"


@dataclass
class Result:
    tokens: list[str]
    timestamps: list[float]
    ys_log_probs: list[float] = field(default_factory=list)


@dataclass
class Stream:
    result: Result
    rate: int = 0
    sound: Pcm = field(default_factory=lambda: np.zeros(0, np.float32))

    def accept_waveform(self, rate: int, sound: Pcm) -> None:
        self.rate, self.sound = rate, sound


class OwnRecogniser:
    """Says 开放时间 a quarter of a second into each utterance."""

    def __init__(self) -> None:
        self.streams: list[Stream] = []

    def create_stream(self) -> Stream:
        self.streams.append(Stream(Result(list("開放时间"), [0.25, 0.5, 0.75, 1.0])))
        return self.streams[-1]

    def decode_stream(self, s: Any) -> None:
        if not len(s.sound):
            raise RuntimeError("no sound")


def settings_with(folder: Path, tokens: str = SENSE_VOICE_TOKENS) -> Settings:
    folder.mkdir()
    (folder / "model.int8.onnx").write_bytes(b"\0no model" * 100)
    (folder / "tokens.txt").write_text(tokens, "utf-8")
    return load_settings(speech_engine="sherpa", speech_model_dir=folder)


@pytest.mark.parametrize(
    ("heard", "words"),
    [
        (Heard(["开", "放"], [0.1, 0.5]), [("开", 10.1, 10.5), ("放", 10.5, 10.9)]),
        (Heard(["开", "放"], [0.1, 3.0]), [("开", 10.1, 10.5), ("放", 13.0, 13.4)]),
        (Heard(["对", "，", "是", "。"], [0.0, 0.3, 0.6, 0.8]), [("对，", 10.0, 10.6), ("是。", 10.6, 11.2)]),
        (Heard(["<|zh|>", "开", "<|Speech|>"], [0.0, 0.2, 0.3]), [("开", 10.2, 10.6)]),
        (Heard(["▁he", "▁mu", "st"], [0.0, 0.2, 0.3]), [("he", 10.0, 10.2), ("must", 10.2, 10.7)]),
        (Heard(["▁mu", "st", "在"], [0.0, 0.3, 0.5]), [("must", 10.0, 10.5), ("在", 10.5, 10.9)]),
        (Heard(["mon@@", "day", "在"], [0.0, 0.2, 0.4]), [("monday", 10.0, 10.4), ("在", 10.4, 10.8)]),
        (Heard(["home", "now"], [0.0, 0.3]), [("home", 10.0, 10.3), ("now", 10.3, 10.7)]),
        (Heard(["5", "0", "%"], [0.0, 0.2, 0.4]), [("5", 10.0, 10.2), ("0", 10.2, 10.4), ("%", 10.4, 10.8)]),
        (Heard(["復", "議"], [0.0, 0.2]), [("复", 10.0, 10.2), ("议", 10.2, 10.6)]),
        (Heard(["开", "放"], []), [("开", 10.0, 10.4), ("放", 12.0, 12.4)]),
        (Heard(["开", "放"], [0.0, 9.0]), [("开", 10.0, 10.4), ("放", 14.0, 14.0)]),
        (Heard(["，"], [0.0]), [("，", 10.0, 10.4)]),
        (Heard([], []), []),
    ],
)  # fmt: skip
def test_tokens_become_words_of_the_house(heard: Heard, words: list[tuple[str, float, float]]) -> None:
    made = words_of(heard, 10.0, 14.0)
    assert [(word.text, round(word.start, 6), round(word.end, 6)) for word in made] == words


def test_how_sure_it_is_of_a_token_is_told_where_the_model_says_it() -> None:
    made = words_of(Heard(["开", "▁l", "aw"], [0, 1, 2], [math.log(0.9), math.log(0.5), math.log(0.7)]), 0, 3)
    assert [round(word.prob, 3) for word in made] == [0.9, 0.5]
    assert [word.prob for word in words_of(Heard(["开"], [0]), 0, 1)] == [1.0]


def test_foreign_words_are_written_apart() -> None:
    assert text_of(words_of(Heard(["▁he", "▁is", "在", "家"], [0, 1, 2, 3]), 0, 4)) == "he is在家"


def test_it_hears_an_utterance_at_a_time_at_its_place(speech_data: SpeechData) -> None:
    lecture = assemble(speech_data.chinese[:2])
    recogniser = OwnRecogniser()
    engine = SherpaEngine(recogniser, EngineIdentity("sherpa", "own", ""))
    heard = engine.transcribe(lecture.pcm, Hints(("不用",)))
    assert len(heard) == len(recogniser.streams) >= 2
    assert all(
        stream.rate == SAMPLE_RATE and len(stream.sound) > SAMPLE_RATE for stream in recogniser.streams
    )
    assert {segment.text for segment in heard} == {"开放时间"}
    first = lecture.said[0]
    assert first.start <= heard[0].start < first.start + 1.5
    assert heard[-1].start > lecture.said[1].start
    assert engine.transcribe(np.zeros(SAMPLE_RATE * 3, np.float32), Hints()) == []
    engine.close()


def test_what_it_fails_at_is_the_engines_failure(speech_data: SpeechData) -> None:
    class Failing(OwnRecogniser):
        def decode_stream(self, s: Any) -> None:
            raise RuntimeError("ONNX says no")

    engine = SherpaEngine(Failing(), EngineIdentity("sherpa", "own", ""))
    with pytest.raises(EngineFailed, match="ONNX says no"):
        engine.transcribe(speech_data.clips[0].pcm(), Hints())


@pytest.mark.parametrize(("tokens", "is_it"), [(SENSE_VOICE_TOKENS, True), (PARAFORMER_TOKENS, False)])
def test_which_model_it_is_shows_in_its_vocabulary(tokens: str, is_it: bool, tmp_path: Path) -> None:
    settings = settings_with(tmp_path / "m", tokens)
    assert settings.speech_model_dir is not None
    assert is_sense_voice(ModelFolder(settings.speech_model_dir)) is is_it


@pytest.mark.parametrize("tokens", [SENSE_VOICE_TOKENS, PARAFORMER_TOKENS])
def test_the_real_package_takes_our_options_and_refuses_a_broken_model(tokens: str, tmp_path: Path) -> None:
    settings = settings_with(tmp_path / "m", tokens)
    state = model_state(settings)
    assert (state.engine, state.model, state.is_ready) == ("sherpa", "m", True)
    with pytest.raises(BrokenModel, match="读不进来"):
        open_engine(settings)


def test_a_vocabulary_that_is_no_text_is_a_broken_model(tmp_path: Path) -> None:
    settings = settings_with(tmp_path / "m")
    (tmp_path / "m" / "tokens.txt").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(BrokenModel, match=r"tokens\.txt"):
        open_engine(settings)


def test_without_the_extra_the_command_is_told_and_no_other_engine_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_with(tmp_path / "m")
    monkeypatch.setitem(sys.modules, "sherpa_onnx", None)
    state = model_state(settings)
    assert (state.is_ready, "pip install" in state.message) == (False, True)
    with pytest.raises(EngineFailed, match="pip install"):
        open_engine(settings)


def test_without_a_model_the_command_is_told(tmp_path: Path) -> None:
    state = model_state(load_settings(data_dir=tmp_path, speech_engine="sherpa"))
    assert (state.is_ready, "weiketang models install sense-voice" in state.message) == (False, True)
    half = settings_with(tmp_path / "m")
    (tmp_path / "m" / "tokens.txt").unlink()
    assert "tokens.txt" in model_state(half).message
