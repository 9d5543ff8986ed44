"""Whether an installed model is still what was installed, byte by byte."""

from collections.abc import Callable

from transcripts.speech.digests import file_sha256
from transcripts.speech.errors import BrokenModel
from transcripts.speech.manifest import MANIFEST, read_manifest
from transcripts.speech.model_folder import ModelFolder, engine_of, needed_and_missing

Told = Callable[[int, int], None]
"""How many bytes are read, and of how many."""


def verify(model: ModelFolder, told: Told = lambda done, total: None) -> list[str]:
    """What is wrong, in words; empty: nothing. Reads every file."""
    try:
        manifest = read_manifest(model.path)
    except BrokenModel as error:
        return [error.message]
    if manifest is None:
        return [
            f"没有校验清单 {MANIFEST}，不是用 weiketang models install 装的，无法核对。"
            f"可以用 weiketang models install {model.name} --from 文件夹 重新安装一遍。"
        ]
    findings = []
    engine = engine_of(model)
    if engine is None:
        findings.append("没有模型文件。")
    else:
        findings += [f"{name} 不见了，或是空的" for name in needed_and_missing(model.path, engine)]
    total, done = sum(each.size for each in manifest.files.values()), 0

    def count(read: int) -> None:
        nonlocal done
        done += read
        told(done, total)

    for name, expected in manifest.files.items():
        path = model.path / name
        if not path.is_file():
            findings.append(f"{name} 不见了")
        elif path.stat().st_size != expected.size:
            findings.append(f"{name} 的大小不对：应为 {expected.size} 字节，实为 {path.stat().st_size}")
        elif file_sha256(path, count) != expected.sha256:
            findings.append(f"{name} 的内容变了（SHA-256 不符）")
    there = {path.name for path in model.path.iterdir() if not path.name.startswith(".")}
    findings += [f"{name} 是后来多出来的" for name in sorted(there - set(manifest.files) - {MANIFEST})]
    return findings
