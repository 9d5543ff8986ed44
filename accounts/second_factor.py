"""The second factor of administrators: codes of 30 seconds (TOTP, RFC 6238), and ten recovery codes shown once.

The secret lies sealed in the database; of recovery codes only the SHA-256 is kept. Every code opens once.
"""

import hashlib
import hmac
import secrets
from datetime import datetime

import pyotp

from accounts.models import RecoveryCode, User
from accounts.passwords import ALPHABET
from core.audit import Actor, ActorKind, record
from core.database import transaction
from core.errors import Conflict, Invalid
from core.sealing import Sealer

STEP_SECONDS = 30
STEPS_ASIDE = 1
"""A phone's clock may be so many steps off (RFC 6238 §5.2)."""
RECOVERY_CODES = 10
WRONG = "验证码不对或已经用过。请等手机上换了下一个，再输入；手机时间要设为自动。"


async def begin(user: User, sealer: Sealer) -> str:
    """The secret to be put into a phone, in Base32; the same until it is confirmed. Raises Conflict afterwards."""
    if user.totp_confirmed_at is not None:
        raise Conflict("动态验证码已经开启。要换手机，请先用现在的验证码关闭。")
    if user.totp_secret:
        return sealer.open(user.totp_secret, purpose=_purpose(user))
    secret = pyotp.random_base32()
    sealed = sealer.seal(secret, purpose=_purpose(user))
    if not await User.filter(id=user.id, totp_secret="").update(totp_secret=sealed):
        user = await User.get(id=user.id)  # the page was opened twice at once
        return sealer.open(user.totp_secret, purpose=_purpose(user))
    return secret


def enrolment_uri(secret: str, username: str, site_name: str) -> str:
    """What the QR code says (the Key Uri Format of Google Authenticator, which all apps read)."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=site_name)


async def confirm(user: User, code: str, sealer: Sealer, *, by: Actor, now: datetime) -> list[str]:
    """The phone shows the right code: from now on it is asked for. The recovery codes, to be shown once.

    Raises Invalid for a wrong code, Conflict when it is confirmed already.
    """
    if user.totp_confirmed_at is not None or not user.totp_secret:
        raise Conflict("动态验证码已经开启过了，请刷新页面。")
    step = _step_of(code, sealer.open(user.totp_secret, purpose=_purpose(user)), 0, now)
    if step is None:
        raise Invalid({"code": WRONG})
    async with transaction():
        changed = await User.filter(id=user.id, totp_confirmed_at=None, totp_secret=user.totp_secret).update(
            totp_confirmed_at=now, totp_last_step=step
        )
        if not changed:
            raise Conflict("动态验证码已经开启过了，请刷新页面。")
        codes = await _new_codes(user)
        await record("user.second_factor_on", by=by, subject=f"user:{user.username}", now=now)
    return codes


async def code_opens(user: User, code: str, sealer: Sealer, *, now: datetime) -> bool:
    """Whether a code of the phone or a recovery code lets the user in; it is used up by this."""
    compact = "".join(code.split()).replace("-", "").lower()
    if compact.isascii() and compact.isdecimal() and len(compact) == 6:
        secret = sealer.open(user.totp_secret, purpose=_purpose(user))
        step = _step_of(compact, secret, user.totp_last_step, now)
        if step is None:
            return False
        # Of two who come with the same code at once, one is let in.
        rows = User.filter(id=user.id, totp_last_step__lt=step)
        return bool(await rows.update(totp_last_step=step))
    unused = RecoveryCode.filter(user_id=user.id, code_hash=_hash(user, compact), used_at=None)
    if not await unused.update(used_at=now):
        return False
    async with transaction():
        by = Actor(kind=ActorKind.USER, id=str(user.id), name=user.display_name, unit_code=user.unit_id)
        await record("user.recovery_code_used", by=by, subject=f"user:{user.username}", now=now)
    return True


async def codes_left(user: User) -> int:
    return await RecoveryCode.filter(user_id=user.id, used_at=None).count()


async def renew_codes(user: User, *, by: Actor, now: datetime) -> list[str]:
    """Ten new recovery codes; the old ones open nothing any more."""
    async with transaction():
        codes = await _new_codes(user)
        await record("user.recovery_codes_renewed", by=by, subject=f"user:{user.username}", now=now)
    return codes


async def switch_off(user: User, *, by: Actor, now: datetime) -> None:
    """By its holder, for another phone, or by another administrator when the phone is lost."""
    async with transaction():
        await User.filter(id=user.id).update(totp_secret="", totp_confirmed_at=None)
        await RecoveryCode.filter(user_id=user.id).delete()
        await record("user.second_factor_off", by=by, subject=f"user:{user.username}", now=now)


def _step_of(code: str, secret: str, last_step: int, now: datetime) -> int | None:
    """The step whose code it is, later than the one used last; None for a wrong or used one."""
    totp, present = pyotp.TOTP(secret), int(now.timestamp()) // STEP_SECONDS
    found = None
    for step in range(present - STEPS_ASIDE, present + STEPS_ASIDE + 1):
        if hmac.compare_digest(totp.generate_otp(step), code) and step > last_step:
            found = step
    return found


async def _new_codes(user: User) -> list[str]:
    await RecoveryCode.filter(user_id=user.id).delete()
    codes = ["-".join(_letters(5) for _ in range(2)) for _ in range(RECOVERY_CODES)]
    await RecoveryCode.bulk_create(
        [RecoveryCode(user_id=user.id, code_hash=_hash(user, code.replace("-", ""))) for code in codes]
    )
    return codes


def _letters(count: int) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(count))


def _hash(user: User, code: str) -> str:
    """49 bits of chance, and a lock after five tries: SHA-256 is enough."""
    return hashlib.sha256(f"{user.id} {code}".encode(errors="replace")).hexdigest()


def _purpose(user: User) -> str:
    return f"totp {user.id}"
