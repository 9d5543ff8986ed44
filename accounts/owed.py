"""What somebody owes before they may work on: a password of their own, a second factor."""

from datetime import datetime

from accounts.models import Role, Session, Unit, User
from accounts.passwords import is_too_old
from core.settings import Settings

PASSWORD = "/account/password"
SECOND_FACTOR = "/account/second-factor"


async def owed_page(session: Session, now: datetime, settings: Settings) -> str:
    """The page where it is made good; empty when nothing is owed. session: with its user loaded."""
    user: User = session.user
    if session.link_id is None and (
        user.must_change_password or is_too_old(user.password_changed_at or user.created_at, now, settings)
    ):
        return PASSWORD
    if user.role is Role.ADMINISTRATOR and user.totp_confirmed_at is None and await needs_code(settings):
        return SECOND_FACTOR
    return ""


async def needs_code(settings: Settings) -> bool:
    """Whether administrators must have a second factor: not where all units are still samples."""
    if settings.second_factor != "auto":
        return settings.second_factor == "on"
    return not await Unit.filter(is_sample=True).exists() or await Unit.filter(is_sample=False).exists()
