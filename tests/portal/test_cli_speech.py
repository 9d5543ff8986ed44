"""`weiketang models`, `transcribe` and `evaluate`, as they are typed."""

import json
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from tests.support.beeps import write_wav
from tests.support.command_line import CommandLine, command
from tests.support.media import run_ffmpeg
from tests.support.model_hub import ModelHub, running_hub
from tests.support.random_whisper import build
from tests.support.speech import SpeechData, assemble, speech_data
from transcripts.cues.vtt_check import check_vtt
from transcripts.speech.engine import SAMPLE_RATE

__all__ = ["command", "speech_data"]

SPHINX = "tests.support.sphinx_engine:open_engine"


@pytest.fixture(scope="module")
def model(speech_data: SpeechData, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("model") / "random", speech_data)


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModelHub]:
    folder = tmp_path / "hub" / "Systran" / "faster-whisper-tiny"
    folder.mkdir(parents=True)
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.txt"):
        (folder / name).write_bytes(name.encode() * 3000)
    with running_hub(tmp_path / "hub") as (running, address):
        monkeypatch.setenv("HF_ENDPOINT", address)
        yield running


def test_a_model_is_installed_from_the_mirror_listed_and_verified(
    hub: ModelHub, command: CommandLine
) -> None:
    assert "weiketang models install small" in command("models", "list").out
    installed = command("models", "install", "tiny")
    assert (installed.code, "已安装" in installed.out) == (0, True)
    assert "自动开始" in installed.err
    listed = command("models", "list", "--json").json
    assert (listed["ready"], listed["model"]) == (True, "tiny")
    assert {row["name"]: row["state"] for row in listed["models"]}["tiny"] == "installed"
    assert command("models", "verify").out == "tiny：完好\n"
    (command.data_dir / "models" / "tiny" / "config.json").write_bytes(b"x" * 33_000)
    broken = command("models", "verify", "tiny")
    assert broken.code == 1
    assert "tiny：config.json 的内容变了" in broken.out
    assert broken.err.splitlines()[-1].startswith("错误：有问题的语音模型：tiny")


def test_an_interrupted_installation_is_listed_as_that(hub: ModelHub, command: CommandLine) -> None:
    hub.lie["vocabulary.txt"] = bytes(len(b"vocabulary.txt" * 3000))
    failed = command("models", "install", "tiny")
    assert failed.code == 1
    assert failed.err.splitlines()[-1].startswith("错误：")
    rows = {row["name"]: row["label"] for row in command("models", "list", "--json").json["models"]}
    assert "没有装完" in rows["tiny"]


def test_unknown_models_are_named_with_what_there_is(command: CommandLine) -> None:
    wrong = command("models", "install", "enormous")
    assert (wrong.code, "large-v3-turbo" in wrong.err) == (1, True)
    assert command("models", "verify").code == 1
    assert command("models", "install").code == 2


def test_a_model_carried_in_an_archive_hears(
    model: Path, speech_data: SpeechData, command: CommandLine, tmp_path: Path
) -> None:
    archive = tmp_path / "m.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(model, "some-model")
    assert command("models", "install", "ours", "--from", str(archive)).code == 0
    told = command("transcribe", str(speech_data.clips[0].path), "--format", "json")
    assert told.code == 0, told.err
    heard = told.json
    assert list(heard) == ["engine", "model", "language", "segments"]
    assert (heard["engine"], heard["model"], heard["language"]) == ("whisper", "ours", "zh")


def test_real_speech_becomes_words_with_times(
    speech_data: SpeechData, command: CommandLine, tmp_path: Path
) -> None:
    lecture = assemble(speech_data.chinese[:1])
    wav = lecture.write_wav(tmp_path / "a.wav")
    film = tmp_path / "film.mp4"
    run_ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x36:rate=10", "-i", str(wav), "-shortest", str(film))
    heard = command("transcribe", str(film), "--engine", SPHINX, "--format", "json").json
    assert "".join(segment["text"] for segment in heard["segments"]) == lecture.reference
    words = [word for segment in heard["segments"] for word in segment["words"]]
    assert set(words[0]) == {"text", "start", "end", "prob"}
    assert words[0]["start"] == pytest.approx(lecture.said[0].start + 0.3, abs=0.6)
    (tmp_path / "words.json").write_text(json.dumps(words), "utf-8")
    assert command("cues", str(tmp_path / "words.json")).out.startswith("WEBVTT\n")


