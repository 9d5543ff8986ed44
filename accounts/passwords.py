"""Passwords: rules, making, hashing (argon2id, RFC 9106) off the event loop."""

import asyncio
import functools
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from accounts.models import Role
from accounts.weak_passwords import is_weak
from core.errors import DomainError
from core.settings import Settings

Result = TypeVar("Result")

# 19 MiB, two passes, one lane (OWASP's minimum): a login costs some 30 ms of one core beside a live lecture.
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# A thread of its own, one hash at a time: a flood of logins must take neither the memory nor the threads of
# the default executor, which the journal writes with.
hashing = ThreadPoolExecutor(max_workers=1, thread_name_prefix="argon2")

MOST_WAITING = 40
"""Logins that may wait for their turn, a second or so; more are sent away at once."""

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is misread on paper
MOST = 128
KINDS = 3
"""Of capitals, small letters, digits and other characters."""


class TooManyLogins(DomainError):
    """同时登录的人太多，请过几秒再试。"""


async def hash_password(password: str) -> str:
    """Raises TooManyLogins."""
    return await _in_turn(hasher.hash, _encoded(password))


async def password_matches(password_hash: str | None, password: str) -> bool:
    """None stands for an unknown user: as slow as a wrong password, and never true. Raises TooManyLogins."""
    return await _in_turn(_matches, password_hash, password)


_in_line: set[object] = set()


async def _in_turn(work: Callable[..., Result], *arguments: object) -> Result:
    if len(_in_line) >= MOST_WAITING:
        raise TooManyLogins
    place = object()
    _in_line.add(place)
    try:
        return await asyncio.get_running_loop().run_in_executor(hashing, work, *arguments)
    finally:
        _in_line.discard(place)


def _matches(password_hash: str | None, password: str) -> bool:
    nobody = _nobodys_hash()  # made whoever asks first, so that its making tells nothing either
    if len(password) > MOST:
        password, password_hash = "", None
    try:
        hasher.verify(password_hash or nobody, _encoded(password))
    except (Argon2Error, InvalidHashError):
        return False
    return password_hash is not None


def _encoded(password: str) -> bytes:
    return password.encode(errors="surrogatepass")  # whatever a form can carry


@functools.cache
def _nobodys_hash() -> str:
    return hasher.hash(secrets.token_urlsafe())


def new_password() -> str:
    """A password to hand over once: four groups of four, some 79 bits; it will do for every role."""
    while True:
        made = "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4))
        if password_fault(made, Role.ADMINISTRATOR) is None:  # one in a few hundred has no digit
            return made


def password_fault(password: str, role: Role, username: str = "") -> str | None:
    """What is wrong with a password for this role, in words to show; None when it will do.

    At least 8 characters, 12 for administrators, of three kinds, and none of those guessed first
    (GB/T 22239-2019, 8.1.4.1, as offices read it).
    """
    least = 12 if role is Role.ADMINISTRATOR else 8
    if not least <= len(password) <= MOST:
        return f"口令要有 {least} 到 {MOST} 个字符。"
    if len(set(password)) < 5:
        return "口令太简单，请多用几种字符。"
    if len({_kind(letter) for letter in password}) < KINDS:
        return "口令要用上大写字母、小写字母、数字、符号里的至少三类。"
    if is_weak(password, username):
        return "口令太常见，容易被猜到。请不要用名字、年份和键盘上连着的字符。"
    return None


def is_too_old(changed_at: datetime, now: datetime, settings: Settings) -> bool:
    """Whether a password has to be changed because of its age."""
    return settings.password_days > 0 and now - changed_at >= timedelta(days=settings.password_days)


def _kind(letter: str) -> str:
    if letter.isdecimal():
        return "digit"
    return "upper" if letter.isupper() else "lower" if letter.islower() else "other"
