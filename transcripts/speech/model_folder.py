"""A speech model on the disk: where it is, which engine it is for, whether all of it is there, which one it is."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from core.settings import Settings
from transcripts.speech.catalogue import EngineName
from transcripts.speech.digests import file_sha256
from transcripts.speech.errors import BrokenModel, NoModel
from transcripts.speech.manifest import MANIFEST, missing_or_short, read_manifest

MODELS = "models"
INSTALL = {"whisper": "weiketang models install small", "sherpa": "weiketang models install sense-voice"}
PARTIAL = ".partial"
"""What is still being installed ends so, and is never taken for a model."""
WHISPER_NEEDS = ("model.bin", "config.json", "tokenizer.json")
VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
SHERPA_MODELS = ("model.int8.onnx", "model.onnx")
"""The smaller and quicker one first."""
SHERPA_TOKENS = "tokens.txt"


@dataclass(frozen=True, slots=True)
class ModelFolder:
    path: Path

    @property
    def name(self) -> str:
        return self.path.name


def find_model(settings: Settings, engine: EngineName) -> ModelFolder:
    """The folder of the setting, else the one for this engine that was installed last. Raises NoModel."""
    if settings.speech_model_dir is not None:
        if not settings.speech_model_dir.is_dir():
            raise NoModel(
                f"语音模型的文件夹 {settings.speech_model_dir} 不存在，请核对 WEIKETANG_SPEECH_MODEL_DIR。"
            )
        return ModelFolder(settings.speech_model_dir.absolute())
    installed = [each for each in installed_models(settings.data_dir) if engine_of(each) == engine]
    if not installed:
        raise NoModel(f"还没有语音模型。请管理员在服务器上运行：{INSTALL[engine]}")
    return installed[-1]


def installed_models(data_dir: Path) -> list[ModelFolder]:
    """Those whose installation came to its end, or that a person has put there; the latest at the end."""
    folder = data_dir / MODELS
    if not folder.is_dir():
        return []
    found = [
        ModelFolder(each)
        for each in folder.iterdir()
        if each.is_dir() and not each.name.startswith(".") and not each.name.endswith(PARTIAL)
    ]
    return sorted(found, key=_installed)


def _installed(model: ModelFolder) -> float:
    """When it was installed: its manifest is written last and never again."""
    manifest = model.path / MANIFEST
    return (manifest if manifest.is_file() else model.path).stat().st_mtime


def engine_of(model: ModelFolder) -> EngineName | None:
    """By the files it has; None for a folder that is no model of either engine."""
    if (model.path / "model.bin").exists():
        return "whisper"
    if any((model.path / name).exists() for name in SHERPA_MODELS):
        return "sherpa"
    return None


def check_files(model: ModelFolder, engine: EngineName) -> None:
    """Quick, for every look at it. Raises BrokenModel with the names of what is missing, empty or half there."""
    if model.name.endswith(PARTIAL):
        raise BrokenModel(f"语音模型 {model.name} 没有装完，请重新运行 weiketang models install。")
    missing = needed_and_missing(model.path, engine)
    manifest = read_manifest(model.path)
    if manifest is not None:
        missing += [name for name in missing_or_short(model.path, manifest) if name not in missing]
    if missing:
        names = "、".join(missing)
        raise BrokenModel(
            f"语音模型 {model.name} 缺少文件，或文件不完整：{names}。"
            "请运行 weiketang models verify 检查，再重新安装。"
        )


def needed_and_missing(folder: Path, engine: EngineName) -> list[str]:
    """What this engine cannot do without and does not find there, or finds empty."""
    if engine == "whisper":
        missing = [name for name in WHISPER_NEEDS if not _has(folder / name)]
        choices = VOCABULARIES
    else:
        missing = [] if _has(folder / SHERPA_TOKENS) else [SHERPA_TOKENS]
        choices = SHERPA_MODELS
    if not any(_has(folder / name) for name in choices):
        missing.append(" 或 ".join(choices))
    return missing


def model_sha256(model: ModelFolder) -> str:
    """Over the names and digests of its files; from the manifest where they were digested at installation."""
    manifest = read_manifest(model.path)
    if manifest is not None:
        digests = {name: each.sha256 for name, each in manifest.files.items()}
    else:
        digests = {
            path.name: file_sha256(path)
            for path in model.path.iterdir()
            if path.is_file() and not path.name.startswith(".")
        }
    text = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def _has(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0
