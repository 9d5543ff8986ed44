"""A speech model on the disk: which files make it, whether they are all there, and which model it is."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from core.settings import Settings
from transcripts.speech.errors import BrokenModel, NoModel

MODELS = "models"
PARTIAL = ".partial"
"""What is still being installed ends so, and is never taken for a model."""
MANIFEST = "weiketang-model.json"
"""Laid beside the files at their installation: their sizes and SHA-256."""
WHISPER_FILES = ("model.bin", "config.json", "tokenizer.json")
VOCABULARIES = ("vocabulary.json", "vocabulary.txt")
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class ModelFolder:
    path: Path

    @property
    def name(self) -> str:
        return self.path.name


def find_model(settings: Settings) -> ModelFolder:
    """The folder of the setting, else the only one installed (the latest of several). Raises NoModel."""
    if settings.speech_model_dir is not None:
        if not settings.speech_model_dir.is_dir():
            raise NoModel(
                f"语音模型的文件夹 {settings.speech_model_dir} 不存在，请核对 WEIKETANG_SPEECH_MODEL_DIR。"
            )
        return ModelFolder(settings.speech_model_dir)
    installed = installed_models(settings.data_dir)
    if not installed:
        raise NoModel
    return installed[-1]


def installed_models(data_dir: Path) -> list[ModelFolder]:
    """Whole ones, the one installed last at the end."""
    folder = data_dir / MODELS
    if not folder.is_dir():
        return []
    found = [each for each in folder.iterdir() if each.is_dir() and not each.name.endswith(PARTIAL)]
    return [ModelFolder(each) for each in sorted(found, key=lambda each: each.stat().st_mtime)]


def check_whisper_files(model: ModelFolder) -> None:
    """Raises BrokenModel with the names of what is missing or empty."""
    missing = [name for name in WHISPER_FILES if not _has(model.path / name)]
    if not any(_has(model.path / name) for name in VOCABULARIES):
        missing.append(" 或 ".join(VOCABULARIES))
    if missing:
        names = "、".join(missing)
        raise BrokenModel(
            f"语音模型 {model.name} 缺少文件：{names}。请运行 weiketang models verify 检查，再重新安装。"
        )


def model_sha256(model: ModelFolder) -> str:
    """Over the names and digests of its files; from the manifest where they were digested at installation."""
    manifest = model.path / MANIFEST
    if manifest.is_file():
        files: dict[str, dict[str, object]] = json.loads(manifest.read_text("utf-8"))["files"]
        digests = {name: str(entry["sha256"]) for name, entry in files.items()}
    else:
        digests = {
            str(path.relative_to(model.path)): file_sha256(path)
            for path in sorted(model.path.rglob("*"))
            if path.is_file()
        }
    text = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256(text.encode()).hexdigest()


def file_sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def _has(path: Path) -> bool:
    return path.is_file() and path.stat().st_size > 0
