import asyncio
import threading
from datetime import UTC, datetime, timedelta

import pytest

from accounts import passwords
from accounts.models import Role
from accounts.passwords import (
    TooManyLogins,
    hash_password,
    hasher,
    is_too_old,
    new_password,
    password_fault,
    password_matches,
)
from core.settings import load_settings


async def test_a_password_matches_its_own_hash_only() -> None:
    password_hash = await hash_password("correct-horse")
    assert password_hash.startswith("$argon2id$")
    assert await password_matches(password_hash, "correct-horse")
    assert not await password_matches(password_hash, "Correct-horse")
    assert await hash_password("correct-horse") != password_hash


async def test_nobodys_password_never_matches_and_is_checked_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await password_matches(None, "warm up")
    checked: list[str] = []
    verify = hasher.verify

    class Watched:
        def verify(self, password_hash: str, password: bytes) -> bool:
            checked.append(password_hash)
            return verify(password_hash, password)

        hash = staticmethod(hasher.hash)

    monkeypatch.setattr("accounts.passwords.hasher", Watched())
    assert not await password_matches(None, "")
    known = await hash_password("correct-horse")
    assert not await password_matches(known, "wrong-horse")
    assert len(checked) == 2
    # The same parameters, so the same work.
    assert checked[0].split("$")[1:4] == checked[1].split("$")[1:4]


@pytest.mark.parametrize("text", ["", "x" * 129, "密码" * 64 + "x", "\ud800"])
async def test_odd_passwords_do_not_match_and_do_not_fail(text: str) -> None:
    assert not await password_matches(await hash_password("correct-horse"), text)


async def test_a_broken_hash_matches_nothing() -> None:
    assert not await password_matches("not a hash", "x")


async def test_hashing_runs_beside_the_loop_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    running: list[int] = []
    most: list[int] = []

    class Counting:
        def hash(self, password: bytes) -> str:
            assert threading.current_thread() is not threading.main_thread()
            running.append(1)
            most.append(len(running))
            hashed: str = hasher.hash(password)
            running.pop()
            return hashed

    monkeypatch.setattr("accounts.passwords.hasher", Counting())
    await asyncio.gather(*(hash_password("correct-horse") for _ in range(4)))
    assert max(most) == 1


def test_a_made_password_will_do_for_every_role_and_is_never_the_same() -> None:
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    assert all(password_fault(password, role) is None for password in made for role in Role)


@pytest.mark.parametrize(
    ("password", "role", "good"),
    [
        ("kf8-rWq", Role.LIAISON, False),
        ("kf8-rWqz", Role.LIAISON, True),
        ("kfxrwqzm", Role.LIAISON, False),
        ("kfxrwqz8", Role.LIAISON, False),
        ("kfxRwqz8", Role.LIAISON, True),
        ("kf8-rWqzmTy", Role.ADMINISTRATOR, False),
        ("kf8-rWqzmTyu", Role.ADMINISTRATOR, True),
        ("aaaaaaaabB1-", Role.ADMINISTRATOR, False),
        ("x" * 129, Role.LIAISON, False),
    ],
)
def test_the_rules_of_passwords(password: str, role: Role, good: bool) -> None:
    assert (password_fault(password, role) is None) is good


async def test_a_flood_of_logins_is_sent_away_and_leaves_nobody_waiting_for_long(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(passwords, "MOST_WAITING", 3)
    outcomes = await asyncio.gather(
        *(password_matches(None, "guess") for _ in range(10)), return_exceptions=True
    )
    assert [type(each) for each in outcomes].count(TooManyLogins) == 7
    assert not await password_matches(None, "later")


def test_a_password_grows_too_old_by_the_setting() -> None:
    settings, changed = load_settings(), datetime(2026, 8, 1, tzinfo=UTC)
    assert not is_too_old(changed, changed + timedelta(days=89, hours=23), settings)
    assert is_too_old(changed, changed + timedelta(days=90), settings)
    assert not is_too_old(changed, changed + timedelta(days=9999), load_settings(password_days=0))
