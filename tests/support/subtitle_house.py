"""A lecture in a running house that plays and has a draft to correct, and people to correct it."""

import secrets
from collections.abc import Sequence

from playwright.async_api import BrowserContext

from accounts.models import Role, User
from accounts.passwords import hash_password
from core.clock import SystemClock
from core.database import database, transaction
from core.settings import load_settings
from schedules.models import Broadcast
from tests.support.cast import UNIT_A
from tests.support.desk import PASSWORD, log_in
from tests.support.ended_lectures import sample_voice
from tests.support.house import House, Planned
from tests.support.studio import push_whole, until
from transcripts.cues.draft import DraftCue
from transcripts.editing.versions import add_version
from transcripts.models import Recognition, Transcript, VersionKind

SECONDS = 14


async def lecture_to_correct(house: House, cues: Sequence[DraftCue], title: str) -> Planned:
    """Pushed and ended for real; the draft is written as recognition writes it."""
    lecture = await house.plan(title)
    await push_whole(sample_voice(SECONDS), lecture.push_url)
    await house.end(lecture)

    async def is_over() -> bool:
        return bool((await house.status(lecture))["state"] == "ended")

    await until(is_over, 20)
    now = SystemClock().now()
    async with database(load_settings(data_dir=house.folder / "data")), transaction():
        row = await Broadcast.get(number=lecture.number)
        await Broadcast.filter(id=row.id).update(lecturer_name="示例讲师A")
        transcript, _ = await Transcript.get_or_create(
            broadcast_id=row.id, defaults={"created_at": now, "changed_at": now}
        )
        transcript.recognition = Recognition.DONE
        transcript.engine, transcript.model = "whisper", "small"
        await add_version(transcript, VersionKind.RECOGNISED, cues, by=None, now=now)
    return lecture


async def enter_as(context: BrowserContext, house: House, role: Role, name: str) -> None:
    """Make somebody of the test's own and log in as them in this context. A liaison is unit A's."""
    username = f"person-{secrets.token_hex(4)}"
    now = SystemClock().now()
    async with database(load_settings(data_dir=house.folder / "data")):
        await User.create(
            username=username,
            display_name=name,
            role=role,
            unit_id=UNIT_A if role is Role.LIAISON else None,
            password_hash=await hash_password(PASSWORD),
            password_changed_at=now,
            created_at=now,
        )
    await log_in(context, house, username)
