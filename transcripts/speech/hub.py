"""Fetching a model's files from a hub that speaks Hugging Face's protocol, or a mirror of it.

Two addresses make it: `/api/models/<repo>/revision/<revision>?blobs=true` lists the files with sizes and digests,
`/<repo>/resolve/<commit>/<file>` gives one, from any byte on (Range, RFC 9110 §14). Downloads of the hub's own
library do not outlive their process; over a county's line a gigabyte takes several.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatch
from http import HTTPStatus
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import quote, urlsplit

import httpx2

from transcripts.speech.digests import file_sha256, git_blob_sha1
from transcripts.speech.errors import HubFailed

Told = Callable[[str, int, int], None]
HALF = ".half"
"""What is not whole yet ends so, and begins with a dot: no such file is ever part of a model."""
TRIES = 5
WAIT_SECONDS = 2.0
TIMEOUT_SECONDS = 30.0
NOT_THERE = (HTTPStatus.NOT_FOUND, HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.GONE)
MOST_FILES = 1000


class Interrupted(HubFailed):
    """What another try may bring."""


@dataclass(frozen=True, slots=True)
class HubFile:
    """size: bytes. sha256: of large files; blob: git's name of small ones; "" where the hub does not say."""

    name: str
    size: int
    sha256: str
    blob: str


@dataclass(frozen=True, slots=True)
class Listing:
    repo: str
    commit: str
    files: tuple[HubFile, ...]


class Hub:
    """endpoint: https://… of the hub or mirror. wait: seconds before another try. Use it in `with`."""

    def __init__(self, endpoint: str, *, wait: float = WAIT_SECONDS) -> None:
        self._endpoint = endpoint.rstrip("/")
        self._wait = wait
        if urlsplit(endpoint).scheme not in ("http", "https"):
            raise HubFailed(f"镜像地址 {endpoint} 不对：HF_ENDPOINT 要写成 https:// 开头的网址。")
        self._client = httpx2.Client(follow_redirects=True, timeout=TIMEOUT_SECONDS)

    def __enter__(self) -> "Hub":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._client.close()

    def listing(self, repo: str, wanted: Sequence[str], revision: str = "main") -> Listing:
        """The files whose names fit one of wanted. Raises HubFailed."""
        address = f"{self._endpoint}/api/models/{quote(repo)}/revision/{quote(revision, safe='')}"
        with self._failures_told(repo):
            answer = self._client.get(address, params={"blobs": "true"})
            answer.raise_for_status()
            rows = _json(answer, self._endpoint)
        try:
            commit = str(rows["sha"])
            files = tuple(
                _hub_file(row)
                for row in rows["siblings"][:MOST_FILES]
                if any(fnmatch(row["rfilename"], pattern) for pattern in wanted)
                and "/" not in row["rfilename"]
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise HubFailed(
                f"{self._endpoint} 的回答看不懂，可能不是模型站的镜像。请核对 HF_ENDPOINT。"
            ) from error
        if not commit.isalnum():
            raise HubFailed(f"{self._endpoint} 的回答看不懂，可能不是模型站的镜像。请核对 HF_ENDPOINT。")
        if not files:
            raise HubFailed(f"{repo} 里没有语音模型的文件，请核对模型的名字。")
        return Listing(repo, commit, files)

    def download(self, listing: Listing, file: HubFile, folder: Path, told: Told) -> None:
        """Into the folder, whole and of the digest the hub has told; goes on with what is there. Raises HubFailed,
        OSError.
        """
        target = folder / file.name
        if target.is_file():
            told(file.name, file.size, file.size)
            return
        half = folder / f".{file.name}{HALF}"
        address = f"{self._endpoint}/{quote(listing.repo)}/resolve/{listing.commit}/{quote(file.name)}"
        self._fetch(address, file, half, told)
        if not _fits(half, file):
            half.unlink()
            raise HubFailed(f"下载的 {file.name} 与模型站给的校验值不符，已删掉。请再运行一次。")
        half.rename(target)

    def _fetch(self, address: str, file: HubFile, half: Path, told: Told) -> None:
        """Tries again while each try brings something, and a few times when it does not."""
        furthest, fruitless = _size(half), 0
        while _size(half) < file.size or not half.exists():
            try:
                with self._failures_told(file.name):
                    self._fetch_rest(address, file, half, told)
            except Interrupted:
                fruitless = 0 if _size(half) > furthest else fruitless + 1
                if fruitless >= TRIES:
                    raise
                furthest = max(furthest, _size(half))
                time.sleep(self._wait)

    def _fetch_rest(self, address: str, file: HubFile, half: Path, told: Told) -> None:
        begin = _size(half)
        headers = {"accept-encoding": "identity"} | ({"range": f"bytes={begin}-"} if begin else {})
        with self._client.stream("GET", address, headers=headers) as answer:
            if answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                half.unlink()
            answer.raise_for_status()
            if answer.status_code != HTTPStatus.PARTIAL_CONTENT:
                begin = 0  # a server that knows no ranges begins anew
            with half.open("ab" if begin else "wb") as out:
                done = begin
                for block in answer.iter_bytes():  # as it comes: what has come stays when the line breaks
                    done += len(block)
                    if done > file.size:
                        raise HubFailed(f"{file.name} 比模型站说的大，没有安装。请核对 HF_ENDPOINT。")
                    out.write(block)
                    told(file.name, done, file.size)
        if done < file.size:
            raise Interrupted(f"{file.name} 没有下载完就断开了。再运行一次会接着下载。")

    @contextmanager
    def _failures_told(self, what: str) -> Iterator[None]:
        """The library's errors in words that say what to do."""
        try:
            yield
        except httpx2.HTTPStatusError as error:
            code = error.response.status_code
            if code in NOT_THERE:
                raise HubFailed(
                    f"{self._endpoint} 上没有 {what}（{code}）。请核对模型的名字和 HF_ENDPOINT。"
                ) from error
            raise Interrupted(f"{self._endpoint} 没有给出 {what}（{code}），请过一会儿再试。") from error
        except httpx2.HTTPError as error:
            raise Interrupted(
                f"连不上 {self._endpoint}，或中途断开了（{type(error).__name__}）。再运行一次会接着下载；"
                "可以用环境变量 HF_ENDPOINT 换一个镜像，或在能上网的电脑上下载好，用 --from 安装。"
            ) from error


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _json(answer: httpx2.Response, endpoint: str) -> Any:
    try:
        return answer.json()
    except ValueError as error:
        raise HubFailed(f"{endpoint} 的回答看不懂，可能不是模型站的镜像。请核对 HF_ENDPOINT。") from error


def _hub_file(row: dict[str, Any]) -> HubFile:
    large = row.get("lfs") or {}
    size = int(large["size"] if large else row["size"])
    if size < 0:
        raise ValueError("a size below zero")
    return HubFile(row["rfilename"], size, str(large.get("sha256") or ""), str(row.get("blobId") or ""))


def _fits(path: Path, file: HubFile) -> bool:
    if path.stat().st_size != file.size:
        return False
    if file.sha256:
        return file_sha256(path) == file.sha256
    # The hub gives git's name of what it keeps in git; of a pointer to a large file it would not be the file's own.
    return not file.blob or git_blob_sha1(path) == file.blob
