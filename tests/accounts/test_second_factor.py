import asyncio

import pyotp
import pytest
from tortoise.context import TortoiseContext

from accounts.login import LockedOut, LoginTooOld, WrongCode, log_in, pass_second_factor, session_user
from accounts.models import RecoveryCode, Role, Unit, User
from accounts.owed import needs_code
from accounts.second_factor import (
    begin,
    code_opens,
    codes_left,
    confirm,
    enrolment_uri,
    renew_codes,
    switch_off,
)
from accounts.services import create_user, seed_sample_units
from core.audit import SYSTEM
from core.clock import ManualClock
from core.errors import Conflict, Invalid
from core.sealing import Sealer
from core.secrets import AppSecrets
from core.settings import Settings

PASSWORD = "correct-horse-battery-7"
SEALER = Sealer(AppSecrets(b"a secret of the tests, long enough"))


class Phone:
    """An authenticator with the secret in it, whose clock may be off."""

    def __init__(self, secret: str, clock: ManualClock) -> None:
        self._totp, self._clock = pyotp.TOTP(secret), clock

    def code(self, off: int = 0) -> str:
        """off: in seconds."""
        return self._totp.at(int(self._clock.now().timestamp()) + off)


@pytest.fixture
async def user(db: TortoiseContext, clock: ManualClock) -> User:
    return await create_user("boss", "管理员甲", Role.ADMINISTRATOR, password=PASSWORD, now=clock.now())


async def switched_on(user: User, clock: ManualClock) -> tuple[Phone, list[str]]:
    phone = Phone(await begin(user, SEALER), clock)
    await user.refresh_from_db()
    codes = await confirm(user, phone.code(), SEALER, by=SYSTEM, now=clock.now())
    await user.refresh_from_db()
    clock.advance(30)
    return phone, codes


async def test_the_secret_lies_sealed_and_stays_the_same_until_it_is_confirmed(user: User) -> None:
    secrets = await asyncio.gather(*(begin(user, SEALER) for _ in range(3)))
    assert len(set(secrets)) == 1
    row = await User.get(id=user.id)
    assert secrets[0] not in row.totp_secret
    assert await begin(row, SEALER) == secrets[0]
    assert "otpauth://totp/" in enrolment_uri(secrets[0], "boss", "法治微课堂")


async def test_a_code_opens_once_and_a_clock_may_be_one_step_off(user: User, clock: ManualClock) -> None:
    phone, _ = await switched_on(user, clock)
    assert not await code_opens(user, phone.code(-60), SEALER, now=clock.now())
    assert not await code_opens(user, phone.code(60), SEALER, now=clock.now())
    code = phone.code()
    outcomes = await asyncio.gather(*(code_opens(user, code, SEALER, now=clock.now()) for _ in range(3)))
    assert sorted(outcomes) == [False, False, True]
    await user.refresh_from_db()
    assert not await code_opens(user, code, SEALER, now=clock.now())
    assert await code_opens(user, f" {phone.code(30)[:3]} {phone.code(30)[3:]}", SEALER, now=clock.now())


async def test_the_code_that_confirmed_does_not_open_as_well(user: User, clock: ManualClock) -> None:
    phone = Phone(await begin(user, SEALER), clock)
    await user.refresh_from_db()
    with pytest.raises(Invalid):
        await confirm(user, "000000", SEALER, by=SYSTEM, now=clock.now())
    await confirm(user, phone.code(), SEALER, by=SYSTEM, now=clock.now())
    with pytest.raises(Conflict):
        await confirm(user, phone.code(30), SEALER, by=SYSTEM, now=clock.now())
    await user.refresh_from_db()
    assert not await code_opens(user, phone.code(), SEALER, now=clock.now())
    with pytest.raises(Conflict):
        await begin(user, SEALER)


