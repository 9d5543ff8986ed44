"""How the web kit learns who is asking: the sessions of accounts."""

from datetime import datetime

from accounts.login import session_user
from accounts.owed import owed_page
from core.settings import Settings
from core.web.identity import OpenSession, SessionReader, Visitor


def session_reader(settings: Settings) -> SessionReader:
    async def read(token: str, now: datetime) -> OpenSession | None:
        session = await session_user(token, now=now, settings=settings)
        if session is None:
            return None
        user = session.user
        return OpenSession(
            session.id,
            Visitor(
                id=user.id,
                username=user.username,
                display_name=user.display_name,
                role=user.role.value,
                unit_code=user.unit.code if user.unit else None,
                unit_name=user.unit.name if user.unit else None,
                owes=await owed_page(session, now, settings),
            ),
        )

    return read
