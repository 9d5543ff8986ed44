"""Putting a model into the data folder: it appears there whole, checked and digested, or not at all.

It is gathered in `<name>.partial` beside the installed ones and renamed at the end. What a download has brought stays
there when it is interrupted, for the next try to go on with.
"""

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatch
from pathlib import Path

from core.errors import Conflict, Invalid
from transcripts.speech.catalogue import SHERPA_FILES, WHISPER_FILES, EngineName, KnownModel
from transcripts.speech.errors import BrokenModel, NoRoom
from transcripts.speech.hub import Hub
from transcripts.speech.local_sources import Entry, opened_source
from transcripts.speech.manifest import MANIFEST, FileSum, Manifest, parse_manifest, sums_of, write_manifest
from transcripts.speech.model_folder import MODELS, PARTIAL, ModelFolder, needed_and_missing

Progress = Callable[[str, int, int], None]
"""What is being done (the name of a file), how many bytes of it are done, and of how many."""
BLOCK = 1 << 20
SPARE_BYTES = 64 << 20
"""Left free on the disk, for the database beside it."""
LARGEST_MANIFEST = 1 << 20
_NAME = re.compile(r"^[a-z0-9][a-z0-9._-]{0,63}$")


@dataclass(frozen=True, slots=True)
class Limits:
    """most_bytes: of a model, all its files together."""

    most_bytes: int


def check_name(name: str) -> str:
    """Raises Invalid for what is no name of a model's folder."""
    if not _NAME.match(name) or name.endswith(PARTIAL):
        raise Invalid({"name": f"模型的名字 {name} 不能用：要用小写字母、数字和 . _ -，64 个字以内。"})
    return name


def install_from_hub(
    known: KnownModel, hub: Hub, data_dir: Path, limits: Limits, *, now: datetime, progress: Progress
) -> ModelFolder:
    """Goes on where an interrupted download of the same version was.

    Raises HubFailed, Invalid, NoRoom, BrokenModel, Conflict.
    """
    with _staged(data_dir, known.name, keep=True) as folder:
        listing = hub.listing(known.repo, known.files)
        total = sum(each.size for each in listing.files)
        _check_size(total, limits)
        _forget_others(folder, listing.commit)
        there = sum(path.stat().st_size for path in folder.iterdir())
        _check_room(folder, total - there)
        for each in listing.files:
            with _disk_full_told():
                hub.download(listing, each, folder, lambda name, done, whole: progress(name, done, whole))
        source = f"{known.repo}@{listing.commit}"
        return _finish(folder, data_dir, known.name, known.engine, source, now, progress)


def install_from_path(
    path: Path, name: str, data_dir: Path, limits: Limits, *, now: datetime, progress: Progress
) -> ModelFolder:
    """From a folder or an archive (.tar, .tar.gz, .zip), for networks without a way out. Where a manifest comes along
    (of a model that was installed elsewhere), every file is held against it.

    Raises Invalid, NoRoom, BrokenModel, Conflict.
    """
    with opened_source(path, limits.most_bytes) as entries, _staged(data_dir, name, keep=False) as folder:
        engine, wanted = _wanted(entries, path)
        total = sum(entry.size for entry in wanted)
        _check_size(total, limits)
        _check_room(folder, total)
        brought = _manifest_beside(wanted[0], entries, name)
        for entry in wanted:
            with _disk_full_told():
                _copy(entry, folder / entry.name, progress)
        return _finish(folder, data_dir, name, engine, path.name, now, progress, brought)


def _wanted(entries: list[Entry], path: Path) -> tuple[EngineName, list[Entry]]:
    """The files of the model, that lie together, wherever in the archive that is; the shallowest counts."""
    for engine, sign, patterns in (
        ("whisper", "model.bin", WHISPER_FILES),
        ("sherpa", "tokens.txt", SHERPA_FILES),
    ):
        places = sorted((entry.folder for entry in entries if entry.name == sign), key=len)
        if places:
            wanted = [
                entry
                for entry in entries
                if entry.folder == places[0] and any(fnmatch(entry.name, each) for each in patterns)
            ]
            return ("whisper" if engine == "whisper" else "sherpa"), wanted
    raise Invalid(
        {
            "from": f"{path.name} 里没有语音模型：Whisper 的模型要有 model.bin、config.json、tokenizer.json 和 "
            "vocabulary.json（或 .txt），sherpa 的模型要有 model.int8.onnx（或 model.onnx）和 tokens.txt。"
        }
    )