async def test_ten_recovery_codes_open_once_each_and_only_hashes_are_kept(
    user: User, clock: ManualClock
) -> None:
    _, codes = await switched_on(user, clock)
    assert len(set(codes)) == 10
    rows = "".join(str(vars(row)) for row in await RecoveryCode.all())
    assert not any(code in rows or code.replace("-", "") in rows for code in codes)
    assert await code_opens(user, codes[0].upper(), SEALER, now=clock.now())
    assert not await code_opens(user, codes[0], SEALER, now=clock.now())
    assert await codes_left(user) == 9
    new = await renew_codes(user, by=SYSTEM, now=clock.now())
    assert not await code_opens(user, codes[1], SEALER, now=clock.now())
    assert await code_opens(user, new[1].replace("-", " "), SEALER, now=clock.now())


@pytest.mark.parametrize("code", ["", "abc", "１２３４５６", "²" * 6, "\x00", "\ud800", "1" * 5000])
async def test_odd_codes_open_nothing(user: User, clock: ManualClock, code: str) -> None:
    await switched_on(user, clock)
    assert not await code_opens(user, code, SEALER, now=clock.now())


async def test_a_login_needs_both_and_the_half_way_session_lets_nobody_in(
    user: User, clock: ManualClock, db_settings: Settings
) -> None:
    phone, _ = await switched_on(user, clock)
    half, token = await log_in("boss", PASSWORD, now=clock.now(), client="", settings=db_settings)
    assert half.awaits_code
    assert await session_user(token, now=clock.now(), settings=db_settings) is None
    with pytest.raises(WrongCode):
        await pass_second_factor(token, "000000", SEALER, now=clock.now(), client="", settings=db_settings)
    _, whole = await pass_second_factor(
        token, phone.code(), SEALER, now=clock.now(), client="", settings=db_settings
    )
    assert await session_user(whole, now=clock.now(), settings=db_settings) is not None
    for old in (token, whole, "", "x"):
        with pytest.raises(LoginTooOld):
            await pass_second_factor(
                old, phone.code(30), SEALER, now=clock.now(), client="", settings=db_settings
            )


async def test_the_half_way_session_is_short(user: User, clock: ManualClock, db_settings: Settings) -> None:
    phone, _ = await switched_on(user, clock)
    _, token = await log_in("boss", PASSWORD, now=clock.now(), client="", settings=db_settings)
    clock.advance(minutes=db_settings.second_factor_minutes)
    with pytest.raises(LoginTooOld):
        await pass_second_factor(
            token, phone.code(), SEALER, now=clock.now(), client="", settings=db_settings
        )


async def test_who_knows_the_password_cannot_try_codes_for_ever(
    user: User, clock: ManualClock, db_settings: Settings
) -> None:
    await switched_on(user, clock)
    for _ in range(db_settings.login_failures):
        _, token = await log_in("boss", PASSWORD, now=clock.now(), client="", settings=db_settings)
        with pytest.raises(WrongCode):
            await pass_second_factor(
                token, "000000", SEALER, now=clock.now(), client="", settings=db_settings
            )
    with pytest.raises(LockedOut):
        await pass_second_factor(token, "000000", SEALER, now=clock.now(), client="", settings=db_settings)
    with pytest.raises(LockedOut):
        await log_in("boss", PASSWORD, now=clock.now(), client="", settings=db_settings)


async def test_switched_off_means_a_password_is_enough(
    user: User, clock: ManualClock, db_settings: Settings
) -> None:
    await switched_on(user, clock)
    await switch_off(user, by=SYSTEM, now=clock.now())
    session, _ = await log_in("boss", PASSWORD, now=clock.now(), client="", settings=db_settings)
    assert not session.awaits_code
    assert await RecoveryCode.all().count() == 0


async def test_it_is_needed_as_soon_as_the_roster_is_not_the_sample_one(
    db: TortoiseContext, db_settings: Settings
) -> None:
    assert await needs_code(db_settings)
    await seed_sample_units()
    assert not await needs_code(db_settings)
    assert await needs_code(db_settings.model_copy(update={"second_factor": "on"}))
    await Unit.filter(code="520001").update(is_sample=False)
    assert await needs_code(db_settings)
    assert not await needs_code(db_settings.model_copy(update={"second_factor": "off"}))
