"""The files of a folder or an archive that somebody carries to a closed network. Archives are not trusted.

Nothing is unpacked by the paths in it: whoever reads an entry chooses where it goes. What could only be there to
escape or to overwhelm (links, devices, paths that lead out, more than the limit) is refused.
"""

import tarfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from stat import S_ISLNK, S_ISREG
from typing import IO

from core.errors import Invalid, NotFound

MOST_ENTRIES = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A regular file: folder as in the source, "" at its top. size: bytes, as the source says."""

    folder: str
    name: str
    size: int
    open: Callable[[], AbstractContextManager[IO[bytes]]]


@contextmanager
def opened_source(path: Path, most_bytes: int) -> Iterator[list[Entry]]:
    """Raises NotFound, Invalid. most_bytes: that all entries of an archive may have together."""
    if path.is_dir():
        yield list(_of_folder(path))
    elif not path.is_file():
        raise NotFound(f"没有这个文件或文件夹：{path}")
    elif zipfile.is_zipfile(path):
        with _told(path), zipfile.ZipFile(path) as archive:
            yield _of_zip(archive, most_bytes)
    elif tarfile.is_tarfile(path):
        with _told(path), tarfile.open(path) as tar:
            yield _of_tar(tar, most_bytes)
    else:
        raise Invalid({"from": f"{path.name} 不是 .tar、.tar.gz 或 .zip 压缩包，或者不完整。"})


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, zipfile.BadZipFile, EOFError, RuntimeError) as error:
        raise Invalid({"from": f"压缩包 {path.name} 读不出来，可能不完整：{error}"}) from error
    except OSError as error:
        if error.errno is not None:  # the disk's own troubles are told by whoever writes
            raise
        raise Invalid({"from": f"压缩包 {path.name} 读不出来，可能不完整：{error}"}) from error


def _of_folder(folder: Path) -> Iterator[Entry]:
    """Of the folder and those directly in it. Links are followed: a hub's cache is made of them."""
    for path in sorted((*folder.glob("*"), *folder.glob("*/*"))):
        if path.is_file():
            where = path.parent.relative_to(folder).as_posix()
            yield Entry("" if where == "." else where, path.name, path.stat().st_size, _opener(path))


def _opener(path: Path) -> Callable[[], AbstractContextManager[IO[bytes]]]:
    return lambda: path.open("rb")


def _of_tar(tar: tarfile.TarFile, most_bytes: int) -> list[Entry]:
    entries: list[Entry] = []
    total = 0
    for count, member in enumerate(tar):
        total += member.size
        _check_bounds(count, total, most_bytes)
        if member.isdir() or member.type == tarfile.XGLTYPE:
            continue
        if not member.isreg():
            raise Invalid({"from": f"压缩包里的 {member.name} 是链接或设备，不能用。"})
        entries.append(_entry(member.name, member.size, _tar_opener(tar, member)))
    return entries


def _tar_opener(
    tar: tarfile.TarFile, member: tarfile.TarInfo
) -> Callable[[], AbstractContextManager[IO[bytes]]]:
    def open_member() -> IO[bytes]:
        file = tar.extractfile(member)
        assert file is not None  # it is a regular file
        return file

    return open_member


def _of_zip(archive: zipfile.ZipFile, most_bytes: int) -> list[Entry]:
    entries: list[Entry] = []
    total = 0
    for count, info in enumerate(archive.infolist()):
        total += info.file_size
        _check_bounds(count, total, most_bytes)
        if info.is_dir():
            continue
        mode = info.external_attr >> 16
        if S_ISLNK(mode) or (mode & 0o170000 and not S_ISREG(mode)):
            raise Invalid({"from": f"压缩包里的 {info.filename} 是链接或设备，不能用。"})
        if info.flag_bits & 0x1:
            raise Invalid({"from": "压缩包有密码，请解开后用 --from 文件夹 安装。"})
        entries.append(_entry(info.filename, info.file_size, _zip_opener(archive, info)))
    return entries


def _zip_opener(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo
) -> Callable[[], AbstractContextManager[IO[bytes]]]:
    return lambda: archive.open(info)


def _check_bounds(count: int, total: int, most_bytes: int) -> None:
    if count >= MOST_ENTRIES:
        raise Invalid({"from": f"压缩包里的文件超过 {MOST_ENTRIES} 个，不像语音模型。"})
    if total > most_bytes:
        raise Invalid(
            {
                "from": f"压缩包解开后超过 {most_bytes >> 20} MiB，没有安装。"
                "确实要装的话，把 WEIKETANG_SPEECH_MODEL_MIB 改大。"
            }
        )


def _entry(name: str, size: int, open_it: Callable[[], AbstractContextManager[IO[bytes]]]) -> Entry:
    path = PurePosixPath(name.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in name or "\0" in name or not path.name:
        raise Invalid({"from": f"压缩包里有不安全的路径 {name[:80]!r}，没有安装。"})
    where = path.parent.as_posix()
    return Entry("" if where == "." else where, path.name, size, open_it)
