"""Where finished things are kept: a folder or an S3-compatible object store, behind one small interface."""

from collections.abc import AsyncIterator
from pathlib import Path

import obstore
from obstore.exceptions import NotFoundError
from obstore.store import LocalStore, MemoryStore, ObjectStore, S3Store

from core.errors import NotFound
from core.settings import Settings, SettingsError


class Store:
    """Objects by key: `lectures/2026-11-2/source/0.m4s`. A key holds no `..` and begins with no slash."""

    def __init__(self, backend: ObjectStore) -> None:
        self._backend = backend

    @classmethod
    def in_memory(cls) -> "Store":
        """For tests; gone with the object."""
        return cls(MemoryStore())

    @classmethod
    def in_folder(cls, folder: Path) -> "Store":
        return cls(LocalStore(folder, mkdir=True))

    async def put(self, key: str, source: bytes | Path) -> None:
        """Write a whole object, replacing one of the same key at once. A Path is read piece by piece."""
        await obstore.put_async(self._backend, key, source)

    async def get(self, key: str) -> bytes:
        """The whole object. Raises NotFound."""
        try:
            result = await obstore.get_async(self._backend, key)
            return bytes(await result.bytes_async())
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound(f"存储里没有 {key}。") from error

    async def get_range(self, key: str, start: int, length: int) -> bytes:
        """length bytes from start on. Raises NotFound."""
        try:
            return bytes(await obstore.get_range_async(self._backend, key, start=start, length=length))
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound(f"存储里没有 {key}。") from error

    async def size(self, key: str) -> int:
        """In bytes. Raises NotFound."""
        try:
            return int((await obstore.head_async(self._backend, key))["size"])
        except (NotFoundError, FileNotFoundError) as error:
            raise NotFound(f"存储里没有 {key}。") from error

    async def list_keys(self, prefix: str = "") -> AsyncIterator[str]:
        """Keys below a prefix (a folder's name, without a slash at its end), in no particular order."""
        async for page in obstore.list(self._backend, prefix=prefix or None):
            for entry in page:
                yield entry["path"]

    async def delete(self, key: str) -> None:
        """Deleting what is not there changes nothing."""
        try:
            await obstore.delete_async(self._backend, key)
        except (NotFoundError, FileNotFoundError):
            return


def open_store(settings: Settings) -> Store:
    """The store that store_url names. Raises SettingsError when there is none, or its keys are missing."""
    url = settings.store_url
    if url is None:
        raise SettingsError("没有设 WEIKETANG_STORE_URL。")
    if url.startswith("file://"):
        return Store.in_folder(Path(url.removeprefix("file://")))
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    if not settings.store_access_key or not settings.store_secret_key:
        raise SettingsError("用对象存储要同时设 WEIKETANG_STORE_ACCESS_KEY 和 WEIKETANG_STORE_SECRET_KEY。")
    endpoint = settings.store_endpoint
    return Store(
        S3Store(
            bucket,
            prefix=prefix or None,
            endpoint=endpoint,
            region=settings.store_region,
            access_key_id=settings.store_access_key,
            secret_access_key=settings.store_secret_key,
            virtual_hosted_style_request=False,
            client_options={"allow_http": bool(endpoint and endpoint.startswith("http://"))},
        )
    )
