"""One corrects at a time: 某某正在校对. Their page gives a sign of life, and somebody else may 接手."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from core.audit import Actor, record
from core.database import transaction
from core.errors import Conflict
from core.settings import Settings
from schedules.turns.stepping import actor_key
from transcripts.editing.finding import locked
from transcripts.models import Transcript


class Taken(Conflict):
    """这一期正由别人校对。"""

    def __init__(self, name: str, key: str) -> None:
        self.name = name
        self.key = key
        super().__init__(f"{name}正在校对这一期。您写的还在这一页上，没有保存进去；要由您来改，请点“接手”。")


@dataclass(frozen=True, slots=True)
class Hold:
    """Who corrects. key: the actor's, by which `take_over` knows whom was seen. is_mine: the one who asks."""

    key: str
    name: str
    seen_at: datetime
    is_mine: bool


def hold_of(transcript: Transcript, by: Actor, now: datetime, settings: Settings) -> Hold | None:
    """None when nobody corrects, or their page has been silent for too long."""
    seen = transcript.editor_seen_at
    if (
        not transcript.editor
        or seen is None
        or now - seen >= timedelta(seconds=settings.subtitle_hold_seconds)
    ):
        return None
    return Hold(transcript.editor, transcript.editor_name, seen, transcript.editor == actor_key(by))


def keep_hold(transcript: Transcript, by: Actor, now: datetime, settings: Settings) -> Hold:
    """Take it where it is free, or stay. Sets the fields; the caller saves them. Raises Taken."""
    hold = hold_of(transcript, by, now, settings)
    if hold is not None and not hold.is_mine:
        raise Taken(hold.name, hold.key)
    return _set(transcript, by, now)


async def take(number: str, *, by: Actor, now: datetime, settings: Settings) -> Hold:
    """Begin to correct, or the sign of life of whoever does. Raises NotFound, Forbidden, Taken."""
    async with transaction():
        _, transcript = await locked(number, by)
        hold = keep_hold(transcript, by, now, settings)
        await _save(transcript)
        return hold


async def take_over(number: str, *, seen: str, by: Actor, now: datetime, settings: Settings) -> Hold:
    """接手. seen: the key of whoever was shown as correcting, so that of two who take over the second is asked again.

    Raises NotFound, Forbidden, Taken.
    """
    async with transaction():
        _, transcript = await locked(number, by)
        hold = hold_of(transcript, by, now, settings)
        if hold is not None and not hold.is_mine and hold.key != seen:
            raise Taken(hold.name, hold.key)
        before = hold.name if hold is not None and not hold.is_mine else ""
        taken = _set(transcript, by, now)
        await _save(transcript)
        if before:
            await record(
                "subtitle.taken_over",
                by=by,
                subject=f"subtitle:{number}",
                now=now,
                before={"editor": before},
                after={"editor": by.name},
            )
        return taken


async def release(number: str, *, by: Actor, now: datetime) -> None:
    """The page was left. Nothing happens when somebody else holds it by now. Raises NotFound, Forbidden."""
    async with transaction():
        _, transcript = await locked(number, by)
        if transcript.editor == actor_key(by):
            transcript.editor, transcript.editor_name, transcript.editor_seen_at = "", "", None
            await _save(transcript)


def _set(transcript: Transcript, by: Actor, now: datetime) -> Hold:
    transcript.editor = actor_key(by)
    transcript.editor_name = by.name
    transcript.editor_seen_at = now
    return Hold(transcript.editor, by.name, now, is_mine=True)


async def _save(transcript: Transcript) -> None:
    await transcript.save(update_fields=["editor", "editor_name", "editor_seen_at"])
