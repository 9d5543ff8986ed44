"""The whole path of faster-whisper, with a model of true structure and random weights: what it says means nothing."""

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from faster_whisper.transcribe import Segment as Theirs
from faster_whisper.transcribe import Word as TheirWord

from core.settings import Settings, load_settings
from tests.support.random_whisper import Shape, build
from tests.support.speech import SpeechData, speech_data
from transcripts.recognition.rows import segment_rows
from transcripts.speech import whisper
from transcripts.speech.engine import SAMPLE_RATE, Hints
from transcripts.speech.errors import BrokenModel, NoModel
from transcripts.speech.filters import LOOP, PHRASES, sift
from transcripts.speech.hotwords import MOST_TOKENS, STYLE
from transcripts.speech.registry import model_state, open_engine
from transcripts.speech.vad import speech_spans
from transcripts.speech.whisper import WhisperEngine, open_whisper, segment_of

__all__ = ["speech_data"]


@pytest.fixture(scope="module")
def model(speech_data: SpeechData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("model") / "random", speech_data)


@pytest.fixture(scope="module")
def looping(speech_data: SpeechData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("model") / "looping", speech_data, loops=True)


@pytest.fixture(autouse=True)
def _one_temperature(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step down decodes the window once more: what is random stays random."""
    monkeypatch.setattr(whisper, "TEMPERATURES", (0.0,))


def settings_of(model: Path, **values: Any) -> Settings:
    return load_settings(speech_model_dir=model, speech_beam=1, speech_threads=1, **values)


def test_sound_becomes_words_with_times_that_can_be_kept(model: Path, speech_data: SpeechData) -> None:
    clip = speech_data.chinese[0]
    engine = open_engine(settings_of(model))
    assert (engine.identity.engine, engine.identity.model) == ("whisper", "random")
    assert len(engine.identity.sha256) == 64
    segments = engine.transcribe(clip.pcm(), Hints(("行政复议法",)))
    words = [word for segment in segments for word in segment.words]
    assert words
    assert all(0 <= word.start <= word.end <= clip.seconds + 0.1 for word in words)
    assert all(0 <= word.prob <= 1 for word in words)
    assert all(segment.avg_logprob is not None and segment.temperature == 0.0 for segment in segments)
    json.dumps(segment_rows(segments))  # plain numbers, none of numpy's
    engine.close()


def test_hotwords_stand_before_every_window(
    model: Path, speech_data: SpeechData, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_whisper(settings_of(model))
    pcm = np.tile(speech_data.chinese[1].pcm(), 3)  # more than one window of 30 s
    prompts: list[list[int]] = []
    generate = engine._model.generate_with_fallback

    def spied(encoded: Any, prompt: list[int], tokenizer: Any, options: Any) -> Any:
        prompts.append(prompt)
        return generate(encoded, prompt, tokenizer, dataclasses.replace(options, max_new_tokens=8))

    monkeypatch.setattr(engine._model, "generate_with_fallback", spied)
    engine.transcribe(pcm, Hints(("行政复议法", "复议机关", "张三")))
    assert len(prompts) >= 2
    tokenizer = engine._model.hf_tokenizer
    for prompt in prompts:
        said = tokenizer.decode(prompt, skip_special_tokens=True)
        assert STYLE + "行政复议法、复议机关、张三" in said


def test_what_stands_before_a_window_is_as_long_as_the_model_takes(model: Path) -> None:
    engine = open_whisper(settings_of(model))
    words = tuple(f"地方性法规第{number}条" for number in range(500))
    before = engine.before_every_window(Hints(words))
    count = len(engine._model.hf_tokenizer.encode(" " + before, add_special_tokens=False).ids)
    assert MOST_TOKENS - 12 < count <= MOST_TOKENS + 1
    assert before.split("、")[-1] in words
    assert engine.before_every_window(Hints(words)) is before


def test_the_options_are_those_that_guard_against_what_nobody_said(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_whisper(settings_of(model))
    given: dict[str, Any] = {}

    def heard(pcm: Any, **options: Any) -> tuple[list[Any], None]:
        given.update(options)
        return [], None

    monkeypatch.setattr(engine._model, "transcribe", heard)
    engine.transcribe(np.zeros(SAMPLE_RATE, np.float32), Hints())
    assert given["condition_on_previous_text"] is False
    assert given["word_timestamps"] is True
    assert given["vad_filter"] is True
    assert given["vad_parameters"]["min_silence_duration_ms"] == 500
    assert given["hallucination_silence_threshold"] == 2.0
    assert given["language"] == "zh"
    assert "initial_prompt" not in given


def test_a_model_that_loops_is_held(looping: Path, speech_data: SpeechData) -> None:
    pcm = speech_data.chinese[0].pcm()
    segments = open_engine(settings_of(looping)).transcribe(pcm, Hints())
    after = sift(segments, speech_spans(pcm), PHRASES)
    assert segments
    assert after.kept == []
    assert LOOP in {each.reason for each in after.held}


@pytest.mark.parametrize("sound", ["silence", "noise"])
def test_where_nobody_speaks_nothing_is_said(sound: str, model: Path) -> None:
    random = np.random.default_rng(3)
    pcm = random.standard_normal(10 * SAMPLE_RATE).astype(np.float32) * (0.05 if sound == "noise" else 0)
    assert open_engine(settings_of(model)).transcribe(pcm.astype(np.float32), Hints()) == []


def theirs(text: str, words: Sequence[tuple[str, float, float]]) -> Theirs:
    return Theirs(
        id=1,
        seek=0,
        start=np.float64(0.5),
        end=np.float64(9.0),
        text=text,
        tokens=[],
        avg_logprob=np.float64(-0.25),
        compression_ratio=1.5,
        no_speech_prob=0.01,
        words=[
            TheirWord(np.float64(start), np.float64(end), word, np.float64(0.75))
            for word, start, end in words
        ],
        temperature=0.4,
    )


def test_traditional_characters_and_spaces_are_put_right() -> None:
    made = segment_of(
        theirs(" 乾隆的 訴訟", [("乾", 0.5, 1), ("隆", 1, 2), (" 的", 2, 3), (" ", 3, 3), ("訴訟", 3, 4)])
    )
    assert [word.text for word in made.words] == ["乾", "隆", "的", "诉讼"]
    assert made.text == "乾隆的 诉讼"
    assert type(made.start) is type(made.words[0].prob) is type(made.avg_logprob) is float
    assert (made.temperature, made.compression_ratio) == (0.4, 1.5)


@pytest.mark.parametrize("name", ["model.bin", "config.json", "tokenizer.json", "vocabulary.json"])
def test_a_model_without_one_of_its_files_is_not_opened(name: str, model: Path, tmp_path: Path) -> None:
    broken = copied(model, tmp_path / "m")
    (broken / name).unlink()
    settings = settings_of(broken)
    assert name in model_state(settings).message
    with pytest.raises(BrokenModel, match=name.replace(".", r"\.")):
        open_engine(settings)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("model.bin", b"x" * 5000),
        ("model.bin", None),
        ("config.json", b"{"),
        ("tokenizer.json", b"{}"),
    ],
)
def test_a_corrupt_model_is_told(name: str, data: bytes | None, model: Path, tmp_path: Path) -> None:
    broken = copied(model, tmp_path / "m")
    whole = (broken / name).read_bytes()
    (broken / name).write_bytes(whole[: len(whole) // 2] if data is None else data)
    with pytest.raises(BrokenModel, match="重新安装"):
        open_engine(settings_of(broken))


def test_a_large_model_without_the_file_that_says_what_it_hears_is_told(
    speech_data: SpeechData, tmp_path: Path
) -> None:
    folder = build(tmp_path / "m", speech_data, Shape(1, 64, 2, mels=128))
    (folder / "preprocessor_config.json").unlink()
    with pytest.raises(BrokenModel, match=r"preprocessor_config\.json"):
        open_engine(settings_of(folder))


def test_no_model_names_the_command_and_nothing_is_downloaded(tmp_path: Path) -> None:
    with pytest.raises(NoModel, match="weiketang models install small"):
        open_engine(load_settings(data_dir=tmp_path))


def test_an_engine_that_failed_to_open_can_be_opened_once_the_model_is_mended(
    model: Path, tmp_path: Path
) -> None:
    folder = copied(model, tmp_path / "m")
    (folder / "model.bin").unlink()
    with pytest.raises(BrokenModel):
        open_engine(settings_of(folder))
    (folder / "model.bin").write_bytes((model / "model.bin").read_bytes())
    engine = open_engine(settings_of(folder))
    assert isinstance(engine, WhisperEngine)


def copied(model: Path, target: Path) -> Path:
    target.mkdir()
    for path in model.iterdir():
        (target / path.name).write_bytes(path.read_bytes())
    return target