def _manifest_beside(one: Entry, entries: list[Entry], name: str) -> Manifest | None:
    for entry in entries:
        if (entry.folder, entry.name) == (one.folder, MANIFEST):
            with entry.open() as file:
                return parse_manifest(file.read(LARGEST_MANIFEST), name)
    return None


def _copy(entry: Entry, target: Path, progress: Progress) -> None:
    """Not more than the entry says it has: archives may lie."""
    done = 0
    with entry.open() as source, target.open("wb") as file:
        while block := source.read(BLOCK):
            done += len(block)
            if done > entry.size:
                raise Invalid({"from": f"{entry.name} 比压缩包里写的大小大，压缩包可能有问题。"})
            file.write(block)
            progress(entry.name, done, entry.size)
    if done != entry.size:
        raise Invalid({"from": f"{entry.name} 不完整，请重新复制一份。"})


def _finish(
    folder: Path,
    data_dir: Path,
    name: str,
    engine: EngineName,
    source: str,
    now: datetime,
    progress: Progress,
    brought: Manifest | None = None,
) -> ModelFolder:
    missing = needed_and_missing(folder, engine)
    if missing:
        raise BrokenModel(f"模型 {name} 缺少文件，或文件是空的：{'、'.join(missing)}。没有安装。")
    names = sorted(path.name for path in folder.iterdir() if path.is_file() and not path.name.startswith("."))
    progress("SHA-256", 0, 0)
    sums = sums_of(folder, names)
    if brought is not None:
        _hold_against(sums, brought, name)
    write_manifest(folder, Manifest(name, engine, source, now.isoformat(timespec="seconds"), sums))
    for leftover in folder.iterdir():
        if leftover.name.startswith("."):
            leftover.unlink()
    for path in folder.iterdir():
        _sync(path)
    target = data_dir / MODELS / name
    old = target.with_name(f".{name}.old{PARTIAL}")
    shutil.rmtree(old, ignore_errors=True)
    if target.exists():
        target.rename(old)
    folder.rename(target)
    _sync(target.parent)
    shutil.rmtree(old, ignore_errors=True)
    return ModelFolder(target)


def _hold_against(sums: dict[str, FileSum], brought: Manifest, name: str) -> None:
    wrong = sorted(file for file, each in brought.files.items() if sums.get(file) != each)
    if wrong:
        raise BrokenModel(f"模型 {name} 的文件与校验清单不符：{'、'.join(wrong)}。请重新复制一份，没有安装。")


@contextmanager
def _staged(data_dir: Path, name: str, *, keep: bool) -> Iterator[Path]:
    """The folder to gather in. keep: what was gathered stays when this fails. One installation at a time."""
    check_name(name)
    models = data_dir / MODELS
    models.mkdir(parents=True, exist_ok=True)
    with (models / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict("另一个安装正在进行，等它完成后再试。") from error
        folder = models / f"{name}{PARTIAL}"
        if not keep:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(exist_ok=True)
        try:
            yield folder
        except BaseException:
            if not keep:
                shutil.rmtree(folder, ignore_errors=True)
            raise


def _forget_others(folder: Path, commit: str) -> None:
    """What an interrupted download of another version left would not fit."""
    note = folder / ".commit"
    if not note.is_file() or note.read_text("utf-8") != commit:
        for path in folder.iterdir():
            path.unlink()
        note.write_text(commit, "utf-8")


def _check_size(total: int, limits: Limits) -> None:
    if total > limits.most_bytes:
        raise Invalid(
            {
                "from": f"模型有 {_mib(total)} MiB，超过了上限 {_mib(limits.most_bytes)} MiB。"
                "确实要装的话，把 WEIKETANG_SPEECH_MODEL_MIB 改大。"
            }
        )


def _check_room(folder: Path, needed: int) -> None:
    free = shutil.disk_usage(folder).free
    if needed + SPARE_BYTES > free:
        raise NoRoom(
            f"磁盘空间不够：还需要 {_mib(needed + SPARE_BYTES)} MiB，"
            f"{folder.parent} 所在的磁盘只剩 {_mib(free)} MiB。"
            "请腾出空间，或用 --data-dir 换一个数据文件夹，再运行一次。"
        )


@contextmanager
def _disk_full_told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoom("磁盘满了，模型没有装完。请腾出空间，再运行一次。") from error
        raise


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _mib(count: int) -> int:
    return -(-count // (1 << 20))
