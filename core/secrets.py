"""The application's secret: given by a setting, or made once in the data folder. Stream keys hang on it."""

import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from core.settings import Settings, SettingsError

FILE_NAME = "app-secret"


@dataclass(frozen=True, slots=True)
class AppSecrets:
    """current signs, current and previous are accepted: a secret can be changed while keys are out."""

    current: bytes = field(repr=False)
    previous: bytes | None = field(default=None, repr=False)

    @property
    def accepted(self) -> tuple[bytes, ...]:
        return (self.current,) if self.previous is None else (self.current, self.previous)


def load_app_secrets(settings: Settings) -> AppSecrets:
    """Read the secrets, making the current one at the first start. File I/O: not on the event loop."""
    previous = settings.previous_app_secret.encode() if settings.previous_app_secret else None
    if settings.app_secret:
        return AppSecrets(settings.app_secret.encode(), previous)
    path = settings.data_dir / FILE_NAME
    try:
        return AppSecrets(_read(path) or _make(path), previous)
    except OSError as error:
        raise SettingsError(f"读写不了密钥文件 {path}：{error.strerror}。") from error


def _read(path: Path) -> bytes | None:
    try:
        text = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return None
    if len(text) < 32:
        raise SettingsError(f"密钥文件 {path} 不完整。如果还没有发出过推流码，可以删掉它再启动。")
    return text.encode()


def _make(path: Path) -> bytes:
    """Two processes may start at once: each writes a whole file, and the one linked first counts for both."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{FILE_NAME}.{os.getpid()}-{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            path.hardlink_to(draft)
    finally:
        draft.unlink()
    made = _read(path)
    if made is None:
        raise SettingsError(f"密钥文件 {path} 刚写好就不见了。")
    return made