@pytest.mark.parametrize("format", ["vtt", "txt"])
def test_subtitles_say_that_nobody_has_checked_them(
    format: str, speech_data: SpeechData, command: CommandLine
) -> None:
    told = command("transcribe", str(speech_data.clips[0].path), "--engine", SPHINX, "--format", format)
    assert (told.code, "未校对" in told.out, "达摩院" in told.out.replace("\n", "")) == (0, True, True)
    if format == "vtt":
        assert [each for each in check_vtt(told.out.encode()) if each.level == "error"] == []


def test_silence_is_no_failure(command: CommandLine, tmp_path: Path) -> None:
    path = write_wav(tmp_path / "a.wav", np.zeros(3 * SAMPLE_RATE, np.float32))
    told = command(
        "transcribe", str(path), "--engine", "tests.support.slow_engine:open_engine", "--format", "json"
    )
    assert (told.code, told.json["segments"]) == (0, [])
    assert "没有听到讲话" in told.err


@pytest.mark.parametrize(
    ("data", "said"),
    [(b"", "空文件"), (b"hello", "不是音视频文件"), (None, "没有这个文件")],
)
def test_what_cannot_be_read_is_said_in_one_line(
    data: bytes | None, said: str, command: CommandLine, tmp_path: Path
) -> None:
    path = tmp_path / "a.mp4"
    if data is not None:
        path.write_bytes(data)
    told = command("transcribe", str(path))
    assert (told.code, told.out) == (1, "")
    assert told.err.splitlines()[-1].startswith("错误：")
    assert said in told.err


def test_a_film_without_sound_and_a_missing_or_wrong_model_are_told(
    speech_data: SpeechData, command: CommandLine, tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    run_ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x36:rate=10", "-t", "1", str(film))
    assert "没有声音轨道" in command("transcribe", str(film)).err
    clip = str(speech_data.clips[0].path)
    assert "weiketang models install small" in command("transcribe", clip).err
    assert "缺少文件" in command("transcribe", clip, "--model", str(tmp_path)).err
    assert command("transcribe", clip, "--engine", "nonsense").code == 2
    unknown = command("transcribe", clip, "--engine", "no.such:engine")
    assert (unknown.code, "装不上" in unknown.err) == (1, True)


def test_recordings_with_their_words_give_an_error_rate(
    speech_data: SpeechData, command: CommandLine, tmp_path: Path
) -> None:
    folder = tmp_path / "recordings"
    folder.mkdir()
    rows = []
    for clip in (*speech_data.chinese[:1], *speech_data.chinese[-2:]):
        shutil.copy(clip.path, folder)
        rows.append({"wav": clip.path.name, "ref": clip.reference})
    write_wav(folder / "silence.wav", np.zeros(60 * SAMPLE_RATE, np.float32))
    (folder / "manifest.json").write_text(json.dumps([*rows, {"wav": "silence.wav", "ref": ""}]), "utf-8")
    (tmp_path / "terms.txt").write_text("语音识别\n中介协会\n行政复议\n", "utf-8")
    told = command(
        "evaluate", str(folder), "--engine", SPHINX, "--terms", str(tmp_path / "terms.txt"), "--json"
    )
    assert told.code == 0, told.err
    score = told.json
    assert score["cer"] <= 0.15
    assert score["characters"] == sum(each["characters"] for each in score["clips"])
    assert (score["terms_said"], score["term_recall"]) == (2, 1.0)
    assert score["hallucinated_per_silent_minute"] == 0
    assert score["silent_minutes"] > 0.9
    assert 0 < score["real_time_factor"] < 5
    assert "字错误率" in command("evaluate", str(folder), "--engine", SPHINX).out


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (None, "manifest.json"),
        ("{", "不是正确的 JSON"),
        ("[]", "要是一个列表"),
        ('[{"wav": 1, "ref": "a"}]', "第 1 项"),
        ('[{"wav": "no.wav", "ref": "a"}]', "没有文件 no.wav"),
    ],
)
def test_a_folder_without_a_right_manifest_is_told(
    manifest: str | None, said: str, command: CommandLine, tmp_path: Path
) -> None:
    if manifest is not None:
        (tmp_path / "manifest.json").write_text(manifest, "utf-8")
    told = command("evaluate", str(tmp_path))
    assert (told.code, said in told.err) == (1, True)
